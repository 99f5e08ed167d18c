"""`milepost ledger check`: every agreement's books against its standing and schedule, and the trial balance."""

import inspect
import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from milepost.cli import setup
from milepost.finance import chart_of_accounts as chart, entries

if TYPE_CHECKING:
    from milepost.servicing.agreements.queries import checking
    from milepost.servicing.ledger.queries import PairSum

BROKEN, NOT_PROVED = 1, 2
AT_ONCE = 2
AGREEMENTS_AT_ONCE = 10_000
WORKING_DAYS_IN_CLEARING = 5
MOST_SHOWN = 50


@click.group()
def command() -> None:
    """The ledger: prove it, or describe it."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
def check(as_json: bool) -> None:
    """Prove the ledger: trial balance, each agreement's accounts, clearing. Lists every break.

    Exit status: 0 when everything ties, 1 when something does not, 2 when the check itself could not be made.
    """
    try:
        result = _proof_today()
        said = json.dumps(result) if as_json else words(result)
    except Exception as error:
        raise NotProved(f"The ledger could not be proved. {type(error).__name__}: {error}") from error
    click.echo(said)
    if result["breaks"]:
        sys.exit(BROKEN)


class NotProved(click.ClickException):
    """The check itself failed, which says nothing about the ledger."""

    exit_code = NOT_PROVED


def _proof_today() -> dict[str, Any]:
    setup.installation()
    from milepost.cli.import_book import Watch
    from milepost.servicing.business_days import queries as business_days

    return proof(business_days.today(), Watch())


def proof(on: date, watch: Callable[[str, int, int], None]) -> dict[str, Any]:
    """All checks on the lender's date: totals by account, and every break with its reference, expected and found."""
    from milepost.plumbing import lender
    from milepost.servicing.agreements.queries import checking
    from milepost.servicing.ledger import queries

    old = lender.working_days().subtract(on, WORKING_DAYS_IN_CLEARING)
    within = checking.ranges(AGREEMENTS_AT_ONCE)
    sums = queries.pair_sums(-queries.LAST_BOOK - 1, queries.LENDER_BOOKS.stop, old=old)
    breaks = [asdict(broken) for broken in checking.strays()]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done, (found, moved) in enumerate(pool.map(lambda part: _part(part, old), within), 1):
            breaks += [asdict(broken) for broken in found]
            sums += moved
            watch("Proving the ledger", done, len(within))
    pairs = {(pair.event, pair.debit, pair.credit) for pair in sums}
    breaks += [asdict(broken) for broken in checking.impossible(pairs - queries.possible_pairs())]
    totals = queries.trial_balance(sums)
    if sum(totals.values()):
        breaks.append(_break("all books", "trial balance", 0, sum(totals.values())))
    for account, amount in queries.stuck_in_clearing(sums).items():
        breaks.append(_break(f"account {account}", f"in clearing since {old} or longer", 0, amount))
    return {"on": on.isoformat(), "ranges": len(within), "trial_balance": totals, "breaks": breaks}


def _part(part: "checking.Range", old: date) -> "tuple[list[checking.Break], list[PairSum]]":
    """One range on a connection of this thread's own."""
    from django.db import connection

    from milepost.servicing.agreements.queries import checking
    from milepost.servicing.ledger import queries
    from milepost.servicing.payments.queries import checking as payments

    try:
        return checking.breaks(part) + payments.breaks(part), queries.pair_sums(*part, old=old)
    finally:
        connection.close()


def _break(reference: str, what: str, expected: int, found: int) -> dict[str, Any]:
    return {"reference": reference, "what": what, "expected": expected, "found": found}


def words(result: dict[str, Any]) -> str:
    """The proof as lines for a person."""
    lines = [f"The ledger on {result['on']}, by account (debit positive):"]
    lines += [
        f"  {account} {_account(account):<28} {_shown(amount):>22}"
        for account, amount in result["trial_balance"].items()
    ]
    lines.append(f"  {'in all':<33} {_shown(sum(result['trial_balance'].values())):>22}")
    breaks = result["breaks"]
    if not breaks:
        return "\n".join([*lines, "Everything ties."])
    lines.append(f"{len(breaks):,} break{'' if len(breaks) == 1 else 's'} (minor units):")
    for broken in breaks[:MOST_SHOWN]:
        lines.append("  {reference}: {what}: expected {expected}, found {found}".format(**broken))
    if len(breaks) > MOST_SHOWN:
        lines.append(f"  and {len(breaks) - MOST_SHOWN:,} more: --json lists them all.")
    return "\n".join(lines)


def _account(code: int) -> str:
    return chart.ACCOUNTS[code].name if code in chart.ACCOUNTS else "in no chart of accounts"


def _shown(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100:,}.{abs(minor) % 100:02}"


@command.command()
def describe() -> None:
    """Write the tables of docs/ledger.md anew, from the chart of accounts and the entries."""
    page = setup.ROOT / "docs" / "ledger.md"
    page.write_text(described(page.read_text()))
    click.echo(f"{page.relative_to(setup.ROOT)} says what the code says.")


def described(page: str) -> str:
    """The page with its generated tables, each between a pair of marks."""
    for name, table in (("accounts", accounts_table()), ("entries", entries_table())):
        begin, end = f"<!-- {name}: written by `milepost ledger describe` -->", f"<!-- end of {name} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}\n{table}\n{end}{after}"
    return page


def accounts_table() -> str:
    """The chart of accounts."""
    rows = [
        f"| {account.code} | {account.name} | {account.normal_side.lower()} |" for account in chart.ACCOUNTS.values()
    ]
    return "\n".join(["| Code | Name | Normal side |", "|---|---|---|", *rows])


def entries_table() -> str:
    """Every event: its stored number, the entry's function and its first sentence, which names the accounts."""
    rows = []
    for event, function in entries_by_event().items():
        says = (inspect.getdoc(function) or "").partition("\n")[0]
        rows.append(f"| {event.value} | {event.name} | {says} |")
    return "\n".join(["| Number | Event | What it is: debit <- credit |", "|---|---|---|", *rows])


def entries_by_event() -> dict[entries.Event, Callable[..., Any]]:
    """The function of each event, found by its name."""
    named = {entries.Event.REVERSED: entries.reversal_of}
    return {event: named.get(event) or getattr(entries, event.name.lower()) for event in entries.Event}
