"""People for tests of signing in, written by the operations that the pages use."""

from datetime import UTC, date, datetime

from milepost.demo.models import OutboxMessage
from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import User
from tests.support import queue

PASSWORD = "copper teapot harbour"
EMAIL = "priya.shah@example.com"
PHONE = "+447700900318"
JOINED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def imported(*, name: str = "Ada Lowe", email: str = "ada.lowe@example.com", phone: str = "07700 900412") -> User:
    """Somebody from a tape: contacts on file, none proved, no password."""
    with transaction():
        ids = operations.take_in(users=[operations.NewUser(name, email, phone)], valid_from=date(2026, 1, 5))
    return User.objects.get(id=ids[0])


def joined(
    *, name: str = "Priya Shah", email: str = EMAIL, phone: str = PHONE, user_name: str = "", password: str = PASSWORD
) -> User:
    """Somebody who can sign in."""
    user = imported(name=name, email=email, phone=phone)
    with transaction():
        operations.grant_access(
            user_id=user.id, email=email, phone=phone, password=password, user_name=user_name, at=JOINED,
            actor=Actor.system("test"),
        )  # fmt: skip
    return User.objects.get(id=user.id)


def last_message(to: str = "") -> OutboxMessage:
    """The newest message sent (to this address), once the queue is worked off."""
    queue.run_waiting()
    rows = OutboxMessage.objects.order_by("-id")
    found = (rows.filter(to=to) if to else rows).first()
    assert found is not None, f"nothing was sent to {to or 'anybody'}"
    return found


def last_code(to: str = "") -> str:
    """The code in the newest message."""
    from milepost.demo import outbox

    found = outbox.CODE.search(outbox.LINK.sub("", last_message(to).body))
    assert found is not None, f"no code in the last message to {to or 'anybody'}"
    return found[0]


def sent_code(to: str) -> str:
    """The code in the newest message that has one and went to this address already; the queue is left as it is."""
    from milepost.demo import outbox

    bodies = OutboxMessage.objects.filter(to=to, body__contains=" code ").order_by("-id").values_list("body", flat=True)
    found = next(filter(None, (outbox.CODE.search(body) for body in bodies)), None)
    assert found is not None, f"no code was sent to {to}"
    return found[0]


def last_link(to: str = "") -> str:
    """The path of the link in the newest message."""
    from milepost.demo import outbox

    found = outbox.LINK.search(last_message(to).body)
    assert found is not None, f"no link in the last message to {to or 'anybody'}"
    return "/" + found[0].split("/", 3)[3]
