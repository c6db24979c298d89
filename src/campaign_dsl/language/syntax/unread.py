"""Reads a clause with Lark itself, and turns what Lark says into our words.

Only clauses that the driver did not take come here: a sound file never loads Lark.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lexer import PatternStr

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.syntax.blocks import comments
from campaign_dsl.language.syntax.builder import Builder, GluedWords
from campaign_dsl.language.syntax.grammar import load_parser

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


def read_with_lark(start: str, snippet: Snippet, problems: Problems, what: str) -> Any:
    """The same as `parsing.parse_clause`, slowly and with an explanation of every error."""
    parser, builder = _parser()
    builder.begin(snippet, problems)
    before = len(problems)
    try:
        node = parser.parse(snippet.text, start=start)
    except UnexpectedInput as error:
        _explain(error, start, snippet, builder.seen, problems, what)
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


def _explain(error: UnexpectedInput, start: str, snippet: Snippet, seen: int, problems: Problems, what: str) -> None:
    from campaign_dsl.language.syntax import hints

    at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    # The lexer stops in the middle of a word that begins like a keyword: show the word.
    first, last = (seen, seen) if at_end else _around(snippet.text, _position(error))
    if isinstance(error, UnexpectedToken):
        last = max(last, _position(error) + len(error.token))
    stop = hints.Stop(
        text=_without_comments(snippet.text),
        at=first,
        found=snippet.text[first:last],
        expected=frozenset(_keywords().get(name, name) for name in _expected(error)),
        start=start,
        keyword=what.rpartition("`")[0].rpartition("`")[2],
        yaml=snippet.source.path.endswith(".yaml"),
        reach=lambda changed: _reach(changed, start),
    )
    hint = hints.explain(stop) if _worth_a_try(len(snippet.text), len(problems)) else None
    help = hint.help if hint else hints.wanted(stop)
    if hint is not None:
        first, last = hint.start, hint.end
    if not at_end:
        _unexpected(snippet, first, last, problems, what, help, hint.message if hint else None)
        return
    message = (hint.message if hint else None) or (f"{what} ends too early" if seen else f"{what} is empty")
    here = snippet.span(first, last) if first < last else snippet.span(max(0, seen - 1), seen)
    problems.add("SYN008", message, here if seen else snippet.part(0, 0).whole, help=help)


def _worth_a_try(length: int, earlier: int) -> bool:
    """Whether to try out cures. A file full of long mistakes is no slip of the finger, and would take minutes."""
    return earlier < (50 if length <= 500 else 3 if length <= 4_000 else 0)


def _unexpected(
    snippet: Snippet,
    start: int,
    end: int,
    problems: Problems,
    what: str,
    help: str | None,
    message: str | None = None,
) -> None:
    text = _short(snippet.text[start:end])
    problems.add("SYN007", message or f"unexpected `{text}` in {what}", snippet.span(start, end), help=help)


def _position(error: UnexpectedInput) -> int:
    return (error.token.start_pos if isinstance(error, UnexpectedToken) else error.pos_in_stream) or 0


def _reach(text: str, start: str) -> int:
    """How far a text can be read as a clause; beyond its end when all of it can be."""
    parser, builder = _parser()
    builder.begin(Snippet.of(SourceFile("", text), 0, len(text)), Problems())
    try:
        parser.parse(text, start=start)
    except UnexpectedInput as error:
        return len(text) if isinstance(error, UnexpectedToken) and error.token.type == "$END" else _position(error)
    except GluedWords as glued:
        return glued.start
    return len(text) + 1


def _without_comments(text: str) -> str:
    """The text with spaces instead of comments, so that every character keeps its place."""
    out, end = [], 0
    for start, stop in comments(text):
        out += [text[end:start], " " * (stop - start)]
        end = stop
    return "".join((*out, text[end:]))


def _around(text: str, position: int) -> tuple[int, int]:
    """The word that goes over ``position``, or the one character there."""
    start = end = position
    while start and _IN_WORD.match(text[position]) and _IN_WORD.match(text[start - 1]):
        start -= 1
    while end < len(text) and _IN_WORD.match(text[end]):
        end += 1
    return start, max(end, position + 1)


def _short(text: str) -> str:
    text = re.sub(r"[ \t\r\n]+", " ", text)
    return text if len(text) <= 40 else text[:37] + "..."


def _expected(error: UnexpectedInput) -> list[str]:
    """Terminals that may stand where the error is. What the lexer tells is more than the parser would take."""
    state = getattr(error, "interactive_parser", None)
    return sorted(state.accepts()) if state is not None else []
