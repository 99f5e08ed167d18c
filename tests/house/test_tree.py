"""Where things are, and what no file of ours may hold."""

import re

import pytest

from tests.support import sources

DRAWERS = re.compile(r"^(utils?|helpers?|services?|common|core|misc|managers?|signals|tasks|base)\.py$")
ROOMS = {"states", "models", "queries", "access", "operations", "permissions", "providers", "channels", "kinds"}
ROOMS |= {"obligations", "formats", "apps", "migrations", "templates", "__init__", "ruff", "__pycache__"}
NOT_COMMITTED = re.compile(r"(^|/)(uv\.lock|\.env|[^/]*\.pem|[^/]*\.sqlite3|[^/]*\.pyc)$")
MACHINE_PATH = re.compile(r"/(work|root|farm|home)/[a-z_.]+/")
REGISTRY = re.compile(
    "|".join(("python" + "hosted", "npm" + "js", "--index" + "-url", "extra" + "-index")), re.IGNORECASE
)
UNFINISHED = re.compile(
    r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "for " + "now", "not implemented" + " yet")) + r")\b",
    re.IGNORECASE,
)
TEXT = (".py", ".toml", ".md", ".html", ".css", ".js", ".txt", ".sql", ".lock", ".yml", ".yaml", ".csv", "")


def test_no_drawer_for_odds_and_ends():
    found = [sources.name(path) for path in sources.python("") if DRAWERS.match(path.name)]
    assert not found, f"Name the file by what it holds; docs/architecture.md says where each line belongs: {found}"


def test_a_business_app_has_only_rooms():
    strangers = [
        sources.name(entry)
        for app in (sources.PACKAGE / "servicing").iterdir()
        if app.is_dir() and app.name != "__pycache__"
        for entry in app.iterdir()
        if entry.stem not in ROOMS and not entry.name.startswith(".")
    ]
    assert not strangers, (
        f"Not a room of a business app: {strangers}. Money and dates go to finance/, what any product could use to "
        f"plumbing/, a write to operations.py, an answer to queries.py, a person's right to access.py."
    )


def test_nothing_is_kept_that_does_not_belong():
    found = [name for name in map(sources.name, sources.files()) if NOT_COMMITTED.search(name)]
    assert not found, f"Secrets, databases and machine-bound locks stay out of the repository: {found}"


@pytest.mark.parametrize(
    ("pattern", "advice", "under"),
    [
        (MACHINE_PATH, "Names a folder of one machine: compute it from the file's own place", ""),
        (REGISTRY, "Names a package registry: the lock files hold names, versions and hashes only", ""),
        (UNFINISHED, "Unfinished: do it, or leave it out and say so in an issue", "milepost/"),
    ],
    ids=["machine-paths", "registries", "unfinished"],
)
def test_no_file_says(pattern: re.Pattern[str], advice: str, under: str):
    found = [
        f"{sources.name(path)}:{number}: {match[0]!r}"
        for path in sources.files(*TEXT, under=under)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert not found, f"{advice}:\n- " + "\n- ".join(found)
