"""The pieces of work that a plan is made of: scans, walks, queries, and how much each of them has to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from campaign_dsl.compile.together.atoms import Audience, Clock, Normal
from campaign_dsl.compile.together.costs import Sizes, Term, Work, grouping, handing, sources_in, total
from campaign_dsl.compile.together.following import Following, Rows
from campaign_dsl.compile.together.formula import atoms_in
from campaign_dsl.compile.together.trailing import Start, Trailing
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.nodes import EventSource, Predicate, Property, Rolling, Window


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan of customers: the conditions that depend on ``clock`` or on none."""

    clock: Clock
    atoms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """Rows of events that are read once for several atoms: those of one event, or of all that follow each other.

    Attributes:
        work, work_by_query: to do this, and to ask for its atoms one by one.
    """

    sources: tuple[EventSource, ...]
    atoms: tuple[int, ...]
    work: Work
    work_by_query: Work

    @property
    def says(self) -> str:
        """Its events by name."""
        return ", ".join(each.name for each in self.sources)


class Works:
    """How much there is to do."""

    def __init__(self, normal: Normal, sizes: Sizes, catalog: Catalog) -> None:
        self._sizes, self._catalog, self._customers = sizes, catalog, sizes.customers
        self._normal = normal
        self._grouped = [
            grouping(sources_in(atom.predicate), sizes, catalog) if atom.events else Work() for atom in normal.atoms
        ]

    def alone(self, audience: Audience) -> Work:
        atoms = dict.fromkeys(atoms_in(audience.formula))
        if audience.within is not None:
            # Its campaign's query asks this beside the audience.
            whole = next(each for each in self._normal.audiences if each.name == audience.within)
            return total(self._grouped[atom] for atom in atoms.keys() - set(atoms_in(whole.formula)))
        own = sum(not self._normal.atoms[atom].events for atom in atoms)
        row = Counter({Term.ASK: 1, Term.SCAN: self._customers, Term.TEST: self._customers * own})
        return total([row, *(self._grouped[atom] for atom in atoms)])

    def query(self, atom: int) -> Work:
        return self._grouped[atom] + Counter({Term.ASK: 1, Term.PLACE: self._customers})

    def walk(self, source: EventSource, atoms: Sequence[int], on_walks: Mapping[int, Trailing]) -> Walk:
        asked = [on_walks[number] for number in atoms]
        work = handing(source, len(filters_of(asked)) + len(values_of(asked)), self._sizes, self._catalog)
        groups = len({(each.where, each.value) for each in asked})
        work[Term.COUNT] = work[Term.ROW] * groups
        work[Term.READ_OFF] = self._customers * len(atoms)
        return Walk((source,), tuple(atoms), work, total(map(self.query, atoms)))

    def followed(self, after: Mapping[int, Following]) -> Walk:
        by_source = rows_of(after.values())
        filters = {source: sum(each.where is not None for each in rows) for source, rows in by_source.items()}
        work = total(handing(source, count, self._sizes, self._catalog) for source, count in filters.items())
        for first, then in {(each.first, each.then) for each in after.values()}:
            work[Term.FOLLOW] += sum(self._sizes.of(each.source, self._catalog)[1] for each in (first, then))
        work[Term.READ_OFF] = self._customers * len(after)
        return Walk(tuple(by_source), tuple(after), work, total(map(self.query, after)))

    def together(self, scans: Sequence[Scan], walks: Sequence[Walk], by_query: Sequence[int], rounds: int) -> Work:
        customers = self._customers
        again = [each.work for each in walks]
        for scan in scans:
            again.append(Counter({Term.ASK: 1, Term.KEY: customers, Term.TEST: customers * len(scan.atoms)}))
        combined = sum(len(list(atoms_in(each.formula))) for each in self._normal.audiences)
        told = Counter({Term.TELL: len(self._normal.audiences), Term.COMBINE: customers * combined})
        return total([*again * rounds, *map(self.query, by_query), told])


def widest(starts: Sequence[Start]) -> Window:
    """A window that holds all windows that begin so."""
    seconds = [each.seconds for each in starts if each.seconds is not None and each.moment is None]
    if len(seconds) < len(starts):
        return nodes.Bounded()
    inclusive = any(each.inclusive for each in starts)
    return Rolling(max(seconds) + inclusive)


def filters_of(asked: Sequence[Trailing]) -> list[Predicate]:
    """The different filters."""
    return list(dict.fromkeys(each.where for each in asked if each.where is not None))


def rows_of(asked: Iterable[Following]) -> dict[EventSource, list[Rows]]:
    """The different rows that follow each other, by their event."""
    found: dict[EventSource, list[Rows]] = {}
    for rows in dict.fromkeys(rows for each in asked for rows in (each.first, each.then)):
        found.setdefault(rows.source, []).append(rows)
    return found


def values_of(asked: Sequence[Trailing]) -> list[Property]:
    """The different values that are added up."""
    return list(dict.fromkeys(each.value for each in asked if each.value is not None))
