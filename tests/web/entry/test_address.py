"""Who asks, and with what."""

from typing import Any

import pytest
from django.test import RequestFactory

from milepost.web.shared import sign_in as ours


@pytest.mark.parametrize(
    ("proxies", "claimed", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"), (1, "203.0.113.9", "203.0.113.9"), (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1, 203.0.113.9, 198.51.100.2", "203.0.113.9"), (1, "<script>", None), (1, "", None),
    ],
)  # fmt: skip
def test_a_claimed_address_counts_only_behind_our_own_proxies(
    settings: Any, proxies: int, claimed: str, address: str | None
) -> None:
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": claimed})
    assert ours.client_address(request) == address


CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome on Windows"), (SAFARI, "Safari on iPhone or iPad"),
        ("", "a browser"), ("<script>alert(1)</script>", "a browser"), ("x" * 5000, "a browser"),
    ],
)  # fmt: skip
def test_a_device_is_called_by_its_browser_and_system(agent: str, words: str) -> None:
    assert ours.device_words(RequestFactory().get("/", headers={"user-agent": agent})) == words
