"""One demo and one browser for all journeys, as a newcomer gets them. Each story has its own window and person."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from milepost.cli import visitor
from tests.support.browser import window


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if visitor.chromium() is None:
        pytest.skip(f"No Chromium here. {visitor.INSTALL}")
    with visitor.browser() as running:
        yield running


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a demo that runs."""
    with visitor.demo("--agreements", "40") as address:
        yield address


@pytest.fixture(scope="session")
def people(site: str) -> dict[str, visitor.Person]:
    """The demo's people by their keys."""
    return {person.key: person for person in visitor.people(site)}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone that knows nobody."""
    with window(browser) as opened:
        yield opened
