"""What tables look like: how many rows, which values are few, which keys are unique. Of many values none is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql import profile as p
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.language.catalog.stored import StoredColumn, StoredTable
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.run.inspection import names

if TYPE_CHECKING:
    from sqlglot import exp

    from campaign_dsl.run.engines.protocol import Engine

Progress = Callable[[str, int, "int | None"], None]

MOST_WORDS = 20
"""So many different values a column may have whose values are read."""
FIRST_ROWS = 10_000
"""What has more different values than that among so many rows is not looked at further."""
AT_ONCE = 100
"""So many columns are counted in one scan."""
_KEYS = (Kind.TEXT, Kind.INTEGER)
"""What a key can be."""
_TRIED = (Kind.DATE, Kind.TIMESTAMP, Kind.INTEGER, Kind.DECIMAL)
"""What a text of an engine without types may be."""


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column, and what is in it.

    Args:
        kind: what its values can be read as.
        known: how many rows have a value.
        words: each value and how often it is there, the most frequent first; None: there are many, or it is no text.
        repeated: of a possible key: how many of its values stand in several rows; None when nobody asked.
        misfits: how many values are not what the column is declared as.
    """

    column: StoredColumn
    kind: Kind | None
    known: int
    words: tuple[tuple[str, int], ...] | None = None
    repeated: int | None = None
    misfits: int = 0

    @property
    def name(self) -> str:
        return self.column.name


@dataclass(frozen=True, slots=True)
class TableProfile:
    """A table, and what is in it.

    Args:
        kinds: of a table of several events, by the word that tells them apart: how many rows there are, and how many
            have a value in each column.
    """

    table: StoredTable
    rows: int
    columns: tuple[ColumnProfile, ...]
    kinds: Mapping[str, tuple[int, Mapping[str, int]]] = field(default_factory=dict)
    kind_column: str | None = None

    def unique(self, column: ColumnProfile) -> bool:
        """Whether a column tells all rows apart."""
        return column.repeated == 0 and column.known == self.rows and self.rows > 0


def profiled(
    engine: Engine, tables: Sequence[StoredTable], progress: Progress = lambda stage, done, total: None
) -> tuple[TableProfile, ...]:
    """What some tables look like.

    Raises:
        EnvironmentProblem: the engine cannot be asked.
    """
    found = []
    for number, table in enumerate(tables):
        progress(f"reading {table.where}", number, len(tables))
        # What the catalog cannot call by its name is not described, and not read either.
        found.append(_Profiler(engine, table).profile() if table.names else TableProfile(table, 0, ()))
    return tuple(found)


def asked_for_keys(engine: Engine, profile: TableProfile) -> TableProfile:
    """The same, but any column that could tell rows apart was asked whether it does, whatever it is called.

    Raises:
        EnvironmentProblem: the engine cannot be asked.
    """
    profiler = _Profiler(engine, profile.table)
    columns = [
        replace(each, repeated=profiler.repeated(each.name))
        if each.repeated is None and each.kind in _KEYS and 0 < each.known == profile.rows
        else each
        for each in profile.columns
    ]
    return replace(profile, columns=tuple(columns))


class _Profiler:
    def __init__(self, engine: Engine, table: StoredTable) -> None:
        self.engine, self.table, self.dialect = engine, table, DIALECTS[engine.dialect]

    def profile(self) -> TableProfile:
        rows, known = self._filled()
        kinds = dict(self._kinds(known))
        texts = [each.name for each in self.table.columns if kinds[each.name][0] is Kind.TEXT and known[each.name]]
        few = set(self._few(texts))
        columns = []
        for column in self.table.columns:
            kind, misfits = kinds[column.name]
            words = self._words(column.name) if column.name in few else None
            key = kind in _KEYS and names.like_a_key(column.name)
            repeated = (self.repeated(column.name) if known[column.name] else 0) if key else None
            columns.append(ColumnProfile(column, kind, known[column.name], words, repeated, misfits))
        teller = next((each for each in columns if each.words and names.tells_events_apart(each.name)), None)
        if teller is None:
            return TableProfile(self.table, rows, tuple(columns))
        return TableProfile(self.table, rows, tuple(columns), self._by(teller.name), teller.name)

    def _rows(self, query: exp.Select) -> list[tuple[Any, ...]]:
        table = self.engine.read(render(query, self.engine.dialect)).read_all()
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    def _filled(self) -> tuple[int, dict[str, int]]:
        """How many rows there are, and how many have a value in each column."""
        rows, known = 0, dict[str, int]()
        for some in _chunks([each.name for each in self.table.columns]):
            rows, *counts = self._rows(p.filled(self.table.name, some, None))[0]
            known |= zip(some, counts, strict=True)
        return rows, known

    def _by(self, teller: str) -> dict[str, tuple[int, dict[str, int]]]:
        """The same for each word of a column."""
        found: dict[str, tuple[int, dict[str, int]]] = {}
        for some in _chunks([each.name for each in self.table.columns]):
            for rows, *counts, word in self._rows(p.filled(self.table.name, some, teller)):
                if word is not None:
                    before = found.get(word, (rows, {}))[1]
                    found[word] = (rows, before | dict(zip(some, counts, strict=True)))
        return dict(sorted(found.items()))

    def _kinds(self, known: Mapping[str, int]) -> Iterable[tuple[str, tuple[Kind | None, int]]]:
        """What each column can be read as, and how many values are not what it is declared as."""
        asked: list[tuple[StoredColumn, Kind, exp.Expr]] = []
        for column in self.table.columns:
            if column.type.loose and known[column.name]:
                for kind in dict.fromkeys((column.type.kind or Kind.TEXT, *_TRIED)):
                    test = p.unreadable(self.dialect, column.name, Type(kind, nullable=True))
                    if test is not None:
                        asked.append((column, kind, test))
        misfits: dict[str, dict[Kind, int]] = {}
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            measures = [p.Measure((test,)) for _, _, test in some]
            _, *counts = self._rows(p.measured(self.table.name, measures, self.dialect))[0]
            for (column, kind, _), count in zip(some, counts, strict=True):
                misfits.setdefault(column.name, {})[kind] = count
        for column in self.table.columns:
            yield column.name, _read_as(column.type.kind, misfits.get(column.name))

    def _few(self, columns: Sequence[str]) -> list[str]:
        """Columns that have few values among the first rows; whether they have in all is asked of them alone."""
        found = []
        for some in _chunks(columns):
            counts = self._rows(p.first_rows(self.table.name, some, FIRST_ROWS))[0]
            found += [name for name, count in zip(some, counts, strict=True) if count <= MOST_WORDS]
        return found

    def _words(self, column: str) -> tuple[tuple[str, int], ...] | None:
        test = p.is_there(column)
        rows = self._rows(p.common(self.table.name, column, [test], MOST_WORDS + 1, self.dialect))
        return tuple((word, count) for word, count, _ in rows) if len(rows) <= MOST_WORDS else None

    def repeated(self, column: str) -> int:
        """How many values of a column stand in several rows."""
        ((_, count, *_),) = self._rows(p.repeated(self.table.name, p.value(self.dialect, column, None), ()))
        return int(count)


def _read_as(declared: Kind | None, misfits: Mapping[Kind, int] | None) -> tuple[Kind | None, int]:
    if misfits is None:
        return declared, 0
    if declared not in (None, Kind.TEXT):
        wrong = misfits.get(declared, 0)
        return (Kind.TEXT if wrong else declared), wrong
    # Of an engine with types nobody asks whether a column can be text: it says so itself.
    otherwise = Kind.TEXT if Kind.TEXT in misfits else declared
    return next((kind for kind in _TRIED if misfits.get(kind) == 0), otherwise), 0


def _chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
