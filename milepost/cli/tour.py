"""`milepost tour`: every page as each of the demo's people, on a phone and a desk, light and dark, to look at."""

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import click

from milepost.cli import setup, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = {390: 844, 1280: 900}
SCHEMES = ("light", "dark")
NOBODY = visitor.Person("anybody", "Anybody", "", None, None, (), "Not signed in.")
LEFT_OUT = re.compile(r"^/(demo|static|health|metrics|webhooks|api|\.well-known)/|^/sign-out/")
HEIGHT = "document.documentElement.scrollHeight"
NOT_FOUND = "/this-page-does-not-exist/"
VARIABLE = re.compile(r"/(?:[0-9]{10}|[A-Z]{2}[0-9A-Z]{7}|[\w:-]{24,})(?=/)")
"""A reference or a token in an address: pages that differ in nothing else have one shape."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One page as one person saw it, with its pictures and what was wrong."""

    person: str
    address: str
    title: str
    pictures: dict[str, str]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Met:
    """An open page: where one is, how it answered, and how many are waiting."""

    address: str
    status: int
    waiting: int


@dataclass(slots=True)
class Tour:
    """A walk in progress."""

    base: str
    folder: Path
    addresses: tuple[str, ...]
    sights: list[Sight] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)
    """What the page in view has said on the console since it was opened."""
    kept_out: list[str] = field(default_factory=list)
    """Who could not sign in, though nothing in her story says so."""


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=setup.ROOT / "tour", show_default="tour",
    help="The folder for the pictures and their index.html.",
)  # fmt: skip
@click.option("--url", help="A demo that is running already; otherwise one is started for the tour.")
@click.option("--only", multiple=True, help="Only these people (priya, tom, …, anybody); may be repeated.")
def command(out: Path, url: str | None, only: tuple[str, ...]) -> None:
    """Screenshots of every page as each of the demo's people."""
    out.mkdir(parents=True, exist_ok=True)
    try:
        with nullcontext(url.rstrip("/")) if url else visitor.demo() as base, visitor.browser() as browser:
            tour = Tour(base, out, tuple(addresses()))
            walk(tour, browser, [who for who in guests(base) if not only or who.key in only])
    except (visitor.NoChromium, RuntimeError) as error:
        raise click.ClickException(str(error)) from error
    (out / "index.html").write_text(index(tour))
    report(tour)


def addresses() -> Iterator[str]:
    """Every address of the site that needs nothing filled in, in the order of the site map."""
    os.environ.setdefault("MILEPOST_MODE", "demo")
    setup.django()
    from django.urls import URLPattern, URLResolver, get_resolver

    def flat(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from flat(pattern.url_patterns, route)
            else:
                yield "/" + route

    for address in flat(get_resolver().url_patterns, ""):
        if "<" not in address and "(" not in address and not LEFT_OUT.match(address):
            yield address


def guests(base: str) -> list[visitor.Person]:
    """Anybody, then everybody of the demo who can sign in as a customer."""
    return [NOBODY, *(person for person in visitor.people(base) if person.role == "CUSTOMER" and person.login)]


def walk(tour: Tour, browser: "Browser", people: list[visitor.Person]) -> None:
    """Each person in a browser window of her own."""
    from playwright.sync_api import Error as BrowserError

    public: set[str] = set()
    for person in people:
        with browser.new_context() as context:
            page = context.new_page()
            listen(page, tour.noise)
            try:
                if person is NOBODY or gets_in(tour, page, person):
                    walk_as(tour, page, person, public)
            except BrowserError as error:  # the site stopped, say: what was seen so far is still worth an index
                tour.sights.append(Sight(person.name, "", "", {}, (f"the walk broke off: {_first_line(error)}",)))
        if person is NOBODY:
            public.update(sight.address for sight in tour.sights)  # seen once is enough


def walk_as(tour: Tour, page: "Page", person: visitor.Person, seen: set[str]) -> None:
    """Everything that this person can reach and that is not of a shape in `seen`."""
    waiting = list(tour.addresses) + ([NOT_FOUND] if person is NOBODY else [])
    with click.progressbar(length=len(waiting), label=f"{person.name:<16}", show_pos=True) as bar:
        for met in addresses_met(page, tour.base, person, waiting, seen):
            look(tour, page, person, met.address, met.status)
            bar.length = bar.pos + 1 + met.waiting
            bar.update(1)
        bar.length = bar.pos


def gets_in(tour: Tour, page: "Page", person: visitor.Person) -> bool:
    """Sign her in, looking around on the way. What keeps her out is a thing to look at, not the end of the tour."""
    from playwright.sync_api import Error as BrowserError

    try:
        reason = visit_while_signing_in(tour, page, person)
    except (BrowserError, OSError, RuntimeError) as error:
        reason = _first_line(error)
    tour.noise.clear()
    if reason:
        tour.sights.append(Sight(person.name, "/sign-in/", "Signing in", {}, (f"cannot sign in: {reason}",)))
        tour.kept_out.append(person.name)
    return not reason


def listen(page: "Page", noise: list[str]) -> None:
    """Keep what the browser complains of: errors of scripts and every breach of the content security policy."""
    page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))


def visit_while_signing_in(tour: Tour, page: "Page", person: visitor.Person) -> str:
    """The pages between password and code, which nobody sees at another time; then through them, or why not."""
    mark = visitor.begin_signing_in(page, tour.base, person)
    if page.locator("[name=code]").count() == 0:
        look(tour, page, person, urlsplit(page.url).path, 200)  # locked out, say
        return "" if "locked" in person.story else f"no code is asked for at {urlsplit(page.url).path}"
    for address in ("/sign-in/code/", "/sign-in/another-way/"):
        if status := open_address(page, tour.base, address):
            look(tour, page, person, address, status)
    visitor.finish_signing_in(page, tour.base, mark)
    return ""


def addresses_met(
    page: "Page", base: str, person: visitor.Person, first: list[str], left_out: Iterable[str] = ()
) -> Iterator[Met]:
    """Open these addresses, and one page of each further shape that they link to.

    An address that only leads elsewhere is not met: what it leads to is.
    """
    seen = {shape(address, person) for address in left_out}
    queue = deque(first)
    while queue:
        address = queue.popleft()
        if shape(address, person) in seen:
            continue
        seen.add(shape(address, person))
        status = open_address(page, base, address)
        if not status:
            landed = urlsplit(page.url).path
            if shape(landed, person) not in seen and not LEFT_OUT.match(landed):
                queue.appendleft(landed)
            continue
        found = links(page, base)
        yield Met(address, status, len(queue))
        queue.extend(link for link in found if shape(link, person) not in seen and link not in queue)


def open_address(page: "Page", base: str, address: str) -> int:
    """Go there; with what status it answers, or 0 when one is led elsewhere."""
    answer = page.goto(base + address)
    return answer.status if answer and urlsplit(page.url).path == urlsplit(address).path else 0


def shape(address: str, person: visitor.Person) -> str:
    """An address without what varies; but each of her own agreements is a page of its own."""
    return VARIABLE.sub(lambda found: found[0] if found[0][1:] in person.agreements else "/*", address)


def links(page: "Page", base: str) -> list[str]:
    """Where the page leads on this site, in its order."""
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    whole = [urlsplit(urljoin(page.url, each)) for each in found if not each.startswith(("tel:", "mailto:", "sms:"))]
    here = urlsplit(base).netloc
    ours = [part.path + (f"?{part.query}" if part.query else "") for part in whole if part.netloc == here]
    return [each for each in dict.fromkeys(ours) if not LEFT_OUT.match(each)]


def look(tour: Tour, page: "Page", person: visitor.Person, address: str, status: int) -> None:
    """Look at the open page in every way and remember it."""
    faults = []
    pictures = {}
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        if sideways := int(page.evaluate(visitor.SIDEWAYS)):
            faults.append(f"scrolls {sideways} px sideways at {width}")
        # As tall as the page, so that what sticks to the foot of the screen is drawn at the foot of the picture.
        page.set_viewport_size({"width": width, "height": max(height, int(page.evaluate(HEIGHT)))})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            words = re.sub("[^0-9A-Za-z]+", "-", address).strip("-")
            name = f"{len(tour.sights):03}-{person.key}-{words or 'home'}-{width}-{scheme}.png"
            page.screenshot(path=tour.folder / name, full_page=True)
            pictures[f"{width} {scheme}"] = name
    expected = 404 if address == NOT_FOUND else 200
    if status != expected:
        faults.append(f"answers {status}")
    faults += [said for said in tour.noise if f"status of {expected}" not in said]
    tour.noise.clear()
    tour.sights.append(Sight(person.name, address, page.title(), pictures, tuple(faults)))


def report(tour: Tour) -> None:
    """How many pages and pictures, where they are, and what was wrong."""
    pictures = sum(len(sight.pictures) for sight in tour.sights)
    click.echo(f"{len(tour.sights)} pages, {pictures} pictures: {tour.folder / 'index.html'}")
    faults = [f"{sight.person} {sight.address}: {fault}" for sight in tour.sights for fault in sight.faults]
    for fault in faults:
        click.secho(f"- {fault}", fg="red")
    if tour.kept_out:
        raise click.ClickException(f"{', '.join(tour.kept_out)} could not sign in; {len(faults)} things to look at.")
    if faults:
        raise click.ClickException(f"{len(faults)} things to look at.")


def index(tour: Tour) -> str:
    """The contact sheet."""
    parts = [SHEET_TOP]
    for name in dict.fromkeys(sight.person for sight in tour.sights):
        parts.append(f"<h2>{escape(name)}</h2>")
        parts += [_row(sight) for sight in tour.sights if sight.person == name]
    return "\n".join([*parts, "</main>\n"])


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _row(sight: Sight) -> str:
    faults = "".join(f"<p class=fault>{escape(fault)}</p>" for fault in sight.faults)
    shots = "".join(
        f'<a href="{escape(file)}"><img loading=lazy src="{escape(file)}" alt=""><span>{escape(words)}</span></a>'
        for words, file in sight.pictures.items()
    )
    return f"<h3>{escape(sight.address)} <small>{escape(sight.title)}</small></h3>{faults}<div>{shots}</div>"


SHEET_TOP = """<!doctype html>
<html lang="en-GB"><meta charset="utf-8"><title>Milepost tour</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; background: #f4f4f1; color: #1c2321 }
  h2 { margin: 3rem 0 0; border-bottom: 2px solid } h3 { margin: 1.5rem 0 .5rem; font-size: 1rem }
  small { font-weight: 400; color: #5a625f } .fault { color: #a4161a; margin: 0 0 .5rem }
  div { display: flex; gap: 1rem; align-items: flex-start; overflow-x: auto }
  a { color: inherit; text-decoration: none; flex: none }
  img { display: block; height: 360px; border: 1px solid #c9cdc8 }
</style>
<main><h1>Milepost tour</h1>"""
