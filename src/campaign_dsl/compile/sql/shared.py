"""What one query computes once, whoever asks for it: each a CTE with a telling name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.columns import stored
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.naming import shortened
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.types import TEXT, Type
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir import nodes as ir

CUSTOMER, ZONES = "customer", "zone"
"""CTEs that every query has: the customers, and the zones with the calendar day it is there."""
EVENT = "e"
ZONE, TODAY, TODAY_KEY = "_zone", "_today", "_today_key"
"""Columns of our own beside the customer's attributes, whose names never begin with an underscore."""
LONGITUDE = "_longitude_of_"
"""Prefix of the second column of a place on the map."""

Named = tuple[str, exp.Query, str | None]
"""Name of a CTE, what it reads, and what is to be said about it."""


def readable(key: str) -> list[exp.Expr]:
    """A customer's row that can be judged: it has a key, and a zone the tz database knows."""
    return [b.known(b.column(key, CUSTOMER)), b.known(b.column(ZONE, CUSTOMER))]


@dataclass(frozen=True)
class Join:
    """A relation that has to be joined."""

    table: exp.Table
    on: exp.Expr
    left: bool = True


@dataclass
class Shared:
    """What the predicates of one query share.

    Attributes:
        key: name of the customer's key among the attributes.
        leap_day: `feb_28` or `mar_1`, where an anniversary of 29 February falls in common years.
        key_type: what the key is: a text or an integer.
        found: relations, handed to the engine, with those of the audience for whom a condition holds.
    """

    dialect: Dialect
    key: str
    leap_day: str
    key_type: Type = TEXT
    found: Mapping[ir.Predicate, str] = field(default_factory=dict)
    _ctes: dict[Hashable, Named] = field(default_factory=dict)
    _dimensions: dict[ir.Dimension, dict[str, ir.Lookup]] = field(default_factory=dict)
    _taken: dict[str, int] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _asking: list[Span] = field(default_factory=list)
    _places: dict[Hashable, list[Span]] = field(default_factory=dict)

    @classmethod
    def of(cls, catalog: Catalog, dialect: Dialect, leap_day: str) -> Shared:
        key = catalog.customers.key
        return cls(dialect, key, leap_day, catalog.customers.attributes[key].value_type)

    def named(self) -> list[Named]:
        """All of them; what one reads stands before it."""
        dimensions = [
            (dimension_name(each), _dimension(self, each, columns), self._said(each, "one row for each key"))
            for each, columns in self._dimensions.items()
        ]
        ctes = [(name, query, self._said(meaning, said)) for meaning, (name, query, said) in self._ctes.items()]
        return [*dimensions, *ctes]

    @contextmanager
    def clause(self, span: Span | None) -> Iterator[None]:
        """What is lowered inside belongs to the clause at ``span``: comments say so."""
        if span is not None:
            self._asking.append(span)
        yield
        if span is not None:
            self._asking.pop()

    def _said(self, meaning: Hashable, what: str | None) -> str | None:
        return None if what is None else b.said_at(what, *self._places.get(meaning, ()))

    def _asked(self, meaning: Hashable) -> None:
        self._places.setdefault(meaning, []).extend(self._asking[-1:])

    def cte(self, meaning: Hashable, prefix: str, comment: str | None, make: Callable[[], exp.Query]) -> str:
        """The name of the CTE that has this meaning; it is made when there is none yet."""
        self._asked(meaning)
        if meaning not in self._ctes:
            name = self.fresh(prefix)
            query = make()  # may need others, which then stand before this one
            self._ctes[meaning] = (name, query, comment)
        return self._ctes[meaning][0]

    def fresh(self, prefix: str) -> str:
        """``prefix``, or with a number when something else is called so."""
        prefix = name = shortened(prefix)
        while name in self._taken:
            self._taken[prefix] += 1
            name = f"{prefix}_{self._taken[prefix]}"
        self._taken[name] = 1
        return name

    def numbered(self, prefix: str) -> str:
        """The next of several that are alike."""
        self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return f"{prefix}_{self._numbers[prefix]}"

    def dimension(self, lookup: ir.Lookup) -> str:
        """The name of the CTE with the rows of a dimension, this column included."""
        self._asked(lookup.dimension)
        self._dimensions.setdefault(lookup.dimension, {})[lookup.name] = lookup
        return dimension_name(lookup.dimension)


def dimension_name(dimension: ir.Dimension) -> str:
    return f"dimension_{dimension.name}"


DIMENSION_KEY = "_key"


def _dimension(shared: Shared, dimension: ir.Dimension, columns: dict[str, ir.Lookup]) -> exp.Select:
    """One row for each key. Where several differ, the smallest value counts: a join must never multiply rows."""
    key = stored(shared, dimension.key_column, "d", next(iter(columns.values())).key.type)
    values = [
        b.named(shared.dialect.smallest(stored(shared, each.column, "d", each.type), each.type), name)
        for name, each in sorted(columns.items(), key=lambda item: (item[0], item[1].column))
    ]
    return (
        exp.select(b.named(key, DIMENSION_KEY), *values)
        .from_(b.table(dimension.table, "d"), copy=False)
        .where(b.known(key.copy()), copy=False)
        .group_by(key.copy(), copy=False)
    )
