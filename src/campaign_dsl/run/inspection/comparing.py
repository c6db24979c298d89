"""A catalog beside the tables it describes: whether they are there, and whether their rows keep what it promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql import profile as p
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.positions import Positions
from campaign_dsl.language.diagnostics.model import Diagnostic, Label, Problems, Severity
from campaign_dsl.run.inspection import probes
from campaign_dsl.run.inspection.structure import compared
from campaign_dsl.run.inspection.uses import Part, Use, uses
from campaign_dsl.run.problems import DataProblem

if TYPE_CHECKING:
    from sqlglot import exp

    from campaign_dsl.run.engines.protocol import Engine

Progress = Callable[[str, int, "int | None"], None]

AT_ONCE = 60
"""So many questions about a table are asked in one scan of it."""
EXAMPLES = 3
LONGEST_EXAMPLE = 40
STALE_AFTER = timedelta(days=7)
"""A table of events that has got nothing new for so long is reported, where the catalog does not say `fresh_within`."""


def compare(
    engine: Engine,
    catalog: Catalog,
    positions: Positions,
    as_of: datetime,
    progress: Progress = lambda stage, done, total: None,
) -> tuple[Diagnostic, ...]:
    """What of a catalog does not hold in the tables of an engine. Each table is read a few times, and never kept.

    Args:
        positions: of the catalog's file.
        as_of: what counts as now.

    Raises:
        EnvironmentProblem: the engine cannot be asked.
    """
    problems = Problems()
    progress("listing tables", 0, None)
    there = compared(uses(catalog, positions), engine.tables(), problems)
    asked = _Asked(engine, DIALECTS[engine.dialect], as_of, problems)
    tables = sorted({use.table for use in there})
    for number, table in enumerate(tables):
        progress(f"reading {table}", number, len(tables))
        asked.table(table, [use for use in there if use.table == table])
    return problems.sorted()


class _Asked:
    """One engine, and what it has answered."""

    def __init__(self, engine: Engine, dialect: Dialect, as_of: datetime, problems: Problems) -> None:
        self.engine, self.dialect, self.as_of, self.problems = engine, dialect, as_of, problems

    def table(self, table: str, about: Sequence[Use]) -> None:
        """Everything that is to be known of one table."""
        questions = [(use, probe) for use in about for probe in probes.of_use(use, self.dialect, self.as_of)]
        counts = [(use, p.Measure(probes.rows_of(use, self.dialect))) for use in about if use.rows_of is not None]
        latest = [(use, probes.latest(use, self.dialect, self.as_of)) for use in about]
        newest = [(use, measure) for use, measure in latest if measure is not None]
        measures = [p.Measure(probe.tests) for _, probe in questions]
        measures += [measure for _, measure in (*counts, *newest)]
        rows, answers = self._measured(table, measures)
        if rows == 0:
            self._empty(table, about)
            return
        for (use, probe), found in zip(questions, answers, strict=False):
            if found:
                self._found(use, probe, found)
        answers = answers[len(questions) :]
        empty = [use for (use, _), found in zip(counts, answers, strict=False) if not found]
        for use in empty:
            self._nothing(use)
        came = zip(newest, answers[len(counts) :], strict=True)
        present = {use.entry: _instant(found) for (use, _), found in came if found}
        self._stale([(use, present[use.entry]) for use in about if use.is_event and use.entry in present])
        for use in about:
            self._zones(use)
        for meant, query in probes.several(about, self.dialect, present):
            self._several(meant, query)

    # ------------------------------------------------------------------------------------------------ asking

    def _measured(self, table: str, measures: Sequence[p.Measure]) -> tuple[int, list[Any]]:
        rows, answers = 0, list[Any]()
        for start in range(0, max(1, len(measures)), AT_ONCE):
            rows, *found = self._rows(p.measured(table, measures[start : start + AT_ONCE], self.dialect))[0]
            answers += found
        return rows, answers

    def _rows(self, query: exp.Select) -> list[tuple[Any, ...]]:
        table = self.engine.read(render(query, self.engine.dialect)).read_all()
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    # ---------------------------------------------------------------------------------------------- findings

    def _found(self, use: Use, probe: probes.Probe, found: int) -> None:
        examples = self._examples(use.table, probe) if probe.shown is not None else ""
        self.problems.add(
            probe.code,
            probe.says.format(rows=_counted(found)) + examples,
            probe.where,
            why=probe.why,
            help=probe.help,
            severity=probe.severity,
        )

    def _examples(self, table: str, probe: probes.Probe) -> str:
        assert probe.shown is not None
        query = p.common(table, probe.shown, probe.tests, EXAMPLES, self.dialect)
        try:
            return _examples([(value, count) for value, count, _ in self._rows(query)])
        except DataProblem:  # bytes that are no text can be counted, and not shown
            return ""

    def _zones(self, use: Use) -> None:
        query = probes.zones(use, self.dialect, EXAMPLES)
        promise = use.of(Part.ZONE)
        found = self._rows(query) if query is not None else []
        if promise is None or not found:
            return
        self.problems.add(
            "DAT026",
            f"`{promise.said}` of {use.entry} is no zone of the tz database in {_counted(found[0][2])}"
            + _examples([(value, count) for value, count, _ in found]),
            promise.where,
            why="nobody knows which day it is for these customers, so campaigns set them aside",
            help="let the values be mended where they come from; zones look like `America/New_York`",
            severity=Severity.WARNING,
        )

    def _several(self, about: Sequence[Use], query: exp.Select) -> None:
        for example, count, *by in self._rows(query):
            if not count:
                continue
            use = next(each for each in about if not by or (each.rows_of is not None and each.rows_of.equals == by[0]))
            key = use.of(Part.KEY)
            is_customer = use.entry == "customers"
            if key is not None:
                many = f"{count:,} keys stand" if count > 1 else "1 key stands"
                self.problems.add(
                    "DAT027",
                    f"{many} in several rows of `{use.table}`"
                    + ("" if key.personal else f", such as {_shown(example)}"),
                    key.where,
                    why="nobody can say which of the rows is right, so the customer is set aside"
                    if is_customer
                    else "of rows that differ the smallest value counts, which may be the wrong one",
                    help=f"let `{use.table}` have one row for each `{key.said}`, or name the attribute that is unique",
                    severity=Severity.ERROR if is_customer else Severity.WARNING,
                )
            elif (id := use.of(Part.ID)) is not None:
                many = f"{count:,} ids stand" if count > 1 else "1 id stands"
                self.problems.add(
                    "DAT028",
                    f"{many} for several different rows of {use.entry}, such as {_shown(example)}",
                    id.where,
                    why="rows with the same id count once, so all but one of these are lost",
                    help="name the column that tells one from another with `id`",
                    severity=Severity.WARNING,
                )

    def _stale(self, newest: Sequence[tuple[Use, datetime]]) -> None:
        """Events that are older than was promised; and where nothing was, a table in which all of them are old."""
        silent = [(use, moment) for use, moment in newest if use.fresh_seconds is None]
        for use, moment in newest:
            if use.fresh_seconds is not None and moment < self.as_of - timedelta(seconds=use.fresh_seconds):
                self._old(use, moment, use.fresh or use.key, Severity.ERROR, f"the newest row of {use.entry}")
        if silent:
            use, moment = max(silent, key=lambda each: each[1])
            promised = any(each.fresh_seconds is not None for each, _ in newest)
            if not promised and moment < self.as_of - STALE_AFTER:
                what = f"the newest row of `{use.table}`"
                self._old(silent[0][0], moment, silent[0][0].where, Severity.WARNING, what)

    def _old(self, use: Use, moment: datetime, where: Any, severity: Severity, what: str) -> None:
        age = self.as_of - moment
        old = f"{age.days:,} days" if age.days > 1 else f"{age // timedelta(hours=1):,} hours"
        self.problems.add(
            "DAT029",
            f"{what} is {old} old: it is of {moment:%Y-%m-%d %H:%M} UTC",
            where,
            why="campaigns decide as if nothing had happened since",
            help="look whether the load of the table has stopped; or say in the catalog how old it may be with "
            "`fresh_within`",
            severity=severity,
        )

    def _empty(self, table: str, about: Iterable[Use]) -> None:
        first, *others = about
        self.problems.add(
            "DAT031",
            f"table `{table}` is empty",
            first.where,
            why="whoever looks into it finds nobody and nothing",
            help="look whether it has been loaded, or choose another target",
            severity=Severity.WARNING,
            see_also=tuple(Label(each.where, "used here, too") for each in others[:3]),
        )

    def _nothing(self, use: Use) -> None:
        assert use.rows_of is not None
        self.problems.add(
            "DAT031",
            f"no row of `{use.table}` has `{use.rows_of.equals}` in `{use.rows_of.column}`, so there is no {use.entry}",
            use.key,
            why="whoever asks for it finds nobody",
            help="correct `equals`; or it has never happened yet",
            severity=Severity.WARNING,
        )


def _counted(rows: int) -> str:
    return f"{rows:,} row" + ("" if rows == 1 else "s")


def _examples(values: Sequence[tuple[str | None, int]]) -> str:
    shown = [f"{_shown(value)} ({count:,})" for value, count in values]
    return ": " + ", ".join(shown) + (", ..." if len(shown) == EXAMPLES else "") if shown else ""


def _shown(value: object) -> str:
    text = str(value)
    return f"`{text if len(text) <= LONGEST_EXAMPLE else text[: LONGEST_EXAMPLE - 3] + '...'}`"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
