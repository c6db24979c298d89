"""Chooses how the atoms of a workspace are found, by what each way is expected to cost.

The ways, and their costs in nanoseconds, with ``C`` rows of customers and ``R`` rows of an event. Tables are asked how
many rows they have; a table with several kinds of events is taken to hold equally many of each. Windows are not looked
at: how rows lie in time is not known, and a narrow window makes both sides cheaper.

| way | what it costs |
|---|---|
| every audience alone | each `C * (SCAN + TEST * row conditions)`, and for each event `T * READ + R * GROUP` |
| conditions on her row | one scan for all: `C * (KEY + TEST * row conditions)` |
| one query for an atom | `T * READ + R * GROUP + C * PLACE` |
| a walk over an event | `T * READ + R * (ROW + MARK * (filters + values) + NOTICE) + C * READ_OFF * atoms` |
| set algebra | `C * COMBINE * atoms` for each audience |

``T`` is the size of the whole table; `NOTICE` is paid when it matters that ids count once. A walk is taken where it
costs less than a query for each of its atoms, and all of it only where it costs less than every audience alone; so one
audience is asked alone, and ten small ones may be. The figures are estimates for DuckDB;
on engines that group more slowly walks are worth it even earlier.

Sets of customers take a bit for each, and those with few members less; half a bit is reckoned with. When the sets of
all audiences would take more than `MEMORY`, audiences are done in rounds, in their order, each with its own scans and
walks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.together.atoms import Audience, Clock, Normal
from campaign_dsl.compile.together.formula import atoms_in
from campaign_dsl.compile.together.trailing import Trailing, told_by_row, trailing
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.nodes import EventSource, Predicate, Property, Rolling, Window
from campaign_dsl.language.ir.walk import walk

SCAN, TEST, KEY = 12.0, 3.0, 30.0
READ, GROUP, PLACE = 2.0, 60.0, 15.0
ROW, MARK, NOTICE, READ_OFF = 60.0, 15.0, 25.0, 3.0
COMBINE = 0.02
MEMORY = 400_000_000
"""Bytes for sets of customers."""


class Way(StrEnum):
    """How an atom is found; the value is what people read."""

    ROW = "from her own row"
    WALK = "on one walk over the events"
    QUERY = "by a query of its own"


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan of customers: the conditions that depend on ``clock`` or on none."""

    clock: Clock
    atoms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk over the rows of an event, and what it would cost to ask for its atoms one by one."""

    source: EventSource
    atoms: tuple[int, ...]
    cost: float
    cost_by_query: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """Rows of tables, by name."""

    rows: Mapping[str, int]
    customers: int

    def of(self, source: EventSource, catalog: Catalog) -> tuple[int, float]:
        """Rows of the whole table, and the share of this kind."""
        whole = self.rows.get(source.table, 0)
        if source.kind_column is None:
            return whole, float(whole)
        kinds = sum(each.table == source.table and each.kind is not None for each in catalog.events.values())
        return whole, whole / max(kinds, 1)


@dataclass(frozen=True)
class Together:
    """How audiences are found.

    Attributes:
        together: whether atoms are shared at all; else every audience is asked alone.
        cost, cost_alone: in seconds, as expected.
        forced: whether somebody wanted it this way.
        rounds: audiences by their numbers.
        walks, by_query: of all rounds; a round needs only its own of their atoms.
    """

    normal: Normal
    sizes: Sizes
    together: bool
    cost: float
    cost_alone: float
    forced: bool
    scans: tuple[Scan, ...]
    walks: tuple[Walk, ...]
    by_query: tuple[int, ...]
    rounds: tuple[tuple[int, ...], ...]
    trailing: Mapping[int, Trailing] = field(default_factory=dict)

    def way(self, atom: int) -> Way:
        """How one atom is found."""
        if any(atom in each.atoms for each in self.scans):
            return Way.ROW
        return Way.WALK if any(atom in each.atoms for each in self.walks) else Way.QUERY


class Forced(StrEnum):
    """What somebody may want instead of what the planner would choose."""

    ALONE = "alone"
    WALKS = "walks"
    QUERIES = "queries"


def planned(
    normal: Normal, sizes: Sizes, catalog: Catalog, dialect: Dialect, forced: Forced | None = None, memory: int = MEMORY
) -> Together:
    """The plan for audiences in normal form."""
    scans = _scans(normal)
    on_walks = _trailing(normal, catalog.customers.key, dialect)
    elsewhere = [
        number for number, atom in enumerate(normal.atoms) if atom.events and number not in on_walks
    ]  # fmt: skip
    walks, by_query = [], list(elsewhere)
    for source, atoms in _by_source(on_walks).items():
        each = _walk(source, atoms, on_walks, normal, sizes, catalog)
        if forced is not Forced.QUERIES and (forced is Forced.WALKS or each.cost < each.cost_by_query):
            walks.append(each)
        else:
            by_query += atoms
    rounds = _rounds(normal, sizes, memory)
    cost = _cost(normal, sizes, catalog, scans, walks, by_query, len(rounds))
    alone = sum(_alone(each, normal, sizes, catalog) for each in normal.audiences)
    together = forced is not Forced.ALONE and (forced is not None or (len(normal.audiences) > 1 and cost < alone))
    return Together(
        normal, sizes, together, cost / 1e9, alone / 1e9, forced is not None, scans, tuple(walks),
        tuple(sorted(by_query)), rounds, on_walks,
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------------- the ways


def _scans(normal: Normal) -> tuple[Scan, ...]:
    """The first is by the clock that most audiences have, and has what depends on none."""
    clocks = Counter(each.clock for each in normal.audiences)
    if not clocks:
        return ()
    main = clocks.most_common(1)[0][0]
    rows = [number for number, atom in enumerate(normal.atoms) if not atom.events]
    of = {clock: tuple(n for n in rows if (normal.atoms[n].clock or main) == clock) for clock in clocks}
    return (Scan(main, of[main]), *(Scan(clock, atoms) for clock, atoms in of.items() if clock != main))


def _trailing(normal: Normal, key: str, dialect: Dialect) -> dict[int, Trailing]:
    found = {}
    told: dict[tuple[EventSource, Predicate | None], bool] = {}
    for number, atom in enumerate(normal.atoms):
        each = trailing(atom.predicate) if atom.clock is None and atom.only_key else None
        if each is None:
            continue
        what = each.source, each.where
        if what not in told:
            told[what] = told_by_row(each.where, each.source, key, dialect)
        if told[what]:
            found[number] = each
    return found


def _by_source(atoms: Mapping[int, Trailing]) -> dict[EventSource, list[int]]:
    found: dict[EventSource, list[int]] = {}
    for number, each in atoms.items():
        found.setdefault(each.source, []).append(number)
    return found


def widest(asked: Sequence[Trailing]) -> Window | None:
    """A window that holds all windows of these; of rows without a time, none."""
    if asked[0].source.occurred_column is None:
        return None
    seconds = [each.start.seconds for each in asked if each.start.seconds is not None and each.start.moment is None]
    if len(seconds) < len(asked):
        return nodes.Bounded()
    inclusive = any(each.start.inclusive for each in asked)
    return Rolling(max(seconds) + inclusive)


def filters_of(asked: Sequence[Trailing]) -> list[Predicate]:
    """The different filters."""
    return list(dict.fromkeys(each.where for each in asked if each.where is not None))


def values_of(asked: Sequence[Trailing]) -> list[Property]:
    """The different values that are added up."""
    return list(dict.fromkeys(each.value for each in asked if each.value is not None))


# ------------------------------------------------------------------------------------------------------------ costs


def _walk(
    source: EventSource, atoms: Sequence[int], on_walks: Mapping[int, Trailing], normal: Normal, sizes: Sizes,
    catalog: Catalog,
) -> Walk:  # fmt: skip
    asked = [on_walks[number] for number in atoms]
    whole, rows = sizes.of(source, catalog)
    marks = len(filters_of(asked)) + len(values_of(asked))
    notice = NOTICE if any(each.counts_each_id for each in asked) else 0
    cost = whole * READ + rows * (ROW + MARK * marks + notice) + sizes.customers * READ_OFF * len(atoms)
    return Walk(source, tuple(atoms), cost, sum(_query(number, normal, sizes, catalog) for number in atoms))


def _query(atom: int, normal: Normal, sizes: Sizes, catalog: Catalog) -> float:
    return _events(normal.atoms[atom].predicate, sizes, catalog) + sizes.customers * PLACE


def _events(node: Predicate, sizes: Sizes, catalog: Catalog) -> float:
    """Reading and grouping the rows of every event a condition speaks of."""
    found = 0.0
    for source in dict.fromkeys(each for each in walk(node) if isinstance(each, EventSource)):
        whole, rows = sizes.of(source, catalog)
        found += whole * READ + rows * GROUP
    return found


def _alone(audience: Audience, normal: Normal, sizes: Sizes, catalog: Catalog) -> float:
    atoms = [normal.atoms[number] for number in dict.fromkeys(atoms_in(audience.formula))]
    own = sum(not atom.events for atom in atoms)
    events = sum(_events(atom.predicate, sizes, catalog) for atom in atoms if atom.events)
    return sizes.customers * (SCAN + TEST * own) + events


def _cost(
    normal: Normal, sizes: Sizes, catalog: Catalog, scans: Sequence[Scan], walks: Sequence[Walk],
    by_query: Sequence[int], rounds: int,
) -> float:  # fmt: skip
    scanned = sum(sizes.customers * (KEY + TEST * len(each.atoms)) for each in scans)
    asked = sum(_query(number, normal, sizes, catalog) for number in by_query)
    combined = sum(sizes.customers * COMBINE * len(list(atoms_in(each.formula))) for each in normal.audiences)
    return rounds * (scanned + sum(each.cost for each in walks)) + asked + combined


def _rounds(normal: Normal, sizes: Sizes, memory: int) -> tuple[tuple[int, ...], ...]:
    """Audiences in their order, as many at a time as there is room for the sets of their atoms."""
    most = max(1, memory // max(1, sizes.customers // 16))
    rounds: list[list[int]] = []
    held: set[int] = set()
    for number, audience in enumerate(normal.audiences):
        needed = set(atoms_in(audience.formula))
        if not rounds or len(held | needed) > most:
            rounds.append([])
            held = set()
        rounds[-1].append(number)
        held |= needed
    return tuple(tuple(each) for each in rounds)


def needed_sizes(normal: Normal, catalog: Catalog) -> tuple[str, ...]:
    """The tables whose sizes a plan depends on, that of customers first."""
    found = [catalog.customers.table]
    for atom in normal.atoms:
        found += [each.table for each in walk(atom.predicate) if isinstance(each, EventSource)]
    return tuple(dict.fromkeys(found))


Counted = Callable[[str], int]
"""How many rows a table has."""


def sizes_of(normal: Normal, catalog: Catalog, count: Counted) -> Sizes:
    """The sizes of those tables."""
    rows = {table: count(table) for table in needed_sizes(normal, catalog)}
    return Sizes(rows, rows[catalog.customers.table])
