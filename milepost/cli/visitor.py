"""A person in a real Chromium at a running demo: what the tour and the browser tests share."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from urllib.request import urlopen

from milepost.cli import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
INSTALL = "Install Chromium (on Debian and Ubuntu: apt-get install chromium), or name one in MILEPOST_CHROMIUM."
SECONDS_TO_START = 180
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class NoChromium(Exception):
    """No browser was found; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo, as /demo/people.json tells it."""

    key: str
    name: str
    role: str
    login: str | None
    password: str | None
    agreements: tuple[str, ...]
    story: str


def chromium() -> str | None:
    """The path of a Chromium on this machine."""
    if chosen := os.environ.get("MILEPOST_CHROMIUM"):
        return shutil.which(chosen)
    return next(filter(None, map(shutil.which, NAMES)), None)


def install_chromium() -> str | None:
    """The system's own package where we may install it; the path of what is there afterwards."""
    if os.getuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *words], env=quiet, check=False, stdout=subprocess.DEVNULL)
    return chromium()


@contextmanager
def browser() -> Iterator["Browser"]:
    """A headless Chromium of this machine. Raises NoChromium."""
    path = chromium()
    if path is None:
        raise NoChromium(INSTALL)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield running
        finally:
            running.close()


@contextmanager
def demo(*words: str) -> Iterator[str]:
    """A demo of its own in a temporary folder, on a free port; its address."""
    with tempfile.TemporaryDirectory(prefix="milepost-demo-") as folder:
        process, address = start_demo(Path(folder) / "data", *words)
        try:
            yield address
        finally:
            stop(process, signal.SIGINT)


def start_demo(folder: Path, *words: str, port: int = 0) -> tuple[subprocess.Popen[bytes], str]:
    """Start `milepost demo` and wait until it answers. Raises RuntimeError with what it said when it does not."""
    port = port or free_port()
    log = folder.with_suffix(".log")
    mortal = [sys.executable, "-c", serve.MORTAL]  # so that a test run that is cut short leaves no demo behind
    with log.open("ab") as said:
        process = subprocess.Popen(
            [*mortal, sys.executable, "-m", "milepost", "demo", "--port", str(port), "--data", str(folder), *words],
            stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=outside(), cwd=ROOT, start_new_session=True,
        )  # fmt: skip
    address = f"http://localhost:{port}"
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        if answers(f"{address}/health/live"):
            return process, address
        time.sleep(0.1)
    stop(process, signal.SIGTERM)
    raise RuntimeError(f"The demo does not answer at {address}:\n{log.read_text(errors='replace')[-4000:]}")


def stop(process: subprocess.Popen[bytes], number: signal.Signals) -> int:
    """Ask it to end; its exit status. One that does not end within half a minute is killed."""
    if process.poll() is None:
        process.send_signal(number)
    try:
        return process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait(10)


def outside() -> dict[str, str]:
    """This environment without what a surrounding test or installation set: a demo has settings of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not re.match("MILEPOST_|DATABASE_URL|MIGRATION_|DJANGO_", name)
    }
    return kept | {
        name: os.environ[name] for name in ("MILEPOST_POSTGRES_BIN", "MILEPOST_CHROMIUM") if name in os.environ
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):
            return True
    except OSError:
        return False


def people(base: str) -> list[Person]:
    """Everybody of the demo."""
    return [
        Person(
            key=found["key"], name=found["name"], role=found["role"], login=found["login"], password=found["password"],
            agreements=tuple(found["agreements"]), story=found["story"],
        )
        for found in read(f"{base}/demo/people.json")
    ]  # fmt: skip


def messages(base: str, **asked: str) -> list[dict[str, Any]]:
    """What the demo has sent, newest first."""
    found: list[dict[str, Any]] = read(f"{base}/demo/outbox.json?{urlencode(asked)}")
    return found


def read(address: str) -> Any:
    with urlopen(address, timeout=10) as answer:
        return json.loads(answer.read())


def newest_message(base: str) -> int:
    """A mark for `next_message`: what is newest now."""
    return max((int(message["id"]) for message in messages(base)), default=0)


def next_message(base: str, mark: int, holding: str = "code") -> dict[str, Any]:
    """The first message after the mark with a code (or a link), as soon as it is there."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        oldest_first: list[dict[str, Any]] = messages(base, after=str(mark))[::-1]
        for message in oldest_first:
            if message[holding] and int(message["id"]) > mark:
                return message
        time.sleep(0.1)
    raise RuntimeError(f"No message with a {holding} came within 15 seconds: does the worker run?")


def sign_in(page: "Page", base: str, person: Person) -> None:
    """Through both steps, as she would: password, then the code that the demo sent her."""
    finish_signing_in(page, base, begin_signing_in(page, base, person))


def begin_signing_in(page: "Page", base: str, person: Person) -> int:
    """The first step only: the page then asks for the code. Returns the mark to wait for it with."""
    mark = newest_message(base)
    page.goto(f"{base}/sign-in/")
    page.fill("[name=login]", person.login or "")
    page.fill("[name=password]", person.password or "")
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()
    return mark


def finish_signing_in(page: "Page", base: str, mark: int) -> None:
    """The second step: type the code that was sent after the mark. Who has an app asks for a text message instead."""
    page.goto(f"{base}/sign-in/code/")
    if "app" in page.inner_text("h1"):
        page.goto(f"{base}/sign-in/another-way/")
        page.get_by_label("Text message").check()
        page.get_by_role("button", name="Continue").click()
    page.fill("[name=code]", str(next_message(base, mark)["code"]))
    page.press("[name=code]", "Enter")
    page.wait_for_url(re.compile(r"/overview/"))
