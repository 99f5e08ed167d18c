"""What tests of identity start from."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _messages_are_kept(settings: Any) -> None:
    """Django's tests would put e-mail elsewhere; ours read every channel in one place."""
    settings.EMAIL_BACKEND = "milepost.demo.outbox.EmailBackend"


@pytest.fixture
def priya(db: None) -> Any:
    from tests.support import people

    return people.joined()
