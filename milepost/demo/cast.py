"""The people of the demo: who they are, how they sign in, and what each is there to show. Everyone is invented."""

from dataclasses import dataclass
from datetime import date

PASSWORD = "copper teapot harbour"  # noqa: S105 (printed on the screen when the demo starts)


HANA_APP = (
    "otpauth://totp/Milepost%20demo:hana.moriyama@example.com"
    "?secret=GV2GKZLQMFYGK3TBOZSWE5LUORSXEZLE&issuer=Milepost%20demo"
)
"""What her authenticator app makes its codes of. Everybody may know it: /demo/people.json tells it."""


@dataclass(frozen=True, slots=True)
class Person:
    """One of the demo's people. Without a login she has not joined yet."""

    key: str
    name: str
    role: str
    login: str | None
    password: str | None
    totp_uri: str | None
    agreements: tuple[str, ...]
    story: str


def _customer(
    key: str, name: str, login: str, agreements: tuple[str, ...], story: str, totp_uri: str | None = None
) -> Person:
    return Person(key, name, "CUSTOMER", login, PASSWORD, totp_uri, agreements, story)


PRIYA = "7034118255"
TOM = "7034121007"
GRACE = "7034121082"
OWEN_SETTLED = "7029550014"
OWEN_RUNNING = "7034121162"
HANA_AND_JO = "7034121234"
MAREK = "7034121306"
ADA = "7034121486"

PEOPLE: tuple[Person, ...] = (
    _customer(
        "priya",
        "Priya Shah",
        "priya.shah@example.com",
        (PRIYA,),
        "A personal contract purchase, up to date: 21 of 47 payments made, one by card after a Direct Debit came back.",
    ),
    _customer(
        "tom",
        "Tom Whitcombe",
        "tom.whitcombe@example.com",
        (TOM,),
        "A personal contract purchase, one payment behind since the beginning of November.",
    ),
    _customer(
        "grace",
        "Grace Adeyemi",
        "grace.adeyemi@example.com",
        (GRACE,),
        "A hire purchase agreement; her sign-in is locked after too many wrong passwords.",
    ),
    _customer(
        "owen",
        "Owen Prydderch",
        "owen.prydderch@example.com",
        (OWEN_RUNNING, OWEN_SETTLED),
        "Two agreements: a hire purchase he settled early, and a lease purchase that is running.",
    ),
    _customer(
        "hana",
        "Hana Moriyama",
        "hana.moriyama@example.com",
        (HANA_AND_JO,),
        "A joint hire purchase agreement with Jo: both see the same. She signs in with an authenticator app.",
        HANA_APP,
    ),
    _customer(
        "jo", "Jo Fairbrother", "jo.fairbrother@example.com", (HANA_AND_JO,), "The other half of the joint agreement."
    ),
    _customer(
        "marek",
        "Marek Dudziak",
        "marek.dudziak@example.com",
        (MAREK,),
        "A personal loan due on the 31st: a shorter month moves the day, and the next one returns to it.",
    ),
    Person(
        "ada",
        "Ada Lockyer",
        "CUSTOMER",
        None,
        None,
        None,
        (ADA,),
        "Has not joined yet: for trying “Set up access” with her agreement number, 23 July 1979 and TQ98 0ZZ.",
    ),
)
"""Ada's e-mail is ada.lockyer@example.com; she was born on 23 July 1979 and lives at TQ98 0ZZ."""

QUOTES: tuple[tuple[str, str, date], ...] = (
    ("priya", PRIYA, date(2026, 8, 3)),
    ("marek", MAREK, date(2026, 8, 3)),
    ("marek", MAREK, date(2026, 11, 20)),
)
"""Settlement figures asked for before the demo opens: whose, of which agreement, on which day of the lender's."""
