"""Finds the names in expressions and checks their types. Collects every problem; never raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean, near
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import COMPARISONS
from campaign_dsl.language.semantics.arithmetic import within_digits
from campaign_dsl.language.semantics.durations import exact_seconds
from campaign_dsl.language.syntax import tree as t

INTEGER = Type(Kind.INTEGER)
DECIMAL = Type(Kind.DECIMAL)
BOOLEAN = Type(Kind.BOOLEAN)


@dataclass(frozen=True, slots=True)
class Names:
    """What an expression may name.

    Args:
        audience: gives the predicate of a named audience, or None after having reported why there is none.
        default_zone: zone of instants written without an offset.
        event: the event whose properties are in scope, inside an event filter.
    """

    catalog: model.Catalog
    audience: Callable[[t.Name, Problems], ir.Predicate | None]
    default_zone: str
    event: str | None = None

    def inside(self, event: str) -> Names:
        return Names(self.catalog, self.audience, self.default_zone, event)


def attribute(catalog: model.Catalog, name: str) -> ir.Attribute | None:
    """The customer attribute called ``name``."""
    entry = catalog.customers.attributes.get(name)
    return None if entry is None else ir.Attribute(name, entry.column or name, entry.value_type)


def predicate(node: t.Expression, names: Names, problems: Problems) -> ir.Predicate | None:
    """The typed predicate, or None after having reported what is wrong."""
    match node:
        case t.AnyOf(items) | t.AllOf(items):
            parts = [predicate(item, names, problems) for item in items]
            kept = tuple(part for part in parts if part is not None)
            if len(kept) < len(parts):
                return None
            return ir.AnyOf(kept) if isinstance(node, t.AnyOf) else ir.AllOf(kept)
        case t.Not(item):
            inner = predicate(item, names, problems)
            return None if inner is None else ir.Negate(inner)
        case t.Everyone():
            return ir.Always()
        case t.InAudience(name):
            if not _customer_only(names, node.span, "`in audience`", problems):
                return None
            found = names.audience(name, problems)
            return None if found is None else ir.InAudience(name.text, found)
        case t.Compare():
            return _compare(node, names, problems)
        case t.Between():
            return _between(node, names, problems)
        case t.InList():
            return _in_list(node, names, problems)
        case t.Known(value, known):
            typed = _value(value, names, problems)
            if typed is None:
                return None
            return ir.IsKnown(typed) if known else ir.Negate(ir.IsKnown(typed))
        case t.TextTest():
            return _text_test(node, names, problems)
        case t.Did():
            return _did(node, names, problems)
        case t.Path() | t.Constant() | t.Arithmetic() | t.Aggregate():
            typed = _value(node, names, problems)
            if typed is None:
                return None
            if typed.type.kind is not Kind.BOOLEAN:
                problems.add(
                    "TYP002",
                    f"a condition is expected here, this is {_a(typed.type)}",
                    node.span,
                    help="compare it with something, as in `age >= 18`, or ask `is known`",
                )
                return None
            if isinstance(typed, ir.Constant):
                return ir.Always() if typed.value else ir.Negate(ir.Always())
            return ir.IsTrue(typed)


def _a(type_: Type) -> str:
    word = str(type_)
    return word if type_.kind is Kind.TEXT else ("an " if word[0] in "aeiou" else "a ") + word


def _customer_only(names: Names, span: Span, what: str, problems: Problems) -> bool:
    if names.event is None:
        return True
    problems.add(
        "TYP005",
        f"{what} cannot stand inside the filter of `{names.event}`",
        span,
        why=f"all conditions of one filter hold on the same {names.event} event",
        help="close the event test in parentheses first: `(did ... in last 90 days) and ...`",
    )
    return False


# ---------------------------------------------------------------------------------------------------------- values


def _value(node: t.Expression, names: Names, problems: Problems, expected: Type | None = None) -> ir.Value | None:
    match node:
        case t.Constant():
            return _constant(node, names, problems, expected)
        case t.Path():
            return _path(node, names, problems, expected)
        case t.Arithmetic():
            return _arithmetic(node, names, problems)
        case t.Aggregate():
            return _aggregate(node, names, problems)
        case _:
            problems.add(
                "TYP002",
                "a value is expected here, this is a condition",
                node.span,
                help="conditions join with `and`, `or`, `not`",
            )
            return None


def _arithmetic(node: t.Arithmetic, names: Names, problems: Problems) -> ir.Value | None:
    left, right = _value(node.left, names, problems), _value(node.right, names, problems)
    if left is None or right is None:
        return None
    for side, operand in ((left, node.left), (right, node.right)):
        if not side.type.is_number:
            problems.add(
                "TYP003",
                f"`{node.op}` needs numbers, this is {_a(side.type)}",
                operand.span,
                help="use number attributes",
            )
            return None
    kind = Kind.DECIMAL if Kind.DECIMAL in (left.type.kind, right.type.kind) else Kind.INTEGER
    made = ir.Arithmetic(node.op, left, right, Type(kind, nullable=True))
    return within_digits(made, node.span, problems)


def _path(node: t.Path, names: Names, problems: Problems, expected: Type | None) -> ir.Value | None:
    parts = [part.text for part in node.parts]
    if len(parts) == 2 and parts[0] == "customer" and names.event is None:
        parts = parts[1:]
    if len(parts) == 1 and expected is not None and expected.kind is Kind.ENUM and parts[0] in expected.values:
        return ir.Constant(parts[0], Type(Kind.ENUM, values=expected.values, ordered=expected.ordered))
    if len(parts) > 1:
        problems.add(
            "NAM001",
            f"`{node.text}` is not an attribute",
            node.span,
            help="event properties are reached through events, as in `sum of purchase.amount in last 90 days`",
        )
        return None
    name = parts[0]
    scope: Mapping[str, model.Attribute] = (
        names.catalog.events[names.event].properties if names.event else names.catalog.customers.attributes
    )
    entry = scope.get(name)
    if entry is not None:
        found = ir.Property if names.event else ir.Attribute
        return found(name, entry.column or name, entry.value_type)
    if name == "age" and names.event is None:
        return _age(node, names, problems)
    if expected is not None and expected.kind is Kind.ENUM:
        _unknown_word(name, expected, node.span, problems)
        return None
    unknown = f"`{names.event}` has no property `{name}`" if names.event else f"unknown customer attribute `{name}`"
    problems.add("NAM001", unknown, node.span, help=_instead_of(name, scope, names, expected))
    return None


def _instead_of(name: str, scope: Mapping[str, model.Attribute], names: Names, expected: Type | None) -> str:
    """What may be meant by a name that nothing has."""
    word = name.lower()
    if names.event is not None and name in names.catalog.customers.attributes:
        return f"`{name}` is a customer attribute: close the event test in parentheses before it"
    if word in ("null", "none", "nil", "empty"):
        return "to ask whether there is a value write `is known` or `is missing`"
    if expected is not None and expected.kind is Kind.BOOLEAN and word in _BOOLEANS:
        return f"write `{_BOOLEANS[word]}`"
    known = [*scope, "age"] if names.event is None else list(scope)
    if near(name, known) or expected is None:
        return did_you_mean(name, known, "known names") or "declare it in catalog.yaml"
    if expected.kind is Kind.TEXT:
        return f'text stands in double quotes: `"{name}"`'
    return _comparison_help(expected)


_BOOLEANS = {"yes": "true", "true": "true", "on": "true", "no": "false", "false": "false", "off": "false"}


def _age(node: t.Path, names: Names, problems: Problems) -> ir.Value | None:
    birth = names.catalog.customers.birth_date
    found = attribute(names.catalog, birth) if birth else None
    if found is None:
        problems.add(
            "NAM002",
            "`age` needs to know the birth date",
            node.span,
            help="set `customers: birth_date:` in catalog.yaml to a date attribute",
        )
        return None
    return ir.Age(found, Type(Kind.INTEGER, found.type.nullable))


def _unknown_word(word: str, enum: Type, span: Span, problems: Problems) -> None:
    problems.add(
        "TYP004",
        f"`{word}` is not one of the values here",
        span,
        why="a test against a value that cannot occur would match nobody",
        help=(did_you_mean(word, enum.values) if near(word, enum.values) else None) or _comparison_help(enum),
    )


def _constant(node: t.Constant, names: Names, problems: Problems, expected: Type | None) -> ir.Constant | None:
    match node.kind:
        case "text":
            if expected is not None and expected.kind is Kind.ENUM:
                if node.text not in expected.values:
                    _unknown_word(node.text, expected, node.span, problems)
                    return None
                return ir.Constant(node.text, Type(Kind.ENUM, values=expected.values, ordered=expected.ordered))
            if expected is not None and expected.kind is Kind.DATE:
                day = node.text if _is_day(node.text) else "2026-01-31"
                problems.add("TYP001", "a day is written without quotes", node.span, help=f"write `{day}`")
                return None
            return ir.Constant(node.text, Type(Kind.TEXT))
        case "integer":
            return ir.Constant(int(node.text), INTEGER)
        case "decimal":
            return ir.Constant(Decimal(node.text), DECIMAL)
        case "boolean":
            return ir.Constant(node.text == "true", BOOLEAN)
        case "date":
            return ir.Constant(date.fromisoformat(node.text), Type(Kind.DATE))
        case _:
            return ir.Constant(instant(node.text, names.default_zone), Type(Kind.TIMESTAMP))


def instant(text: str, default_zone: str) -> datetime:
    """The UTC instant an ISO text means. A local time that DST skips moves forward; of two the first is meant."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone(default_zone))
    return moment.astimezone(UTC)


def _aggregate(node: t.Aggregate, names: Names, problems: Problems) -> ir.Value | None:
    if not _customer_only(names, node.span, f"`{node.function} of`", problems):
        return None
    source = event_source(node.event, names.catalog, problems)
    window = _window(node.window, names, problems) if node.window else None
    if source is None:
        return None
    inner = names.inside(node.event.text)
    where = predicate(node.where, inner, problems) if node.where else None
    if window is None or (node.where and where is None):
        return None
    if node.property is None:
        return ir.Aggregate("count", source, None, where, window, INTEGER)
    prop = _path(node.property, inner, problems, None)
    if prop is None:
        return None
    assert isinstance(prop, ir.Property)
    if node.function in ("sum", "average") and not prop.type.is_number:
        problems.add(
            "TYP003",
            f"`{node.function} of` needs a number, `{prop.name}` is {_a(prop.type)}",
            node.property.span,
            help="use `count of` to count events",
        )
        return None
    if node.function in ("smallest", "largest") and not _has_order(prop.type):
        problems.add(
            "TYP003",
            f"`{node.function} of` needs values with an order, `{prop.name}` is {_a(prop.type)}",
            node.property.span,
            help="use `count of` with a `where`"
            + ("; or declare the enum as `ordered: true` in catalog.yaml" if prop.type.kind is Kind.ENUM else ""),
        )
        return None
    kind = Kind.DECIMAL if node.function == "average" else prop.type.kind
    return ir.Aggregate(
        node.function, source, prop, where, window, Type(kind, True, prop.type.values, prop.type.ordered)
    )


# ------------------------------------------------------------------------------------------------------------ tests


def _pair(
    first: t.Expression, second: t.Expression, names: Names, problems: Problems
) -> tuple[ir.Value | None, ir.Value | None]:
    """Both sides of a comparison; each side's type helps to read the words of the other."""
    if isinstance(first, t.Path) and _is_word(first, names) and isinstance(second, t.Path) and _is_word(second, names):
        return _value(first, names, problems), None  # said of one of them is enough
    if isinstance(first, t.Constant) or (isinstance(first, t.Path) and _is_word(first, names)):
        right = _value(second, names, problems)
        return _value(first, names, problems, right.type if right else None), right
    left = _value(first, names, problems)
    if left is None:
        return None, None
    return left, _value(second, names, problems, left.type)


def _is_word(node: t.Path, names: Names) -> bool:
    """Whether a bare word names no attribute here, so that it may be the word of an enum."""
    if len(node.parts) > 1 or node.text == "age":
        return False
    catalog = names.catalog
    scope = catalog.events[names.event].properties if names.event else catalog.customers.attributes
    return node.text not in scope


def _comparable(left: Type, right: Type) -> bool:
    days = (Kind.DATE, Kind.TIMESTAMP)
    if left.is_number and right.is_number:
        return True
    if left.kind in days and right.kind in days:
        return True
    if left.kind is Kind.ENUM and right.kind is Kind.ENUM:
        return left.values == right.values and left.ordered == right.ordered
    return left.kind is right.kind


def _same_type(left: ir.Value, right: ir.Value, left_span: Span, right_span: Span, problems: Problems) -> bool:
    if _comparable(left.type, right.type):
        return True
    problems.add(
        "TYP001",
        f"{_a(left.type)} cannot be compared with {_a(right.type)}",
        right_span,
        help=_comparison_help(left.type, right),
        label=f"this is {_a(right.type)}",
    )
    return False


def _comparison_help(wanted: Type, found: ir.Value | None = None) -> str:
    """How a value of the type ``wanted`` is written; if possible the one that was ``found`` instead."""
    if found is not None and not isinstance(found, ir.Constant):
        return f"compare it with {_a(wanted)}"
    text = str(found.value) if found is not None else ""
    if wanted.is_number and _NUMBER.fullmatch(text):
        return f"write `{text}`, without quotes"
    if wanted.kind is Kind.TEXT and found is not None and found.type.is_number:
        return f'write `"{text}"`, in double quotes'
    examples = {
        Kind.TEXT: 'text is written in double quotes, as in `"Boston"`',
        Kind.INTEGER: "numbers are written in digits and without quotes, as in `18`",
        Kind.DECIMAL: "numbers are written in digits and without quotes, as in `19.90`",
        Kind.BOOLEAN: "write `true` or `false`, or leave the comparison out",
        Kind.DATE: "days are written year-month-day and without quotes, as in `2026-01-31`",
        Kind.TIMESTAMP: "instants are written like `2026-11-27 09:00`",
        Kind.ENUM: "the values are " + ", ".join(f"`{value}`" for value in wanted.values),
    }
    return examples[wanted.kind]


_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _compare(node: t.Compare, names: Names, problems: Problems) -> ir.Predicate | None:
    left, right = _pair(node.left, node.right, names, problems)
    if left is None or right is None or not _same_type(left, right, node.left.span, node.right.span, problems):
        return None
    if COMPARISONS[node.op].ordered and not _has_order(left.type):
        problems.add(
            "TYP003",
            f"`{node.op}` needs values with an order, {_a(left.type)} has none",
            node.op_span,
            help="use `=` or `in [...]`"
            + ("; or declare the enum as `ordered: true` in catalog.yaml" if left.type.kind is Kind.ENUM else ""),
        )
        return None
    return ir.Compare(node.op, left, right)


def _has_order(type_: Type) -> bool:
    return type_.kind is not Kind.BOOLEAN and (type_.kind is not Kind.ENUM or type_.ordered)


def _between(node: t.Between, names: Names, problems: Problems) -> ir.Predicate | None:
    value = _value(node.value, names, problems)
    if value is None:
        return None
    low, high = (_value(side, names, problems, value.type) for side in (node.low, node.high))
    if low is None or high is None:
        return None
    for side, typed in ((node.low, low), (node.high, high)):
        if not _same_type(value, typed, node.value.span, side.span, problems):
            return None
    if not _has_order(value.type):
        problems.add(
            "TYP003",
            f"`between` needs values with an order, {_a(value.type)} has none",
            node.value.span,
            help="list the values, as in `in [...]`",
        )
        return None
    if isinstance(low, ir.Constant) and isinstance(high, ir.Constant) and _above(low, high):
        problems.add(
            "TYP006",
            "this range is empty: its low end is above its high end",
            node.low.span.to(node.high.span),
            help="swap the two",
        )
        return None
    return ir.Between(value, low, high, node.negated)


def _above(low: ir.Constant, high: ir.Constant) -> bool:
    """Whether one constant surely lies above another. A day and an instant compare differently from zone to zone."""
    if Kind.TIMESTAMP in (low.type.kind, high.type.kind) and low.type.kind is not high.type.kind:
        return False
    if isinstance(low.value, str) and low.type.kind is Kind.TEXT:
        return low.value > str(high.value)
    return _rank(low) > _rank(high)


def _rank(constant: ir.Constant) -> float:
    """Where a constant stands in the order of its type, days and instants on one line."""
    value = constant.value
    if constant.type.kind is Kind.ENUM:
        return float(constant.type.values.index(str(value)))
    if isinstance(value, datetime):
        return value.timestamp() / 86400
    if isinstance(value, date):
        return (value - date(1970, 1, 1)).days
    return float(value)


def _in_list(node: t.InList, names: Names, problems: Problems) -> ir.Predicate | None:
    value = _value(node.value, names, problems)
    if not node.items:
        problems.add(
            "TYP006", "this list is empty, so the test can never hold", node.span, help="name at least one value"
        )
        return None
    if value is None:
        return None
    items: list[ir.Constant] = []
    for item in node.items:
        typed = _value(item, names, problems, value.type)
        if typed is None or not _same_type(value, typed, node.value.span, item.span, problems):
            continue
        if not isinstance(typed, ir.Constant):
            problems.add("TYP002", "a list holds constants only", item.span, help="compare with `=` and join with `or`")
            continue
        items.append(typed)
    return ir.InList(value, tuple(items), node.negated) if len(items) == len(node.items) else None


def _text_test(node: t.TextTest, names: Names, problems: Problems) -> ir.Predicate | None:
    value = _value(node.value, names, problems)
    text = _value(node.text, names, problems, Type(Kind.TEXT))
    if value is None or text is None:
        return None
    for side, typed in ((node.value, value), (node.text, text)):
        if typed.type.kind is not Kind.TEXT:
            problems.add(
                "TYP003", f"`{node.op}` needs text, this is {_a(typed.type)}", side.span, help="use `=` or `in [...]`"
            )
            return None
    return ir.TextTest(node.op, value, text, node.ignoring_case)


# ----------------------------------------------------------------------------------------------------------- events


def event_source(name: t.Name, catalog: model.Catalog, problems: Problems) -> ir.EventSource | None:
    """Where the events called ``name`` are."""
    entry = catalog.events.get(name.text)
    if entry is None:
        problems.add(
            "NAM003",
            f"unknown event `{name.text}`",
            name.span,
            help=did_you_mean(name.text, catalog.events, "known events") or "declare it in catalog.yaml",
        )
        return None
    kind = entry.kind
    return ir.EventSource(
        name.text,
        entry.table,
        kind.column if kind else None,
        kind.equals if kind else None,
        entry.id,
        entry.customer,
        entry.occurred_at,
        entry.received_at,
    )


def _window(node: t.Window, names: Names, problems: Problems) -> ir.Window | None:
    match node.kind:
        case "ever":
            return ir.Bounded()
        case "rolling":
            seconds = exact_seconds(t.Duration(node.count, node.unit, span=node.span), problems)
            return None if seconds is None else ir.Rolling(seconds)
        case "calendar":
            days = node.count * {"day": 1, "week": 7}.get(node.unit, 0)
            if not 1 <= days <= 36_600:
                problems.add(
                    "TYP006",
                    "calendar windows are counted in 1 or more days or weeks",
                    node.span,
                    help="write `in last 30 calendar days`",
                )
                return None
            return ir.Calendar(days, "day")
    bounds = {}
    for bound in node.bounds:
        if not isinstance(bound.moment, t.Constant):
            return None
        text = bound.moment.text
        moment = date.fromisoformat(text) if len(text) == 10 else instant(text, names.default_zone)
        kind = Kind.TIMESTAMP if isinstance(moment, datetime) else Kind.DATE
        bounds[bound.word] = ir.Constant(moment, Type(kind))
    return ir.Bounded(**bounds)


def _did(node: t.Did, names: Names, problems: Problems) -> ir.Predicate | None:
    if not _customer_only(names, node.span, "`did`", problems):
        return None
    source = event_source(node.event, names.catalog, problems)
    window = _window(node.window, names, problems)
    if source is None:
        return None
    where = predicate(node.where, names.inside(node.event.text), problems) if node.where else None
    if window is None or (node.where and where is None):
        return None
    if node.negated:
        return ir.Did(source, where, window, 0, 0)
    if node.quantity is None:
        return ir.Did(source, where, window, 1, None)
    count = node.quantity.count
    if node.quantity.kind == "at least" and count == 0:
        problems.add("TYP006", "`at least 0 times` always holds", node.quantity.span, help="write `at least 1 time`")
        return None
    bounds = {"at least": (count, None), "at most": (0, count), "exactly": (count, count)}
    return ir.Did(source, where, window, *bounds[node.quantity.kind])
