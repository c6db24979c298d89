"""Reads a clause over the parser tables that Lark made, without Lark: what every sound clause takes.

The tables in `_driver_tables.py` are Lark's own LALR tables and lexers, written down as plain tuples by
`driver_tables.py`. Going through them takes a third of the time, and a cold start need not load Lark. Whatever this
cannot read is left to Lark, which also finds the words for what is wrong: so nothing here explains anything.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from campaign_dsl.language.syntax.spec import STARTS

UNREAD: Final = object()
"""What `Driver.read` gives when the text is no such clause, or not surely one."""
_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")

Begins = Callable[[str, int], "re.Match[str] | bool | None"]
"""Whether a terminal begins at a place of a text."""
Terminal = tuple[Begins, str, "dict[str, str] | None", "str | None"]
"""How it begins, its name, the words that are terminals of their own, and its text if that is always the same."""
Reduction = tuple[int, str, "Callable[..., Any] | None", bool, "tuple[int | None, ...] | None"]
State = tuple[tuple[Terminal, ...], dict[str, int], dict[str, int]]


class Token(str):
    """A piece of a clause; Lark's tokens know the same about themselves.

    Attributes:
        type: the terminal of the grammar.
        start_pos, end_pos: where it stands in the clause.
    """

    __slots__ = ("end_pos", "start_pos", "type")

    type: str
    start_pos: int
    end_pos: int


def grammar_dir() -> Path:
    """Where the `.lark` files are: inside an installed package, or at the top of a checkout."""
    packaged = Path(__file__).parents[2] / "grammar"
    return packaged if packaged.is_dir() else Path(__file__).parents[4] / "grammar"


def grammar_text() -> str:
    """The grammar of clauses."""
    return (grammar_dir() / "campaign.lark").read_text(encoding="utf-8")


def fingerprint(text: str, *more: str) -> str:
    """What tables depend on: the grammar and its start symbols."""
    return hashlib.sha256("\0".join((text, *more, *STARTS)).encode()).hexdigest()


class Driver:
    """A shift-reduce parser that calls ``builder`` with the parts of each rule it has found.

    Raises:
        LookupError: there are no tables, or they belong to another grammar.
    """

    def __init__(self, builder: Any, tables: Any) -> None:
        if fingerprint(grammar_text()) != tables.FINGERPRINT:
            raise LookupError("the driver's tables are out of date: run `make generate`")
        self._builder = builder
        self._skip = re.compile(tables.IGNORED).match
        self._ends: dict[str, tuple[int, int]] = {start: (first, last) for start, first, last in tables.STARTS}
        self._reductions: list[Reduction] = [
            (size, origin, getattr(builder, callback, None), single, kept)
            for size, origin, callback, single, kept in tables.RULES
        ]
        self._states: list[State | None] = [None] * len(tables.STATES)
        self._tables = tables

    @cache  # noqa: B019 - there is one driver a process
    def _terminal(self, name: str, words: tuple[tuple[str, str], ...]) -> Terminal:
        pattern = self._tables.TERMINALS[name]
        if pattern.isalpha():  # most are keywords, which need no regular expression
            return lambda text, start: text.startswith(pattern, start), name, None, pattern
        return re.compile(pattern).match, name, dict(words) or None, None

    def _state(self, number: int) -> State:
        """What can follow in a state: terminals in the order they are tried, actions, and states after a rule."""
        lexer, actions, after = self._tables.STATES[number]
        tried = tuple(self._terminal(name, words) for name, words in self._tables.LEXERS[lexer])
        state = self._states[number] = tried, dict(actions), dict(after)
        return state

    def read(self, start: str, text: str) -> Any:
        """What the builder made of a clause, or `UNREAD`. Before that the builder may have noted problems."""
        builder, known, reductions, skip = self._builder, self._states, self._reductions, self._skip
        number, goal = self._ends[start]
        stack: list[int] = [number]
        values: list[Any] = []
        position, end = skip(text, 0).end(), len(text)  # type: ignore[union-attr]
        last: Token | None = None
        while True:
            tried, actions, _ = known[number] or self._state(number)
            if position == end:
                kind = "$END"
            else:
                for terminal in tried:
                    found = terminal[0](text, position)
                    if found:
                        break
                else:
                    return UNREAD
                _, kind, words, fixed = terminal
                token = Token(fixed or found[0])  # type: ignore[index]
                if words is not None:
                    kind = words.get(token, kind)
                token.type, token.start_pos, token.end_pos = kind, position, position + len(token)
                if last is None:
                    builder.first = token
                elif last.end_pos == position and text[position - 1] in _WORD and text[position] in _WORD:
                    return UNREAD  # two words in one
                builder.last = last = token
            while (action := actions.get(kind)) is not None and action < 0:
                size, origin, method, single, kept = reductions[~action]
                if single and size == 1:  # what it is made of, under another name
                    stack.pop()
                else:
                    children = values[len(values) - size :]
                    if size:
                        del values[-size:], stack[-size:]
                    if kept is not None:
                        children = _kept(children, kept)
                    if single and len(children) == 1:
                        values.append(children[0])
                    elif method is None:
                        values.append(children)
                    else:
                        values.append(method(*children))
                number = (known[stack[-1]] or self._state(stack[-1]))[2][origin]
                stack.append(number)
                if kind == "$END" and number == goal:
                    return values[-1]
                actions = (known[number] or self._state(number))[1]
            if action is None:
                return UNREAD
            values.append(token)
            number = action
            stack.append(number)
            position = skip(text, token.end_pos).end()  # type: ignore[union-attr]


def _kept(children: list[Any], kept: tuple[int | None, ...]) -> list[Any]:
    """The parts of a rule that its builder is given.

    Args:
        kept: for each of them its index; or the complement of it, to take the parts of a repetition one by one; or None
            for a part that was left out.
    """
    found: list[Any] = []
    for index in kept:
        if index is None:
            found.append(None)
        elif index >= 0:
            found.append(children[index])
        else:
            found.extend(children[~index])
    return found
