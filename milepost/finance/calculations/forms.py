"""Requests of more than one form, told apart by a field."""

from collections.abc import Mapping
from typing import Any

from milepost.finance.calculations.fields import Choice, Object, inside, refuse, require_object


class ByField:
    """One of two forms of request, told apart by whether a field is there -> dict."""

    def __init__(self, telling: str, with_it: Object, without: Object) -> None:
        self.telling = telling
        self.forms = {f"with `{telling}`": with_it, f"without `{telling}`": without}
        self._with, self._without = with_it, without

    def read(self, value: object, at: str = "") -> dict[str, Any]:
        """The value by the form that its fields show."""
        given = require_object(value, at)
        return (self._with if self.telling in given else self._without).read(given, at)

    def schema(self) -> dict[str, Any]:
        """Either form, never both."""
        return {"type": "object", "oneOf": [form.schema() for form in self.forms.values()]}


class ByName:
    """One of several forms of request, told apart by the word in a field -> dict."""

    def __init__(self, telling: str, forms: Mapping[str, Object]) -> None:
        self.telling = telling
        self.forms = dict(forms)

    def read(self, value: object, at: str = "") -> dict[str, Any]:
        """The value by the form that its word names."""
        given = require_object(value, at)
        path = inside(at, self.telling)
        if self.telling not in given:
            refuse("missing", path, f"is needed: one of {', '.join(self.forms)}")
        name = Choice(*self.forms).read(given[self.telling], path)
        return self.forms[name].read(given, at)

    def schema(self) -> dict[str, Any]:
        """One form for each word."""
        return {"type": "object", "oneOf": [form.schema() for form in self.forms.values()]}
