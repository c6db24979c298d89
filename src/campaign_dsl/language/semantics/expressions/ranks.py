"""Where a customer stands among all; random shares; lists kept in files; anniversaries; what has not changed."""

from __future__ import annotations

from decimal import Decimal

from campaign_dsl.language.catalog.types import TIMESTAMP, Kind, Type
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.walk import walk
from campaign_dsl.language.semantics.durations import exact_seconds
from campaign_dsl.language.semantics.expressions import kinds
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.semantics.expressions.names import attribute
from campaign_dsl.language.syntax import tree as t

MAX_COUNT = 1_000_000_000
MAX_DAYS = 180
"""From today to an anniversary, so that no year has two."""
_FINEST = Decimal("0.001")


def rank(node: t.Rank, at: Checker) -> ir.Predicate | None:
    """`top 10% by ...`, `bottom 1000 by ...`."""
    side = "top" if node.largest else "bottom"
    of = _of_customers(node.of, node, f"`{side} ... by`", at)
    share: Decimal | None = None
    if node.percent is not None:
        share = percent(node.percent, f"write `{side} 10% by ...`", at)
        if share is None:
            return None
    elif not 1 <= (node.count or 0) <= MAX_COUNT:
        at.problems.add(
            "TYP006",
            f"`{side}` counts 1 to {MAX_COUNT:_} customers",
            node.span,
            help=f"write `{side} 1000 by ...`",
        )
        return None
    return None if of is None else ir.Rank(of, share, node.count, node.largest)


def percent(number: t.Number, help: str, at: Checker) -> Decimal | None:
    """A part of the whole; reports one that is nothing or everything, or too fine to be told apart."""
    found = Decimal(number.text)
    if 0 < found < 100 and found == found.quantize(_FINEST):
        return found
    at.problems.add(
        "TYP006", "a part of the whole lies between 0% and 100%, with at most three decimals", number.span, help=help
    )
    return None


def quintile(node: t.Quintile, at: Checker) -> ir.Value | None:
    """Where a customer stands among all, from 1 to 5."""
    of = _of_customers(node.of, node, "`quintile of`", at)
    return None if of is None else ir.Quintile(of, Type(Kind.INTEGER, of.type.nullable))


def _of_customers(node: t.Expression, whole: t.Expression, what: str, at: Checker) -> ir.Value | None:
    """A value by which customers can be put in order."""
    if not at.about_customer(whole.span, what):
        return None
    of = at.within(at.names.of_customers()).value(node)
    if of is None:
        return None
    if not kinds.has_order(of.type):
        at.problems.add(
            "TYP003",
            f"{what} needs values with an order, this is {kinds.a(of.type)}",
            node.span,
            help="put customers in order by a number, as in `sum of purchase.amount in last 365 days`"
            + kinds.in_order(of.type),
        )
        return None
    if not any(isinstance(each, ir.Attribute | ir.Aggregate | ir.Quintile) for each in walk(of)):
        at.problems.add(
            "TYP006",
            "this is the same for every customer, so it puts nobody before others",
            node.span,
            help="put customers in order by something that differs, as in `count of purchase in last 365 days`",
        )
        return None
    return of


# ---------------------------------------------------------------------------------------------------- lists and shares


def in_static_list(node: t.InStaticList, at: Checker) -> ir.Predicate | None:
    """`in list vip`."""
    if not at.about_customer(node.span, "`in list`"):
        return None
    lists = at.names.catalog.lists
    if node.name.text not in lists:
        help = did_you_mean(node.name.text, lists, "known lists") or "add it to `lists` in catalog.yaml"
        at.problems.add("NAM019", f"unknown list `{node.name.text}`", node.name.span, help=help)
        return None
    keys = at.names.static_list(node.name, at.problems)
    return None if keys is None else ir.InStaticList(node.name.text, keys)


def sample(node: t.Sample, at: Checker) -> ir.Predicate | None:
    """`in random sample of 10% salt "spring"`."""
    if not at.about_customer(node.span, "`in random sample`"):
        return None
    share = percent(node.percent, "write `in random sample of 10% ...`", at)
    if not node.salt.text:
        at.problems.add(
            "TYP006",
            "this salt is empty",
            node.salt.span,
            why="samples with one salt are of the same customers",
            help='say which sample it is, as in `salt "spring"`',
        )
        return None
    return None if share is None else ir.Sample(share, f"sample/{node.salt.text}")


# ---------------------------------------------------------------------------------------------------------------- days


def anniversary(node: t.AnniversaryTest, at: Checker) -> ir.Predicate | None:
    """`anniversary of birth_date in next 7 calendar days`; today is one of them."""
    day = at.value(node.day)
    days = _days(node.length, at) if node.length is not None else 1
    if day is None or days is None:
        return None
    if day.type.kind is not Kind.DATE:
        dates = [name for name, each in at.names.catalog.customers.attributes.items() if each.type is Kind.DATE]
        at.problems.add(
            "TYP003",
            f"an anniversary needs a calendar day, this is {kinds.a(day.type)}",
            node.day.span,
            help=did_you_mean(node.day.text, dates, "date attributes") or "use an attribute of type `date`",
        )
        return None
    return ir.AnniversaryIn(day, 1 - days, 0) if node.kind == "last" else ir.AnniversaryIn(day, 0, days - 1)


def _days(length: t.Length, at: Checker) -> int | None:
    """How many days are looked at."""
    days = length.count * {"day": 1, "week": 7}.get(length.unit, 0)
    if 1 <= days <= MAX_DAYS:
        return days
    at.problems.add(
        "TYP006",
        f"anniversaries are looked for in 1 to {MAX_DAYS} calendar days",
        length.span,
        why="beyond half a year, before and after cannot be told apart",
        help="write `7 calendar days` or `2 calendar weeks`",
    )
    return None


def unchanged(node: t.Unchanged, at: Checker) -> ir.Predicate | None:
    """`tier unchanged for 90 days`: it last changed so long ago."""
    seconds = exact_seconds(node.duration, at.problems)
    if not at.about_customer(node.span, "`unchanged for`"):
        return None
    value = at.value(node.value)
    if value is None or seconds is None:
        return None
    entry = at.names.catalog.customers.attributes.get(value.name) if isinstance(value, ir.Attribute) else None
    if entry is None or not isinstance(value, ir.Attribute):
        at.problems.add(
            "TYP003",
            "only of a customer attribute it is known when it changed",
            node.value.span,
            help="name an attribute that has `changed_at` in catalog.yaml",
        )
        return None
    if entry.changed_at is None:
        at.problems.add(
            "NAM024",
            f"the catalog does not say when `{value.name}` last changed",
            node.value.span,
            help=f"add `changed_at: ...` to `{value.name}` in catalog.yaml, with the column of the instant",
        )
        return None
    return ir.Compare("<=", _changed(value.name, entry.changed_at, at), ir.Ago(seconds, TIMESTAMP))


def _changed(name: str, column: str, at: Checker) -> ir.Attribute:
    """When an attribute last changed: under the name that the column has in the catalog already, if it has one."""
    catalog = at.names.catalog
    for other, entry in catalog.customers.attributes.items():
        if entry.type is Kind.TIMESTAMP and entry.column_of(other) == column:
            found = attribute(catalog, other)
            assert found is not None
            return found
    return ir.Attribute(f"{name}.changed_at", column, TIMESTAMP.maybe())
