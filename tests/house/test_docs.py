"""What is built is written down where a newcomer looks, and what is written down is there."""

import re

import pytest

from milepost.cli.order import COMMANDS
from milepost.finance import chart_of_accounts as chart
from milepost.finance.products import PRODUCTS
from tests.support import sources

DOCS = sources.ROOT / "docs"
WORDS = (
    "ring", "room", "operation", "query", "access", "page", "job", "step", "transfer", "entry", "provider",
    "refusal", "reference",
)  # fmt: skip
DECISION_LINES = 30
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
VARIABLE = re.compile(r"""env\.(?:text|flag|number|words|database)\(\s*"([A-Z_]+)\"""")


def _all_docs() -> str:
    return "\n".join(path.read_text() for path in sources.files(".md") if sources.name(path) != "CHANGELOG.md")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "docs/architecture.md"])
def test_the_papers_are_there(name: str):
    path = sources.ROOT / name
    begun = path.exists() and len(path.read_text()) > 300
    assert begun, f"{name} is missing or hardly begun"


def test_the_readme_says_the_two_commands():
    text = (sources.ROOT / "README.md").read_text()
    assert "python3 run.py demo" in text
    assert "python3 run.py test" in text


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_product_is_explained(product: str):
    path = DOCS / "products" / f"{product.lower()}.md"
    there = path.exists()
    assert there, f"Write {sources.name(path)}: what it is, its schedule, its settlement, with a worked example"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_explained(command: str):
    said = any(words in _all_docs() for words in (f"milepost {command}", f"run.py {command}"))
    assert said, f"`milepost {command}` is in no document: say in docs/operating or docs/how-to when one uses it"


def test_every_environment_variable_is_explained():
    text = "\n".join(path.read_text() for path in sources.files(".md", under="docs/operating/"))
    read = {name for path in sources.python("milepost/config/") for name in VARIABLE.findall(path.read_text())}
    missing = sorted(name for name in read if name not in text)
    assert not missing, f"docs/operating/settings.md says what each variable does. Missing: {missing}"


def test_the_glossary_has_the_thirteen_words():
    text = (DOCS / "glossary.md").read_text().lower()
    missing = [word for word in WORDS if not re.search(rf"\b{word}\b", text)]
    assert not missing, f"docs/glossary.md lacks {missing}"


def test_every_ledger_account_is_in_the_document():
    lines = (DOCS / "ledger.md").read_text().splitlines()
    rows = [
        f"| {account.code} | {account.name} | {account.normal_side.lower()} |" for account in chart.ACCOUNTS.values()
    ]
    missing = [row for row in rows if row not in lines]
    assert not missing, "\n".join(["docs/ledger.md lacks these rows:", *missing])


def test_decisions_are_short_and_numbered():
    papers = sorted((DOCS / "decisions").glob("*.md"))
    assert [path.name[:4] for path in papers] == [f"{number:04d}" for number in range(1, len(papers) + 1)]
    long = [path.name for path in papers if len(path.read_text().splitlines()) > DECISION_LINES]
    assert not long, f"A decision is at most {DECISION_LINES} lines: what, rejected, cost, do not undo without. {long}"


def test_no_link_in_a_document_is_broken():
    broken = []
    for path in sources.files(".md"):
        for found in LINK.finditer(path.read_text()):
            target = (found[1] or found[2]).partition("#")[0]
            if (
                target
                and "://" not in target
                and not target.startswith("mailto:")
                and not (path.parent / target).exists()
            ):
                broken.append(f"{sources.name(path)} -> {target}")
    assert not broken, f"Links that lead nowhere: {broken}"
