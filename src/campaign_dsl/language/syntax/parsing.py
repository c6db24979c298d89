"""Reads one clause with the grammar, and turns what Lark says into our words."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.lexer import PatternStr

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.diagnostics.suggest import near
from campaign_dsl.language.source.files import Snippet
from campaign_dsl.language.syntax.builder import Builder
from campaign_dsl.language.syntax.grammar import load_parser

_FRIENDLY = {
    "NAME": "a name",
    "STRING": 'text in double quotes, like `"Birthday gift"`',
    "NUMBER": "a number",
    "DATE": "a date like `2026-01-31`",
    "TIMESTAMP": "an instant like `2026-11-27 09:00`",
    "TIME": "a time like `09:00`",
    "UNIT": "a unit like `days`",
    "COMPARE": "a comparison like `=` or `>=`",
    "SIGN": "`+` or `-`",
    "TIMES": "`times`",
    "CASE": "`ignoring case`",
    "TEXT_TEST": "`contains`, `starts with` or `ends with`",
    "DID": "`did`",
    "DID_NOT": "`did not`",
    "COUNT_OF": "`count of`",
    "AGGREGATE_OF": "`sum of`",
    "AT_LEAST": "`at least`",
    "AT_MOST": "`at most`",
    "EXACTLY": "`exactly`",
    "IN_LAST": "`in last`",
    "WINDOW_BOUND": "`since`, `before`, `after` or `until`",
    "$END": "the end of the clause",
}
_SHOWN = 7
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\S")


@cache
def _parser() -> tuple[Lark, Builder]:
    builder = Builder()
    return load_parser(builder), builder


@cache
def _keywords() -> dict[str, str]:
    return {
        terminal.name: terminal.pattern.value
        for terminal in _parser()[0].terminals
        if isinstance(terminal.pattern, PatternStr)
    }


def parse_clause(start: str, snippet: Snippet, problems: Problems, what: str) -> Any:
    """The node of one clause, or None when it has an error (which is then in ``problems``).

    Args:
        start: start symbol of the grammar.
        what: how to call the clause in a message, as in ``the `limit` clause``.
    """
    parser, builder = _parser()
    builder.begin(snippet, problems)
    before = len(problems)
    try:
        node = parser.parse(snippet.text, start=start)
    except UnexpectedInput as error:
        _explain(error, snippet, problems, what)
        return None
    return node if len(problems) == before else None


def _explain(error: UnexpectedInput, snippet: Snippet, problems: Problems, what: str) -> None:
    expected = _expected(error)
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        end = len(snippet.text.rstrip())
        here = snippet.span(max(0, end - 1), end) if end else snippet.whole
        problems.add("SYN008", f"{what} ends too early" if end else f"{what} is empty", here, help=_wanted(expected))
        return
    position = (error.token.start_pos if isinstance(error, UnexpectedToken) else error.pos_in_stream) or 0
    found = _WORD.match(snippet.text, position)
    text = (
        str(error.token) if isinstance(error, UnexpectedToken) else found.group() if found else snippet.text[position]
    )
    close = near(text, [word for word in (_keywords().get(name, "") for name in expected) if word.isalpha()])
    problems.add(
        "SYN007",
        f"unexpected `{_short(text)}` in {what}",
        snippet.span(position, position + len(text)),
        help=f"did you mean `{close[0]}`?" if close and text.isalpha() else _wanted(expected),
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def _expected(error: UnexpectedInput) -> list[str]:
    if isinstance(error, UnexpectedToken):
        return sorted(error.accepts or error.expected)
    return sorted(getattr(error, "allowed", None) or ())


def _wanted(expected: list[str]) -> str | None:
    words = [
        _FRIENDLY.get(name) or f"`{_keywords()[name]}`" for name in expected if name in _FRIENDLY or name in _keywords()
    ]
    if not words:
        return None
    order = sorted(
        dict.fromkeys(words),
        key=lambda word: (word == _FRIENDLY["$END"], not word.startswith(("a ", "an ", "text")), word),
    )
    if len(order) == 1:
        return f"expected {order[0]}"
    shown = order[:_SHOWN]
    more = " ..." if len(order) > _SHOWN else ""
    return "expected " + ", ".join(shown[:-1]) + f" or {shown[-1]}{more}"
