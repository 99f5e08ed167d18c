"""First access: by an invitation, and by herself."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from milepost.demo.models import OutboxMessage
from milepost.plumbing.actor import Actor
from milepost.servicing.customers.models import Customer, PostalAddress
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import Challenge, ContactPoint, User
from tests.support import agreements, people, queue
from tests.support.page_client import PageClient
from tests.web.entry.conftest import Clock
from tests.web.entry.steps import password_step, sign_in

ADA = "ada.lowe@example.com"
ADAS_PHONE = "+447700900412"
NEW = "window lantern gravel"
SYSTEM = Actor.system("test")


@pytest.fixture
def ada(business_day: None) -> User:
    return people.imported()


def invited(user: User) -> str:
    operations.invite(user_id=user.id, at=datetime.now(UTC), actor=SYSTEM)
    return people.last_link(ADA)


def test_the_whole_way_in(visitor: PageClient, ada: User) -> None:
    link = invited(ada)
    assert visitor.post(link).goes_to == "/invitation/"
    assert "to your phone ending 412" in visitor.get("/invitation/", queries=20).text
    visitor.post("/invitation/", {"code": people.last_code(ADAS_PHONE)})
    assert visitor.get("/invitation/").one(".//input[@name='email']").get("value") == ADA
    visitor.post("/invitation/", {"email": ADA})
    visitor.post("/invitation/", {"password": NEW})
    done = visitor.get("/invitation/")
    assert "Your access is set up" in done.text
    assert visitor.get("/overview/", status=302).goes_to.startswith("/sign-in/")
    queue.run_waiting()
    told = set(OutboxMessage.objects.filter(body__contains="access").values_list("to", flat=True))
    assert told >= {ADA, ADAS_PHONE}
    assert password_step(visitor, ADA, NEW) == "/sign-in/code/"
    assert visitor.post("/sign-in/code/", {"code": people.last_code(ADAS_PHONE)}).goes_to == "/overview/"


def test_the_code_can_be_typed_as_people_read_it(visitor: PageClient, ada: User) -> None:
    invited(ada)
    code = people.last_code(ADA)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert visitor.post("/invitation/", {"code": typed}).goes_to == "/invitation/"
    assert "Enter the code we sent you" in visitor.get("/invitation/", queries=20).text


def test_opening_the_link_spends_nothing(visitor: PageClient, ada: User) -> None:
    link = invited(ada)
    for _ in range(3):
        Client().get(link, secure=True)
    assert Challenge.objects.get().spent_at is None
    assert visitor.post(link).goes_to == "/invitation/"


def test_the_invitation_alone_opens_nothing(visitor: PageClient, ada: User) -> None:
    visitor.post(invited(ada))
    visitor.get("/invitation/", queries=20)
    for step in ({"email": ADA}, {"password": NEW}):
        assert "Enter the code we sent you" in visitor.post("/invitation/", step, status=200).text
    assert not User.objects.get(id=ada.id).joined_at


def test_without_the_proofs_the_operation_refuses(ada: User) -> None:
    invited(ada)
    challenge = Challenge.objects.get()
    with pytest.raises(operations.NotProved):
        operations.accept_invitation(
            invitation_id=challenge.id, session_secret="guessed", email=ADA, password=NEW, at=datetime.now(UTC)
        )
    assert Challenge.objects.get().spent_at is None


def test_another_email_needs_a_code_sent_there(visitor: PageClient, ada: User) -> None:
    visitor.post(invited(ada))
    visitor.get("/invitation/", queries=20)
    visitor.post("/invitation/", {"code": people.last_code(ADAS_PHONE)})
    visitor.post("/invitation/", {"email": "ada@new.example"})
    assert "to a••••@new.example" in visitor.get("/invitation/").text
    visitor.post("/invitation/", {"code": "000000"}, status=200)
    visitor.post("/invitation/", {"code": people.last_code("ada@new.example")})
    visitor.post("/invitation/", {"password": NEW})
    visitor.get("/invitation/")
    assert password_step(visitor, "ada@new.example", NEW) == "/sign-in/code/"
    assert not ContactPoint.objects.filter(folded=ADA, verified_at__isnull=False).exists()


def test_an_email_that_somebody_signs_in_with_is_refused(visitor: PageClient, ada: User) -> None:
    people.joined()
    visitor.post(invited(ada))
    visitor.get("/invitation/", queries=20)
    visitor.post("/invitation/", {"code": people.last_code(ADAS_PHONE)})
    visitor.post("/invitation/", {"email": people.EMAIL})
    visitor.post("/invitation/", {"code": people.last_code(people.EMAIL)})
    page = visitor.post("/invitation/", {"password": NEW}, status=200)
    assert "Somebody signs in with this email already" in page.text
    assert not User.objects.get(id=ada.id).joined_at


def test_an_easy_password_is_refused_and_nothing_is_spent(visitor: PageClient, ada: User) -> None:
    visitor.post(invited(ada))
    visitor.get("/invitation/", queries=20)
    visitor.post("/invitation/", {"code": people.last_code(ADAS_PHONE)})
    visitor.post("/invitation/", {"email": ADA})
    assert "at least 12 characters" in visitor.post("/invitation/", {"password": "short"}, status=200).text
    visitor.post("/invitation/", {"password": NEW})
    assert User.objects.get(id=ada.id).joined_at


def test_an_invitation_ends_after_21_days_by_a_newer_one_and_by_use(
    visitor: PageClient, ada: User, moved_clock: Clock
) -> None:
    first, second = invited(ada), invited(ada)
    visitor.get(first, status=410)
    assert "not the code of an open invitation" in visitor.post("/invitation/", {"code": "AAAA-BBBB"}, status=200).text
    visitor.get(second)
    moved_clock.move(days=21, seconds=1)
    visitor.get(second, status=410)


def test_who_has_joined_cannot_be_invited(priya: User) -> None:
    with pytest.raises(operations.AlreadyJoined):
        operations.invite(user_id=priya.id, at=datetime.now(UTC), actor=SYSTEM)


def test_by_letter_where_there_is_no_email_and_facts_where_there_is_no_other_channel(
    visitor: PageClient, business_day: None
) -> None:
    made = with_address(email="")
    operations.invite(user_id=made.user_id, at=datetime.now(UTC), actor=SYSTEM, letter_to="Ada Lowe\n1 Road\nCardiff")
    letter = people.last_message()
    assert letter.channel == "LETTER"
    assert "http" not in letter.body
    visitor.post("/invitation/", {"code": people.last_code()})
    page = visitor.get("/invitation/")
    assert "We hold no second phone or email" in page.text
    wrong = {"agreement": made.reference, "birth_date": "5 4 1990", "postcode": "CF10 1AA"}
    assert "not what your agreement says" in visitor.post("/invitation/", wrong, status=200).text
    visitor.post("/invitation/", {**wrong, "birth_date": "4 May 1990"})
    visitor.post("/invitation/", {"email": ADA})
    visitor.get("/invitation/")
    visitor.post("/invitation/", {"code": people.last_code(ADA)})
    assert "At least 15 characters" in visitor.get("/invitation/").text
    visitor.post("/invitation/", {"password": NEW})
    assert User.objects.get(id=made.user_id).joined_at
    visitor.get("/invitation/")
    assert sign_in_with(visitor, ADA) == "/overview/"


@pytest.mark.parametrize("typed", ["4 May 1990", "04/05/1990", "1990-05-04", "4 5 1990"])
def test_by_herself_the_code_goes_to_the_contact_on_file(visitor: PageClient, business_day: None, typed: str) -> None:
    made = with_address()
    page = visitor.post("/invitation/start/", facts(made.reference, typed), status=200)
    assert "an invitation is on its way" in page.text
    assert people.last_message(ADA).subject == "Your Larkfield account is ready for you"


def test_by_herself_the_answer_is_the_same_for_no_such_agreement(visitor: PageClient, business_day: None) -> None:
    made = with_address()
    cases = [
        facts(made.reference),
        facts("7034118255") if made.reference != "7034118255" else facts("7000000005"),
        facts(made.reference, birth_date="5 May 1990"),
        facts(made.reference, postcode="CF10 9ZZ"),
    ]
    answers = []
    for case in cases:
        page = PageClient().post("/invitation/start/", case, status=200)
        answers.append((re.sub(r'value="[A-Za-z0-9]{64}"', "", page.html), len(page.queries)))
    assert len(set(answers)) == 1
    queue.run_waiting()
    assert OutboxMessage.objects.count() == 1


def test_guesses_at_an_agreement_are_counted_and_the_answer_stays_the_same(
    visitor: PageClient, business_day: None
) -> None:
    made = with_address()
    for day in range(10, 15):
        visitor.post("/invitation/start/", facts(made.reference, f"{day} May 1990"), status=200)
    page = visitor.post("/invitation/start/", facts(made.reference), status=200)
    assert "an invitation is on its way" in page.text
    queue.run_waiting()
    assert not OutboxMessage.objects.exists()


def test_who_has_access_already_is_reminded_instead(visitor: PageClient, business_day: None) -> None:
    made = with_address()
    User.objects.filter(id=made.user_id).update(joined_at=datetime.now(UTC))
    ContactPoint.objects.filter(user_id=made.user_id).update(verified_at=datetime.now(UTC))
    visitor.post("/invitation/start/", facts(made.reference), status=200)
    assert people.last_message(ADA).subject == "How you sign in to Larkfield"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("agreement", "1234567890", "An agreement number has 10 digits"),
        ("agreement", "", "Enter your agreement number"),
        ("birth_date", "31 2 1990", "Enter your date of birth with day, month and year"),
        ("birth_date", "1 1 2090", "Enter your date of birth with day, month and year"),
        ("birth_date", "x" * 60, "That is too long"),
        ("postcode", "", "Enter your postcode"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    visitor: PageClient, business_day: None, field: str, typed: str, said: str
) -> None:
    page = visitor.post("/invitation/start/", {**facts("7034118255"), field: typed}, status=200)
    assert said in page.text
    assert page.html.startswith("<!doctype html>")


def facts(reference: str, birth_date: str = "4 May 1990", postcode: str = "cf101aa") -> dict[str, str]:
    return {"agreement": reference, "birth_date": birth_date, "postcode": postcode}


def with_address(email: str = ADA) -> agreements.Made:
    made = agreements.make(agreements.priya_terms(), product="PCP", given_name="Ada", family_name="Lowe")
    customer = Customer.objects.get(user_id=made.user_id)
    PostalAddress.objects.create(
        customer=customer, lines=["1 Road"], town="Cardiff", postcode="CF10 1AA", postcode_folded="CF101AA",
        valid_from=date(2025, 2, 14),
    )  # fmt: skip
    if email:
        ContactPoint.objects.create(
            user_id=made.user_id, kind="EMAIL", value=email, folded=email, valid_from=date(2025, 2, 14)
        )
    return made


def sign_in_with(client: PageClient, email: str) -> str:
    password_step(client, email, NEW)
    return client.post("/sign-in/code/", {"code": people.last_code(email)}).goes_to


def test_a_signed_in_customer_keeps_her_session(visitor: PageClient, priya: User) -> None:
    sign_in(visitor)
    assert visitor.browser.get("/overview/", secure=True).status_code == 200


def test_by_herself_a_letter_comes_where_we_hold_no_email(visitor: PageClient, business_day: None) -> None:
    made = with_address(email="")
    visitor.post("/invitation/start/", facts(made.reference), status=200)
    letter = people.last_message()
    assert letter.channel == "LETTER"
    assert letter.to.splitlines()[0] == "Ada Lowe"
    assert "CF10 1AA" in letter.to
