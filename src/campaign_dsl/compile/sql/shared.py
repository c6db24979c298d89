"""What one query computes once, whoever asks for it: each a CTE with a telling name."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.protocol import Dialect
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
    """

    dialect: Dialect
    key: str
    leap_day: str
    _ctes: dict[Hashable, Named] = field(default_factory=dict)
    _dimensions: dict[ir.Dimension, set[tuple[str, str]]] = field(default_factory=dict)
    _taken: dict[str, int] = field(default_factory=dict)

    def named(self) -> list[Named]:
        """All of them; what one reads stands before it."""
        dimensions = [
            (dimension_name(each), _dimension(each, columns), "one row for each key")
            for each, columns in self._dimensions.items()
        ]
        return [*dimensions, *self._ctes.values()]

    def cte(self, meaning: Hashable, prefix: str, comment: str | None, make: Callable[[], exp.Query]) -> str:
        """The name of the CTE that has this meaning; it is made when there is none yet."""
        if meaning not in self._ctes:
            name = self.fresh(prefix)
            query = make()  # may need others, which then stand before this one
            self._ctes[meaning] = (name, query, comment)
        return self._ctes[meaning][0]

    def fresh(self, prefix: str) -> str:
        """A name that nothing else has."""
        self._taken[prefix] = self._taken.get(prefix, 0) + 1
        return f"{prefix}_{self._taken[prefix]}"

    def dimension(self, lookup: ir.Lookup) -> str:
        """The name of the CTE with the rows of a dimension, this column included."""
        self._dimensions.setdefault(lookup.dimension, set()).add((lookup.name, lookup.column))
        return dimension_name(lookup.dimension)


def dimension_name(dimension: ir.Dimension) -> str:
    return f"dimension_{dimension.name}"


DIMENSION_KEY = "_key"


def _dimension(dimension: ir.Dimension, columns: set[tuple[str, str]]) -> exp.Select:
    """One row for each key. Where several differ, the smallest value counts: a join must never multiply rows."""
    key = b.column(dimension.key_column, "d")
    values = [b.named(exp.Min(this=b.column(column, "d")), name) for name, column in sorted(columns)]
    return (
        exp.select(b.named(key, DIMENSION_KEY), *values)
        .from_(b.table(dimension.table, "d"), copy=False)
        .where(b.known(key.copy()), copy=False)
        .group_by(key.copy(), copy=False)
    )
