"""Who can sign in here, and as whom: the cast, or the invented customers of a lender's own tape."""

from milepost.demo import cast
from milepost.demo.cast import Person
from milepost.servicing.agreements import access
from milepost.servicing.customers import queries as customers
from milepost.servicing.identity import queries as identity

SHOWN = 8


def people() -> tuple[Person, ...]:
    """Everybody with a story to show."""
    if identity.person_on_file(cast.PEOPLE[0].login or ""):
        return cast.PEOPLE
    return tuple(_of_the_tape(person) for person in identity.joined(limit=SHOWN))


def table() -> list[str]:
    """The same, as lines of text."""
    shown = people()
    rows = [
        ("Sign in as", "Password", "Who"),
        *((p.login or "(not yet)", p.password or "", _words(p)) for p in shown),
    ]
    widths = [max(len(row[place]) for row in rows) for place in (0, 1)]
    lines = [f"{login.ljust(widths[0])}  {password.ljust(widths[1])}  {words}" for login, password, words in rows]
    if shown != cast.PEOPLE and (others := customers.how_many() - len(shown)) > 0:
        lines += ["", f"The other {others:,} customers have names too, and no password: they have not been invited."]
    return lines


def _of_the_tape(person: identity.Joined) -> Person:
    mine = access.agreements_of(person.user_id)
    story = "A customer of your tape, with an invented name. " + ", ".join(
        f"{item.make} {item.model} ({item.status.lower()})".strip() for item in mine
    )
    return Person(
        person.email.partition("@")[0], person.full_name, "CUSTOMER", person.email, cast.PASSWORD, None,
        tuple(item.reference for item in mine), story,
    )  # fmt: skip


def _words(person: Person) -> str:
    return f"{person.name} ({', '.join(person.agreements)}): {person.story}"
