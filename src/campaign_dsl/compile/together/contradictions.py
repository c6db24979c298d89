"""Whether conditions that are all to hold of one customer can hold at all.

Only what is certain counts: events that happened and did not, sets and ranges of one value that have nothing in
common, a value that is known and missing. `x > 5 or x <= 5` is not everybody, since a missing `x` satisfies neither; so
nothing is ever concluded from what is left out, and a condition that is not to hold says something about a value only
once another one says that the value is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes as ir

Condition = tuple[ir.Predicate, bool]
"""A condition, and whether it is to hold."""

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_ALIKE = ({Kind.INTEGER, Kind.DECIMAL}, {Kind.DATE}, {Kind.TIMESTAMP}, {Kind.TEXT}, {Kind.TIME}, {Kind.DURATION})
"""Kinds whose values are in one order for Python and for engines."""


def impossible(conditions: Sequence[Condition]) -> bool:
    """Whether no customer can satisfy all of them."""
    return _happened_and_did_not(conditions) or any(each.is_empty() for each in _domains(conditions))


# ------------------------------------------------------------------------------------------------------------ events


def _happened_and_did_not(conditions: Sequence[Condition]) -> bool:
    happened = [node for node, holds in conditions if holds and isinstance(node, ir.Did)]
    not_so_often = [node for node, holds in conditions if not holds and isinstance(node, ir.Did)]
    return any(implies(one, other) for one in happened for other in not_so_often)


def implies(one: ir.Did, other: ir.Did) -> bool:
    """Whether who has so many events certainly has those, too. Both without a ceiling."""
    return (
        (one.event, one.where) == (other.event, other.where)
        and one.at_most is None
        and other.at_most is None
        and one.at_least >= other.at_least
        and _within(one.window, other.window)
    )


def _within(inner: ir.Window | None, outer: ir.Window | None) -> bool:
    if inner == outer or outer is None or outer == ir.Bounded():
        return True
    return isinstance(inner, ir.Rolling) and isinstance(outer, ir.Rolling) and inner.seconds <= outer.seconds


# ------------------------------------------------------------------------------------------------------------ values


@dataclass
class _Domain:
    """What is left for one value.

    Attributes:
        missing: it is missing.
        known: it is known.
        among: it is one of these; None: nothing said.
        not_among: it is none of these.
        low, high: its bounds, and whether each belongs to the range.
    """

    missing: bool = False
    known: bool = False
    among: set[Any] | None = None
    not_among: set[Any] = field(default_factory=set)
    low: tuple[Any, bool] | None = None
    high: tuple[Any, bool] | None = None

    def keep(self, values: Iterable[Any]) -> None:
        self.among = set(values) if self.among is None else self.among & set(values)

    def bound(self, op: str, value: Any) -> None:
        """One more comparison that holds."""
        if op == "=":
            self.keep((value,))
        elif op == "!=":
            self.not_among.add(value)
        elif op in (">", ">="):
            if self.low is None or (value, op == ">") > (self.low[0], not self.low[1]):
                self.low = (value, op == ">=")
        elif self.high is None or (value, op == "<=") < (self.high[0], self.high[1]):
            self.high = (value, op == "<=")

    def is_empty(self) -> bool:
        if self.missing and self.known:
            return True
        if self.among is not None:
            return not any(value not in self.not_among and self._inside(value) for value in self.among)
        if self.low is None or self.high is None:
            return False
        (low, low_in), (high, high_in) = self.low, self.high
        return bool(low > high or (low == high and not (low_in and high_in)))

    def _inside(self, value: Any) -> bool:
        low, high = self.low, self.high
        above = low is None or value > low[0] or (low[1] and value == low[0])
        below = high is None or value < high[0] or (high[1] and value == high[0])
        return above and below


def _domains(conditions: Sequence[Condition]) -> Iterable[_Domain]:
    """For each value that is spoken of more than once, what is left for it."""
    spoken: dict[ir.Value, list[Condition]] = {}
    for node, holds in conditions:
        value = _about(node)
        if value is not None:
            spoken.setdefault(value, []).append((node, holds))
    for said in spoken.values():
        if len(said) > 1:
            domain = _Domain()
            for node, holds in sorted(said, key=lambda pair: not pair[1]):  # first what makes it known
                _narrow(domain, node, holds)
            yield domain


def _about(node: ir.Predicate) -> ir.Value | None:
    """The value a condition is about, when its other side is constant."""
    match node:
        case ir.IsKnown(value) | ir.IsTrue(value) | ir.InList(value):
            return value
        case ir.Compare(_, value, ir.Constant()) | ir.Between(value, ir.Constant(), ir.Constant()):
            return None if isinstance(value, ir.Constant) else value
    return None


def _narrow(domain: _Domain, node: ir.Predicate, holds: bool) -> None:
    if isinstance(node, ir.IsKnown):
        domain.known, domain.missing = domain.known or holds, domain.missing or not holds
        return
    if holds:
        domain.known = True
    elif not domain.known:
        return
    match node:
        case ir.IsTrue():
            domain.bound("=" if holds else "!=", True)
        case ir.InList(value, items, negated) if all(_alike(value, item) for item in items):
            if negated is not holds:
                domain.keep(item.value for item in items)
            else:
                domain.not_among.update(item.value for item in items)
        case ir.Compare(op, value, ir.Constant() as constant) if value.type.kind is Kind.ENUM:
            _narrow_words(domain, op, value, constant, holds)
        case ir.Compare(op, value, ir.Constant() as constant) if _alike(value, constant) and (
            op in ("=", "!=") or _ordered(value)
        ):
            domain.bound(op if holds else _OPPOSITE[op], constant.value)
        case ir.Between(value, ir.Constant() as low, ir.Constant() as high, negated) if (
            negated is not holds and _ordered(value) and _alike(value, low) and _alike(value, high)
        ):
            domain.bound(">=", low.value)
            domain.bound("<=", high.value)


def _narrow_words(domain: _Domain, op: str, value: ir.Value, constant: ir.Constant, holds: bool) -> None:
    """Words compare by their place. A word that the catalog does not know has none, and satisfies no comparison."""
    word, words = str(constant.value), value.type.values
    if op in ("=", "!="):
        domain.bound(op if holds else _OPPOSITE[op], word)
        return
    place = words.index(word)
    kept = {"<": words[:place], "<=": words[: place + 1], ">": words[place + 1 :], ">=": words[place:]}[op]
    if holds:
        domain.keep(kept)
    else:
        domain.not_among.update(kept)


def _alike(value: ir.Value, constant: ir.Constant) -> bool:
    """Whether a value and a constant are compared as they are, and not as local days."""
    mine, theirs = value.type.kind, constant.type.kind
    return mine is theirs or any(mine in kinds and theirs in kinds for kinds in _ALIKE)


def _ordered(value: ir.Value) -> bool:
    return any(value.type.kind in kinds for kinds in _ALIKE)
