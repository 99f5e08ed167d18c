"""What the status page says: our news and our own checks, turned into a headline, a line a service, and 90 days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from milepost.plumbing import formats
from milepost.servicing.incidents.queries import Entry
from milepost.servicing.incidents.states import TROUBLE, Component, IncidentState, Severity

DAYS = 90

NAMES = {
    Component.SIGN_IN: "Signing in",
    Component.TEXT_CODES: "Text message codes",
    Component.ACCOUNT_PAGES: "Account pages",
    Component.CARD_PAYMENTS: "Paying by card",
    Component.DIRECT_DEBIT: "Direct Debit",
    Component.MESSAGES: "Emails and letters",
    Component.PHONE_LINES: "Phone lines",
}
SENTENCES = {
    Component.SIGN_IN: ("Signing in is slow.", "Signing in has stopped."),
    Component.TEXT_CODES: ("Text message codes are late.", "Text message codes have stopped."),
    Component.ACCOUNT_PAGES: ("Account pages are slow.", "Account pages cannot be opened."),
    Component.CARD_PAYMENTS: ("Paying by card is slow.", "Paying by card has stopped."),
    Component.DIRECT_DEBIT: ("Direct Debits are late.", "Direct Debits have stopped."),
    Component.MESSAGES: ("Emails and letters are late.", "Emails and letters have stopped."),
    Component.PHONE_LINES: ("Our phone lines are busy.", "Our phone lines are down."),
}
STEPS = {
    IncidentState.PLANNED: "We announced it",
    IncidentState.INVESTIGATING: "We are looking into it",
    IncidentState.IDENTIFIED: "We found the cause",
    IncidentState.WATCHING: "It should be mended, and we are watching it",
    IncidentState.RESOLVED: "It is over",
}
DEGREES = {Severity.SLOW: "Slow", Severity.STOPPED: "Stopped"}


@dataclass(frozen=True, slots=True)
class Step:
    when: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is going on, as its card tells it."""

    id: str
    title: str
    tag: str
    is_stopped: bool
    services: str
    words: str
    advice: tuple[str, ...]
    steps: tuple[Step, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the 90 days. The three paths are a road of days, with taller marks where there was trouble."""

    name: str
    tag: str
    tone: str
    label: str
    summary: str
    path_ok: str
    path_slow: str
    path_stopped: str


@dataclass(frozen=True, slots=True)
class Past:
    day: str
    services: str
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    headline: str
    when: str
    first_day: str
    troubles: tuple[Trouble, ...]
    planned: tuple[Step, ...]
    services: tuple[Service, ...]
    past: tuple[Past, ...]


def picture(news: Iterable[Entry], at: datetime, zone: str) -> Picture:
    """The page's words at this moment; days and times are the lender's."""
    entries = tuple(news)
    clock = _Clock(at, zone)
    troubles = tuple(entry for entry in entries if entry.state in TROUBLE)
    history = tuple(entry for entry in entries if not _was_planned(entry) and clock.days(entry)[1] >= clock.first_day)
    ahead = sorted((entry for entry in entries if _is_ahead(entry, at)), key=lambda entry: entry.starts_at)
    return Picture(
        headline=_headline(troubles),
        when=f"{formats.weekday(clock.today)} at {formats.time_of_day(at, zone)}",
        first_day=formats.day_of_month(clock.first_day),
        troubles=tuple(_trouble(entry, clock) for entry in troubles),
        planned=tuple(Step(_span(entry, clock), entry.title, entry.updates[0].words) for entry in ahead),
        services=tuple(_service(component, history, ahead, clock) for component in Component),
        past=tuple(_past(entry, clock) for entry in history),
    )


class _Clock:
    def __init__(self, at: datetime, zone: str) -> None:
        self.at, self.zone = at, zone
        self.today = self.day(at)
        self.first_day = self.today - timedelta(days=DAYS - 1)

    def day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def time(self, moment: datetime) -> str:
        return formats.time_of_day(moment, self.zone)

    def days(self, entry: Entry) -> tuple[date, date]:
        return self.day(entry.starts_at), self.day(entry.ends_at or self.at)

    def since(self, moment: datetime) -> str:
        """9:12am today, and before: 21 November at 9:12am."""
        on = self.day(moment)
        return self.time(moment) if on == self.today else f"{formats.day_of_month(on)} at {self.time(moment)}"


def _was_planned(entry: Entry) -> bool:
    return any(said.state is IncidentState.PLANNED for said in entry.updates)


def _is_ahead(entry: Entry, at: datetime) -> bool:
    return entry.state is IncidentState.PLANNED and entry.ends_at is not None and entry.ends_at > at


def _headline(troubles: Iterable[Entry]) -> str:
    worst = _worst(troubles)
    if not worst:
        return "Everything is working."
    if len(worst) > 3:
        return f"{len(worst)} of our {len(Component)} services have a problem."
    words = [
        SENTENCES[component][worst[component] is Severity.STOPPED] for component in Component if component in worst
    ]
    return " ".join([*words, "Everything else is working."])


def _worst(troubles: Iterable[Entry]) -> dict[Component, Severity]:
    worst: dict[Component, Severity] = {}
    for entry in troubles:
        for component in entry.components:
            if worst.get(component) is not Severity.STOPPED:
                worst[component] = entry.severity
    return worst


def _trouble(entry: Entry, clock: _Clock) -> Trouble:
    steps = [
        Step(clock.since(said.at), STEPS[said.state], "" if number == 0 else said.words)
        for number, said in enumerate(entry.updates)
    ]
    return Trouble(
        id=f"h-trouble-{entry.id}",
        title=entry.title,
        tag=f"{DEGREES[entry.severity]} since {clock.since(entry.starts_at)}",
        is_stopped=entry.severity is Severity.STOPPED,
        services=_listed(entry.components),
        words=entry.updates[0].words,
        advice=entry.advice,
        steps=tuple(reversed(steps)),
    )


def _service(component: Component, history: Iterable[Entry], ahead: Iterable[Entry], clock: _Clock) -> Service:
    mine = [entry for entry in history if component in entry.components]
    days = dict(_bad_days(mine, clock))
    quiet = f"{DAYS - len(days)} days without a problem"
    spans = [f"{DEGREES[degree].lower()} on {formats.day_of_month(on)}" for on, degree in sorted(days.items())]
    now = _worst(entry for entry in mine if entry.state in TROUBLE).get(component)
    at_work = any(component in entry.components and entry.starts_at <= clock.at for entry in ahead)
    tag, tone = ("Planned work", "info") if at_work else ("Working", "ok")
    if now:
        tag, tone = DEGREES[now], "bad" if now is Severity.STOPPED else "warn"
    name = NAMES[component]
    return Service(
        name=name,
        tag=tag,
        tone=tone,
        label=f"{name}, the {DAYS} days from {formats.day_of_month(clock.first_day)} to {formats.day(clock.today)}: "
        + ", ".join([quiet, *spans]),
        summary=_summary(mine, clock),
        path_ok=_path((on for on in _all_days(clock) if on not in days), clock, 0, 6, 10),
        path_slow=_path((on for on in days if days[on] is Severity.SLOW), clock, 2, 10, 22),
        path_stopped=_path((on for on in days if days[on] is Severity.STOPPED), clock, 2, 10, 32),
    )


def _bad_days(entries: Iterable[Entry], clock: _Clock) -> Iterator[tuple[date, Severity]]:
    """Each day with trouble; a day that had both is yielded last as stopped."""
    for degree in (Severity.SLOW, Severity.STOPPED):
        for entry in entries:
            first, last = clock.days(entry)
            on = max(first, clock.first_day)
            while entry.severity is degree and on <= last:
                yield on, degree
                on += timedelta(days=1)


def _all_days(clock: _Clock) -> Iterator[date]:
    return (clock.first_day + timedelta(days=number) for number in range(DAYS))


def _path(days: Iterable[date], clock: _Clock, left: int, width: int, height: int) -> str:
    """A mark a day, ten wide, in a drawing of 896 by 32; the first may not begin left of it."""
    places = (max((on - clock.first_day).days * 10 - left, 0) for on in sorted(days))
    return "".join(f"M{place} 32v-{height}h{width}v{height}z" for place in places)


def _summary(entries: list[Entry], clock: _Clock) -> str:
    if not entries:
        return f"No problems in {DAYS} days"
    count = f"{len(entries)} problem{'s' if len(entries) > 1 else ''} in {DAYS} days"
    over = [entry.ends_at - entry.starts_at for entry in entries if entry.ends_at is not None]
    lasted = [_lasting(sum(over, timedelta()))] if over else []
    return ", ".join([count, " and ".join([*lasted, *(["one today"] if len(over) < len(entries) else [])])])


def _lasting(span: timedelta) -> str:
    minutes = max(round(span.total_seconds() / 60), 1)
    parts = ((minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute"))
    return " ".join(f"{number} {unit}{'s' if number > 1 else ''}" for number, unit in parts if number)


def _past(entry: Entry, clock: _Clock) -> Past:
    began = clock.time(entry.starts_at)
    if entry.ends_at is None:
        spell = f"{DEGREES[entry.severity]}, from {began}. {entry.updates[0].words} Still going on."
    else:
        first, last = clock.days(entry)
        end = (
            clock.time(entry.ends_at)
            if first == last
            else f"{formats.day_of_month(last)} at {clock.time(entry.ends_at)}"
        )
        lasted = _lasting(entry.ends_at - entry.starts_at)
        spell = f"{DEGREES[entry.severity]}, {began} to {end}, {lasted}. {entry.updates[-1].words}"
    return Past(formats.day_of_month(clock.day(entry.starts_at)), _listed(entry.components), spell)


def _span(entry: Entry, clock: _Clock) -> str:
    first, last = clock.days(entry)
    begin = f"{formats.weekday(first).removesuffix(f'{formats.NBSP}{first.year}')}, {clock.time(entry.starts_at)}"
    end = clock.time(entry.ends_at or entry.starts_at)
    return f"{begin} to {end}" if first == last else f"{begin} to {formats.day_of_month(last)}, {end}"


def _listed(components: Iterable[Component]) -> str:
    return ", ".join(NAMES[component] for component in components)
