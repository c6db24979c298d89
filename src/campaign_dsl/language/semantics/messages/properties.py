"""Values that a message carries: each has a type, and none is silently missing."""

from __future__ import annotations

from decimal import Decimal

from campaign_dsl.language.catalog import model
from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean, near
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.semantics.messages.quoting import Quotable
from campaign_dsl.language.syntax import tree as t


def properties(
    node: t.Message, may: Quotable, variant: model.Variant | None, catalog: model.Catalog, problems: Problems
) -> tuple[ir.MessageProperty, ...]:
    """What a message carries; what is wrong with it is reported."""
    found = [_property(each, may, catalog, problems) for each in node.properties]
    for entries in (node.settings, node.properties):
        seen: dict[str, t.Name] = {}
        for each in entries:
            if each.name.text in seen:
                problems.add(
                    "MSG009",
                    f"`{each.name.text}` is given twice",
                    each.name.span,
                    help="keep one of them",
                    see_also=(Label(seen[each.name.text].span, "first given here"),),
                )
            seen.setdefault(each.name.text, each.name)
    _complete(node, variant, problems)
    return tuple(each for each in found if each is not None)


def _complete(node: t.Message, variant: model.Variant | None, problems: Problems) -> None:
    """What the receiving template needs is there."""
    seen = {each.name.text: each.name.span for each in node.properties}
    for name in variant.requires if variant is not None else ():
        if name in seen:
            continue
        assert variant is not None
        meant = near(name, seen.keys() - set(variant.requires), 1)
        said = node.via.variant.text if node.via and node.via.variant else ""
        problems.add(
            "MSG010",
            f"variant `{said}` needs the property `{name}`",
            seen[meant[0]] if meant else node.name.span,
            why="the receiving template cannot do without it",
            help=f"is `{meant[0]}` meant to be `{name}`?" if meant else f"add `{name} ...` to `properties`",
        )


def _property(
    node: t.PropertyOf, may: Quotable, catalog: model.Catalog, problems: Problems
) -> ir.MessageProperty | None:
    fallback = constant(node.fallback)
    if node.path is None:
        return ir.MessageProperty(node.name.text, None, fallback, node.span)
    path = node.path.text
    entry = may.context.find(path)
    if entry is None:
        _not_there(node.path, may, catalog, problems)
        return None
    if entry.type.nullable and node.fallback is None:
        usual = "this value can be missing; the customer would read `Hi ,`"
        problems.add(
            "MSG012",
            f"`{path}` may be missing, and nothing stands in for it",
            node.path.span,
            why=entry.reason or usual,
            help=f'write `{path} else "..."`',
        )
        return None
    return ir.MessageProperty(node.name.text, path, fallback, node.span)


def _not_there(path: t.Path, may: Quotable, catalog: model.Catalog, problems: Problems) -> None:
    """Reports a value that cannot be quoted."""
    text = path.text
    if may.report_absent(text, path.span, problems):
        return
    if len(path.parts) == 2 and path.parts[0].text == "customer":
        name = path.parts[1].text
        problems.add(
            "NAM001",
            f"unknown customer attribute `{name}`",
            path.parts[1].span,
            help=did_you_mean(name, catalog.customers.attributes, "known attributes") or "declare it in catalog.yaml",
        )
        return
    known = list(may.context.names)
    problems.add("MSG011", f"unknown value `{text}`", path.span, help=did_you_mean(text, known) or _ending(text, known))


def _ending(path: str, known: list[str]) -> str:
    """Values that are called so at their end: `first_name` for `customer.first_name`."""
    alike = [f"`{each}`" for each in known if path in each.split(".")[1:]]
    if alike:
        return "did you mean " + " or ".join(alike[:3]) + "?"
    return "values look like `customer.first_name` or `offer.title`; fixed text stands in double quotes"


def constant(node: t.Constant | None) -> str | int | Decimal | bool | None:
    """The value of a constant; None when there is none."""
    if node is None:
        return None
    match node.kind:
        case "integer":
            return int(node.text)
        case "decimal":
            return Decimal(node.text)
        case "boolean":
            return node.text == "true"
        case _:
            return node.text
