"""Every page that the demo's people can reach, in Chromium: axe, focus, narrow screens, life without JavaScript."""

import pytest
from playwright.sync_api import Browser

from milepost.cli import tour, visitor
from tests.support.browser import faults_of, focus_faults, window

OTHERS = ("tom", "owen", "hana", "marek")
"""One of each product and each state; their pages differ from Priya's in what they hold, not in which there are."""


def test_nobody_finds_a_fault_on_the_pages_for_everybody(browser: Browser, site: str):
    faults = []
    with window(browser) as page:
        for address, _ in tour.addresses_met(page, site, tour.NOBODY, [*tour.addresses(), tour.NOT_FOUND]):
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
        for address, _ in tour.addresses_met(page, site, priya, ["/overview/"]):
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
    empty = []
    with window(browser, java_script_enabled=False) as page:
        visitor.sign_in(page, site, people["priya"])
        for address, _ in tour.addresses_met(page, site, people["priya"], ["/overview/", *tour.addresses()]):
            if page.locator("h1").count() != 1 or len(page.inner_text("main")) < 60:
                empty.append(address)
    assert not empty, f"Without JavaScript these say nothing: {empty}"


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
        for address, _ in tour.addresses_met(page, site, people["priya"], ["/overview/"]):
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            if sideways := page.evaluate(visitor.SIDEWAYS):
                wide.append(f"{address}: {sideways} px")
    assert not wide, f"With text twice as large these scroll sideways: {wide}"
