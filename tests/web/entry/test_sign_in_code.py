"""The second step."""

import pytest
from django.test import Client

from milepost.demo.models import OutboxMessage
from milepost.servicing.identity.models import Challenge, ContactPoint, Device, SignIn, User
from tests.support import people, queue
from tests.support.page_client import PageClient
from tests.web.entry.conftest import Clock
from tests.web.entry.steps import password_step, sign_in


def test_the_password_alone_opens_nothing(visitor: PageClient, priya: User) -> None:
    password_step(visitor)
    assert visitor.get("/overview/", status=302).goes_to.startswith("/sign-in/")
    assert visitor.get("/sign-in/", status=302).goes_to == "/sign-in/code/"


def test_the_page_tells_where_the_code_went_and_when_it_ends(visitor: PageClient, priya: User) -> None:
    password_step(visitor)
    page = visitor.get("/sign-in/code/")
    assert "A text message with 6 digits, to your phone ending 318" in page.text
    assert people.EMAIL not in page.html
    assert "7700900318" not in page.html


def test_the_text_message_is_bound_to_our_host(visitor: PageClient, priya: User) -> None:
    password_step(visitor)
    body = people.last_message(people.PHONE).body
    code = people.last_code(people.PHONE)
    assert body.startswith(f"{code} is your Larkfield code to sign in.")
    assert body.splitlines()[-1] == f"@localhost #{code}"


def test_the_code_is_not_kept_anywhere_but_in_the_message(visitor: PageClient, priya: User) -> None:
    password_step(visitor)
    code = people.last_code()
    challenge = Challenge.objects.get(purpose="SIGN_IN")
    assert code not in challenge.code_hash
    assert challenge.sent_at


def test_spaces_and_hyphens_in_a_code_are_hers(visitor: PageClient, priya: User) -> None:
    password_step(visitor)
    code = people.last_code()
    assert visitor.post("/sign-in/code/", {"code": f" {code[:3]}-{code[3:]} "}).goes_to == "/overview/"


def test_a_wrong_an_empty_and_an_old_code_are_refused(visitor: PageClient, priya: User, moved_clock: Clock) -> None:
    password_step(visitor)
    code = people.last_code()
    assert "Enter the code we sent you" in visitor.post("/sign-in/code/", {"code": ""}, status=200).text
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert "That is not the code we sent" in visitor.post("/sign-in/code/", {"code": wrong}, status=200).text
    moved_clock.move(minutes=10, seconds=1)
    assert visitor.get("/sign-in/code/", status=302).goes_to == "/sign-in/another-way/"
    assert "Codes work for 10 minutes" in visitor.get("/sign-in/another-way/").text


def test_a_code_works_once_and_in_its_own_session(visitor: PageClient, priya: User) -> None:
    password_step(visitor)
    code = people.last_code()
    thief = PageClient()
    password_step(thief)
    thief_code = people.last_code()
    if code != thief_code:
        assert "not the code" in thief.post("/sign-in/code/", {"code": code}, status=200).text
    assert visitor.post("/sign-in/code/", {"code": code}).goes_to == "/overview/"
    assert Challenge.objects.filter(spent_at__isnull=False).count() == 1


def test_starting_again_buys_no_more_guesses(visitor: PageClient, priya: User) -> None:
    for attempt in range(5):
        client = PageClient()
        password_step(client)
        wrong = f"{(int(people.last_code()) + 1) % 1_000_000:06d}"
        client.post("/sign-in/code/", {"code": wrong}, status=200 if attempt < 4 else 302)
    client = PageClient()
    password_step(client)
    right = people.last_code()
    assert client.post("/sign-in/code/", {"code": right}).goes_to == "/sign-in/locked/"
    assert "A wrong code was typed" in client.get("/sign-in/locked/").text


def test_a_new_code_ends_the_old_one_and_comes_after_a_wait(
    visitor: PageClient, priya: User, moved_clock: Clock
) -> None:
    password_step(visitor)
    old = people.last_code()
    page = visitor.post("/sign-in/code/", {"act": "again"}, status=200)
    assert "You can ask for another from" in page.text
    moved_clock.move(seconds=31)
    assert visitor.post("/sign-in/code/", {"act": "again"}).goes_to == "/sign-in/code/?sent=again"
    new = people.last_code()
    if old != new:
        visitor.post("/sign-in/code/", {"code": old}, status=200)
    moved_clock.move(seconds=31)
    assert "You can ask for another from" in visitor.post("/sign-in/code/", {"act": "again"}, status=200).text
    assert visitor.post("/sign-in/code/", {"code": new}).goes_to == "/overview/"


def test_codes_are_not_sent_without_end(priya: User, moved_clock: Clock) -> None:
    for _ in range(12):
        password_step(PageClient())
    queue.run_waiting()
    assert OutboxMessage.objects.filter(body__contains="code to sign in").count() == 8


def test_another_way_is_one_of_hers(visitor: PageClient, priya: User, moved_clock: Clock) -> None:
    password_step(visitor)
    queue.run_waiting()
    moved_clock.move(seconds=31)
    page = visitor.get("/sign-in/another-way/")
    assert "p••••@example.com" in page.text
    stranger = people.joined(name="Tom Reed", email="tom.reed@example.com", phone="+447700900777")
    foreign = ContactPoint.objects.filter(user=stranger).first()
    assert foreign is not None
    visitor.post("/sign-in/another-way/", {"way": str(foreign.id)}, status=200)
    email = ContactPoint.objects.get(user=priya, kind="EMAIL")
    assert visitor.post("/sign-in/another-way/", {"way": str(email.id)}).goes_to == "/sign-in/code/"
    assert "An email with 6 digits" in visitor.get("/sign-in/code/").text
    assert visitor.post("/sign-in/code/", {"code": people.last_code(people.EMAIL)}).goes_to == "/overview/"
    assert SignIn.objects.get().second_step == "EMAIL"


def test_somebody_nobody_can_reach_is_told_whom_to_call(visitor: PageClient, business_day: None) -> None:
    user = people.joined(user_name="priyas")
    ContactPoint.objects.filter(user=user).update(verified_at=None)
    assert password_step(visitor, "priyas") == "/sign-in/code/"
    assert visitor.get("/sign-in/code/", status=302).goes_to == "/sign-in/another-way/"
    assert "0808 157 0199" in visitor.get("/sign-in/another-way/").text


def test_a_trusted_device_is_asked_for_no_code_until_its_time_is_up(
    visitor: PageClient, priya: User, moved_clock: Clock
) -> None:
    sign_in(visitor, trust_device="on")
    visitor.post("/sign-out/", on="/sign-in/locked/")
    assert password_step(visitor) == "/overview/"
    visitor.post("/sign-out/", on="/sign-in/locked/")
    assert password_step(PageClient()) == "/sign-in/code/"
    moved_clock.move(days=31)
    assert password_step(visitor) == "/sign-in/code/"


def test_a_device_is_not_trusted_unasked_nor_for_somebody_else(visitor: PageClient, priya: User) -> None:
    people.joined(name="Tom Reed", email="tom.reed@example.com", phone="+447700900777")
    sign_in(visitor, trust_device="on")
    visitor.post("/sign-out/", on="/sign-in/locked/")
    assert password_step(visitor, "tom.reed@example.com") == "/sign-in/code/"


def test_a_first_device_is_quiet_and_a_second_is_told_of(visitor: PageClient, priya: User) -> None:
    sign_in(visitor)
    queue.run_waiting()
    assert not OutboxMessage.objects.filter(subject__contains="new device").exists()
    other = PageClient()
    password_step(other)
    other.post("/sign-in/code/", {"code": people.last_code(people.PHONE)})
    assert "A new device signed in" in people.last_message(people.EMAIL).subject
    assert Device.objects.count() == 2


def test_start_again_forgets_the_password_step(visitor: PageClient, priya: User) -> None:
    password_step(visitor)
    assert visitor.post("/sign-in/code/", {"act": "start-again"}).goes_to == "/sign-in/"
    visitor.get("/sign-in/")
    assert visitor.get("/sign-in/code/", status=302).goes_to == "/sign-in/"


@pytest.mark.parametrize("address", ["/sign-in/code/", "/sign-in/another-way/"])
def test_without_the_first_step_there_is_no_second(visitor: PageClient, business_day: None, address: str) -> None:
    assert visitor.get(address, status=302).goes_to == "/sign-in/"


def test_the_device_cookie_is_not_a_session(visitor: PageClient, priya: User) -> None:
    sign_in(visitor, trust_device="on")
    thief = Client()
    thief.cookies["__Host-device"] = visitor.browser.cookies["__Host-device"].value
    assert thief.get("/overview/", secure=True).status_code == 302
