"""Names of values: attributes, properties, look-ups in dimensions, fields of records, elements of lists."""

from __future__ import annotations

from dataclasses import dataclass, replace

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.types import DECIMAL, TIMESTAMP, Kind, Type
from campaign_dsl.language.diagnostics.model import Label
from campaign_dsl.language.diagnostics.suggest import did_you_mean, near
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.expressions import kinds
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.semantics.expressions.constants import unknown_word, word
from campaign_dsl.language.semantics.expressions.names import (
    CUSTOMER,
    EVENT,
    GOAL,
    GOAL_VALUES,
    IT,
    OCCURRED_AT,
    Names,
    Rows,
    attribute,
)
from campaign_dsl.language.syntax import tree as t

AGE, TIER_MULTIPLIER = "age", "tier_multiplier"
_BOOLEANS = {"yes": "true", "true": "true", "on": "true", "no": "false", "false": "false", "off": "false"}


@dataclass(frozen=True, slots=True)
class _Found:
    """A value, and the entry of the catalog it came from, which may name a dimension."""

    value: ir.Value
    entry: model.Attribute | None = None


def path(node: t.Path, at: Checker, expected: Type | None) -> ir.Value | None:
    """The value that a path names."""
    head = node.parts[0].text
    if len(node.parts) == 1 and expected is not None and expected.kind is Kind.ENUM and head in expected.values:
        return word(head, expected)
    used, found = _begin(node, at, expected)
    for part in node.parts[used:]:
        if found is None:
            return None
        found = _part(node, found, part, at)
    return None if found is None else found.value


def is_word(node: t.Path, names: Names) -> bool:
    """Whether a bare word names nothing here, so that it may be the word of an enum."""
    return len(node.parts) == 1 and node.text not in names.known


# ----------------------------------------------------------------------------------------------------- how paths begin


def _begin(node: t.Path, at: Checker, expected: Type | None) -> tuple[int, _Found | None]:
    """How many parts of a path name its first value, and that value."""
    names, head = at.names, node.parts[0].text
    more = len(node.parts) > 1
    if names.elements and (inner := _of_element(head, names)) is not None:
        return 1, inner
    scope = names.rows.attributes if names.rows is not None else names.catalog.customers.attributes
    if head in names.aliases and (more or head not in scope):
        return 2, _of_alias(node, names.aliases[head], at)
    if names.rows is not None:
        if (own := _of_rows(head, names.rows)) is not None:
            return 1, own
        if head == CUSTOMER and more:
            _customer_in_filter(node, at)
            return 2, None
    elif more and head in _triggers(names) and head not in names.catalog.customers.attributes:
        return 2, _of_trigger(node, at)
    else:
        used = 2 if head == CUSTOMER and more else 1
        last = node.parts[used - 1].text
        entry = names.catalog.customers.attributes.get(last)
        if entry is not None:
            found = attribute(names.catalog, last)
            assert found is not None
            return used, _Found(found, entry)
        if last in (AGE, TIER_MULTIPLIER):
            return used, _age(node, at) if last == AGE else _tier_multiplier(node, at)
        if used == 2:
            at.problems.add(
                "NAM001",
                f"unknown customer attribute `{last}`",
                node.parts[1].span,
                help=did_you_mean(last, names.of_customers().known, "known attributes") or "declare it in catalog.yaml",
            )
            return used, None
    _unknown(node, at, expected)
    return 1, None


def _triggers(names: Names) -> frozenset[str]:
    """Names under which the trigger is known."""
    rows = names.trigger.rows if names.trigger is not None else ()
    return frozenset((EVENT, GOAL, *(each.name for each in rows)))


def _of_element(head: str, names: Names) -> _Found | None:
    """`it`, or a field of a record that is an element of the lists around, the innermost first."""
    if head == IT:
        return _Found(ir.Element(names.elements[0].type))
    for depth, listed in enumerate(names.elements):
        field = listed.type.field(head)
        if field is not None:
            return _Found(ir.Field(ir.Element(listed.type, depth), head, field.maybe(listed.type.nullable)))
    return None


def _of_rows(name: str, rows: Rows, alias: str | None = None) -> _Found | None:
    entry = rows.attributes.get(name)
    if entry is not None:
        return _Found(ir.Property(name, entry.column_of(name), entry.value_type, alias, entry.longitude), entry)
    if name == OCCURRED_AT and rows.source.occurred_column is not None:
        return _Found(ir.Property(name, rows.source.occurred_column, TIMESTAMP, alias))
    return None


def _of_alias(node: t.Path, rows: Rows, at: Checker) -> _Found | None:
    """A property of an earlier step."""
    step = node.parts[0]
    if len(node.parts) == 1:
        at.problems.add(
            "NAM001",
            f"`{step.text}` is a step, not a value",
            step.span,
            help=f"name one of its properties, as in `{step.text}.{rows.known[0]}`",
        )
        return None
    found = _of_rows(node.parts[1].text, rows, step.text)
    if found is None:
        _no_property(node.parts[1], rows, at)
    return found


def _of_trigger(node: t.Path, at: Checker) -> _Found | None:
    """A property of the event that made the campaign happen, or a figure of its goal."""
    trigger, (first, name) = at.names.trigger, node.parts[:2]
    if first.text == GOAL:
        type_ = GOAL_VALUES.get(name.text)
        if type_ is None:
            help = did_you_mean(name.text, GOAL_VALUES, "figures of a goal")
            at.problems.add("NAM001", f"a goal has no `{name.text}`", name.span, help=help)
        elif trigger is None or not trigger.goal:
            at.problems.add(
                "NAM023",
                "no step of a goal makes this happen",
                node.span,
                help="write `every 5th ...` and `progress each step` in the behavior",
            )
        else:
            return _Found(ir.Property(name.text, name.text, type_.maybe(not trigger.always), GOAL))
        return None
    rows = trigger.rows if trigger is not None else ()
    if not rows:
        at.problems.add(
            "NAM023",
            "there is no `event` to speak of here",
            first.span,
            why="one is known to the outcomes of campaigns that an event makes happen, of the customer it happened to",
            help="leave it out; or, in an outcome, write `on purchase` or the like in the behavior",
        )
        return None
    if first.text != EVENT:
        mine = tuple(each for each in rows if each.name == first.text)
        return _of_triggers(name, mine, trigger is None or not trigger.always or len(mine) < len(rows), at)
    return _of_triggers(name, rows, trigger is None or not trigger.always, at)


def _of_triggers(name: t.Name, rows: tuple[Rows, ...], may_be_missing: bool, at: Checker) -> _Found | None:
    """A property that some of several events have; of two types it can be neither."""
    found = [(each, one) for each in rows if (one := _of_rows(name.text, each, EVENT)) is not None]
    if not found:
        _no_property(name, rows[0], at)
        return None
    (first, one), others = found[0], found[1:]
    for each, other in others:
        if not kinds.comparable(one.value.type, other.value.type) or _column(one.value) != _column(other.value):
            at.problems.add(
                "NAM023",
                f"`{name.text}` of `{first.name}` and of `{each.name}` are different things",
                name.span,
                why="any of these events can make the campaign happen",
                help=f"say which one is meant, as in `{first.name}.{name.text}`",
            )
            return None
    missing = may_be_missing or len(found) < len(rows) or any(other.value.type.nullable for _, other in others)
    assert isinstance(one.value, ir.Property)
    return _Found(replace(one.value, type=one.value.type.maybe(missing)), one.entry)


def _column(value: ir.Value) -> tuple[str, str | None]:
    assert isinstance(value, ir.Property)
    return value.column, value.longitude


def _age(node: t.Path, at: Checker) -> _Found | None:
    catalog = at.names.catalog
    birth = catalog.customers.birth_date
    found = attribute(catalog, birth) if birth else None
    if found is None:
        at.problems.add(
            "NAM002",
            "`age` needs to know the birth date",
            node.span,
            help="set `customers: birth_date:` in catalog.yaml to a date attribute",
        )
        return None
    return _Found(ir.Age(found, Type(Kind.INTEGER, found.type.nullable)))


def _tier_multiplier(node: t.Path, at: Checker) -> _Found | None:
    """What the customer's tier is worth; missing where the tier is, or has no worth."""
    catalog = at.names.catalog
    tier = attribute(catalog, catalog.tiers.attribute) if catalog.tiers else None
    if catalog.tiers is None or tier is None:
        at.problems.add(
            "NAM002",
            "`tier_multiplier` needs to know what the tiers are worth",
            node.span,
            help="add `tiers:` with `attribute` and `multipliers` to catalog.yaml",
        )
        return None
    worth = catalog.tiers.exact
    cases = tuple(
        (ir.Compare("=", tier, word(level, tier.type)), ir.Constant(worth[level], DECIMAL))
        for level in tier.type.values
        if level in worth
    )
    complete = not tier.type.nullable and len(cases) == len(tier.type.values)
    return _Found(ir.Choice(cases, None, Type(Kind.DECIMAL, nullable=not complete)))


# --------------------------------------------------------------------------------------------------- how paths go on


def _part(node: t.Path, whole: _Found, part: t.Name, at: Checker) -> _Found | None:
    """`.city` of a store or of an address."""
    entry, value = whole.entry, whole.value
    dimension = at.names.catalog.dimension_of(entry) if entry is not None else None
    if dimension is not None and entry is not None and entry.dimension is not None:
        inner = dimension.attributes.get(part.text)
        if inner is None:
            at.problems.add(
                "NAM001",
                f"`{entry.dimension}` has no attribute `{part.text}`",
                part.span,
                help=did_you_mean(part.text, dimension.attributes, "its attributes") or "declare it in catalog.yaml",
            )
            return None
        if inner.type is Kind.GEO:
            at.problems.add(
                "TYP003",
                f"`{part.text}` of `{entry.dimension}` is a place on the map, which cannot be looked up",
                part.span,
                help="use a place of the customer or of the event itself",
            )
            return None
        where = ir.Dimension(entry.dimension, dimension.table, dimension.key_column)
        column = inner.column_of(part.text)
        return _Found(ir.Lookup(value, where, part.text, column, inner.value_type.maybe()), inner)
    if value.type.kind is Kind.RECORD:
        field = value.type.field(part.text)
        if field is not None:
            return _Found(ir.Field(value, part.text, field.maybe(value.type.nullable)))
        fields = [name for name, _ in value.type.fields]
        at.problems.add(
            "NAM001",
            f"there is no field `{part.text}` in it",
            part.span,
            help=did_you_mean(part.text, fields, "its fields") or "declare it in catalog.yaml",
        )
        return None
    help = "leave it out, or declare it as a `record`, or with a `dimension`, in catalog.yaml"
    if value.type.kind is Kind.LIST:
        help = f"ask about its elements, as in `any of ... where {part.text} = ...`"
    before = node.parts[: node.parts.index(part)]
    at.problems.add(
        "NAM001",
        f"`{part.text}` cannot be looked up here",
        part.span,
        help=help,
        see_also=(Label(before[0].span.to(before[-1].span), f"this is {kinds.a(value.type)}, which has no parts"),),
    )
    return None


# ---------------------------------------------------------------------------------------------------- unknown names


def _customer_in_filter(node: t.Path, at: Checker) -> None:
    inside = at.names.rows
    assert inside is not None
    at.problems.add(
        "TYP005",
        f"`{node.text}` is about the customer, and this is the filter of `{inside.name}`",
        node.span,
        why=f"all conditions of one filter hold on the same {inside.name} {'event' if inside.is_event else 'row'}",
        help=f"close the test of `{inside.name}` in parentheses before it",
    )


def _no_property(name: t.Name, rows: Rows, at: Checker) -> None:
    what = "property" if rows.is_event else "attribute"
    plural = "properties" if rows.is_event else "attributes"
    at.problems.add(
        "NAM001",
        f"`{rows.name}` has no {what} `{name.text}`",
        name.span,
        help=did_you_mean(name.text, rows.known, f"its {plural}") or "declare it in catalog.yaml",
    )


def _unknown(node: t.Path, at: Checker, expected: Type | None) -> None:
    """Reports a path that begins with a name nothing has."""
    names, head = at.names, node.parts[0]
    if len(node.parts) > 1:
        event = head.text in names.catalog.events
        if names.rows is not None and head.text in (EVENT, names.rows.name):
            at.problems.add(
                "NAM001",
                f"`{node.text}` is not a property",
                node.span,
                why=f"everything in this filter is about the same `{names.rows.name}`",
                help=f"write `{node.text.partition('.')[2]}`",
            )
            return
        of_step = names.rows is not None and names.rows.is_event and not near(head.text, names.known)
        if of_step and any(node.parts[1].text in each.properties for each in names.catalog.events.values()):
            at.problems.add(
                "NAM001",
                f"nothing here is called `{head.text}`",
                head.span,
                help=f"in a sequence, write `as {head.text}` behind the step that is meant",
            )
            return
        at.problems.add(
            "NAM001",
            f"`{node.text}` is not {'an attribute' if names.rows is None else 'a property'}",
            node.span if event else head.span,
            help="event properties are reached through events, as in `sum of purchase.amount in last 90 days`"
            if event
            else did_you_mean(head.text, names.known, "known names") or "declare it in catalog.yaml",
        )
        return
    if expected is not None and expected.kind is Kind.ENUM:
        unknown_word(head.text, expected, node.span, at.problems)
        return
    rows = names.rows
    if names.elements:
        unknown = f"nothing here is called `{head.text}`"
    elif rows is not None:
        unknown = f"`{rows.name}` has no {'property' if rows.is_event else 'attribute'} `{head.text}`"
    else:
        unknown = f"unknown customer attribute `{head.text}`"
    at.problems.add("NAM001", unknown, node.span, help=_instead_of(head.text, names, expected))


_FACETS = {
    "tag": "has tag {tag}",
    "tags": "has tag {tag}",
    "points": "points in {account}",
    "balance": "points in {account}",
    "birthday": "anniversary of birth_date today",
}
"""What is asked of the profile, not of an attribute."""


def _reachable(name: str, names: Names) -> list[str]:
    """Paths that end in ``name``: fields of records, and columns of dimensions."""
    attributes = names.rows.attributes if names.rows is not None else names.catalog.customers.attributes
    found = []
    for key, entry in attributes.items():
        dimension = names.catalog.dimension_of(entry)
        record = entry.value_type.kind is Kind.RECORD and entry.value_type.field(name) is not None
        if record or (dimension is not None and name in dimension.attributes):
            found.append(f"{key}.{name}")
    return found


def _instead_of(name: str, names: Names, expected: Type | None) -> str:
    """What may be meant by a name that nothing has."""
    text = name.lower()
    if names.rows is not None and name in names.catalog.customers.attributes:
        return f"`{name}` is a customer attribute: close the event test in parentheses before it"
    for each in names.trigger.rows if names.trigger is not None else ():
        if name in each.attributes and names.rows is None:
            return f"write `{EVENT}.{name}` for that of the event"
    if names.rows is None and text in ("tag", "tags", "points", "balance", "birthday"):
        return (
            "write `"
            + _FACETS[text].format(
                tag=next(iter(names.catalog.tags), "vip"), account=next(iter(names.catalog.point_accounts), "rewards")
            )
            + "`"
        )
    inner = _reachable(name, names)
    if inner and not near(name, names.known):
        return "did you mean " + " or ".join(f"`{each}`" for each in inner[:3]) + "?"
    if text in ("null", "none", "nil", "empty"):
        return "to ask whether there is a value write `is known` or `is missing`"
    if expected is not None and expected.kind is Kind.BOOLEAN and text in _BOOLEANS:
        return f"write `{_BOOLEANS[text]}`"
    if near(name, names.known) or expected is None:
        return did_you_mean(name, names.known, "known names") or "declare it in catalog.yaml"
    if expected.kind is Kind.TEXT:
        return f'text stands in double quotes: `"{name}"`'
    if expected.is_number:
        return f"declare it in catalog.yaml; {kinds.how_to_write(expected)}"
    return kinds.how_to_write(expected)
