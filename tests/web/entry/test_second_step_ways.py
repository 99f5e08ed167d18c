"""Signing in with an authenticator app or a recovery code, and the ways beside them."""

from datetime import timedelta

from milepost.demo.models import OutboxMessage
from milepost.plumbing import clock
from milepost.servicing.identity import access, operations
from milepost.servicing.identity.models import SignIn, User
from tests.support import apps, people, queue
from tests.support.page_client import PageClient
from tests.web.entry.conftest import Clock
from tests.web.entry.steps import password_step


def with_app(user: User) -> None:
    apps.add(user, clock.now() - timedelta(minutes=10))


def test_the_app_is_asked_first_and_nothing_is_sent(visitor: PageClient, priya: User) -> None:
    with_app(priya)
    assert password_step(visitor) == "/sign-in/code/"
    page = visitor.get("/sign-in/code/")
    assert page.heading == "Enter the code from your app"
    assert "Where your text message is" not in page.text
    queue.run_waiting()
    assert not OutboxMessage.objects.filter(body__contains="code to sign in").exists()
    assert visitor.post("/sign-in/code/", {"code": apps.shown(clock.now())}).goes_to == "/overview/"
    assert SignIn.objects.get().second_step == "APP"


def test_the_other_ways_are_listed_the_weaker_marked(visitor: PageClient, priya: User) -> None:
    with_app(priya)
    operations.renew_recovery_codes(user_id=priya.id, at=clock.now())
    password_step(visitor)
    for address in ("/sign-in/code/", "/sign-in/another-way/"):
        text = visitor.get(address).text
        for words in ("Text message", "Email", "Weaker: an inbox", "Recovery code"):
            assert words in text, (address, words)
    assert "Authenticator app" in visitor.get("/sign-in/another-way/").text


def test_a_text_message_is_one_choice_away_and_the_app_again_without_a_wait(visitor: PageClient, priya: User) -> None:
    with_app(priya)
    password_step(visitor)
    text = next(way for way in access.second_steps(priya.id).contacts if way.kind == "PHONE")
    assert visitor.post("/sign-in/another-way/", {"way": str(text.id)}).goes_to == "/sign-in/code/"
    assert visitor.get("/sign-in/code/").heading == "Enter the code we sent you"
    sent = people.last_code(people.PHONE)
    assert visitor.post("/sign-in/another-way/", {"way": "app"}).goes_to == "/sign-in/code/"
    assert "not the code in your app" in visitor.post("/sign-in/code/", {"code": sent}, status=200).text
    assert visitor.post("/sign-in/code/", {"code": apps.shown(clock.now())}).goes_to == "/overview/"


def test_a_code_that_was_used_does_not_work_in_another_browser(
    visitor: PageClient, priya: User, moved_clock: Clock
) -> None:
    with_app(priya)
    password_step(visitor)
    code = apps.shown(clock.now(), steps=1)
    assert visitor.post("/sign-in/code/", {"code": code}).goes_to == "/overview/"
    thief = PageClient()
    password_step(thief)
    for seconds in (0, 31, 30):
        moved_clock.move(seconds=seconds)
        assert "was used already" in thief.post("/sign-in/code/", {"code": code}, status=200).text


def test_a_recovery_code_signs_her_in_once(visitor: PageClient, priya: User) -> None:
    codes = operations.renew_recovery_codes(user_id=priya.id, at=clock.now())
    password_step(visitor)
    visitor.post("/sign-in/another-way/", {"way": "recovery"})
    assert visitor.get("/sign-in/code/").heading == "Enter a recovery code"
    assert "Enter one of your recovery codes" in visitor.post("/sign-in/code/", {"code": ""}, status=200).text
    assert visitor.post("/sign-in/code/", {"code": codes[3].lower()}).goes_to == "/overview/"
    assert SignIn.objects.get().second_step == "RECOVERY"
    other = PageClient()
    password_step(other)
    other.post("/sign-in/another-way/", {"way": "recovery"})
    assert "not one of your recovery codes" in other.post("/sign-in/code/", {"code": codes[3]}, status=200).text


def test_a_way_she_does_not_have_is_refused(visitor: PageClient, priya: User) -> None:
    password_step(visitor)
    for way in ("app", "recovery", "x", ""):
        page = visitor.post("/sign-in/another-way/", {"way": way}, status=200)
        assert "Choose a way to get a code" in page.text


def test_changing_the_way_buys_no_more_guesses(visitor: PageClient, priya: User, moved_clock: Clock) -> None:
    with_app(priya)
    operations.renew_recovery_codes(user_id=priya.id, at=clock.now())
    password_step(visitor)
    ways = [str(way.id) for way in access.second_steps(priya.id).contacts]
    for way in ("app", "recovery", *ways):
        visitor.post("/sign-in/another-way/", {"way": way})
        visitor.post("/sign-in/code/", {"code": "000"}, status=200)
        moved_clock.move(seconds=61)
    visitor.post("/sign-in/another-way/", {"way": "app"})
    assert visitor.post("/sign-in/code/", {"code": "000"}).goes_to == "/sign-in/locked/"
    assert visitor.post("/sign-in/code/", {"code": apps.shown(clock.now())}).goes_to == "/sign-in/locked/"


def test_too_many_hashes_at_work_are_told_as_such(visitor: PageClient, priya: User, monkeypatch) -> None:
    from milepost.plumbing import passwords

    codes = operations.renew_recovery_codes(user_id=priya.id, at=clock.now())
    password_step(visitor)
    visitor.post("/sign-in/another-way/", {"way": "recovery"})

    def busy(*_: object) -> bool:
        raise passwords.Busy

    monkeypatch.setattr(passwords.Hasher, "verify", busy)
    page = visitor.post("/sign-in/code/", {"code": codes[0]}, status=503)
    assert "Very many people are signing in" in page.text
