"""What tests of getting in start from. Imports wait for the fixtures: Django loads its applications after this file."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

OPENED = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _messages_are_kept(settings: Any) -> None:
    """Django's tests would put e-mail elsewhere; ours read every channel in one place."""
    settings.EMAIL_BACKEND = "milepost.demo.outbox.EmailBackend"


@pytest.fixture
def business_day(db: None) -> None:
    """The lender's date is open."""
    from milepost.servicing.business_days.models import BusinessDay

    BusinessDay.objects.create(date=OPENED, state="OPEN", opened_at=datetime(2026, 11, 22, 6, tzinfo=UTC))


@pytest.fixture
def priya(business_day: None) -> Any:
    from tests.support import people

    return people.joined()


@pytest.fixture
def visitor(business_day: None) -> Any:
    from tests.support.page_client import PageClient

    return PageClient()


class Clock:
    """The wall clock, moved by tests."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    from milepost.plumbing import clock

    moved = Clock()
    monkeypatch.setattr(clock, "now", moved.now)
    return moved
