"""A canary through every way of getting in: nothing that opens a door is ever written into the log of what was done."""

import json
import re

from milepost.demo.models import OutboxMessage
from milepost.servicing.audit import queries as audit
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import User
from tests.support import people, queue
from tests.support.page_client import PageClient
from tests.web.entry.conftest import Clock
from tests.web.entry.steps import sign_in
from tests.web.entry.test_invitation import SYSTEM

ADA, ADAS_PHONE = "ada.lowe@example.com", "+447700900412"
WRONG = "canary-wrong-password-4471"
NEW = "canary window lantern gravel"
LONG_NUMBER = re.compile(r"(?<![\d.])\d[\d -]{6,}\d(?![\d.])")
"""Eight digits or more: an account number, a phone number, a card."""


def every_flow(moved_clock: Clock) -> None:
    """Invitation, first access, sign-in, wrong tries until the pause, forgotten password and name, sign out."""
    ada = people.imported()
    operations.invite(user_id=ada.id, at=moved_clock.now(), actor=SYSTEM)
    client = PageClient()
    client.post(people.last_link(ADA))
    client.get("/invitation/", queries=20)
    for step in ({"code": people.last_code(ADAS_PHONE)}, {"email": ADA}, {"password": NEW}):
        client.post("/invitation/", step)
    sign_in(client)
    client.post("/sign-out/", on="/scams/")
    for status in (200, 200, 200, 200, 302):
        PageClient().post("/sign-in/", {"login": people.EMAIL, "password": WRONG}, status=status)
    PageClient().post("/sign-in/", {"login": WRONG, "password": people.PASSWORD}, status=200)
    queue.run_waiting()
    moved_clock.move(minutes=2)
    other = PageClient()
    other.post("/forgot-password/", {"login": people.EMAIL})
    other.post(people.last_link(people.EMAIL), {"password": NEW})
    other.post("/forgot-user-name/", {"email": people.EMAIL}, status=200)
    queue.run_waiting()


def test_no_row_holds_what_opens_a_door(priya: User, moved_clock: Clock) -> None:
    every_flow(moved_clock)
    rows = audit.rows(after=0, up_to=2**62, limit=10_000)
    assert {row.action for row in rows} >= {
        "identity.invited", "identity.joined", "identity.signed_in", "identity.signed_out", "identity.wrong_password",
        "identity.password_reset",
    }  # fmt: skip
    written = "\n".join(json.dumps([row.action, row.actor_name, row.reason, row.facts]) for row in rows)
    secrets = {people.PASSWORD, WRONG, NEW, people.EMAIL, people.PHONE, ADA, ADAS_PHONE, people.PHONE[3:]}
    secrets |= set(re.findall(r"[A-Za-z0-9_-]{20,}|\b\d{6}\b|(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", sent()))
    assert len(secrets) > 10
    found = sorted(secret for secret in secrets if secret in written)
    assert not found, f"the log says: {found}"
    assert not LONG_NUMBER.findall(written)


def sent() -> str:
    """Everything that went out in this test: all its codes and links."""
    return "\n".join(f"{row.subject}\n{row.body}" for row in OutboxMessage.objects.all())
