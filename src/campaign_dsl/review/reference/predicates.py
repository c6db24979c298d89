"""Whether every predicate holds for one customer at T. Two-valued: a test on a missing value is false."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from math import asin, cos, floor, radians, sin, sqrt
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.review.reference.aggregates import is_ranked
from campaign_dsl.review.reference.chance import drawn
from campaign_dsl.review.reference.events import chains, matching, resumed
from campaign_dsl.review.reference.moments import anniversary
from campaign_dsl.review.reference.scope import Scope
from campaign_dsl.review.reference.values import lower, ordinal
from campaign_dsl.review.reference.windows import within
from campaign_dsl.review.reference.world import id_of

_COMPARE = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_EARTH_M = 6_371_008.8


def holds(node: ir.Predicate, scope: Scope) -> bool:
    """Whether ``node`` is true for the customer of ``scope``, and in the row and the lists it stands in.

    Every part is looked at, also when an earlier one has decided: who asks why wants to see them all.
    """
    match node:
        case ir.Always():
            return True
        case ir.AnyOf(items):
            tests = [scope.holds(item) for item in items]
            return any(tests)
        case ir.AllOf(items):
            tests = [scope.holds(item) for item in items]
            return all(tests)
        case ir.Negate(item):
            return not scope.holds(item)
        case ir.InAudience(_, inner):
            return scope.holds(inner)
        case ir.IsKnown(value):
            return scope.value(value) is not None
        case ir.IsTrue(value):
            return scope.value(value) is True
        case ir.Compare(op, left, right):
            return _compare(op, left, right, scope)
        case ir.Between():
            return _between(node, scope)
        case ir.InList(value, items, negated):
            known = scope.value(value)
            return known is not None and negated != any(_same(known, item.value, scope) for item in items)
        case ir.TextTest():
            return _text_test(node, scope)
        case ir.Matches():
            return _matches(node, scope)
        case ir.ListTest() | ir.IsEmpty() | ir.Quantified():
            return _about_list(node, scope)
        case ir.InStaticList(_, keys):
            return id_of(scope.customer, scope.world) in keys
        case ir.Sample(percent, salt):
            return drawn(salt, id_of(scope.customer, scope.world), percent)
        case ir.Rank():
            return is_ranked(node, scope)
        case ir.AnniversaryIn(day, first, last):
            return _anniversary_in(scope.value(day), first, last, scope)
        case ir.Within(place, circles):
            here = scope.value(place)
            on_earth = here is not None and abs(here[0]) <= 90 and abs(here[1]) <= 180
            return on_earth and any(_metres(here, circle) <= circle.radius_m for circle in circles)
        case ir.Did() | ir.FirstDid() | ir.Resumed() | ir.Sequence():
            return _about_events(node, scope)
    raise AssertionError(node)


# --------------------------------------------------------------------------------------------------- comparing values


def _compare(op: str, left: ir.Value, right: ir.Value, scope: Scope) -> bool:
    if left.type.kind is Kind.ENUM and op not in ("=", "!="):
        mine, theirs = ordinal(left, scope), ordinal(right, scope)
    else:
        mine, theirs = scope.value(left), scope.value(right)
    mine, theirs = _alike(mine, theirs, scope)
    return mine is not None and theirs is not None and bool(_COMPARE[op](mine, theirs))


def _alike(mine: Any, theirs: Any, scope: Scope) -> tuple[Any, Any]:
    """Both sides; an instant beside a calendar day is the calendar day it has where the customer is."""
    if mine is None or theirs is None:
        return None, None
    if isinstance(mine, datetime) and not isinstance(theirs, datetime):
        return scope.local_day(mine), theirs
    if isinstance(theirs, datetime) and not isinstance(mine, datetime):
        return mine, scope.local_day(theirs)
    return mine, theirs


def _same(mine: Any, theirs: Any, scope: Scope) -> bool:
    mine, theirs = _alike(mine, theirs, scope)
    return mine is not None and bool(mine == theirs)


def _between(node: ir.Between, scope: Scope) -> bool:
    inside = _compare("<=", node.low, node.value, scope) and _compare("<=", node.value, node.high, scope)
    if not node.negated:
        return inside
    return not inside and all(ordinal(side, scope) is not None for side in (node.value, node.low, node.high))


# --------------------------------------------------------------------------------------------------------------- text


def _text_test(node: ir.TextTest, scope: Scope) -> bool:
    value, text = scope.value(node.value), scope.value(node.text)
    if value is None or text is None:
        return False
    if node.ignoring_case:
        value, text = lower(value), lower(text)
    match node.op:
        case "contains":
            return text in value
        case "does not contain":
            return text not in value
        case "starts with":
            return bool(value.startswith(text))
        case "ends with":
            return bool(value.endswith(text))
    raise AssertionError(node.op)


def _matches(node: ir.Matches, scope: Scope) -> bool:
    text = scope.value(node.value)
    if text is None:
        return False
    pattern, flags = _for_python(node.pattern), re.DOTALL
    if node.ignoring_case:
        # To `re` alone these two are forms of an `i`; in the simple case folding of Unicode they have no other case.
        pattern, text, flags = pattern.translate(_DOTLESS), text.translate(_DOTLESS), flags | re.IGNORECASE
    return node.negated != (re.search(pattern, text, flags) is not None)


_DOTLESS = {ord("İ"): 0xE000, ord("ı"): 0xE001}
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def _for_python(pattern: str) -> str:
    """The same pattern for `re`, where `$` would also stand before a last line break."""
    return "".join(r"\Z" if piece == "$" else piece for piece in _PIECE.findall(pattern))


# -------------------------------------------------------------------------------------------------------------- lists


def _about_list(node: ir.ListTest | ir.IsEmpty | ir.Quantified, scope: Scope) -> bool:
    """A test of a list. False when the list is missing; an element that is missing is like no other."""
    found = scope.value(node.items if isinstance(node, ir.Quantified) else node.value)
    if found is None:
        return False
    match node:
        case ir.IsEmpty(_, negated):
            return negated != (len(found) == 0)
        case ir.ListTest(op, _, items):
            tests = [any(_same(one, item.value, scope) for one in found) for item in items]
            return {"any": any(tests), "all": all(tests), "none": not any(tests)}[op]
        case ir.Quantified(op, _, where):
            tests = [scope.element(one).holds(where) for one in found]
            return {"any": any(tests), "all": all(tests), "none": not any(tests)}[op]


# ---------------------------------------------------------------------------------------------------- days and places


def _anniversary_in(day: Any, first: int, last: int, scope: Scope) -> bool:
    if day is None:
        return False
    coming = (scope.today + timedelta(days=offset) for offset in range(first, last + 1))
    return any(anniversary(day, each.year, scope.clock.leap_day) == each for each in coming)


def _metres(place: tuple[Any, Any], circle: ir.Circle) -> int:
    """The great circle distance on a sphere, in whole metres."""
    north, east = (radians(float(degrees)) for degrees in place)
    other_north, other_east = radians(float(circle.latitude)), radians(float(circle.longitude))
    half_chord = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    return floor(2 * _EARTH_M * asin(sqrt(min(1.0, half_chord))) + 0.5)


# ------------------------------------------------------------------------------------------------------------- events


def _about_events(node: ir.Did | ir.FirstDid | ir.Resumed | ir.Sequence, scope: Scope) -> bool:
    match node:
        case ir.Did(event, where, window, at_least, at_most):
            count = len(matching(event, where, window, scope))
            return at_least <= count and (at_most is None or count <= at_most)
        case ir.FirstDid(event, where, window):
            found = matching(event, where, None, scope)
            return bool(found) and within(window, found[0].at, scope)
        case ir.Resumed():
            return resumed(node, scope)
        case ir.Sequence(steps, window):
            return bool(chains(steps, window, scope))
