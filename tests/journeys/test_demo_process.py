"""The demo as a process: it stops cleanly when asked, comes back after everything was killed, and refuses clearly."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from milepost.cli import visitor

PATIENCE = 5 * 2
"""Seconds that nobody's page may hang: five, and as much again for a machine that runs other tests meanwhile."""


def demo(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a demo that is expected to refuse."""
    return subprocess.run(
        [sys.executable, "-m", "milepost", "demo", *words],
        cwd=visitor.ROOT, env=visitor.outside(), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def status_and_retry(address: str) -> tuple[int, bool]:
    """How a page answers, and whether it says when to come back."""
    try:
        with urlopen(address, timeout=20) as answer:
            return int(answer.status), "Retry-After" in answer.headers
    except HTTPError as refused:
        return refused.code, "Retry-After" in refused.headers


def processes_in(folder: Path) -> list[int]:
    """Whoever still works in the folder: PostgreSQL, the web server, the worker."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            if str(folder).encode() in words and (entry / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append(int(entry.name))
        except (OSError, ValueError):
            continue
    return [number for number in found if number != os.getpid()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all of these, so that all but the first start warm."""
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_it_stops_cleanly(folder: Path, number: signal.Signals):
    process, address = visitor.start_demo(folder, "--agreements", "20")
    assert visitor.answers(address)
    status = visitor.stop(process, number)
    assert status in (0, 130, 143, -number), f"ended with {status}"
    assert not visitor.answers(address)
    assert processes_in(folder) == []
    assert "Traceback" not in folder.with_suffix(".log").read_text()


def test_it_comes_back_after_everything_was_killed(folder: Path):
    process, address = visitor.start_demo(folder, "--agreements", "20")
    before = visitor.people(address)
    for number in {process.pid, *processes_in(folder)}:
        os.kill(number, signal.SIGKILL)
    process.wait(10)
    assert processes_in(folder) == []

    process, address = visitor.start_demo(folder, "--agreements", "20")
    try:
        assert visitor.people(address) == before
        assert visitor.answers(f"{address}/health/ready")
    finally:
        visitor.stop(process, signal.SIGTERM)


def test_it_says_so_while_its_database_is_gone_and_brings_it_back(folder: Path):
    process, address = visitor.start_demo(folder, "--agreements", "20")
    try:
        while "Ctrl-C stops it" not in folder.with_suffix(".log").read_text().rpartition("Everything is kept")[2]:
            time.sleep(0.1)
        postmaster = int((folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while not visitor.answers(f"{address}/health/ready") and time.monotonic() < deadline:
            began = time.monotonic()
            assert status_and_retry(f"{address}/sign-in/") in ((200, False), (503, True))
            assert time.monotonic() - began < PATIENCE
        assert visitor.people(address)
        assert "started again" in folder.with_suffix(".log").read_text()
    finally:
        visitor.stop(process, signal.SIGTERM)


def test_a_second_demo_in_the_same_folder_is_refused(folder: Path):
    process, _ = visitor.start_demo(folder, "--agreements", "20")
    try:
        answer = demo("--data", str(folder), "--port", str(visitor.free_port()))
        assert answer.returncode == 1
        assert "already" in answer.stderr
    finally:
        visitor.stop(process, signal.SIGTERM)


def test_a_taken_port_is_named(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = demo("--data", str(tmp_path / "data"), "--port", str(port))
    assert answer.returncode == 1
    assert f"Port {port} is taken" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work")
    for words in ([], ["--reset"]):
        answer = demo("--data", str(tmp_path), "--port", str(visitor.free_port()), *words)
        assert answer.returncode == 1
        assert "holds other files" in answer.stderr
        assert (tmp_path / "thesis.txt").read_text() == "years of work"
