"""One stretch of a book: planned, compared with what is held, written in one transaction with its mark."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from milepost.finance import chart_of_accounts as chart
from milepost.plumbing.errors import InvariantBroken
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.models import Agreement, Standing
from milepost.servicing.ledger import queries as ledger
from milepost.servicing.tapes.formats.mapping import Columns, Format, Meaning, RowWrong
from milepost.servicing.tapes.models import TakenIn
from milepost.servicing.tapes.operations import check_facts, follow_balances, replay_terms, stage_rows
from milepost.servicing.tapes.operations.planned import Found, Planned, Rejected
from milepost.servicing.tapes.operations.stage_rows import SEPARATOR
from milepost.servicing.tapes.operations.tally import Tally
from milepost.servicing.tapes.operations.write_agreements import Context, Written, write_new
from milepost.servicing.tapes.operations.write_changes import write_extension, write_facts
from milepost.servicing.tapes.states import FileKind, Outcome

Rejection = tuple[str, int, str, str, str, str, str]
"""File, line, reference, column, value, reason, cells."""


@dataclass(slots=True)
class Chunk:
    """What one stretch of the book came to."""

    tally: Tally = field(default_factory=Tally)
    rejections: list[Rejection] = field(default_factory=list)
    findings: list[tuple[str, Found]] = field(default_factory=list)


@dataclass(slots=True)
class Reader:
    """How the rows of this tape are read: format, columns of both files, and what is known of the tape as a whole."""

    form: Format
    book: Columns
    movements: Columns | None
    currency: str
    reporting: follow_balances.Reporting
    as_of_given: bool = True
    """Otherwise the tape's own last day is its as-of, no movement is left for later, and each agreement that cannot be
    taken in is judged by all its movements, though some are after that day."""


@dataclass(slots=True)
class _Row:
    line: int
    number: str
    cells: str
    history: list[stage_rows.MovementRow]
    reader: Reader
    kept: int = 0
    """Movements up to the day of the tape."""


class _Told(Exception):
    """A rejection whose column and value are the file's own words already."""

    def __init__(self, rejected: Rejected) -> None:
        super().__init__(str(rejected))
        self.rejected = rejected


@in_transaction
def take_in_chunk(*, first: int, last: int, reader: Reader, context: Context) -> Chunk:
    """Take in the book's places `first` to `last` (not included). With `context.dry_run` everything but the writing."""
    chunk = Chunk()
    _take_in(stage_rows.book_rows(first, last), reader, context, chunk)
    return chunk


@in_transaction
def would_take_in(*, places: list[int], reader: Reader, context: Context) -> set[str]:
    """The numbers of those agreements at these places of the book that can be taken in. Writes nothing."""
    chunk, dry = Chunk(), replace(context, dry_run=True)
    staged = stage_rows.book_rows_at(places)
    _take_in(staged, reader, dry, chunk)
    refused = {rejection[2] for rejection in chunk.rejections if rejection[0] == FileKind.BOOK}
    return {reference for _, reference, *_ in staged} - refused


def _take_in(staged: list[stage_rows.BookRow], reader: Reader, context: Context, chunk: Chunk) -> None:
    rows = _rows(staged, reader, chunk)
    held = {taken.reference: taken for taken in TakenIn.objects.filter(reference__in=[row.number for row in rows])}
    planned = [(row, plan) for row in rows if (plan := _plan(row, reader, chunk)) is not None]
    _refuse_used_numbers(planned, held, chunk)
    new, known = [], []
    for row, plan in planned:
        if plan.number in held:
            known.append((row, plan, held[plan.number]))
        else:
            new.append((row, plan))
    written = Written()
    refused = context.people_in_conflict([plan for _, plan in new])
    for row, plan in new:
        if reason := refused.get(plan.number):
            _refuse(chunk, row, reason)
    taken = [(row, plan) for row, plan in new if plan.number not in refused]
    written.update(write_new([plan for _, plan in taken], context))
    for row, plan in taken:
        _count(chunk, row, plan, Outcome.IMPORTED)
    for row, plan, before in known:
        _meet_again(chunk, row, plan, before, written, context)
    if not context.dry_run:
        _prove(chunk, written, reader.reporting.as_of)


def _rows(staged: list[stage_rows.BookRow], reader: Reader, chunk: Chunk) -> list[_Row]:
    sound = [reference for _, reference, _, _, _, again in staged if reference and not again]
    histories = stage_rows.movement_rows(sound) if reader.movements else {}
    rows = []
    for line, reference, fault_column, fault, cells, again in staged:
        row = _Row(line, reference, cells, [] if again else histories.get(reference, []), reader)
        if fault:
            value = reference if fault_column else cells.replace(SEPARATOR, ",")[:80]
            _reject(chunk, row, Rejected(fault_column, value, fault))  # the file's own words already
        else:
            rows.append(row)
    return rows


def _plan(row: _Row, reader: Reader, chunk: Chunk) -> Planned | None:
    try:
        values = reader.book.values(row.cells.split(SEPARATOR))
        if (currency := values.get("currency")) and currency.upper() != reader.currency:
            raise Rejected("currency", currency, f"is not this lender's currency, {reader.currency}")
        if reader.form.meaning is Meaning.BALANCES:
            _refuse_after_today(values.get("period_end"), "period_end", reader)
        check_facts.check(values, reader.reporting.today, reader.reporting.country)
        history = list(_history(row, reader))
        row.kept = len(history)
        reporting = _judged(reader, values, history)
        if reader.form.meaning is Meaning.BALANCES:
            return follow_balances.plan(values, row.line, history, reporting)
        return replay_terms.plan(values, row.line, history, reader.book, reporting.as_of, reporting.country)
    except RowWrong as wrong:
        _reject(chunk, row, Rejected(wrong.column, wrong.value, wrong.reason))
    except _Told as told:
        _reject(chunk, row, told.rejected)
    except Rejected as wrong:
        _refuse(chunk, row, wrong)
    return None


def _judged(
    reader: Reader, values: dict[str, Any], history: list[tuple[int, dict[str, Any]]]
) -> follow_balances.Reporting:
    """An agreement that has movements after the tape's own last day is one to reject, by what they say."""
    reporting, dated = reader.reporting, reader.form.dated
    if reader.as_of_given:
        return reporting
    last = max((movement[dated] for _, movement in history), default=date.min)
    last = max(last, values.get("period_end") or last)
    return replace(reporting, as_of=last) if last > reporting.as_of else reporting


def _history(row: _Row, reader: Reader) -> Iterable[tuple[int, dict[str, Any]]]:
    columns = reader.movements
    if columns is None:
        return
    dated = reader.form.dated
    for line, fault, cells in row.history:
        if fault:
            raise Rejected("", "", fault, file=FileKind.MOVEMENTS, line=line)
        try:
            values = columns.values(cells.split(SEPARATOR))
        except RowWrong as wrong:
            raise _Told(Rejected(wrong.column, wrong.value, wrong.reason, file=FileKind.MOVEMENTS, line=line)) from None
        _refuse_after_today(values.get(dated), dated, reader, file=FileKind.MOVEMENTS, line=line)
        if not reader.as_of_given or values[dated] <= reader.reporting.as_of:
            yield line, values


def _refuse_after_today(
    day: date | None, column: str, reader: Reader, *, file: FileKind = FileKind.BOOK, line: int = 0
) -> None:
    if day is None:
        raise Rejected(column, "", "is needed and missing", file=file, line=line)
    if day > reader.reporting.today:
        raise Rejected(column, day, f"is after today, {reader.reporting.today}", file=file, line=line)


def _refuse_used_numbers(planned: list[tuple[_Row, Planned]], held: dict[str, TakenIn], chunk: Chunk) -> None:
    """A number that an agreement has which did not come from a tape."""
    fresh = [plan for _, plan in planned if plan.number not in held]
    ours = [plan.reference for plan in fresh if plan.reference]
    theirs = [plan.number for plan in fresh]
    used: set[str | None] = set(Agreement.objects.filter(reference__in=ours).values_list("reference", flat=True))
    used |= set(Agreement.objects.filter(origin_reference__in=theirs).values_list("origin_reference", flat=True))
    if not used:
        return
    for row, plan in list(planned):
        if plan.number not in held and (plan.reference in used or plan.number in used):
            _refuse(chunk, row, Rejected("reference", plan.number, "is already the number of another agreement"))
            planned.remove((row, plan))


def _meet_again(chunk: Chunk, row: _Row, plan: Planned, before: TakenIn, written: Written, context: Context) -> None:
    """An agreement that came before: unchanged, corrected, continued, or refused."""
    count, marks = before.movement_count, plan.movement_marks
    if before.terms_hash != plan.terms_hash:
        reason = "has other figures than when it was taken in; its money is not changed by a tape"
        return _refuse(chunk, row, Rejected("reference", plan.number, reason))
    if len(marks) < count and plan.as_of < before.as_of and _was_so(plan, before):
        written.held.append(before.agreement_id)
        _count(chunk, row, plan, Outcome.UNCHANGED)  # an earlier state of what is held
        return None
    if len(marks) < count or plan.movements_hash(count) != before.movements_hash:
        reason = (
            f"has another history than when it was taken in up to {before.as_of}; a tape does not change booked money"
        )
        return _refuse(chunk, row, Rejected("reference", plan.number, reason))
    moved_here = before.revision != Standing.objects.values_list("revision", flat=True).get(
        agreement_id=before.agreement_id
    )
    # Without a movement, what fell due since is the tape's to say until this system has begun to post it.
    fell_due = not moved_here and any(posting.on > before.as_of for posting in plan.postings)
    longer = len(marks) > count or fell_due
    if longer:
        if moved_here:
            reason = "has moved here since it was taken in; a tape cannot continue it"
            return _refuse(chunk, row, Rejected("reference", plan.number, reason))
        if any(on <= before.as_of for on in plan.movement_dates[count:]):
            reason = f"has new movements on or before {before.as_of}, up to which it was taken in"
            return _refuse(chunk, row, Rejected("reference", plan.number, reason))
        write_extension(plan, before, context)
        written.ids[before.agreement_id] = plan.standing.principal_outstanding
    else:
        written.held.append(before.agreement_id)
    corrected = before.facts_hash != plan.facts_hash
    if corrected:
        plan.findings += write_facts(plan, before, context)
    _count(chunk, row, plan, Outcome.UPDATED if longer or corrected else Outcome.UNCHANGED)
    return None


def _was_so(plan: Planned, before: TakenIn) -> bool:
    """Whether this is what the ledger held at the end of that earlier day."""
    held = ledger.account_of_books(chart.PRINCIPAL, [before.agreement_id], on=plan.as_of)
    return held.balances.get(before.agreement_id, 0) == plan.standing.principal_outstanding


def _prove(chunk: Chunk, written: Written, as_of: date) -> None:
    """The principal account of every agreement is what the tape said, or nothing of this chunk is kept."""
    found = ledger.account_of_books(chart.PRINCIPAL, [*written.ids, *written.held], on=as_of)
    for agreement_id, principal in written.ids.items():
        if found.balances.get(agreement_id, 0) != principal:
            raise InvariantBroken(
                f"Agreement {agreement_id}: the ledger holds {found.balances.get(agreement_id, 0)} of principal, "
                f"the tape comes to {principal}"
            )
    chunk.tally.sums["ledger"] += sum(found.balances.values())
    chunk.tally.ledger_months.update(found.changes)


def _count(chunk: Chunk, row: _Row, plan: Planned, outcome: Outcome) -> None:
    chunk.tally.add(plan, outcome, row.kept)
    chunk.tally.movements["LATER"] += len(row.history) - row.kept
    chunk.findings += [(plan.number, found) for found in plan.findings]  # of the unchanged too: the report lists all


def _refuse(chunk: Chunk, row: _Row, wrong: Rejected) -> None:
    """Reject for one of our fields, told in the words of the file that it came from."""
    columns, joined = row.reader.book, row.cells
    if wrong.file is FileKind.MOVEMENTS and row.reader.movements:
        columns = row.reader.movements
        joined = next((cells for line, _, cells in row.history if line == wrong.line), "")
    _reject(chunk, row, wrong.as_written(columns, joined.split(SEPARATOR)))


def _reject(chunk: Chunk, row: _Row, wrong: Rejected) -> None:
    """The book's row goes to the rejects with its reason, and with it every movement of the agreement."""
    chunk.tally.rows[Outcome.REJECTED] += 1
    chunk.tally.movements[Outcome.REJECTED] += len(row.history)
    elsewhere = wrong.file is FileKind.MOVEMENTS
    reason = f"line {wrong.line} of the movements: {wrong.reason}" if elsewhere else wrong.reason
    chunk.rejections.append((FileKind.BOOK, row.line, row.number, wrong.column, wrong.value, reason, row.cells))
    for line, _, cells in row.history:
        at_fault = elsewhere and line == wrong.line
        column, value = (wrong.column, wrong.value) if at_fault else ("", "")
        words = wrong.reason if at_fault else "its agreement is rejected"
        chunk.rejections.append((FileKind.MOVEMENTS, line, row.number, column, value, words, cells))
