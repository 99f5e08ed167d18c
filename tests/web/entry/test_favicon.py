"""The lender's mark at the address that browsers and bookmark lists ask without reading a page."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client


@pytest.mark.parametrize("cookies", [{}, {"__Host-session": "a" * 32}], ids=["nobody", "somebody"])
def test_it_is_the_layouts_icon_and_asks_the_database_nothing(
    cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_database(*_: object, **__: object) -> None:
        raise AssertionError("The mark must be there while the database is not")

    monkeypatch.setattr(connection, "cursor", no_database)
    browser = Client()
    browser.cookies.load(cookies)
    answer = browser.get("/favicon.ico", secure=True)
    assert answer.status_code == 301
    assert "mark.svg" in Path(settings.PACKAGE, "web/shared/templates/layouts/base.html").read_text()
    assert answer.headers["Location"] == f"{settings.STATIC_URL}mark.svg"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in answer.headers
    mark = browser.get(answer.headers["Location"], secure=True)
    assert mark.headers["Content-Type"] == "image/svg+xml"
