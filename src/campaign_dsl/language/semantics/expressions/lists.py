"""Tests of lists, and of their elements one by one."""

from __future__ import annotations

from campaign_dsl.language.catalog.types import INTEGER, TEXT, Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import AGGREGATES
from campaign_dsl.language.semantics.expressions import kinds
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.semantics.expressions.events import matching
from campaign_dsl.language.semantics.expressions.names import relation_rows
from campaign_dsl.language.semantics.expressions.tests import constants, text_test
from campaign_dsl.language.syntax import tree as t


def contains(node: t.TextTest, at: Checker) -> ir.Predicate | None:
    """`contains` and the like: of a list it asks about an element, of a text about a part."""
    value = at.value(node.value)
    if value is None:
        at.value(node.text, None if isinstance(node.text, t.Path) else TEXT)
        return None
    if value.type.kind is not Kind.LIST:
        return text_test(node, value, at)
    element = _element(value)
    found = at.value(node.text, element)
    if found is None or not _comparable(value, found, node.value, node.text, at):
        return None
    if node.op not in ("contains", "does not contain"):
        at.problems.add(
            "TYP003",
            f"`{node.op}` needs text, this is {kinds.a(value.type)}",
            node.value.span,
            help="ask about its elements, as in `any of ... where it starts with ...`",
        )
        return None
    if node.ignoring_case:
        if element.kind is not Kind.TEXT:
            at.problems.add(
                "TYP003",
                f"`ignoring case` needs text, this is {kinds.a(value.type)}",
                node.value.span,
                help="leave `ignoring case` out",
            )
            return None
        mine = ir.Function("lower of", ir.Element(element), TEXT.maybe(element.nullable))
        theirs = ir.Function("lower of", found, TEXT.maybe(found.type.nullable))
        return ir.Quantified(_op(node.op), value, ir.Compare("=", mine, theirs))
    if isinstance(found, ir.Constant):
        return ir.ListTest(_op(node.op), value, (found,))
    test = ir.Quantified(_op(node.op), value, ir.Compare("=", ir.Element(element), found))
    # As with a text: no element can be like what is missing, yet the test is false then.
    return ir.AllOf((ir.IsKnown(found), test)) if node.op == "does not contain" and found.type.nullable else test


def _op(test: str) -> str:
    return "any" if test == "contains" else "none"


def _element(value: ir.Value) -> Type:
    assert value.type.element is not None
    return value.type.element


def _comparable(value: ir.Value, found: ir.Value, list_node: t.Expression, item: t.Expression, at: Checker) -> bool:
    return kinds.same_type(ir.Element(_element(value)), found, list_node.span, item.span, at, "each element is")


def list_test(node: t.ListTest, at: Checker) -> ir.Predicate | None:
    """`interests contains any of ["a", "b"]`."""
    value = at.value(node.value)
    if not node.items:
        at.problems.add(
            "TYP006", "this list is empty, so the test says nothing", node.span, help="name at least one value"
        )
        return None
    if value is None or not _is_list(value, node.value, f"`contains {node.op} of`", at):
        return None
    items = constants(node.items, ir.Element(_element(value)), node.value, at, "each element is")
    return None if items is None else ir.ListTest(node.op, value, items)


def _is_list(value: ir.Value, node: t.Expression, what: str, at: Checker) -> bool:
    if value.type.kind is Kind.LIST:
        return True
    text = value.type.kind is Kind.TEXT
    at.problems.add(
        "TYP003",
        f"{what} needs a list, this is {kinds.a(value.type)}",
        node.span,
        help='compare with `in [...]`, or with `contains "..."`' if text else "compare with `=` or `in [...]`",
    )
    return False


def empty(node: t.Empty, at: Checker) -> ir.Predicate | None:
    """`interests is empty`."""
    value = at.value(node.value)
    if value is None:
        return None
    if value.type.kind is not Kind.LIST:
        at.problems.add(
            "TYP003",
            f"`is empty` needs a list, this is {kinds.a(value.type)}",
            node.value.span,
            help="to ask whether there is a value write `is known` or `is missing`"
            + ('; or compare with `""`' if value.type.kind is Kind.TEXT else ""),
        )
        return None
    return ir.IsEmpty(value, not node.empty)


def quantified(node: t.Quantified, at: Checker) -> ir.Predicate | None:
    """`any of children where age < 5`."""
    related = _related(node.items, at)
    if related is not None:
        tests = {"any": f"exists {related} where ...", "none": f"not (exists {related} where ...)"}
        at.problems.add(
            "TYP003",
            f"`{related}` is a related table, not a list",
            node.items.span,
            help=f"write `{tests.get(node.op, f'not (exists {related} where not ...)')}`",
        )
        return None
    items, inner = _items(node.items, f"`{node.op} of`", at)
    if items is None:
        return None
    where = inner.predicate(node.where)
    return None if where is None else ir.Quantified(node.op, items, where)


def _related(items: t.Path, at: Checker) -> str | None:
    """The related table a path names, where no value is called so."""
    name = items.parts[0].text
    free = len(items.parts) == 1 and name not in at.names.known
    return name if free and name in at.names.catalog.relations else None


def _items(path: t.Path, what: str, at: Checker) -> tuple[ir.Value | None, Checker]:
    """The list a path names, and where its elements are asked about."""
    items = at.value(path)
    if items is None:
        return None, at
    if items.type.kind is not Kind.LIST:
        at.problems.add(
            "TYP003",
            f"{what} needs a list, this is {kinds.a(items.type)}",
            path.span,
            help="compare the value itself" if items.type.kind is not Kind.RECORD else "compare one of its fields",
        )
        return None, at
    return items, at.within(at.names.at_element(path.text, _element(items)))


def number_of(node: t.NumberOf, at: Checker) -> ir.Value | None:
    """`number of children where age < 5`: of a list, or of the rows of a related table."""
    name = node.items.parts[0]
    if _related(node.items, at) is not None:
        if not at.about_customer(node.span, "`number of` a related table"):
            return None
        found = matching(relation_rows(name.text, at.names.catalog), node.where, None, at)
        given = AGGREGATES["count"].gives or INTEGER
        return None if found is None else ir.Aggregate("count", found.source, None, found.where, None, given)
    if len(node.items.parts) == 1 and name.text in at.names.catalog.events and name.text not in at.names.known:
        at.problems.add(
            "NAM018",
            f"`{name.text}` is an event, neither a list nor a related table",
            name.span,
            help=f"write `count of {name.text} ... in last 90 days`",
        )
        return None
    items, inner = _items(node.items, "`number of`", at)
    if items is None:
        return None
    where = inner.predicate(node.where) if node.where is not None else None
    if node.where is not None and where is None:
        return None
    return ir.ListCount(items, where, Type(Kind.INTEGER, items.type.nullable))
