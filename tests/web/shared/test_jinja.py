"""What every template may say."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from jinja2 import Environment, StrictUndefined, UndefinedError

from milepost.plumbing import lender


@pytest.fixture
def environment() -> Environment:
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    return engine.env


def test_a_name_that_was_not_given_is_an_error(environment: Environment):
    assert environment.undefined is StrictUndefined
    with pytest.raises(UndefinedError):
        environment.from_string("{{ forgotten }}").render()


def test_what_a_person_typed_stays_text(environment: Environment):
    assert environment.from_string("{{ it }}").render(it="<b>") == "&lt;b&gt;"


def test_money_speaks_the_lenders_currency(environment: Environment, settings, tmp_path):
    template = environment.from_string("{{ it|money }} {{ it|money_whole }} {{ it|pounds_part }}")
    assert template.render(it=123456) == "£1,234.56 £1,235 £1,234"
    words = Path(settings.LENDER_FILE).read_text().replace('currency = "GBP"', 'currency = "USD"')
    settings.LENDER_FILE = str(tmp_path / "lender.toml")
    (tmp_path / "lender.toml").write_text(words)
    lender.current.cache_clear()
    assert template.render(it=123456) == "$1,234.56 $1,235 $1,234"


def test_times_are_the_lenders(environment: Environment):
    summer = datetime(2026, 7, 1, 11, 5, tzinfo=UTC)
    assert environment.from_string("{{ at|time_of_day }}").render(at=summer) == "12:05pm"


def test_an_address_is_asked_by_its_name(environment: Environment):
    drawn = environment.from_string('{{ url("schedule", reference="7034118255") }} {{ url("home") }}').render()
    assert drawn == "/agreements/7034118255/schedule/ /"


def test_a_number_dials(environment: Environment):
    assert environment.from_string('{{ "0808 157 0140"|tel }}').render() == "tel:08081570140"
