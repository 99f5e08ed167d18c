"""The demo's people, loaded through the import as the demo loads them, for tests of pages."""

from dataclasses import dataclass
from pathlib import Path

from milepost.demo import cast, opening
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import User
from tests.support.page_client import PageClient


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast."""

    person: cast.Person

    @property
    def user(self) -> User:
        found = queries.person_on_file(self.person.login or f"{self.person.key}.lockyer@example.com")
        assert found is not None, f"{self.person.name} is not in the book"
        return User.objects.get(id=found.user_id)

    @property
    def agreement(self) -> str:
        """The number of the agreement (the first of several)."""
        return self.person.agreements[0]

    def client(self) -> PageClient:
        """A browser in which this person has signed in."""
        return PageClient(self.user)


class Cast:
    """`cast.priya`, `cast.tom`, … as demo/cast.py knows them."""

    def __getattr__(self, key: str) -> Member:
        for person in cast.PEOPLE:
            if person.key == key:
                return Member(person)
        raise AttributeError(f"Nobody of the cast is called {key}: {[person.key for person in cast.PEOPLE]}")


def load(folder: Path) -> None:
    """The small invented book and its people, committed: for a database that is cloned."""
    opening.fill_with_invented_book(folder, len(cast.PEOPLE), lambda *_: None)
