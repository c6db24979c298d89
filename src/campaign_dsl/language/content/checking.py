"""Checks a template: it is small, uses nothing but what content may use, and every value in it has a type and is there.

What passes renders without an error for every customer whose values have the types of the context.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.content import markup
from campaign_dsl.language.content.addresses import check_address
from campaign_dsl.language.content.conditions import condition
from campaign_dsl.language.content.context import Context
from campaign_dsl.language.content.expressions import Typer
from campaign_dsl.language.content.foreign import foreign
from campaign_dsl.language.content.narrowing import known_when_false, known_when_true
from campaign_dsl.language.content.parsing import is_template, parse
from campaign_dsl.language.content.parts import LINK_SCHEMES, WEB_SCHEMES, Form, PartKind
from campaign_dsl.language.content.report import Report, normalized
from campaign_dsl.language.content.typed import Scope
from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.source.files import Snippet

if TYPE_CHECKING:
    from jinja2 import nodes


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be said about a template.

    Attributes:
        uses: names of the context that it needs, and their types.
    """

    findings: tuple[Diagnostic, ...]
    uses: Mapping[str, Type]


def check_template(
    snippet: Snippet,
    context: Context,
    kind: PartKind,
    *,
    languages: tuple[str, ...] = ("en",),
    schemes: Iterable[str] = (),
) -> Checked:
    """Everything that is wrong with a template.

    Args:
        snippet: its text; places are those of the file it comes from.
        context: what it may say.
        kind: the part it is: see `parts.part_kind`.
        languages: those it may be sent in.
        schemes: schemes of apps that links may have, beside https.
    """
    snippet = normalized(snippet)
    report = Report(snippet)
    if not is_template(snippet.text) and kind.form in (Form.LINE, Form.TEXT):
        return _plain(snippet, kind, report)  # without Jinja, so that checking plain text costs nothing
    parsed = parse(snippet.text, report)
    if parsed is None:
        return Checked(report.findings, {})
    typer = Typer(parsed, context, languages, report)
    _Statements(typer).body(parsed.tree.body, Scope())
    if len(report) == 0:
        # Where values stand is of interest once they are values.
        urls = frozenset(typer.urls)
        if kind.form is Form.HTML:
            markup.check(parsed.tree, urls, LINK_SCHEMES | frozenset(schemes), report)
        elif kind.form is Form.URL:
            check_address(parsed.tree, urls, WEB_SCHEMES | frozenset(schemes), report)
    if len(report) == 0:
        _length(_written(parsed.tree), snippet, kind, report)
    return Checked(report.findings, dict(sorted(typer.uses.items())))


class _Statements:
    """Walks over text, `if` and `for`."""

    def __init__(self, typer: Typer) -> None:
        self.typer = typer

    def body(self, parts: Iterable[nodes.Node], scope: Scope) -> None:
        from jinja2 import nodes

        for part in parts:
            match part:
                case nodes.Output():
                    self._output(part, scope)
                case nodes.If():
                    self._if(part, scope)
                case nodes.For():
                    self._for(part, scope)
                case _:
                    self.typer.report.add(
                        "CNT002",
                        "content cannot do this",
                        part.lineno,
                        part.lineno + 1,
                        help="content has `if`, `elif`, `else`, `endif`, `for` and `endfor`",
                    )

    def _output(self, part: nodes.Output, scope: Scope) -> None:
        from jinja2 import nodes

        for each in part.nodes:
            if not isinstance(each, nodes.TemplateData):
                self.typer.calculations(each)
                if self.typer.printed(each, scope).url:
                    self.typer.urls.add(each.lineno)

    def _if(self, part: nodes.If, scope: Scope) -> None:
        for branch in (part, *part.elif_):
            self.typer.calculations(branch.test)
            condition(self.typer, branch.test, scope)
            self.body(branch.body, scope.knowing(known_when_true(branch.test)))
            scope = scope.knowing(known_when_false(branch.test))
        self.body(part.else_, scope)

    def _for(self, part: nodes.For, scope: Scope) -> None:
        from jinja2 import nodes

        typer = self.typer
        typer.calculations(part.iter)
        found = typer.value(part.iter, scope)
        if not isinstance(part.target, nodes.Name):
            typer.wrong("CNT002", "a `for` has one name", part.target, help="write `{% for offer in wallet.offers %}`")
            return
        if part.recursive:
            typer.wrong("CNT002", "a `for` does not call itself", part.iter, help="delete `recursive`")
            return
        name = part.target.name
        if name in typer.context.roots or name == "loop":
            typer.wrong("CNT002", f"`{name}` means something else already", part.target, help="take another name")
            return
        if found.type is None:
            return
        if found.type.nullable:
            typer.missing(part.iter, found)
            return
        if found.type.kind is not Kind.LIST or found.type.element is None:
            typer.wrong(
                "CNT006", f"a value of type {found.type} has no elements", part.iter, help="a `for` goes over a list"
            )
            return
        if found.type.element.kind is Kind.LIST:
            typer.wrong("CNT006", "content goes over plain lists", part.iter, help="let the catalog have a flatter one")
            return
        inside = scope.looping(name, found.type.element)
        if part.test is not None:
            # Jinja asks before the loop begins, so `loop` does not exist yet.
            condition(typer, part.test, Scope(inside.facts, inside.variables, counting=False))
            inside = inside.knowing(known_when_true(part.test))
        self.body(part.body, inside)
        self.body(part.else_, scope)


def _plain(snippet: Snippet, kind: PartKind, report: Report) -> Checked:
    foreign(snippet.text, report)
    _length(len(snippet.text), snippet, kind, report)
    return Checked(report.findings, {})


def _written(tree: nodes.Template) -> int:
    """Characters that are said to everybody, whatever the values are."""
    from jinja2 import nodes

    return sum(
        len(data.data)
        for part in tree.body
        if isinstance(part, nodes.Output)
        for data in part.nodes
        if isinstance(data, nodes.TemplateData)
    )


def _length(fixed: int, snippet: Snippet, kind: PartKind, report: Report) -> None:
    """What is always said is not longer than what arrives."""
    if fixed > kind.longest:
        report.add(
            "CNT017",
            f"this has {fixed:,} characters; at most {kind.longest:,} arrive",
            0,
            len(snippet.text),
            help="shorten it",
        )
