"""How tests run: on a real PostgreSQL, as the application's role, each in a transaction that is rolled back."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

os.environ["MILEPOST_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "milepost.config.settings"

from django.conf import settings

assert settings.TEST, "The tests run in their own mode alone."
# Settings are read by now, so pytest-django loads the applications.

if TYPE_CHECKING:
    from tests.support.cast import Cast
    from tests.support.database_clone import DatabaseClone

NO_FLUSH = (
    "A test never empties tables: it runs as the application's role, which may not. Use `db` (rolled back), or the "
    "`database_clone` fixture for threads, subprocesses and anything that commits."
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser journeys come last: they keep an event loop in the main thread."""
    items.sort(key=lambda item: "/journeys/" in str(item.path))


def pytest_runtest_setup(item: pytest.Item) -> None:
    marker = item.get_closest_marker("django_db")
    banned = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(getattr(item, "fixturenames", ()))
    if banned or (marker and marker.kwargs.get("transaction")):
        pytest.fail(NO_FLUSH, pytrace=False)


@pytest.fixture(scope="session")
def database_server(django_test_environment: None) -> Iterator[None]:
    """A PostgreSQL that answers."""
    from tests.support import server

    with server.running():
        yield


@pytest.fixture(scope="session")
def database_template(database_server: None, django_db_blocker: DjangoDbBlocker) -> str:
    """An empty, migrated database: the source of every other."""
    from tests.support import database_clone as databases

    with django_db_blocker.unblock():
        return databases.template()


@pytest.fixture(scope="session")
def django_db_setup(database_template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The empty database that tests with `db` run on; a clone for every process, so that -n is safe."""
    from tests.support import database_clone as databases

    with django_db_blocker.unblock(), databases.used(database_template):
        yield


@pytest.fixture(scope="session")
def cast_database(
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """A database in which the demo's people live, loaded once."""
    from tests.support import cast, database_clone as databases

    name = databases.make(database_template)
    with django_db_blocker.unblock():
        try:
            with databases.switched_to(name):
                cast.load(tmp_path_factory.mktemp("book"))
            yield name
        finally:
            databases.drop(name)


@pytest.fixture(scope="module")
def cast(cast_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator["Cast"]:
    """The demo's people. A module that asks for them (`usefixtures` at its top) runs on their database throughout."""
    from tests.support import database_clone as databases
    from tests.support.cast import Cast

    with django_db_blocker.unblock(), databases.used(cast_database):
        yield Cast()


@pytest.fixture(autouse=True)
def _no_cached_answers() -> Iterator[None]:
    """What a process remembers between tests must not carry one test's rows into the next."""
    yield
    from milepost.plumbing import lender

    lender.current.cache_clear()


@pytest.fixture
def database_clone(
    request: pytest.FixtureRequest, database_template: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator["DatabaseClone"]:
    """A database of this test's own, committed to by any thread or process. See tests/support/database_clone.py."""
    from tests.support import database_clone as databases

    if "db" in request.fixturenames:
        pytest.fail("Ask for `db` or for `database_clone`, not both: one rolls back, the other is thrown away.")
    with django_db_blocker.unblock(), databases.used(database_template) as clone:
        yield clone
