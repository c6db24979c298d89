"""Asks the engine what a plan says, and gives the members of each audience in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from sqlglot import exp

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.compile.together import queries
from campaign_dsl.compile.together.atoms import Asked, Audience, Clock, normalised
from campaign_dsl.compile.together.costs import Sizes
from campaign_dsl.compile.together.formula import atoms_in
from campaign_dsl.compile.together.planner import Forced, Together, planned, sizes_of
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.run.together import bitmaps
from campaign_dsl.run.together.customers import Scanned, moved, scanned
from campaign_dsl.run.together.followed import followed_over
from campaign_dsl.run.together.keys import NOWHERE, Keys
from campaign_dsl.run.together.unable import Unable
from campaign_dsl.run.together.walks import walk_over

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.dialects.protocol import Dialect
    from campaign_dsl.run.engines.protocol import Engine
    from campaign_dsl.run.together.bitmaps import Bits


@dataclass(frozen=True, slots=True)
class Members:
    """Who is in an audience.

    Attributes:
        ids: their keys; a customer with two rows is here as often as her rows are in it. None when it is left to be
            asked alone.
        alone: why it was asked alone although others were found together; None when it was not.
        one_answer: of customers with two rows, both are in it or neither is.
    """

    name: str
    ids: pa.Array | None
    alone: str | None = None
    one_answer: bool = True


@dataclass
class Question:
    """What audiences are found with: an engine, what its tables mean, and T."""

    engine: Engine
    catalog: Catalog
    as_of: datetime
    noted: list[str] = field(default_factory=list)
    """What turned out otherwise than planned, in words."""

    @property
    def dialect(self) -> Dialect:
        return DIALECTS[self.engine.dialect]

    def read(self, query: exp.Select, relations: Mapping[str, pa.Table] | None = None) -> pa.RecordBatchReader:
        return self.engine.read(render(bind(query, self.as_of), self.engine.dialect), relations)

    def size(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.read(queries.counted(table)).read_all().column(0)[0].as_py())


def plan_together(
    question: Question,
    asked: Sequence[Asked],
    forced: Forced | None = None,
    memory: int | None = None,
    *,
    weigh: bool = False,
) -> Together:
    """How these audiences would be found.

    Args:
        weigh: whether to ask for the sizes of tables even when nothing depends on them.
    """
    catalog = question.catalog
    normal = normalised(asked, catalog.customers.key, question.dialect)
    decided = len(asked) < 2 and forced is None and not weigh
    sizes = Sizes({}, 0) if decided else sizes_of(normal, catalog, question.size)
    limits = {} if memory is None else {"memory": memory}
    return planned(normal, sizes, catalog, question.dialect, forced, **limits)


def members(question: Question, plan: Together, *, ask_alone: bool = True) -> Iterator[Members]:
    """The members of each audience, in the order of the plan.

    Args:
        ask_alone: whether to ask for what cannot be found together, too.

    Raises:
        DataProblem, EnvironmentProblem: as the engine.
    """
    for chosen in plan.rounds:
        audiences = [plan.normal.audiences[number] for number in chosen]
        if not plan.together:
            yield from (_alone(question, each, None, ask_alone) for each in audiences)
            continue
        try:
            answers = _Round(question, plan, audiences, ask_alone).answers()
        except Unable as reason:
            yield from (_alone(question, each, str(reason), ask_alone) for each in audiences)
            continue
        for audience in audiences:
            yield answers(audience)


def _alone(question: Question, audience: Audience, reason: str | None, ask: bool) -> Members:
    if not ask:
        return Members(audience.name, None, reason)
    clock = audience.clock
    query = audience_query(audience.predicate, clock.zone, clock.leap_day, question.catalog, question.dialect)
    found = question.read(query).read_all().column(0)
    return Members(audience.name, _one(found), reason)


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks else pa.array([], column.type)


@dataclass
class _Round:
    """Audiences whose atoms are held at the same time.

    Attributes:
        unsure: atoms that say nothing certain about customers with two rows.
    """

    question: Question
    plan: Together
    audiences: Sequence[Audience]
    ask_alone: bool
    atoms: bitmaps.Sets = field(init=False)
    unsure: set[int] = field(default_factory=set)

    def answers(self) -> Callable[[Audience], Members]:
        """Finds all atoms; then each audience is a matter of sets.

        Raises:
            Unable: the keys of customers are of a kind that is not known here.
        """
        needed = {atom for each in self.audiences for atom in atoms_in(each.formula)}
        first, *others = self.plan.scans
        scan = self._scan([atom for atom in first.atoms if atom in needed], first.clock)
        keys = Keys(scan.keys)
        self.atoms = bitmaps.Sets(len(keys))
        self._keep(first.atoms, scan, needed)
        readable = {first.clock: scan.readable}
        doubled = bool(len(keys.doubled[0]))
        clocks = {each.clock for each in self.audiences}
        for other in others:
            if other.clock in clocks:
                again = self._scan([atom for atom in other.atoms if atom in needed], other.clock)
                there = moved(again, keys)
                self._keep(other.atoms, there, needed)
                readable[other.clock] = there.readable
                self.unsure |= set(other.atoms)
        self._events(needed, keys)

        def of(audience: Audience) -> Members:
            atoms = set(atoms_in(audience.formula))
            if doubled and (atoms & self.unsure or audience.clock != first.clock):
                return _alone(self.question, audience, "customers have two rows, which differ", self.ask_alone)
            everyone = readable[audience.clock]
            bits = bitmaps.combined(audience.formula, self.atoms, everyone)
            found = keys.keys.take(pa.array(bitmaps.places(bits)))
            return Members(audience.name, found, None, not doubled or _one_answer(bits, everyone, keys))

        return of

    def _scan(self, atoms: Sequence[int], clock: Clock) -> Scanned:
        chosen = [self.plan.normal.atoms[number] for number in atoms]
        query = queries.flags(chosen, clock, self.question.catalog, self.question.dialect)
        return scanned(self.question.read(query), len(chosen))

    def _keep(self, atoms: Sequence[int], scan: Scanned, needed: set[int]) -> None:
        for atom, bits in zip([atom for atom in atoms if atom in needed], scan.flags, strict=True):
            self.atoms.put(atom, bits)

    def _events(self, needed: set[int], keys: Keys) -> None:
        by_query = [atom for atom in self.plan.by_query if atom in needed]
        for each in self.plan.walks:
            chosen = [atom for atom in each.atoms if atom in needed]
            if not chosen:
                continue
            asked = {atom: self.plan.trailing[atom] for atom in chosen}
            rows = self.plan.sizes.of(each.sources[0], self.question.catalog)[1]
            found = walk_over(self.question, asked, keys, rows)
            by_query += self._taken(each.says, found, keys)
        if self.plan.followed is not None:
            after = {atom: self.plan.following[atom] for atom in self.plan.followed.atoms if atom in needed}
            if after:
                by_query += self._taken(self.plan.followed.says, followed_over(self.question, after, keys), keys)
        for atom in by_query:
            self._ask(atom, keys)

    def _taken(self, event: str, found: Mapping[int, Bits | Unable], keys: Keys) -> list[int]:
        """Keeps what a walk found; gives the atoms that it could not tell."""
        left = []
        for atom, bits in found.items():
            if isinstance(bits, Unable):
                self.question.noted.append(f"{event}: {bits}, so it was asked by a query")
                left.append(atom)
            else:
                bitmaps.copied(bits, *keys.doubled)
                self.atoms.put(atom, bits)
        return left

    def _ask(self, number: int, keys: Keys) -> None:
        atom = self.plan.normal.atoms[number]
        query = queries.members(atom, self.question.catalog, self.question.dialect)
        chosen = np.zeros(len(keys), np.bool_)
        for batch in self.question.read(query):
            rows = keys.rows(batch.column(0))
            chosen[rows[rows != NOWHERE]] = True
        bits = bitmaps.packed(chosen)
        if atom.only_key:
            bitmaps.copied(bits, *keys.doubled)
        else:
            self.unsure.add(number)
        self.atoms.put(number, bits)


def _one_answer(bits: Bits, everyone: Bits, keys: Keys) -> bool:
    """Whether of each customer with two rows or more all that can be judged are in the set, or none is."""
    others, first = keys.doubled
    rows = np.concatenate([others, np.unique(first)])
    rows = rows[bitmaps.has(everyone, rows)]
    # A customer whose rows disagree is found both among those who are in and among those who are out.
    whose = np.arange(len(keys))
    whose[others] = first
    inside = bitmaps.has(bits, rows)
    return not np.intersect1d(whose[rows[inside]], whose[rows[~inside]]).size
