"""`milepost incident`: what the service-status page says, from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from milepost.cli import setup

COMPONENTS = ("sign-in", "text-codes", "account-pages", "card-payments", "direct-debit", "messages", "phone-lines")
MOMENT = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])
on = click.option("--on", "components", multiple=True, required=True, type=click.Choice(COMPONENTS), help="Repeatable.")
severity = click.option("--severity", default="slow", show_default=True, type=click.Choice(["slow", "stopped"]))
words = click.option("--words", required=True, help="What is known, as a customer would say it.")
advice = click.option("--advice", multiple=True, help="What to do meanwhile; repeat it for another line.")


@click.group()
def command() -> None:
    """Tell customers what is down, and what is planned. Times are the lender's: 2026-11-22 09:12."""


@command.command("open")
@click.argument("title")
@on
@severity
@words
@advice
@click.option("--since", type=MOMENT, help="When it began, if before now.")
def open_(
    title: str, components: tuple[str, ...], severity: str, words: str, advice: tuple[str, ...], since: datetime | None
) -> None:
    """Something is slow or has stopped."""
    setup.installation()
    from milepost.plumbing import clock
    from milepost.plumbing.actor import Actor
    from milepost.servicing.incidents import operations
    from milepost.servicing.incidents.states import Component, Severity

    with _refusals():
        number = operations.open_incident(
            title=title, components=[Component(_name(each)) for each in components], severity=Severity(_name(severity)),
            words=words, advice="\n".join(advice), starts_at=_moment(since) if since else None,
            actor=Actor.system("incident"), at=clock.now(),
        )  # fmt: skip
        click.echo(f"Incident {number} is on the status page.")


@command.command()
@click.argument("number", type=int)
@click.option("--state", default="investigating", type=click.Choice(["investigating", "identified", "watching"]))
@words
@advice
def update(number: int, state: str, words: str, advice: tuple[str, ...]) -> None:
    """Say how far we are. Advice replaces what was advised before."""
    setup.installation()
    from milepost.plumbing import clock
    from milepost.plumbing.actor import Actor
    from milepost.servicing.incidents import operations
    from milepost.servicing.incidents.states import IncidentState

    with _refusals():
        operations.add_update(
            incident_id=number, state=IncidentState(_name(state)), words=words, advice="\n".join(advice),
            actor=Actor.system("incident"), at=clock.now(),
        )  # fmt: skip
        click.echo(f"Incident {number} is updated.")


@command.command()
@click.argument("number", type=int)
@words
@click.option("--ended", type=MOMENT, help="When it was over, if before now.")
def resolve(number: int, words: str, ended: datetime | None) -> None:
    """It is over; or planned work is called off."""
    setup.installation()
    from milepost.plumbing import clock
    from milepost.plumbing.actor import Actor
    from milepost.servicing.incidents import operations

    with _refusals():
        operations.resolve_incident(
            incident_id=number, words=words, ended_at=_moment(ended) if ended else None,
            actor=Actor.system("incident"), at=clock.now(),
        )  # fmt: skip
        click.echo(f"Incident {number} is over.")


@command.command()
@click.argument("title")
@on
@severity
@words
@click.option("--from", "begins", required=True, type=MOMENT)
@click.option("--to", "ends", required=True, type=MOMENT)
def plan(title: str, components: tuple[str, ...], severity: str, words: str, begins: datetime, ends: datetime) -> None:
    """Announce work; it leaves the page at its end."""
    setup.installation()
    from milepost.plumbing import clock
    from milepost.plumbing.actor import Actor
    from milepost.servicing.incidents import operations
    from milepost.servicing.incidents.states import Component, Severity

    with _refusals():
        number = operations.plan_work(
            title=title, components=[Component(_name(each)) for each in components], severity=Severity(_name(severity)),
            words=words, starts_at=_moment(begins), ends_at=_moment(ends), actor=Actor.system("incident"),
            at=clock.now(),
        )  # fmt: skip
        click.echo(f"Planned work {number} is on the status page.")


@command.command("list")
def list_() -> None:
    """Everything of the last three months, newest first."""
    setup.installation()
    from milepost.plumbing import clock, formats, lender
    from milepost.servicing.incidents import queries

    zone = lender.current().time_zone
    for entry in queries.news(clock.now()):
        until = f" to {formats.moment(entry.ends_at, zone)}" if entry.ends_at else ""
        click.echo(f"{entry.id:>5}  {entry.state.lower():<13}  {entry.severity.lower():<7}  {entry.title}")
        click.echo(f"       {', '.join(entry.components).lower().replace('_', '-')}")
        click.echo(f"       {formats.moment(entry.starts_at, zone)}{until}")


@contextmanager
def _refusals() -> Iterator[None]:
    from milepost.plumbing.errors import Refusal

    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _name(typed: str) -> str:
    return typed.upper().replace("-", "_")


def _moment(typed: datetime) -> datetime:
    """What was typed, in the lender's time."""
    from milepost.plumbing import lender

    return typed.replace(tzinfo=ZoneInfo(lender.current().time_zone))
