"""A newcomer looks at the demo; an invited customer joins; a forgetful one gets back in; a stranger finds nothing."""

import re

from playwright.sync_api import Browser, Page, expect

from milepost.cli import visitor
from tests.support.browser import window

NEW_PASSWORD = "lantern orchard seven violins"


def press(page: Page, words: str) -> None:
    """The button or link with exactly these words in the page's main part."""
    found = page.get_by_role("button", name=words, exact=True).or_(page.get_by_role("link", name=words, exact=True))
    found.locator("visible=true").first.click()


def test_a_newcomer_sees_priyas_agreement(page: Page, browser: Browser, site: str):
    page.goto(site)
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    expect(page).to_have_url(re.compile("/sign-in/$"))

    page.get_by_label("Email address or user name").fill("priya.shah@example.com")
    page.get_by_label("Password", exact=True).fill("copper teapot harbour")
    press(page, "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code we sent you")

    with window(browser) as beside:  # the outbox, in another tab
        beside.goto(f"{site}/demo/outbox")
        expect(beside.get_by_role("main")).to_contain_text("318")
    code = str(visitor.messages(site)[0]["code"])
    page.fill("[name=code]", code)
    press(page, "Continue")

    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Priya")
    main = page.get_by_role("main")
    expect(main).to_contain_text("£363.30")
    expect(main).to_contain_text("Monday 14 December 2026")
    expect(main).to_contain_text("26 payments of £363.30, then £9,850.00 and a £10.00 fee")
    expect(main).to_contain_text("£19,305.80")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Agreement").click()
    expect(main).to_contain_text("7034 1182 55")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Schedule").click()
    everything = main.inner_text()
    main.get_by_role("link", name="To come", exact=True).click()
    expect(page).to_have_url(re.compile("show="))
    expect(main).to_contain_text("14")
    assert len(main.inner_text()) < len(everything)
    main.get_by_role("link", name="Paid", exact=True).click()
    expect(main).to_contain_text("Paid")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Payments").click()
    expect(main).to_contain_text("£363.30")

    press(page, "Sign out")
    expect(page.get_by_role("heading", level=1)).to_have_text("You’ve signed out")
    page.go_back()
    expect(page.get_by_role("main")).not_to_contain_text("£363.30")
    page.goto(f"{site}/overview/")
    expect(page).to_have_url(re.compile("/sign-in/"))


def test_a_wrong_code_lets_nobody_in(page: Page, site: str, people: dict[str, visitor.Person]):
    mark = visitor.begin_signing_in(page, site, people["jo"])
    code = str(visitor.next_message(site, mark)["code"])
    wrong = str((int(code) + 1) % 1_000_000).zfill(6)
    page.fill("[name=code]", wrong)
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.goto(f"{site}/overview/")
    expect(page).to_have_url(re.compile("/sign-in/"))


def test_ada_takes_up_her_invitation_by_herself(page: Page, site: str, people: dict[str, visitor.Person]):
    number = people["ada"].agreements[0]
    page.goto(f"{site}/sign-in/")
    press(page, "Set up access")
    mark = visitor.newest_message(site)
    page.get_by_label("Agreement number").fill(f"{number[:4]} {number[4:8]} {number[8:]}")
    page.get_by_label("Date of birth").fill("23 7 1979")
    page.get_by_label("Postcode").fill("tq98 0zz")
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")

    invitation = visitor.next_message(site, mark, "link")
    assert invitation["to"] == "ada.lockyer@example.com", "an invitation goes to the address already on file"
    mark = int(invitation["id"])
    page.goto(str(invitation["link"]))
    press(page, "Start")

    if page.locator("[name=code]").count():
        page.fill("[name=code]", str(visitor.next_message(site, mark)["code"]))
    else:
        page.get_by_label("Agreement number").fill(number)
        page.get_by_label("Date of birth").fill("23/07/1979")
        page.get_by_label("Postcode").fill("TQ98 0ZZ")
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your email")
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a password")

    page.fill("[name=password]", "password1234567")
    press(page, "Set up my access")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.fill("[name=password]", NEW_PASSWORD)
    press(page, "Set up my access")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your access is set up")

    ada = visitor.Person("ada", "Ada Lockyer", "CUSTOMER", "ada.lockyer@example.com", NEW_PASSWORD, (), "")
    visitor.sign_in(page, site, ada)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Ada")

    page.goto(str(invitation["link"]))
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Your invitation")


def test_the_answer_is_the_same_for_an_agreement_that_does_not_exist(page: Page, site: str):
    mark = visitor.newest_message(site)
    page.goto(f"{site}/invitation/start/")
    page.get_by_label("Agreement number").fill("7999999993")
    page.get_by_label("Date of birth").fill("1 1 1980")
    page.get_by_label("Postcode").fill("TQ98 0ZZ")
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    assert visitor.messages(site, after=str(mark)) == []


def test_jo_has_forgotten_his_password(page: Page, browser: Browser, site: str, people: dict[str, visitor.Person]):
    jo = people["jo"]
    mark = visitor.newest_message(site)
    page.goto(f"{site}/sign-in/")
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("Email address or user name").fill(str(jo.login))
    press(page, "Email me a link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")

    link = str(visitor.next_message(site, mark, "link")["link"])
    with window(browser) as scanner:  # a mail program opens every link: that must not spend it
        scanner.goto(link)
    page.goto(link)
    page.fill("[name=password]", NEW_PASSWORD)
    press(page, "Save my new password")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your new password is saved")

    page.goto(link)
    expect(page.locator("[name=password]")).to_have_count(0)

    visitor.begin_signing_in(page, site, jo)
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    changed = visitor.Person(jo.key, jo.name, jo.role, jo.login, NEW_PASSWORD, jo.agreements, jo.story)
    visitor.sign_in(page, site, changed)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Jo")


def test_grace_is_told_what_lets_her_in_now(page: Page, site: str, people: dict[str, visitor.Person]):
    visitor.begin_signing_in(page, site, people["grace"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Signing in")
    expect(page.get_by_role("main")).to_contain_text("Choose a new password")


def test_a_strangers_agreement_is_not_there(page: Page, site: str, people: dict[str, visitor.Person]):
    visitor.sign_in(page, site, people["marek"])
    seen = []
    for reference in (people["priya"].agreements[0], "7999999993"):
        for under in ("", "schedule/", "payments/"):
            answer = page.goto(f"{site}/agreements/{reference}/{under}")
            assert answer is not None
            assert answer.status == 404
            seen.append(page.get_by_role("main").inner_text())
    assert len(set(seen)) == 1, "somebody else's agreement answers exactly as one that does not exist"


def test_owen_has_two_agreements_and_switches(page: Page, site: str, people: dict[str, visitor.Person]):
    visitor.sign_in(page, site, people["owen"])
    for reference in people["owen"].agreements:
        page.goto(f"{site}/agreements/{reference}/")
        expect(page.get_by_role("main")).to_contain_text(f"{reference[:4]} {reference[4:8]} {reference[8:]}")


def test_signing_in_leads_where_she_wanted_to_go_but_never_elsewhere(
    page: Page, site: str, people: dict[str, visitor.Person]
):
    tom = people["tom"]
    wanted = f"/agreements/{tom.agreements[0]}/schedule/"
    page.goto(site + wanted)
    expect(page).to_have_url(re.compile("/sign-in/"))
    mark = visitor.newest_message(site)
    page.fill("[name=login]", str(tom.login))
    page.fill("[name=password]", str(tom.password))
    press(page, "Sign in")
    page.fill("[name=code]", str(visitor.next_message(site, mark)["code"]))
    press(page, "Continue")
    expect(page).to_have_url(site + wanted)

    press(page, "Sign out")
    page.goto(f"{site}/sign-in/?next=https://elsewhere.example/")
    assert "elsewhere" not in page.content()
