"""The reference page and the schemas say what the code does, today."""

import re

import pytest

from milepost.finance.calculations import KINDS, answer, kind
from tests.finance.calculations import reference
from tests.finance.calculations.weights import TABLES
from tests.support import json_schema

FILES = dict(reference.files())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_reference_is_up_to_date(path):
    written = path.read_text() if path.exists() else ""
    assert written == FILES[path], f"docs/reference is out of date. Rewrite it with: {reference.COMMAND}"


def test_no_schema_is_left_over():
    assert set((reference.FOLDER / "schemas").iterdir()) == set(FILES) - {reference.FOLDER / "calculations.md"}


@pytest.mark.parametrize("name", KINDS)
def test_each_example_and_its_answer_agree_with_the_schemas(name: str):
    declared = kind(name)
    assert declared.name == name
    for request in declared.examples.values():
        told = answer(name, request, TABLES)
        assert "error" not in told
        assert json_schema.valid(request, declared.request.schema())
        assert json_schema.valid(told, declared.answer.schema()), told
        assert told["engine"]


@pytest.mark.parametrize("name", KINDS)
def test_no_answer_has_a_field_that_is_not_declared(name: str):
    declared = kind(name)
    seen = {field for request in declared.examples.values() for field in answer(name, request, TABLES)}
    assert seen <= set(declared.answer.fields)


def test_a_pattern_means_the_same_to_every_engine():
    """ECMA and Python differ in these: they may not be used."""
    for path, text in FILES.items():
        if path.suffix == ".json":
            assert not re.search(r"\\\\[AZzdws]|\(\?P|\(\?<", text), path.name
