"""Every page that the demo's people can reach, in Chromium: axe, focus, narrow screens, life without JavaScript."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click import ClickException
from playwright.sync_api import Browser, Page

from milepost.cli import tour, visitor
from tests.support.browser import faults_of, focus_faults, window

OTHERS = ("tom", "owen", "hana", "marek")
"""One of each product and each state; their pages differ from Priya's in what they hold, not in which there are."""


def addresses(page: Page, site: str, person: visitor.Person, first: list[str]) -> Iterator[str]:
    """The pages that a person meets, each open while it is looked at and none of them broken."""
    for met in tour.addresses_met(page, site, person, first):
        assert met.status == (404 if met.address == tour.NOT_FOUND else 200), f"{met.address} answers {met.status}"
        yield met.address


def test_nobody_finds_a_fault_on_the_pages_for_everybody(browser: Browser, site: str):
    faults = []
    with window(browser) as page:
        for address in addresses(page, site, tour.NOBODY, [*tour.addresses(), tour.NOT_FOUND]):
            faults += focus_faults(page, address) + faults_of(page, address)
    assert not faults, "\n- ".join([f"{len(faults)} faults:", *faults])


def test_priya_finds_no_fault_on_any_page_of_hers(browser: Browser, site: str, people: dict[str, visitor.Person]):
    priya = people["priya"]
    faults = []
    with window(browser) as page:
        mark = visitor.begin_signing_in(page, site, priya)
        for address in ("/sign-in/code/", "/sign-in/another-way/"):
            page.goto(site + address)
            faults += focus_faults(page, address) + faults_of(page, address)
        visitor.finish_signing_in(page, site, mark)
        for address in addresses(page, site, priya, ["/overview/"]):
            if address.startswith(("/overview", "/agreements")):
                faults += focus_faults(page, address) + faults_of(page, address)
    assert not faults, "\n- ".join([f"{len(faults)} faults:", *faults])


@pytest.mark.parametrize("key", OTHERS)
def test_the_others_find_no_fault_on_theirs(browser: Browser, site: str, people: dict[str, visitor.Person], key: str):
    faults = []
    with window(browser) as page:
        visitor.sign_in(page, site, people[key])
        for reference in people[key].agreements:
            for address in (f"/agreements/{reference}/{under}" for under in ("", "schedule/", "payments/")):
                page.goto(site + address)
                faults += faults_of(page, address)
        page.goto(f"{site}/overview/")
        faults += focus_faults(page, "/overview/") + faults_of(page, "/overview/")
    assert not faults, "\n- ".join([f"{len(faults)} faults:", *faults])


def test_every_page_works_without_javascript(browser: Browser, site: str, people: dict[str, visitor.Person]):
    with window(browser, java_script_enabled=False) as page:
        visitor.sign_in(page, site, people["priya"])
        empty = [
            address
            for address in addresses(page, site, people["priya"], ["/overview/", *tour.addresses()])
            if page.locator("h1").count() != 1 or len(page.inner_text("main")) < 60
        ]
    assert not empty, f"Without JavaScript these say nothing: {empty}"


def test_the_tour_goes_on_when_somebody_cannot_sign_in(
    browser: Browser, site: str, people: dict[str, visitor.Person], tmp_path: Path
):
    shut_out = replace(people["tom"], login="nobody@example.com")
    unsent = replace(people["marek"], name="", agreements=())
    walked = tour.Tour(site, tmp_path, ("/contact/",))
    tour.walk(walked, browser, [tour.NOBODY, shut_out])
    tour.walk(replace(walked, base=f"http://localhost:{visitor.free_port()}"), browser, [unsent])
    assert [sight.address for sight in walked.sights if not sight.faults][:1] == ["/contact/"]
    assert [sight.faults[0].partition(":")[0] for sight in walked.sights[-2:]] == ["cannot sign in"] * 2
    assert "no code is asked for" in tour.index(walked)
    with pytest.raises(ClickException, match=r"Tom Whitcombe, .*could not sign in"):
        tour.report(walked)


def test_nothing_moves_for_those_who_asked_for_that(browser: Browser, site: str):
    moving = """[...document.querySelectorAll('*')].filter(each => {
      const style = getComputedStyle(each)
      return style.transitionDuration.split(',').some(time => parseFloat(time) > 0.01) || style.animationName !== 'none'
    }).length"""
    with window(browser, reduced_motion="reduce") as page:
        page.goto(site)
        assert page.evaluate(moving) == 0


def test_text_may_be_twice_as_large(browser: Browser, site: str, people: dict[str, visitor.Person]):
    wide = []
    with window(browser) as page:
        visitor.sign_in(page, site, people["priya"])
        for address in addresses(page, site, people["priya"], ["/overview/"]):
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            if sideways := page.evaluate(visitor.SIDEWAYS):
                wide.append(f"{address}: {sideways} px")
    assert not wide, f"With text twice as large these scroll sideways: {wide}"
