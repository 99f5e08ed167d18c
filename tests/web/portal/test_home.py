"""The front page."""

from tests.support import people
from tests.support.page_client import PageClient


def test_the_front_page_leads_to_signing_in_and_to_help(business_day):
    page = PageClient().get("/")
    assert page.heading == "Your car finance, made clear"
    assert page.links["Sign in"] == "/sign-in/"
    assert page.links["Set up access"] == "/invitation/start/"
    assert page.links["Help"] == "/help/"
    assert "0808 157 0140" in page.text


def test_somebody_signed_in_finds_the_way_back(business_day):
    page = PageClient(people.joined()).get("/")
    assert page.links["Your agreement"] == "/overview/"
    assert "Sign in" not in page.links


def test_search_engines_may_show_it(business_day):
    assert "noindex" not in PageClient().get("/").html
