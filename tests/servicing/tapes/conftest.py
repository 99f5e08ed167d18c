"""Lenders and tapes for these tests."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from tests.support.tapes import Tapes


@pytest.fixture
def american(settings: Settings, tmp_path: Path) -> None:
    """A lender whose books are in dollars."""
    from milepost.plumbing import lender

    ours = Path(settings.LENDER_FILE).read_text()
    theirs = ours.replace('currency = "GBP"', 'currency = "USD"').replace('country = "GB"', 'country = "US"')
    path = tmp_path / "lender.toml"
    path.write_text(theirs)
    settings.LENDER_FILE = str(path)
    lender.current.cache_clear()


@pytest.fixture
def tapes(tmp_path: Path, db: None) -> "Tapes":
    from tests.support.tapes import Tapes

    return Tapes(tmp_path)


@pytest.fixture
def dollar_tapes(tapes: "Tapes", american: None) -> "Tapes":
    return tapes
