"""The pages of words: each answers everybody, from the lender's own facts, and leads nowhere that does not exist."""

from pathlib import Path

import pytest
from django.urls import resolve

from tests.support.page_client import PageClient

HEADINGS = {
    "/help/": "Help",
    "/help/signing-in/": "Trouble signing in",
    "/contact/": "Contact us",
    "/money-worries/": "Money worries",
    "/scams/": "Scams: is it really us?",
    "/complaints/": "Make a complaint",
    "/accessibility/": "Accessibility",
    "/privacy/": "Privacy",
    "/cookies/": "Cookies",
}


@pytest.mark.parametrize(("address", "heading"), HEADINGS.items(), ids=HEADINGS)
def test_it_answers_everybody(business_day, address: str, heading: str):
    assert PageClient().get(address, queries=3).heading == heading


@pytest.mark.parametrize("address", HEADINGS)
def test_every_link_of_ours_leads_somewhere(business_day, address: str):
    ours = [href for href in PageClient().get(address).links.values() if href.startswith("/")]
    assert ours
    for href in ours:
        resolve(href.partition("#")[0].partition("?")[0])


def test_the_genuine_numbers_are_the_lenders(business_day):
    page = PageClient().get("/scams/")
    assert "0808 157 0140" in page.text
    assert "0808 157 0199" in page.text
    assert "account@larkfield.example" in page.text


def test_british_advice_is_for_british_customers(business_day, settings, tmp_path):
    from milepost.plumbing import lender

    words = Path(settings.LENDER_FILE).read_text().replace('country = "GB"', 'country = "IE"')
    settings.LENDER_FILE = str(tmp_path / "lender.toml")
    (tmp_path / "lender.toml").write_text(words)
    lender.current.cache_clear()
    assert "StepChange" not in PageClient().get("/money-worries/").text
    assert "Ombudsman" not in PageClient().get("/complaints/").text


def test_every_cookie_we_set_is_named(business_day):
    from milepost.web.shared import sign_in

    text = PageClient().get("/cookies/").text
    for name in ("__Host-session", "__Host-csrf", sign_in.DEVICE_COOKIE, sign_in.LOGIN_COOKIE):
        assert name in text
