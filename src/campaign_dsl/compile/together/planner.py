"""Chooses how the atoms of a workspace are found, by what each way is expected to cost (`costs`).

A walk is taken where it costs less than a query for each of its atoms, and all of it only where it costs less than
every audience alone; so one audience is asked alone, and ten small ones may be. The figures are those of DuckDB; on
engines that group more slowly walks are worth it even earlier.

Sets of customers take a bit for each, and those with few members less; half a bit is reckoned with. When the sets of
all audiences would take more than `MEMORY`, audiences are done in rounds, in their order, each with its own scans and
walks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.together.atoms import Normal
from campaign_dsl.compile.together.costs import Sizes, Work, cost, sources_in, total
from campaign_dsl.compile.together.following import Following, following
from campaign_dsl.compile.together.formula import atoms_in
from campaign_dsl.compile.together.trailing import Trailing, told_by_row, trailing
from campaign_dsl.compile.together.works import Scan, Walk, Works
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir.nodes import EventSource, Predicate

MEMORY = 400_000_000
"""Bytes for sets of customers."""
MOST_FOLLOWED = 20_000_000
"""Rows of all events that follow each other, as expected; they are held at the same time."""


class Way(StrEnum):
    """How an atom is found; the value is what people read."""

    ROW = "from her own row"
    WALK = "on one walk over the events"
    FOLLOWED = "by the order of both events"
    QUERY = "by a query of its own"


@dataclass(frozen=True)
class Together:
    """How audiences are found.

    Attributes:
        together: whether atoms are shared at all; else every audience is asked alone.
        work, work_alone: all there is to do together, and one by one.
        forced: whether somebody wanted it this way.
        rounds: audiences by their numbers.
        walks, followed, by_query: of all rounds; a round needs only its own of their atoms.
        trailing, following: what atoms ask of walks and of ``followed``.
    """

    normal: Normal
    sizes: Sizes
    together: bool
    work: Work
    work_alone: Work
    forced: bool
    scans: tuple[Scan, ...]
    walks: tuple[Walk, ...]
    followed: Walk | None
    by_query: tuple[int, ...]
    rounds: tuple[tuple[int, ...], ...]
    trailing: Mapping[int, Trailing] = field(default_factory=dict)
    following: Mapping[int, Following] = field(default_factory=dict)

    @property
    def cost(self) -> float:
        """Seconds it is expected to take."""
        return cost(self.work) / 1e9

    @property
    def cost_alone(self) -> float:
        """Seconds that one by one is expected to take."""
        return cost(self.work_alone) / 1e9

    @property
    def all_walks(self) -> tuple[Walk, ...]:
        """Over one event each, and over those that follow each other."""
        return self.walks if self.followed is None else (*self.walks, self.followed)

    def way(self, atom: int) -> Way:
        """How one atom is found."""
        if any(atom in each.atoms for each in self.scans):
            return Way.ROW
        if self.followed is not None and atom in self.followed.atoms:
            return Way.FOLLOWED
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
    works = Works(normal, sizes, catalog)
    on_walks = _trailing(normal, catalog.customers.key, dialect)
    after = _following(normal, catalog.customers.key, dialect)
    elsewhere = [n for n, atom in enumerate(normal.atoms) if atom.events and n not in on_walks and n not in after]
    walks, by_query = [], list(elsewhere)

    def taken(walk: Walk) -> bool:
        cheaper = cost(walk.work) < cost(walk.work_by_query)
        return forced is not Forced.QUERIES and (forced is Forced.WALKS or cheaper)

    for source, atoms in _by_source(on_walks).items():
        each = works.walk(source, atoms, on_walks)
        if taken(each):
            walks.append(each)
        else:
            by_query += atoms
    followed = works.followed(after) if after else None
    if followed is not None and (
        sum(sizes.of(s, catalog)[1] for s in followed.sources) > MOST_FOLLOWED or not taken(followed)
    ):
        by_query += followed.atoms
        followed = None
    rounds = _rounds(normal, sizes, memory)
    work = works.together(scans, [*walks, *([followed] if followed else [])], by_query, len(rounds))
    alone = total(works.alone(each) for each in normal.audiences)
    cheaper = len(wholes(normal)) > 1 and cost(work) < cost(alone)
    together = forced is not Forced.ALONE and (forced is not None or cheaper)
    return Together(
        normal, sizes, together, work, alone, forced is not None, scans, tuple(walks), followed,
        tuple(sorted(by_query)), rounds, on_walks, after,
    )  # fmt: skip


def wholes(normal: Normal) -> list[str]:
    """The names of audiences that are not parts of others."""
    return [each.name for each in normal.audiences if each.within is None]


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


def _following(normal: Normal, key: str, dialect: Dialect) -> dict[int, Following]:
    found = {}
    for number, atom in enumerate(normal.atoms):
        each = following(atom.predicate) if atom.clock is None and atom.only_key else None
        if each and all(told_by_row(rows.where, rows.source, key, dialect) for rows in (each.first, each.then)):
            found[number] = each
    return found


def _by_source(atoms: Mapping[int, Trailing]) -> dict[EventSource, list[int]]:
    found: dict[EventSource, list[int]] = {}
    for number, each in atoms.items():
        found.setdefault(each.source, []).append(number)
    return found


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
        found += [each.table for each in sources_in(atom.predicate)] if atom.events else []
    return tuple(dict.fromkeys(found))


Counted = Callable[[str], int]
"""How many rows a table has."""


def sizes_of(normal: Normal, catalog: Catalog, count: Counted) -> Sizes:
    """The sizes of those tables."""
    rows = {table: count(table) for table in needed_sizes(normal, catalog)}
    return Sizes(rows, rows[catalog.customers.table])
