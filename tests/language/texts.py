"""Reading pieces of the language in tests, and walking over what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from campaign_dsl.language.diagnostics.model import Diagnostic, Problems, Span
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.parsing import parse_clause
from campaign_dsl.workspace import parse

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "campaigns"


def try_clause(start: str, text: str) -> tuple[Any, tuple[Diagnostic, ...]]:
    """The node of a clause text, and what is wrong with it."""
    problems = Problems()
    source = SourceFile("x.campaign", text)
    return parse_clause(start, Snippet.of(source, 0, len(text)), problems, "the clause"), problems.sorted()


def clause(start: str, text: str) -> Any:
    """The node of a sound clause text."""
    node, problems = try_clause(start, text)
    assert problems == (), (text, problems)
    return node


def predicate(text: str) -> Any:
    return clause("where_clause", text)


def try_file(text: str, path: str = "x.campaign") -> tuple[t.File, tuple[Diagnostic, ...]]:
    """The tree of a file, and what is wrong with it."""
    problems = Problems()
    tree = parse(SourceFile(path, text), problems)
    return tree, problems.sorted()


def file(text: str, path: str = "x.campaign") -> t.File:
    """The tree of a sound file."""
    tree, problems = try_file(text, path)
    assert problems == (), problems
    return tree


def codes(problems: tuple[Diagnostic, ...]) -> list[str]:
    return [each.code for each in problems]


def marked(problem: Diagnostic) -> str:
    """The text that a finding points at."""
    assert problem.where is not None
    return text_of(problem.where.span)


def text_of(span: Span) -> str:
    return span.source.text[span.start : span.end]


def tree_nodes(node: Any) -> Iterator[Any]:
    """``node`` and every syntax node below it."""
    if isinstance(node, tuple):
        for item in node:
            yield from tree_nodes(item)
    elif is_dataclass(node) and type(node).__module__.startswith(t.__name__):
        yield node
        for field in fields(node):
            yield from tree_nodes(getattr(node, field.name))
