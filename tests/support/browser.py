"""Real Chromium at a real demo, for the journeys.

No Django here: its database layer refuses to work beside the browser's event loop, and a journey knows only what a
person sees.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from milepost.cli import tour, visitor

AXE = "axe.run(document, {resultTypes: ['violations'], runOnly: %s}).then(found => found.violations)"
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""All that a colour scheme can change; the other rules are asked once for each width."""
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOCUS = """() => {
  const at = document.activeElement
  if (!at || at === document.body) return null
  const box = at.getBoundingClientRect()
  const points = [[box.left + 2, box.top + 2], [box.right - 2, box.bottom - 2],
                  [(box.left + box.right) / 2, (box.top + box.bottom) / 2]]
  const seen = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y)
    return top && (at.contains(top) || top.contains(at) || top.closest('label')?.contains(at))
  })
  const ring = element => {
    const style = getComputedStyle(element)
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
  }
  const host = at.closest('.choice') || at.closest('label') || at
  return {name: (at.getAttribute('aria-label') || at.innerText || at.name || at.tagName).trim().slice(0, 40),
          seen, ring: ring(at) || ring(host)}
}"""


@contextmanager
def window(browser: Browser, *, width: int = 390, **choices: Any) -> Iterator[Page]:
    """A new window of a browser that knows nobody. What the page complains of on the console fails the test."""
    noise: list[str] = []
    with browser.new_context(viewport={"width": width, "height": 844}, **choices) as context:
        page = context.new_page()
        page.set_default_timeout(15_000)
        tour.listen(page, noise)
        yield page
    heard = [said for said in noise if "status of 404" not in said and "status of 410" not in said]
    assert not heard, f"The browser complains: {heard}"


def faults_of(page: Page, address: str) -> list[str]:
    """What axe, a narrow screen and the eye for sideways scrolling find on the open page."""
    found = []
    page.evaluate(AXE_SCRIPT)
    for width, height in tour.WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in tour.SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            for rule in page.evaluate(AXE % (AXE_RULES if scheme == "light" else COLOUR_RULES)):
                where = [node["html"][:120] for node in rule["nodes"][:3]]
                found.append(f"{address} at {width} {scheme}: {rule['id']}: {rule['help']}: {where}")
    for narrow in (320, 640):
        page.set_viewport_size({"width": narrow, "height": 640})
        if sideways := page.evaluate(visitor.SIDEWAYS):
            found.append(f"{address} scrolls {sideways} px sideways at {narrow}")
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    if sideways := page.evaluate(visitor.SIDEWAYS):
        found.append(f"{address} scrolls {sideways} px sideways at 320 with text twice as large")
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def focus_faults(page: Page, address: str) -> list[str]:
    """Tab through the open page: every stop must be seen and must show where one is."""
    page.set_viewport_size({"width": 390, "height": 844})
    found = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            break
        if not stop["seen"]:
            found.append(f"{address}: the focus on {stop['name']!r} is hidden")
        if not stop["ring"]:
            found.append(f"{address}: the focus on {stop['name']!r} does not show")
    return found
