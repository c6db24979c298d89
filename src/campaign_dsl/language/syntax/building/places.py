"""The clause being read: where its tokens and nodes stand, and how deep they are."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from campaign_dsl.language.diagnostics.model import Label, Problems, Span
from campaign_dsl.language.source.files import Snippet
from campaign_dsl.language.syntax import tree as t

if TYPE_CHECKING:
    from lark import Token

MAX_EXPRESSION_DEPTH = 100
MAX_JOINED = 1_000
"""Conditions that may stand beside each other, joined with `and` or `or`."""
FIRST_YEAR, LAST_YEAR = 1900, 2299
"""Years that every engine can hold as a date; others are typing mistakes."""
_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
_NUMBER = re.compile(r"[0-9]+(_[0-9]+)*(\.[0-9]+)?")
_IN_WORDS = frozenset(string.ascii_letters + string.digits + "_")
_WORD_END = re.compile(r"[A-Za-z0-9_]*")


Node = TypeVar("Node", bound=t.Expression)


class GluedWords(Exception):
    """Two words without a space between them, as in `age >= 13 order`, which would read `age >= 13 or der`.

    Args:
        start: where the first word begins, in the clause.
        end: where the last one ends.
        words: how Lark took them.
    """

    def __init__(self, start: int, end: int, words: tuple[str, str]) -> None:
        super().__init__(*words)
        self.start = start
        self.end = end
        self.words = words


class Places:
    """Holds the clause being read; one instance serves one parser, one clause at a time. It sees every token go by."""

    def __init__(self) -> None:
        self.snippet: Snippet
        self.problems: Problems
        self.first: Token | None = None
        self.last: Token | None = None
        self._depths: dict[int, tuple[int, Any]] = {}

    def begin(self, snippet: Snippet, problems: Problems) -> None:
        self.snippet = snippet
        self.problems = problems
        self.first = self.last = None
        self._depths = {}

    def end(self) -> None:
        """Forget the clause."""
        self.first = self.last = None
        self._depths = {}

    def see(self, token: Token) -> None:
        """Note where the clause begins and ends, and see that words stand apart.

        Raises:
            GluedWords: they do not. Lark takes the longest keyword that fits, whatever letters follow.
        """
        last, start = self.last, token.start_pos or 0
        if last is None:
            self.first = token
        elif last.end_pos == start and last[-1] in _IN_WORDS and token[0] in _IN_WORDS:
            rest = _WORD_END.match(self.snippet.text, start)
            assert rest is not None
            raise GluedWords(last.start_pos or 0, rest.end(), (str(last), rest[0]))
        self.last = token

    def at(self, token: Any) -> Span:
        return self.snippet.span(token.start_pos or 0, token.end_pos or 0)

    def place(self, part: Any) -> Span:
        """Where a token or a node stands."""
        return self.at(part) if isinstance(part, str) else part.span

    def over(self, *parts: Any) -> Span:
        """From the first part to the last."""
        first, last = parts[0], parts[-1]
        return self.place(first) if first is last else self.place(first).to(self.place(last))

    def each_once(
        self, parts: Iterable[tuple[str, Any]], help: str, called: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Parts by their keys; of a key that is written twice the first counts, and the second is reported.

        Args:
            called: what messages call a key, where that is not the key itself.
        """
        found: dict[str, Any] = {}
        for key, value in parts:
            if key in found:
                self.problems.add(
                    "SYN009",
                    f"`{(called or {}).get(key, key)}` is written twice",
                    value.span,
                    help=help,
                    see_also=(Label(found[key].span, "first written here"),),
                )
            found.setdefault(key, value)
        return found

    @property
    def seen(self) -> int:
        """Where the last token that was read ends, in the clause."""
        return (self.last.end_pos or 0) if self.last is not None else 0

    @property
    def clause(self) -> Span:
        """The whole clause, from its first token to its last. Known when the rule of a clause is reduced."""
        if self.first is None or self.last is None:
            return self.snippet.whole
        return self.over(self.first, self.last)

    def deep(self, node: Node, *children: Any) -> Node:
        """Remember how deep ``node`` is; too deep is a problem once, since every later pass recurses."""
        depth = 1 + max((self._depths[id(child)][0] for child in children if id(child) in self._depths), default=0)
        self._depths[id(node)] = depth, node  # with the node, so that no other takes its id while we remember it
        if depth == MAX_EXPRESSION_DEPTH:
            self.problems.add(
                "SYN005",
                f"nested deeper than {MAX_EXPRESSION_DEPTH} levels",
                node.span,
                help="name a part as an audience of its own",
            )
        return node


def unit_of(token: Token) -> str:
    """The unit of time, without the plural."""
    return str(token).removesuffix("s")


def words_of(token: Token) -> str:
    """The words of a terminal, with one space between them."""
    return " ".join(str(token).split())
