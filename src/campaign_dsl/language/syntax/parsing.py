"""Reads one clause with the grammar, and turns what Lark says into our words."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lexer import PatternStr

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.diagnostics.suggest import near
from campaign_dsl.language.source.files import Snippet
from campaign_dsl.language.syntax.builder import Builder, GluedWords
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
_HINTS = {
    "=": "equality is written with one `=`",
    "!": "write `not`, or `!=` between two values",
    "&": "write `and`",
    "|": "write `or`",
    "'": 'text stands in double quotes, as in `"Boston"`',
    "“": 'text stands in straight quotes, as in `"Boston"`',
    "”": 'text stands in straight quotes, as in `"Boston"`',
    "„": 'text stands in straight quotes, as in `"Boston"`',
    "/": "there is no division: multiply the other side",
    "%": "a percent sign stands only in `holdout`",
    ";": "a clause ends with its line",
}
"""What people write who know another language."""
_SHOWN = 7
_IN_WORD = re.compile(r"\w")


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
        _explain(error, snippet, builder.seen, problems, what)
        return None
    except GluedWords as glued:
        _unexpected(
            snippet,
            glued.start,
            glued.end,
            problems,
            what,
            f"if these are two words, put a space between them: `{_short(' '.join(glued.words))}`",
        )
        return None
    finally:
        builder.end()
    return node if len(problems) == before else None


def _explain(error: UnexpectedInput, snippet: Snippet, seen: int, problems: Problems, what: str) -> None:
    expected = _expected(error)
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        here = snippet.span(max(0, seen - 1), seen) if seen else snippet.part(0, 0).whole
        problems.add("SYN008", f"{what} ends too early" if seen else f"{what} is empty", here, help=_wanted(expected))
        return
    position = (error.token.start_pos if isinstance(error, UnexpectedToken) else error.pos_in_stream) or 0
    # The lexer stops in the middle of a word that begins like a keyword: show the word.
    start, end = _around(snippet.text, position)
    if isinstance(error, UnexpectedToken):
        end = max(end, position + len(error.token))
    text = snippet.text[start:end]
    close = near(text, [word for word in (_keywords().get(name, "") for name in expected) if word.isalpha()])
    help = _HINTS.get(text) or _HINTS.get(text[:1])
    if help is None and not text.isascii():
        help = "names use the letters a to z, digits and `_`; text stands in double quotes"
    if help is None and close and text.isalpha():
        help = f"did you mean `{close[0]}`?"
    _unexpected(snippet, start, end, problems, what, help or _wanted(expected))


def _unexpected(snippet: Snippet, start: int, end: int, problems: Problems, what: str, help: str | None) -> None:
    text = _short(snippet.text[start:end])
    problems.add("SYN007", f"unexpected `{text}` in {what}", snippet.span(start, end), help=help)


def _around(text: str, position: int) -> tuple[int, int]:
    """The word that goes over ``position``, or the one character there."""
    start = end = position
    while start and _IN_WORD.match(text[position]) and _IN_WORD.match(text[start - 1]):
        start -= 1
    while end < len(text) and _IN_WORD.match(text[end]):
        end += 1
    return start, max(end, position + 1)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def _expected(error: UnexpectedInput) -> list[str]:
    """Terminals that may stand where the error is. What the lexer tells is more than the parser would take."""
    state = getattr(error, "interactive_parser", None)
    return sorted(state.accepts()) if state is not None else []


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
