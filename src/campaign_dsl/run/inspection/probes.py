"""What is asked of the rows of a table: each question, and what its answer means.

All questions about how many rows are so become one scan of a table; only what was found is asked for examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import profile as p
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.language.catalog.types import TEXT, Kind
from campaign_dsl.language.diagnostics.model import Severity, Span
from campaign_dsl.run.inspection.structure import described
from campaign_dsl.run.inspection.uses import Part, Promise, Use

OLDEST_BIRTH = date(1900, 1, 1)
IDS_COMPARED = timedelta(days=30)
"""Ids of events are compared with each other so far back from the newest one."""
AHEAD = timedelta(days=1)
"""So far may an event lie in the future: clocks differ, and so do zones."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question about rows: how many pass ``tests``.

    Args:
        says: the finding, with `{rows}` for how many there are.
        shown: the column of which examples are shown; None: of none.
    """

    code: str
    tests: tuple[exp.Expr, ...]
    says: str
    where: Span
    why: str
    help: str
    severity: Severity = Severity.ERROR
    shown: str | None = None


def of_use(use: Use, dialect: Dialect, as_of: datetime) -> Iterator[Probe]:
    """The questions about one use of a table whose answers are findings."""
    rows = rows_of(use, dialect)
    for promise in use.promises:
        for probe in _of_promise(promise, use, dialect, as_of):
            yield Probe(
                probe.code,
                (*rows, *probe.tests),
                probe.says,
                probe.where,
                probe.why,
                probe.help,
                probe.severity,
                None if promise.personal else probe.shown,
            )
    yield from _uncounted(use, rows)


def rows_of(use: Use, dialect: Dialect) -> tuple[exp.Expr, ...]:
    """The tests of the rows that a use means."""
    return () if use.rows_of is None else (p.is_word(dialect, use.rows_of.column, use.rows_of.equals),)


def _of_promise(promise: Promise, use: Use, dialect: Dialect, as_of: datetime) -> Iterator[Probe]:
    type_ = promise.type
    name = f"`{promise.said}` of {use.entry}"
    if type_ is None:
        return
    value = p.value(dialect, promise.column, type_)
    unreadable = p.unreadable(dialect, promise.column, type_)
    if unreadable is not None:
        yield Probe(
            "DAT023",
            (unreadable,),
            f"{{rows}} in column `{promise.column}` of `{use.table}` cannot be read as {described(type_)}",
            promise.of_type,
            f"a campaign that asks for {name} stops there",
            "mend the values where they come from, or declare what they are",
            shown=promise.column,
        )
    if not type_.nullable and promise.part is not Part.KEY:
        yield Probe(
            "DAT024",
            (b.missing(p.raw(promise.column)),),
            f"{name} is missing in {{rows}}, and the catalog says that it never is",
            promise.of_nullable,
            "campaigns do not ask whether it is there, so what they say of these rows can be wrong",
            "write `nullable: true`, or let the missing values be filled where they come from",
        )
    if type_.kind is Kind.ENUM:
        yield Probe(
            "DAT025",
            (p.outside(value, type_.values),),
            f"{name} has values in {{rows}} that are none of its words",
            promise.of_words,
            "what is written for every word leaves these rows out, and nobody notices",
            "add the words to `values`, or let the values be mended where they come from",
            shown=promise.column,
        )
    yield from _impossible(promise, name, value, dialect, as_of)


def _impossible(promise: Promise, name: str, value: exp.Expr, dialect: Dialect, as_of: datetime) -> Iterator[Probe]:
    def out(said: str, why: str, *tests: exp.Expr, help: str = "mend the values where they come from") -> Probe:
        return Probe(
            "DAT030", tests, f"{name} {said} in {{rows}}", promise.where, why, help, Severity.WARNING, promise.column
        )

    assert promise.type is not None
    kind = promise.type.kind
    if promise.part is Part.BIRTH:
        low, high = b.day(OLDEST_BIRTH), b.day(as_of.date() + timedelta(days=1))
        reason = "nobody alive was born then, so ages and birthdays are wrong"
        yield out("lies before 1900 or in the future", reason, p.beyond(value, low, high))
    elif promise.part in (Part.OCCURRED, Part.RECEIVED):
        high = b.instant(as_of + AHEAD)
        reason = "a row counts from its instant on, so until then it does not"
        yield out("lies more than a day ahead", reason, p.beyond(value, None, high))
    elif promise.part in (Part.LATITUDE, Part.LONGITUDE):
        most = 90 if promise.part is Part.LATITUDE else 180
        reason = f"there are {most} degrees to either side, so it lies in no geofence"
        yield out("is nowhere on the map", reason, p.beyond(value, b.number(-most), b.number(most)))
    elif kind in (Kind.DATE, Kind.TIMESTAMP):
        within = dialect.within_years(value.copy(), kind)
        test = exp.and_(b.known(value.copy()), b.missing(within), copy=False)
        yield out("is beyond the years 1 to 9999", "it counts as missing there", test)


def _uncounted(use: Use, rows: tuple[exp.Expr, ...]) -> Iterator[Probe]:
    """Rows of which nobody can say whose they are, which they are, or when they happened."""
    needed = [each for part in (Part.OWNER, Part.ID, Part.OCCURRED) if (each := use.of(part)) is not None]
    if needed:
        names = [f"`{each.column}`" for each in needed]
        said = names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" or {names[-1]}"
        test = exp.or_(*(b.missing(p.raw(each.column)) for each in needed), copy=False)
        yield Probe(
            "DAT028",
            (*rows, test),
            f"{said} is missing in {{rows}} of {use.entry}",
            use.key,
            "such rows do not count: nobody knows whose they are, when they happened, or whether they came twice",
            "let them be mended where they come from",
            Severity.WARNING,
        )
    key = use.of(Part.KEY)
    if key is not None:
        yield Probe(
            "DAT027",
            (*rows, b.missing(p.raw(key.column))),
            f"`{key.said}`, the key of {use.entry}, is missing in {{rows}} of `{use.table}`",
            key.where,
            "who has no key cannot be told from others, and is left out",
            "let the keys be filled where the rows come from",
        )


def latest(use: Use, dialect: Dialect, as_of: datetime) -> p.Measure | None:
    """When the newest row came, of things that happen; those that lie in the future do not count."""
    when = use.of(Part.RECEIVED) or use.of(Part.OCCURRED)
    if when is None:
        return None
    value = p.value(dialect, when.column, when.type)
    passed = exp.LTE(this=value.copy(), expression=b.instant(as_of + AHEAD))
    return p.Measure((*rows_of(use, dialect), passed), latest=value)


def zones(use: Use, dialect: Dialect, most: int) -> exp.Select | None:
    """The query for texts that are no zones."""
    promise = use.of(Part.ZONE)
    if promise is None:
        return None
    return p.strange_zones(
        use.table, p.value(dialect, promise.column, promise.type), rows_of(use, dialect), most, dialect
    )


def several(
    uses: Sequence[Use], dialect: Dialect, newest: Mapping[str, datetime]
) -> Iterator[tuple[tuple[Use, ...], exp.Select]]:
    """Queries for keys that stand in several rows, and for ids of several events; and whom each is about.

    Args:
        newest: when the newest row came, by the entry. Ids are compared in the days before: all that ever were would
            take more memory than anybody has.
    """
    shared: dict[tuple[str | None, ...], list[Use]] = {}
    for use in uses:
        key = use.of(Part.KEY)
        if key is not None:
            yield (use,), p.repeated(use.table, p.value(dialect, key.column, key.type), ())
        columns = [each for part in (Part.ID, Part.OWNER, Part.OCCURRED) if (each := use.of(part)) is not None]
        if len(columns) == 3 and use.entry in newest:
            kind = use.rows_of.column if use.rows_of is not None else None
            shared.setdefault((use.table, *(each.column for each in columns), kind), []).append(use)
    for (_, id, *_, kind), about in shared.items():
        assert id is not None
        words = [each.rows_of.equals for each in about if each.rows_of is not None]
        tests = [p.is_word(dialect, kind, *words)] if kind is not None else []
        others = [each for part in (Part.OWNER, Part.OCCURRED) if (each := about[0].of(part)) is not None]
        differing = [p.value(dialect, each.column, each.type) for each in others]
        since = max(newest[use.entry] for use in about) - IDS_COMPARED
        tests.append(exp.GTE(this=differing[-1].copy(), expression=b.instant(since)))
        by = p.value(dialect, kind, TEXT.maybe()) if kind is not None else None
        yield tuple(about), p.repeated(about[0].table, p.value(dialect, id, None), tests, differing, by)
