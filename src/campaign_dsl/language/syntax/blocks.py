"""A campaign file as blocks and clauses, before any clause is read.

Both spellings end here: `.campaign` text through `read_blocks`, YAML through `yaml_blocks`. A clause keeps its body as
a `Snippet`, so that one grammar reads it and every place points into the file it came from.

A clause begins on a line of its own, with its keyword, and goes on until the next line that begins one; braces and
brackets hold it together. So a mistake in one clause never spoils the next. Indentation means nothing in a sound file;
where braces do not match, it helps to guess which of them is missing or too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from campaign_dsl.language.diagnostics.model import Label, Problems, Span
from campaign_dsl.language.diagnostics.suggest import near
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.syntax.spec import CONTINUES, FILE, BlockSpec, ClauseSpec

MAX_DEPTH = 64
"""Brackets inside each other, in one clause."""
MAX_BLOCKS = 20
"""Blocks inside each other: every later pass recurses over them, and YAML has to hold them too."""


@dataclass(frozen=True, slots=True)
class Word:
    """A keyword or a name, and where it stands."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its keyword (or the entry's name) and its body.

    Attributes:
        plain: the body is the text itself, not a quoted string (a YAML scalar of a text clause).
        broken: what is wrong with the body has been said; it cannot be read.
    """

    keyword: Word
    body: Snippet
    span: Span
    spec: ClauseSpec | None
    plain: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One block: keyword, what stands before its brace, and its items in order."""

    keyword: Word
    head: Snippet
    items: tuple[Clause | Block, ...]
    span: Span
    spec: BlockSpec

    def clauses(self, keyword: str) -> tuple[Clause, ...]:
        return tuple(item for item in self.items if isinstance(item, Clause) and item.keyword.text == keyword)

    def blocks(self, keyword: str) -> tuple[Block, ...]:
        return tuple(item for item in self.items if isinstance(item, Block) and item.keyword.text == keyword)

    @property
    def entries(self) -> tuple[Clause, ...]:
        return tuple(item for item in self.items if isinstance(item, Clause))


_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<space>[^\S\n]+)
      | (?P<newline>\n)
      | (?P<string>"(?:[^"\\\n]|\\[^\n])*")
      | (?P<broken>"[^\r\n]*?(?=[ \t]*[})\]]*[ \t]*(?:[\r\n]|\Z)))
      | (?P<open>[{(\[])
      | (?P<close>[})\]])
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<other>.)""",
    re.VERBOSE,
)


_HYPHENED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")
_COMMENT_SIGNS = ("//", "--", "/*", "<!--")


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int
    first: bool  # first on its line
    column: int


def _tokens(source: SourceFile) -> Iterator[_Token]:
    first, line_start = True, 0
    for match in _TOKEN.finditer(source.text):
        kind = match.lastgroup or "other"
        if kind == "newline":
            first, line_start = True, match.end()
        elif kind not in ("space", "comment"):
            yield _Token(kind, match.group(), match.start(), match.end(), first, match.start() - line_start)
            first = False


def comments(text: str) -> Iterator[tuple[int, int]]:
    """Where the comments of a piece of clause text begin and end."""
    return (match.span() for match in _TOKEN.finditer(text) if match.lastgroup == "comment")


class _Reader:
    """Walks the tokens of one file. Never raises; what it cannot place becomes a problem and is passed over."""

    def __init__(self, source: SourceFile, problems: Problems, guessing: bool) -> None:
        self.source = source
        self.problems = problems
        self.tokens = list(_tokens(source))
        self.at = 0
        self.outer: list[tuple[BlockSpec, _Token]] = []
        """The blocks around the one being read: what they may hold, and the keyword of the block inside."""
        self.guessing = guessing

    def span(self, token: _Token) -> Span:
        return self.source.span(token.start, token.end)

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    # ---- items of a block

    def items(self, spec: BlockSpec, name: str) -> tuple[Clause | Block, ...]:
        found: list[Clause | Block] = []
        while (token := self.peek()) is not None:
            self.foreign_space(token)
            if token.text == "}":
                if not self.stray(token):
                    break
                self.closes_nothing(token)
            elif token.kind == "broken":
                self.unclosed_string(token)
            elif token.text == "{":
                if (block := self.nameless(token, spec, name)) is not None:
                    found.append(block)
            elif token.kind != "word":
                self.misplaced(token, spec, name)
            elif self.belongs_outside(token, spec):
                break
            elif self.closed_too_early(token, spec, found):
                found[-1] = self.reopened(found[-1], spec)
            elif (item := self.item(token, spec, name)) is not None:
                found.append(item)
        return tuple(found)

    def misplaced(self, token: _Token, spec: BlockSpec, name: str) -> None:
        """Something that begins no item."""
        from campaign_dsl.language.syntax.hints.keywords import holds

        end, help = token.end, holds(spec, name)
        sign = next((sign for sign in _COMMENT_SIGNS if self.source.text.startswith(sign, token.start)), "")
        if sign:
            end, help = token.start + len(sign), "begin a comment with `#`"
        elif token.kind == "string" and spec.entry is not None:
            help = f"write `{token.text[1:-1]}`, without quotes and without a colon behind it"
        elif token.text in ("-", "*", "•"):
            help = "begin the line with its keyword: there are no bullets here"
        self.problems.add(
            "SYN002",
            f"unexpected `{self.source.text[token.start : end]}`",
            self.source.span(token.start, end),
            help=help,
        )
        self.skip_line()

    def nameless(self, brace: _Token, spec: BlockSpec, name: str) -> Block | None:
        """A `{` without a keyword before it; what stands inside tells which one is meant."""
        from campaign_dsl.language.syntax.hints.keywords import holds

        if self.at and self.tokens[self.at - 1].text == "{":
            self.problems.add("SYN002", "this `{` is one too many", self.span(brace), help="delete it")
            self.at += 1
            return None
        following = self.tokens[self.at + 1].text if self.at + 1 < len(self.tokens) else ""
        meant = [keyword for keyword, child in spec.blocks.items() if following in child.keywords]
        self.problems.add(
            "SYN002",
            "this `{` begins a block without a keyword",
            self.span(brace),
            help=f"write `{meant[0]} {{`" if meant else holds(spec, name),
        )
        if meant:
            self.at -= 1
            return self.block(brace, spec.blocks[meant[0]], spec, meant[0])
        self.skip_item(spec)
        return None

    def foreign_space(self, token: _Token) -> None:
        """Spaces that are not plain ones, before the first word of a line; the grammar finds those inside a clause."""
        start = token.start - token.column
        for offset in range(start, token.start) if token.first else ():
            if self.source.text[offset] not in " \t":
                self.problems.add(
                    "SYN002",
                    "this is not a plain space",
                    self.source.span(offset, offset + 1),
                    help="delete it and type a plain space; it comes along with pasted text",
                )
                return

    def stray(self, brace: _Token) -> bool:
        """Whether this `}` is one too many: it is indented too far to end this block."""
        return self.guessing and bool(self.outer) and brace.first and brace.column > self.outer[-1][1].column

    def belongs_outside(self, token: _Token, spec: BlockSpec) -> bool:
        """Whether this word can only be meant for a block around this one, whose `}` was forgotten."""
        if not any(token.text in outer.keywords for outer, _ in self.outer):
            return False
        if token.text not in spec.keywords and spec.entry is None:
            return True
        return self.guessing and token.first and token.column <= self.outer[-1][1].column

    def closed_too_early(self, token: _Token, spec: BlockSpec, found: list[Clause | Block]) -> bool:
        """Whether this word belongs into the block before it, which one `}` too many has closed."""
        last = found[-1] if found else None
        here = token.text in spec.keywords or spec.entry is not None
        return self.guessing and not here and isinstance(last, Block) and token.text in last.spec.keywords

    def reopened(self, last: Clause | Block, outer: BlockSpec) -> Block:
        """The block that was closed too early, with what follows."""
        assert isinstance(last, Block)
        brace, word = last.span.end - 1, last.keyword
        self.problems.add(
            "SYN002",
            f"this `}}` closes `{word.text}`, which goes on below",
            self.source.span(brace, brace + 1),
            help="delete it, or another `}` before it",
        )
        token = _Token("word", word.text, word.span.start, word.span.end, True, word.span.column - 1)
        self.outer.append((outer, token))
        items = self.items(last.spec, word.text)
        self.outer.pop()
        closing = self.peek()
        if closing is not None and closing.text == "}":
            self.at += 1
        end = self.tokens[self.at - 1].end
        return replace(last, items=(*last.items, *items), span=self.source.span(last.span.start, end))

    def item(self, token: _Token, spec: BlockSpec, name: str) -> Clause | Block | None:
        if token.text in spec.blocks and self.brace_follows():
            return self.block(token, spec.blocks[token.text], spec)
        if token.text in spec.clauses or spec.entry is not None:
            return self.clause(token, spec, spec.clauses.get(token.text))
        return self.unknown(token, spec, name)

    def unknown(self, token: _Token, spec: BlockSpec, name: str) -> Block | None:
        """What is meant is read all the same, so that what is inside is not lost."""
        from campaign_dsl.language.syntax.hints.keywords import instead_of

        if token.text in spec.blocks:
            of = " of" if spec.blocks[token.text].head in ("group_head", "choice_head") else ""
            self.problems.add(
                "SYN003",
                f"the `{{` of `{token.text}` is missing",
                self.span(token),
                help=f"write `{token.text}{of} {{`, and `}}` where it ends",
            )
            if self.indented(token):
                return self.block(token, spec.blocks[token.text], spec)
            self.skip_line()
            closing = self.peek()
            if closing is not None and closing.text == "}" and not closing.first:
                self.at += 1
            return None
        what = "block" if name == "file" else "clause"
        word, end = self.hyphened(token)
        self.problems.add(
            "SYN001",
            f"unknown {what} `{word[:60]}`" + ("" if name == "file" else f" in `{name}`"),
            self.source.span(token.start, end),
            help=instead_of(word, spec, name),
        )
        meant = near(token.text, spec.blocks, 1)
        if meant and self.brace_follows():
            return self.block(token, spec.blocks[meant[0]], spec, meant[0])
        self.skip_item(spec)
        return None

    def indented(self, token: _Token) -> bool:
        """Whether the next line is indented more than the one of ``token``, so that a block may begin there."""
        following = next((each for each in self.tokens[self.at + 1 :] if each.first), None)
        return following is not None and following.column > token.column

    def hyphened(self, token: _Token) -> tuple[str, int]:
        """The word with what hangs on it: `hold-out`."""
        match = _HYPHENED.match(self.source.text, token.start)
        return (match[0], match.end()) if match else (token.text, token.end)

    def skip_item(self, spec: BlockSpec) -> None:
        """Pass over an item nobody knows: to the end of its braces, or to the next line that begins one."""
        start = self.tokens[self.at]
        self.at += 1
        depth = int(start.text == "{")
        while (token := self.peek()) is not None:
            if depth == 0 and (token.text == "}" or (token.first and self.begins(token, spec, start.column))):
                return
            self.at += 1
            depth += (token.text == "{") - (token.text == "}")
            if depth == 0 and token.text == "}":
                return

    def skip_line(self) -> None:
        self.at += 1
        while (token := self.peek()) is not None and not token.first and token.text != "}":
            self.at += 1

    def brace_follows(self) -> bool:
        """Whether this word's line goes on to an opening brace."""
        index = self.at + 1
        while index < len(self.tokens):
            token = self.tokens[index]
            if token.text == "{":
                return True
            if token.first or token.text == "}":
                return False
            index += 1
        return False

    def begins(self, token: _Token, spec: BlockSpec, column: int) -> bool:
        """Whether this first word of a line begins a new item, or goes on with the clause that began at ``column``."""
        if token.kind != "word":
            return False
        if spec.entry is not None:
            return token.text not in CONTINUES or token.text in spec.clauses
        return (
            token.text in spec.clauses
            or token.text in spec.blocks
            or (token.column <= column and token.text not in CONTINUES)
        )

    def clause(self, token: _Token, spec: BlockSpec, clause: ClauseSpec | None) -> Clause:
        self.at += 1
        stack: list[_Token] = []
        start = end = token.end
        first_body, broken = True, False
        while (here := self.peek()) is not None:
            if not stack and (here.text == "}" or (here.first and self.begins(here, spec, token.column))):
                break
            if stack and here.first and here.column <= token.column and self.begins(here, spec, -1):
                break  # a bracket was forgotten; the next clause must not suffer for it
            if here.text == "}" and (stack[-1].text != "{" or (here.first and here.column < token.column)):
                break  # likewise; the block ends all the same, and the grammar names the place
            if here.kind == "broken":
                self.unclosed_string(here, start if not first_body else None)
                end, broken = here.end, True
                continue
            if here.kind == "open":
                stack.append(here)
                if len(stack) == MAX_DEPTH + 1:
                    self.too_deep(here)
                    broken = True
            elif here.kind == "close" and stack:
                stack.pop()
            if first_body:
                start, first_body = here.start, False
            end = here.end
            self.at += 1
        return Clause(
            Word(token.text, self.span(token)),
            Snippet.of(self.source, start, max(start, end)),
            self.source.span(token.start, end),
            clause,
            broken=broken,
        )

    def block(self, token: _Token, spec: BlockSpec, outer: BlockSpec, meant: str = "") -> Block:
        """A block, from its keyword to its `}`. Its `{` may be missing: that has been said.

        Args:
            meant: the keyword that is meant, when the one that is written does not exist.
        """
        self.at += 1
        start = end = token.end
        while (here := self.peek()) is not None and here.text not in ("{", "}") and not here.first:
            if start == token.end:
                start = here.start
            end = here.end
            self.at += 1
        opening = self.peek()
        if opening is not None and opening.text == "{":
            self.at += 1
        else:
            opening = None
            if spec.head is None:
                start = end  # whatever stands there, a brace was meant
        if len(self.outer) == MAX_BLOCKS:
            nested_too_deep(self.span(token), self.problems)
            items = self.passed_over()
        else:
            self.outer.append((outer, token))
            items = self.items(spec, meant or token.text)
            self.outer.pop()
        closing = self.peek()
        ours = closing is not None and not (self.guessing and closing.first and closing.column < token.column)
        if closing is not None and closing.text == "}" and (ours if opening else closing.column >= token.column):
            self.at += 1
            last = closing.end
        else:
            last = self.tokens[self.at - 1].end
            if opening is not None:
                self.problems.add(
                    "SYN004",
                    f"the `{{` of `{token.text}` is never closed",
                    self.span(opening),
                    help="add a `}` on a line of its own where the block ends",
                    see_also=(Label(self.span(closing), "at the latest before this"),) if closing else (),
                )
        return Block(
            Word(meant or token.text, self.span(token)),
            Snippet.of(self.source, start, end),
            items,
            self.source.span(token.start, last),
            spec,
        )

    def passed_over(self) -> tuple[Clause | Block, ...]:
        """Goes to the `}` that ends the block, whatever stands before it; nothing of it is read."""
        depth = 0
        while (token := self.peek()) is not None and not (depth == 0 and token.text == "}"):
            depth += (token.text == "{") - (token.text == "}")
            self.at += 1
        return ()

    def too_deep(self, token: _Token) -> None:
        self.problems.add(
            "SYN005",
            f"nested deeper than {MAX_DEPTH} levels",
            self.span(token),
            help="name a part as an audience of its own",
        )

    def closes_nothing(self, token: _Token) -> None:
        self.problems.add(
            "SYN002", "this `}` closes nothing", self.span(token), help="delete it, or add the `{` it belongs to"
        )
        self.at += 1

    def unclosed_string(self, token: _Token, start: int | None = None) -> None:
        """A text without its second quote; or without its first, when it stands between ``start`` and ``token``."""
        lost = self.source.text[start : token.start] if start is not None else ""
        if token.text.rstrip() == '"' and lost and '"' not in lost and "\n" not in lost:
            self.problems.add(
                "SYN006",
                'this `"` closes a text that nothing opens',
                self.source.span(token.start, token.start + 1),
                help=f'write `"{lost}"`',
            )
        else:
            span = self.source.span(token.start, token.start + len(token.text.rstrip()))
            self.problems.add("SYN006", "this text is never closed", span, help='end it with `"` on the same line')
        self.at += 1


def nested_too_deep(span: Span, problems: Problems) -> None:
    """Reports a block inside of too many others."""
    problems.add("SYN005", f"more than {MAX_BLOCKS} blocks inside each other", span, help="flatten it")


def read_blocks(source: SourceFile, problems: Problems) -> tuple[Block, ...]:
    """Cut a `.campaign` file into its blocks."""
    found, missed = _read(source, guessing=False)
    if len(missed):
        # Read it again, taking indentation for a sign of which brace is wrong, and keep what explains more.
        other, still_missed = _read(source, guessing=True)
        if len(still_missed) <= len(missed):
            found, missed = other, still_missed
    problems.extend(missed.sorted())
    return found


def _read(source: SourceFile, guessing: bool) -> tuple[tuple[Block, ...], Problems]:
    problems = Problems()
    reader = _Reader(source, problems, guessing)
    found: list[Block] = []
    while True:
        found.extend(item for item in reader.items(FILE, "file") if isinstance(item, Block))
        stray = reader.peek()
        if stray is None:
            return tuple(found), problems
        reader.closes_nothing(stray)
