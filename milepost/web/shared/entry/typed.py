"""What people type into a form."""

import unicodedata
from typing import Any

from django import forms
from django.http import QueryDict

TOO_LONG = "That is too long. Check what you typed, or pasted"
SHOWN_AGAIN = 2_000
"""Characters: nobody types more, and a page does not send a flood back."""


class TypedForm(forms.Form):
    """A form without the control characters that no page can show again and no column can hold."""

    def __init__(self, data: QueryDict | dict[str, str] | None = None, **options: Any) -> None:
        plain = {name: _plain(data[name]) for name in data} if data is not None else None
        super().__init__(plain, **options)
        for field in self.fields.values():
            field.error_messages["max_length"] = TOO_LONG


def _plain(text: str) -> str:
    return "".join(
        sign for sign in text[: SHOWN_AGAIN + 1] if unicodedata.category(sign) not in ("Cc", "Cs") or sign in "\t\r\n"
    )
