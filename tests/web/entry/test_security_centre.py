"""The security centre in two browsers at once: what one of them ends is over in the other."""

import re
from datetime import timedelta

import pytest

from milepost.demo.models import OutboxMessage
from milepost.plumbing import clock
from milepost.servicing.audit.models import Event
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import Device, SignIn, User
from tests.support import apps, people, queue
from tests.support.page_client import Page, PageClient
from tests.web.entry.conftest import Clock
from tests.web.entry.steps import password_step, sign_in

NEW = "violet kettle mountain"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36"


@pytest.fixture
def laptop(visitor: PageClient, priya: User) -> PageClient:
    sign_in(visitor)
    return visitor


@pytest.fixture
def phone(laptop: PageClient, moved_clock: Clock) -> PageClient:
    """A second browser of hers."""
    moved_clock.move(seconds=40)
    client = PageClient()
    client.browser.defaults["HTTP_USER_AGENT"] = PHONE
    sign_in(client)
    return client


def is_in(client: PageClient) -> bool:
    return client.browser.get("/security/", secure=True).status_code == 200


def act(client: PageClient, **form: str) -> str:
    return client.post("/security/devices/", form).goes_to


def links(page: Page, words: str) -> list[str]:
    return re.findall(rf'href="([^"]*{re.escape(words)}[^"]*)"', page.html.replace("&amp;", "&"))


def test_the_page_names_what_protects_her(laptop: PageClient) -> None:
    page = laptop.get("/security/")
    assert "Well protected" in page.text
    assert "To your phone ending 318" in page.text
    assert "To p••••@example.com" in page.text
    assert "Last chosen 2 March 2026" in page.text
    assert "This device" in page.text
    assert "Signed in with a text code" in page.text
    assert "2 of 3 protections on: a password, codes to your phone" in page.text
    assert "/security/second-steps/" in page.links.values()


def test_the_app_and_recovery_codes_are_counted_and_told_of(
    visitor: PageClient, priya: User, moved_clock: Clock
) -> None:
    apps.add(priya, clock.now())
    codes = operations.renew_recovery_codes(user_id=priya.id, at=clock.now())
    moved_clock.move(minutes=10)
    password_step(visitor)
    visitor.post("/sign-in/code/", {"code": "000000x"}, status=200)
    visitor.post("/sign-in/another-way/", {"way": "recovery"})
    visitor.post("/sign-in/code/", {"code": codes[0]})
    page = visitor.get("/security/")
    assert "3 of 3 protections on: a password, an authenticator app, codes to your phone" in page.text
    assert "Asked for first" in page.text
    assert "9 of 10 left, on paper" in page.text
    operations.remove_app(user_id=priya.id, at=clock.now())
    text = visitor.get("/security/activity/").text
    order = (
        "Authenticator app removed", "Signed in with a recovery code", "Recovery code used", "9 of 10 are left",
        "Wrong code", "New recovery codes made", "Authenticator app added",
    )  # fmt: skip
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)


def test_an_app_alone_protects_well(visitor: PageClient, business_day: None) -> None:
    apps.add(people.joined(phone=""), clock.now() - timedelta(minutes=10))
    password_step(visitor)
    visitor.post("/sign-in/code/", {"code": apps.shown(clock.now())})
    page = visitor.get("/security/")
    assert "Well protected" in page.text
    assert "2 of 3 protections on: a password, an authenticator app" in page.text
    assert "Signed in with the authenticator app" in page.text


def test_a_code_before_a_change_keeps_this_session_known(laptop: PageClient, moved_clock: Clock) -> None:
    moved_clock.move(minutes=6)
    before = laptop.browser.session.session_key
    laptop.post("/security/second-steps/", {"act": "add-app"})
    laptop.post("/security/second-steps/confirm/", {"code": people.last_code(people.PHONE)})
    assert laptop.browser.session.session_key != before
    assert SignIn.objects.get().session_key == laptop.browser.session.session_key
    assert "This device" in laptop.get("/security/devices/").text


def test_without_a_phone_it_says_what_is_weak(visitor: PageClient, business_day: None) -> None:
    people.joined(phone="")
    password_step(visitor)
    visitor.post("/sign-in/code/", {"code": people.last_code(people.EMAIL)})
    page = visitor.get("/security/")
    assert "Could be better" in page.text
    assert "Your codes come by email only" in page.text
    assert "Signed in with an email code" in page.text


def test_two_sessions_are_listed_with_this_one_marked(laptop: PageClient, phone: PageClient) -> None:
    page = phone.get("/security/devices/")
    lines = [" ".join("".join(item.itertext()).split()) for item in page.root.findall(".//main//li")]
    assert "Chrome on Android This device" in lines[0]
    assert [line.count("Sign out") for line in lines[:2]] == [0, 1]


def test_ending_one_session_ends_that_one_alone_and_at_once(laptop: PageClient, phone: PageClient) -> None:
    other = SignIn.objects.earliest("id")
    assert other.session_key == laptop.browser.session.session_key
    assert act(phone, act="end", id=str(other.id)) == "/security/devices/?done=ended"
    assert (is_in(laptop), is_in(phone)) == (False, True)
    assert "That session has ended" in phone.get("/security/devices/?done=ended").text


def test_signing_out_everywhere_else_leaves_this_one_under_a_new_key(laptop: PageClient, phone: PageClient) -> None:
    before = phone.browser.session.session_key
    act(phone, act="end-others")
    assert (is_in(laptop), is_in(phone)) == (False, True)
    assert phone.browser.session.session_key != before
    assert "This device" in phone.get("/security/devices/").text
    stolen = PageClient()
    stolen.browser.cookies["__Host-session"] = before or ""
    assert not is_in(stolen)


def test_a_forgotten_device_is_signed_out_and_asks_for_a_code(laptop: PageClient, phone: PageClient) -> None:
    Device.objects.update(trusted_until="2027-01-01T00:00Z")
    act(phone, act="forget", id=str(Device.objects.earliest("id").id))
    assert (is_in(laptop), is_in(phone)) == (False, True)
    assert password_step(laptop) == "/sign-in/code/"


def test_this_device_stops_being_trusted_and_stays_signed_in(laptop: PageClient) -> None:
    Device.objects.update(trusted_until="2027-01-01T00:00Z")
    assert "Stop trusting" in laptop.get("/security/devices/").text
    act(laptop, act="forget", id=str(Device.objects.get().id))
    page = laptop.get("/security/devices/")
    assert "This device" in page.text
    assert "Not trusted" in page.text


@pytest.mark.parametrize(
    "form",
    [{"act": "end", "id": "x"}, {"act": "end", "id": "9" * 30}, {"act": "forget"}, {"act": "fly", "id": "1"}],
)
def test_a_form_that_names_nothing_changes_nothing(laptop: PageClient, form: dict[str, str]) -> None:
    assert act(laptop, **form) == "/security/devices/"
    assert is_in(laptop)


def test_a_session_that_ran_out_is_listed_as_signed_out(laptop: PageClient, moved_clock: Clock) -> None:
    moved_clock.move(minutes=15)
    other = PageClient()
    sign_in(other)
    page = other.get("/security/devices/")
    assert "Signed out, last signed in today" in page.text
    assert "Sign out a browser" not in page.text


def test_a_new_password_keeps_this_session_ends_the_other_and_tells(laptop: PageClient, phone: PageClient) -> None:
    page = phone.post("/security/password/", {"old": people.PASSWORD, "new": NEW}, queries=50)
    assert page.goes_to == "/security/?done=password"
    assert "Your new password is saved" in phone.get(page.goes_to).text
    assert (is_in(laptop), is_in(phone)) == (False, True)
    queue.run_waiting()
    told = OutboxMessage.objects.filter(body__contains="password was changed")
    assert sorted(row.to for row in told) == sorted([people.EMAIL, people.PHONE])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", NEW, "Enter your present password"),
        (people.PASSWORD, "", "Enter a new password"),
        ("copper teapot harbor", NEW, "That is not your present password"),
        (people.PASSWORD, "short", "at least"),
        (people.PASSWORD, people.PASSWORD, "That is the password you have"),
    ],
)
def test_what_is_wrong_is_said_and_no_password_shown_again(laptop: PageClient, old: str, new: str, said: str) -> None:
    page = laptop.post("/security/password/", {"old": old, "new": new}, status=200)
    assert said.lower() in page.text.lower()
    assert page.root.find(".//title").text.startswith("Error: ")  # type: ignore[union-attr]
    for field in page.root.findall(".//input[@type='password']"):
        assert field.get("value") is None
    assert is_in(laptop)


def test_five_wrong_present_passwords_pause_it(laptop: PageClient) -> None:
    for _ in range(5):
        page = laptop.post("/security/password/", {"old": "wrong horse battery", "new": NEW}, status=200)
    assert "Too many wrong passwords. You can try again at" in page.text
    page = laptop.post("/security/password/", {"old": people.PASSWORD, "new": NEW}, status=200)
    assert "Too many wrong passwords" in page.text
    assert "Wrong password, 5 times" in laptop.get("/security/activity/").text


def test_the_activity_tells_of_tries_codes_and_sign_ins(visitor: PageClient, priya: User) -> None:
    visitor.post("/sign-in/", {"login": people.EMAIL, "password": "wrong horse battery"}, status=200)
    password_step(visitor)
    right = people.last_code(people.PHONE)
    visitor.post("/sign-in/code/", {"code": "000000" if right != "000000" else "111111"}, status=200)
    visitor.post("/sign-in/code/", {"code": right})
    text = visitor.get("/security/activity/").text
    order = (
        "Signed in with a text code", "Wrong code", "Code sent to your phone ending 318", "Wrong password",
        "You set up your access",
    )  # fmt: skip
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert people.PHONE not in text


def test_older_pages_repeat_nothing_and_leave_nothing_out(laptop: PageClient, priya: User) -> None:
    from tests.support.people import JOINED

    for _ in range(90):  # all in one second
        operations.record_sign_out(user_id=priya.id, at=JOINED)
    page, seen = laptop.get("/security/activity/"), 0
    for _ in range(5):
        seen += len(page.root.findall(".//main//span[@class='list__t']"))
        older = links(page, "before=")
        if not older:
            break
        page = laptop.get(older[0])
    assert seen == Event.objects.filter(subject_id=priya.id, subject_kind="user").count()
    assert "There is nothing older" in laptop.get("/security/activity/?before=1").text


def test_an_old_and_a_strange_page_number_are_no_error(laptop: PageClient) -> None:
    for typed in ("x", "-1", "9" * 40):
        laptop.get(f"/security/activity/?before={typed}", status=404)


def test_this_wasnt_me_asks_first_then_shuts_everybody_out(laptop: PageClient, phone: PageClient) -> None:
    asks = links(phone.get("/security/activity/"), "not_me=")
    assert asks
    page = phone.get(asks[0])
    assert "Every session ends" in page.text
    assert is_in(laptop)
    about = asks[0].partition("not_me=")[2]
    gone = phone.post("/security/activity/", {"about": about}, on=asks[0])
    assert gone.goes_to == "/signed-out/?why=frozen"
    assert "Nobody can sign in now" in phone.get(gone.goes_to).text
    assert (is_in(laptop), is_in(phone)) == (False, False)
    for client in (laptop, phone, PageClient()):
        assert password_step(client) == "/sign-in/locked/"


def test_and_a_link_from_her_email_lets_her_back_in(laptop: PageClient) -> None:
    laptop.post("/security/activity/", {"about": "now"}, on="/security/activity/?not_me=now")
    queue.run_waiting()
    back = PageClient()
    back.post("/forgot-password/", {"login": people.EMAIL})
    back.post(people.last_link(people.EMAIL), {"password": NEW})
    assert back.post("/sign-in/", {"login": people.EMAIL, "password": NEW}).goes_to == "/sign-in/code/"
    back.post("/sign-in/code/", {"code": people.last_code(people.PHONE)})
    assert "You froze your sign-in" in back.get("/security/activity/").text


def test_the_sign_in_of_this_session_offers_no_freeze(laptop: PageClient) -> None:
    assert links(laptop.get("/security/activity/"), "not_me=") == []


def test_somebody_elses_entry_does_not_exist(laptop: PageClient, priya: User) -> None:
    people.joined(name="Tom", email="tom@example.com", phone="+447700900777")
    other = PageClient()
    sign_in(other, "tom@example.com", "+447700900777")
    his = Event.objects.filter(action="identity.signed_in").latest("id").id
    laptop.get(f"/security/activity/?not_me={his}", status=404)
    laptop.post("/security/activity/", {"about": str(his)}, on="/security/activity/", status=404)
    assert is_in(laptop)
    assert is_in(other)


def test_every_page_leads_to_it(laptop: PageClient, phone: PageClient) -> None:
    assert 'href="/security/"' in phone.get("/overview/").html


def test_who_has_never_signed_in_by_the_pages_sees_empty_lists_that_say_so(priya: User) -> None:
    client = PageClient(priya)
    assert "No device is known yet" in client.get("/security/devices/").text
    assert "No device is known yet" in client.get("/security/").text
