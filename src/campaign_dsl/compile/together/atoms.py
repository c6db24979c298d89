"""Audiences taken apart: formulas over atoms, and each atom once, however many audiences ask it.

An atom is a condition in canonical form. Two are the same when their typed conditions are equal and, if the answer
depends on whose clock local days mean, their clocks are equal too. Whether it does is asked of the lowering to SQL:
what it reads is what it depends on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.customers import OWN
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.predicates import CUSTOMER, Lowering, Shared
from campaign_dsl.compile.together.contradictions import impossible
from campaign_dsl.compile.together.formula import Every, Formula, Literal, Nobody, atoms_in, complement, every, some
from campaign_dsl.compile.together.formula import Everyone as EveryoneOf
from campaign_dsl.compile.together.rewriting import rewritten
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.walk import walk


@dataclass(frozen=True, slots=True)
class Clock:
    """Whose clock local days mean, and where anniversaries of 29 February fall."""

    zone: ir.ZoneRule
    leap_day: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An audience somebody asks for: of a campaign, or a named one.

    Attributes:
        within: the audience that this is a part of; None: it is a whole.
    """

    name: str
    predicate: nodes.Predicate
    clock: Clock
    within: str | None = None

    @classmethod
    def of(cls, campaign: ir.Campaign) -> Asked:
        return cls(campaign.name, campaign.audience, Clock(campaign.zone, campaign.leap_day))

    @classmethod
    def parts(cls, campaign: ir.Campaign) -> dict[nodes.Predicate, Asked]:
        """Whom of its audience it excludes, and its segments, as far as they look at what customers did."""
        whole = cls.of(campaign)
        said = {f"exclusion {number}": each.predicate for number, each in enumerate(campaign.excludes, 1)}
        said |= {f"segment {each.name}": each.predicate for each in campaign.segments if each.predicate is not None}
        return {
            predicate: cls(f"{whole.name}, {name}", nodes.AllOf((whole.predicate, predicate)), whole.clock, whole.name)
            for name, predicate in said.items()
            if looks_at_events(predicate)
        }


@dataclass(frozen=True, slots=True)
class Needs:
    """What a condition reads.

    Attributes:
        clock: the customer's zone, or the day it is there.
        events: other rows than the customer's own and what these point to.
        only_key: of the customer nothing but the key, so that two rows with one key have one answer.
    """

    clock: bool
    events: bool
    only_key: bool


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition, and the clock it depends on; None when it depends on none."""

    predicate: nodes.Predicate
    clock: Clock | None
    events: bool
    only_key: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """An audience as a formula; its own condition too, since it can always be asked alone."""

    name: str
    clock: Clock
    predicate: nodes.Predicate
    formula: Formula
    within: str | None = None


@dataclass(frozen=True)
class Normal:
    """Audiences over numbered atoms."""

    atoms: tuple[Atom, ...]
    audiences: tuple[Audience, ...]

    @cached_property
    def users(self) -> tuple[tuple[str, ...], ...]:
        """For each atom the audiences that ask it; of a part, what it is a part of."""
        found: list[dict[str, None]] = [{} for _ in self.atoms]
        for audience in self.audiences:
            for atom in atoms_in(audience.formula):
                found[atom][audience.within or audience.name] = None
        return tuple(tuple(each) for each in found)


def normalised(asked: Sequence[Asked], key: str, dialect: Dialect) -> Normal:
    """The audiences as formulas, in their order.

    Args:
        key: name of the customer's key among the attributes.
    """
    work = _Work(key, dialect)
    audiences = tuple(
        Audience(each.name, each.clock, each.predicate, work.formula(each.predicate, each.clock), each.within)
        for each in asked
    )
    used = list(dict.fromkeys(atom for each in audiences for atom in atoms_in(each.formula)))
    number = {old: new for new, old in enumerate(used)}
    kept = tuple(replace(each, formula=_renumbered(each.formula, number)) for each in audiences)
    return Normal(tuple(work.list[old] for old in used), kept)


def _renumbered(formula: Formula, number: dict[int, int]) -> Formula:
    match formula:
        case Literal(atom, holds):
            return Literal(number[atom], holds)
        case Every(parts):
            return Every(tuple(_renumbered(part, number) for part in parts))
        case EveryoneOf() | Nobody():
            return formula
    return type(formula)(tuple(_renumbered(part, number) for part in formula.parts))


@dataclass
class _Work:
    key: str
    dialect: Dialect
    list: list[Atom] = field(default_factory=list)
    _numbers: dict[Atom, int] = field(default_factory=dict)
    _canonical: dict[nodes.Predicate, nodes.Predicate] = field(default_factory=dict)
    _needs: dict[nodes.Predicate, Needs] = field(default_factory=dict)

    def formula(self, node: nodes.Predicate, clock: Clock) -> Formula:
        match node:
            case nodes.Always():
                return EveryoneOf()
            case nodes.Negate(item):
                return complement(self.formula(item, clock))
            case nodes.AllOf(items):
                return self._possible(every(self.formula(item, clock) for item in items))
            case nodes.AnyOf(items):
                return some(self.formula(item, clock) for item in items)
        if node not in self._canonical:
            self._canonical[node] = rewritten(node)
        canonical = self._canonical[node]
        return self._atom(node, clock) if canonical == node else self.formula(canonical, clock)

    def _possible(self, formula: Formula) -> Formula:
        if isinstance(formula, Every):
            literals = [each for each in formula.parts if isinstance(each, Literal)]
            if impossible([(self.list[each.atom].predicate, each.holds) for each in literals]):
                return Nobody()
        return formula

    def _atom(self, node: nodes.Predicate, clock: Clock) -> Formula:
        alike = _likeness(node)
        if alike not in self._needs:
            self._needs[alike] = needs(alike, self.key, self.dialect)
        needed = self._needs[alike]
        atom = Atom(node, clock if needed.clock else None, needed.events, needed.only_key)
        if atom not in self._numbers:
            self._numbers[atom] = len(self.list)
            self.list.append(atom)
        return Literal(self._numbers[atom], True)


def _likeness(node: nodes.Predicate) -> nodes.Predicate:
    """A condition that reads the same: only numbers and lengths of time, which read nothing, are others."""
    match node:
        case nodes.Did(at_most=None) if node.at_least > 0:
            return replace(node, at_least=min(node.at_least, 2), window=_any_length(node.window))
        case nodes.Compare(op, left, nodes.Constant(int() | Decimal() as number, kind)) if not isinstance(number, bool):
            if isinstance(left, nodes.Aggregate):
                left = replace(left, window=_any_length(left.window))
            return nodes.Compare(op, left, nodes.Constant(type(number)(1), kind))
    return node


def _any_length(window: nodes.Window | None) -> nodes.Window | None:
    return nodes.Rolling(86_400) if isinstance(window, nodes.Rolling) else window


_OTHER_ROWS = (
    nodes.Did | nodes.FirstDid | nodes.Resumed | nodes.Sequence | nodes.Aggregate | nodes.Rank | nodes.Quintile
)


def looks_at_events(node: nodes.Predicate) -> bool:
    """Whether a condition reads what customers did, and not what they did just now."""
    parts = list(walk(node))
    of_the_trigger = any(isinstance(each, nodes.Property) and each.alias in ("event", "goal") for each in parts)
    return not of_the_trigger and any(isinstance(each, _OTHER_ROWS) for each in parts)


def needs(node: nodes.Predicate, key: str, dialect: Dialect) -> Needs:
    """What the SQL of a condition reads."""
    shared = Shared(dialect, key, "feb_28")
    lowering = Lowering(shared)
    parts: list[exp.Expr] = [lowering.holds(node)]
    parts += [join.on for join in lowering.joins.values()]
    bodies = [body for _, body, _ in shared.named()]
    columns = [column for part in (*parts, *bodies) for column in part.find_all(exp.Column)]
    tables = [table for body in bodies for table in body.find_all(exp.Table)]
    customers = any(table.name == CUSTOMER and table.meta.get(b.CTE) for table in tables)
    return Needs(
        clock=any(column.name in OWN for column in columns),
        events=any(isinstance(each, _OTHER_ROWS) for each in walk(node)),
        only_key=not customers and all(column.name == key for column in columns if column.table == CUSTOMER),
    )
