"""What each way of finding customers is expected to cost: so much of each kind of work, at so many nanoseconds each.

With ``C`` rows of customers, ``T`` rows of the table of an event and ``R`` of them of its kind:

| way | work |
|---|---|
| every audience alone | each `ASK + C * (SCAN + TEST * row conditions)`, and for each event `T * READ + R * GROUP` |
| conditions on her row | one scan for all: `ASK + C * (KEY + TEST * row conditions)` |
| one query for an atom | `ASK + T * READ + R * GROUP + C * PLACE` |
| rows of an event | `ASK + T * READ + R * (ROW + MARK * (filters + values))` |
| a walk over an event | its rows, `R * COUNT * groups + C * READ_OFF * atoms` |
| one event after another | the rows of each, for every two `R * FOLLOW` of both, and `C * READ_OFF * atoms` |
| set algebra | for each audience `TELL + C * COMBINE * atoms` |

A group is what is counted or added up under one filter. A table with several kinds of events is taken to hold equally
many of each. Windows are not looked at: how rows lie in time is not known, and narrow ones make both sides cheaper. A
sequence alone reads each of its events, and its rows are joined rather than grouped, at about the same cost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir.nodes import EventSource, Predicate
from campaign_dsl.language.ir.walk import walk


class Term(StrEnum):
    """Kinds of work; each is counted in rows, times what is done to a row, or in queries and audiences."""

    ASK = "a query, from its words to its first row"
    SCAN = "a customer looked at by an audience alone"
    TEST = "a condition on a customer's row"
    KEY = "a customer in the scan for all audiences"
    READ = "a row of a table looked at for its kind"
    GROUP = "a row of an event that SQL counts, adds up or joins"
    PLACE = "a customer in the answer about one atom"
    ROW = "a row of an event that is handed over"
    MARK = "a filter or a value of such a row"
    COUNT = "such a row counted or added up under one filter"
    FOLLOW = "such a row put in order, and looked up"
    READ_OFF = "a customer whose counter is compared"
    TELL = "the members of an audience handed out"
    COMBINE = "a customer in the set of an atom, for an audience"


FIGURES: Mapping[Term, float] = {
    Term.ASK: 9_200_000.0,
    Term.SCAN: 58.0,
    Term.TEST: 0.0,
    Term.KEY: 98.0,
    Term.READ: 1.2,
    Term.GROUP: 27.0,
    Term.PLACE: 31.0,
    Term.ROW: 12.0,
    Term.MARK: 9.6,
    Term.COUNT: 11.5,
    Term.FOLLOW: 18.0,
    Term.READ_OFF: 4.6,
    Term.TELL: 350_000.0,
    Term.COMBINE: 0.018,
}
"""Nanoseconds of a processor, as `benchmarks/engines/calibrate.py` found them: 8 % off in the median, 30 % at most.

Conditions on a row cost nothing that could be told from looking at the row.
"""

Work = Counter[Term]
"""How much there is to do of each kind."""


def cost(work: Work) -> float:
    """Nanoseconds."""
    return sum(FIGURES[term] * amount for term, amount in work.items())


def total(works: Iterable[Work]) -> Work:
    """All of it."""
    found: Work = Counter()
    for each in works:
        found.update(each)
    return found


@dataclass(frozen=True, slots=True)
class Sizes:
    """Rows of tables, by name."""

    rows: Mapping[str, int]
    customers: int

    def of(self, source: EventSource, catalog: Catalog) -> tuple[int, int]:
        """Rows of the whole table, and of this kind."""
        whole = self.rows.get(source.table, 0)
        if source.kind_column is None:
            return whole, whole
        kinds = sum(each.table == source.table and each.kind is not None for each in catalog.events.values())
        return whole, whole // max(kinds, 1)


def sources_in(node: Predicate) -> tuple[EventSource, ...]:
    """The events a condition speaks of."""
    return tuple(dict.fromkeys(each for each in walk(node) if isinstance(each, EventSource)))


def grouping(sources: Iterable[EventSource], sizes: Sizes, catalog: Catalog) -> Work:
    """Reading and grouping the rows of events."""
    found: Work = Counter()
    for source in sources:
        whole, rows = sizes.of(source, catalog)
        found[Term.READ] += whole
        found[Term.GROUP] += rows
    return found


def handing(source: EventSource, marks: int, sizes: Sizes, catalog: Catalog) -> Work:
    """The rows of an event handed over, with so many filters and values."""
    whole, rows = sizes.of(source, catalog)
    return Counter({Term.ASK: 1, Term.READ: whole, Term.ROW: rows, Term.MARK: rows * marks})
