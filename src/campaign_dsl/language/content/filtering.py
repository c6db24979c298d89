"""Types of filtered values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.content.filters import FILTERS, PRINTABLE, UNUSED, Filter
from campaign_dsl.language.content.locales import IN_WORDS, locale_of
from campaign_dsl.language.content.typed import WRONG, Scope, Typed
from campaign_dsl.language.diagnostics.suggest import did_you_mean

if TYPE_CHECKING:
    from jinja2 import nodes

    from campaign_dsl.language.content.expressions import Typer


def filtered(typer: Typer, node: nodes.Filter, scope: Scope) -> Typed:
    """The type of a value behind a filter."""
    assert node.node is not None
    subject = typer.value(node.node, scope)
    found = FILTERS.get(node.name)
    if found is None:
        help = UNUSED.get(node.name) or did_you_mean(node.name, FILTERS)
        return typer.wrong_at_name(
            "CNT004", f"unknown filter `{node.name}`", node, help=help or "filters are " + _listed(FILTERS)
        )
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        return typer.wrong_at_name(
            "CNT005", f"arguments of `{node.name}` have no names", node, help=f"write `{found.example}`"
        )
    if node.name == "default":
        return _default(typer, node, subject, scope)
    if not _arguments(typer, node, found) or subject.type is None:
        return WRONG
    if subject.type.kind not in found.takes:
        return _takes_not(typer, node, found, subject.type)
    if node.name == "join" and subject.type.element is not None and subject.type.element.kind not in PRINTABLE:
        return typer.wrong_at_name(
            "CNT005", "`join` takes a list of words or numbers", node, help="write a `for` over this list"
        )
    return Typed(_made(found, subject.type), subject.reason or ("the list can be empty" if found.may_lack else None))


def _made(found: Filter, subject: Type) -> Type:
    if found.gives is Kind.LIST:
        return subject
    if found.gives is None:
        assert subject.element is not None
        return subject.element.maybe()
    return Type(found.gives, subject.nullable)


def _takes_not(typer: Typer, node: nodes.Filter, found: Filter, subject: Type) -> Typed:
    names = sorted({"text" if kind is Kind.ENUM else kind.value for kind in found.takes})
    help = f"`{node.name}` takes {' or '.join(names)}"
    if subject.kind is Kind.DATE and node.name == "datetime":
        help = 'a day has no time: write `date("%d %B %Y")`'
    return typer.wrong_at_name("CNT005", f"`{node.name}` does not take a value of type {subject}", node, help=help)


def _arguments(typer: Typer, node: nodes.Filter, found: Filter) -> bool:
    from jinja2 import nodes

    if not found.required <= len(node.args) <= len(found.arguments):
        few = len(node.args) < found.required
        message = f"`{node.name}` needs an argument" if few else f"`{node.name}` takes fewer arguments"
        typer.wrong_at_name("CNT005", message, node, help=f"write `{found.example}`")
        return False
    for given, wanted in zip(node.args, found.arguments, strict=False):
        fits = isinstance(given, nodes.Const) and _is_a(given.value, wanted.kind)
        if not fits:
            typer.wrong(
                "CNT005",
                f"`{wanted.name}` of `{node.name}` is not a fixed {wanted.kind.value}",
                given,
                help=f"write `{found.example}`",
            )
            return False
        assert isinstance(given, nodes.Const)
        problem = wanted.check(given.value) or _in_words(typer, given.value, node.name)
        if problem is not None:
            typer.wrong("CNT005", problem[0], given, help=problem[1])
            return False
    return True


def _in_words(typer: Typer, value: Any, name: str) -> tuple[str, str] | None:
    """A format that needs the words of a language that nobody taught us."""
    if name not in ("date", "datetime") or not any(each in str(value) for each in IN_WORDS):
        return None
    strange = next((each for each in typer.languages if locale_of(each) is None), None)
    if strange is None:
        return None
    return f"months and days have no words in `{strange}` here", "write digits, as in `%Y-%m-%d`"


def _default(typer: Typer, node: nodes.Filter, subject: Typed, scope: Scope) -> Typed:
    if len(node.args) != 1:
        much = len(node.args) > 1
        message = "blank text is missing already" if much else "`default` does not say what else"
        return typer.wrong_at_name("CNT005", message, node, help='write `default("friend")`')
    instead = typer.value(node.args[0], scope)
    if instead.type is None or subject.type is None:
        return WRONG
    if instead.type.nullable:
        return typer.missing(node.args[0], instead)
    known = Type(
        subject.type.kind,
        False,
        subject.type.values,
        subject.type.ordered,
        subject.type.element,
        subject.type.fields,
    )
    return typer.either(node, replace(subject, type=known, reason=None), instead)


def _is_a(value: Any, kind: Kind) -> bool:
    if kind is Kind.INTEGER:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)


def _listed(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)
