"""From the text of a template to Jinja's tree, every part of which knows its place in the text.

Jinja counts lines only. Here its parser is handed tokens whose "line" is their offset, so that each node of the tree
and each of its errors carries one. Limits are checked on the tokens, before anything recurses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from campaign_dsl.language.content import limits
from campaign_dsl.language.content.foreign import foreign
from campaign_dsl.language.content.report import Report
from campaign_dsl.language.source.files import refused_escape

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import SandboxedEnvironment

TAGS = ("if", "elif", "else", "endif", "for", "endfor")
INSTEAD = {
    "set": "write the value where it is needed",
    "macro": "write the text where it is needed",
    "call": "write the text where it is needed",
    "include": 'name the file as the part: `body file "content/x.html"`',
    "import": "write the text where it is needed",
    "from": "write the text where it is needed",
    "extends": "name one whole file as the part",
    "block": "name one whole file as the part",
    "filter": "put the filter behind each value: `{{ x | upper }}`",
    "with": "write the value where it is needed",
    "autoescape": "values are escaped in HTML and nowhere else",
    "raw": 'write the text without braces, or a brace as `{{ "{{" }}`',
    "do": "content says something; it does nothing",
    "break": "put the condition behind the list: `{% for x in list if ... %}`",
    "continue": "put the condition behind the list: `{% for x in list if ... %}`",
    "elseif": "write `elif`",
    "elsif": "write `elif`",
    "elseIf": "write `elif`",
    "end": "write `endif` or `endfor`",
}
"""What to write for a tag that content may not use."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A token and where it stands."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A template as Jinja sees it; ``lineno`` of its nodes is an offset in ``text``."""

    text: str
    tree: nodes.Template
    pieces: tuple[Piece, ...]

    def end_of(self, start: int) -> int:
        """Where the token at ``start`` ends."""
        return next((piece.end for piece in self.pieces if piece.start == start), start + 1)


def start_of(node: nodes.Node) -> int:
    """Where the leftmost part of an expression stands."""
    from jinja2 import nodes

    while True:
        match node:
            case nodes.Getattr() | nodes.Getitem() | nodes.Filter() | nodes.Test() | nodes.Call():
                if node.node is None:
                    return node.lineno
                node = node.node
            case nodes.BinExpr():
                node = node.left
            case nodes.Compare():
                node = node.expr
            case nodes.Concat():
                node = node.nodes[0]
            case nodes.CondExpr():
                node = node.expr1
            case _:
                return node.lineno


def said_at(node: nodes.Node, report: Report) -> tuple[int, int]:
    """The range of an expression in its braces, or of a tag."""
    start, text = start_of(node), report.snippet.text
    ends = [end for end in (text.find("}}", start), text.find("%}", start)) if end >= 0]
    return start, start + len(text[start : min(ends, default=start + 1)].rstrip(" \n-"))


@cache
def environment() -> SandboxedEnvironment:
    """The environment whose lexer and parser are used. Nothing is rendered with it."""
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(keep_trailing_newline=True, optimized=False, cache_size=0)


def is_template(text: str) -> bool:
    """Whether there is anything but text in it."""
    return "{{" in text or "{%" in text or "{#" in text


def parse(text: str, report: Report) -> Parsed | None:
    """The tree of ``text``, or None after having reported why there is none."""
    if len(text) > limits.MAX_TEMPLATE:
        report.add(
            "CNT003",
            f"this content has {len(text):,} characters; at most {limits.MAX_TEMPLATE:,} are read",
            limits.MAX_TEMPLATE,
            limits.MAX_TEMPLATE + 1,
            help="shorten it; pictures belong on a server",
        )
        return None
    before = len(report)
    foreign(text, report)
    if len(report) > before:
        return None
    pieces = _pieces(text, report)
    if pieces is None or not _blocks_match(pieces, report):
        return None
    tree = _tree(text, pieces, report)
    if tree is None or not _tree_within_limits(tree, report):
        return None
    return Parsed(text, tree, pieces)


# ----------------------------------------------------------------------------------------------------------- tokens


def _pieces(text: str, report: Report) -> tuple[Piece, ...] | None:
    from jinja2.exceptions import TemplateSyntaxError

    lexer = environment().lexer
    pieces: list[Piece] = []
    place = 0
    budget = _Budget(report)
    try:
        for _, kind, value in lexer.tokeniter(text, None):
            # Between two tokens only spaces can be missing: those that `{%-` takes away.
            start = text.find(value, place)
            place = start + len(value)
            pieces.append(Piece(kind, value, start))
            if not budget.allows(pieces[-1]):
                return None
    except TemplateSyntaxError as error:
        _unread(text, place, pieces, error.message or "", report)
        return None
    return tuple(pieces)


def _unread(text: str, place: int, pieces: list[Piece], message: str, report: Report) -> None:
    """The lexer stopped at ``place``."""
    opening = next((piece for piece in reversed(pieces) if piece.kind.endswith("_begin")), None)
    if "omment" in message or "raw" in message or opening is None:
        start = max(text.rfind("{#", 0), text.rfind("{%", 0), 0)
        what = text[start : start + 2] or "{"
        report.add("CNT001", f"this `{what}` is never closed", start, start + 2, help="close it, or delete it")
        return
    found = text[place : place + 1]
    closing = "}}" if opening.kind == "variable_begin" else "%}"
    said = f"`{found}`" if found.strip() and found != "`" else "this"
    inside = [piece for piece in pieces if piece.start >= opening.start and piece.kind == "operator"]
    unclosed = [piece for piece in inside if piece.text in "([{"][sum(piece.text in ")]}" for piece in inside) :]
    if found == "}" and unclosed:
        last = unclosed[-1]
        report.add("CNT001", f"this `{last.text}` is never closed", last.start, last.end, help="close it, or delete it")
        return
    if found == "}" and closing == "}}":
        report.add(
            "CNT001",
            "`{{` is closed by two braces, and here is one",
            place,
            place + 1,
            help="write `}}`",
        )
        return
    words = {"&": "write `and`", "!": "write `not` before a condition, `!=` between values", "$": "names have no `$`"}
    report.add(
        "CNT001",
        f"{said} does not belong inside `{opening.text} ... {closing}`",
        place,
        place + 1,
        help=words.get(found, f"is the `{closing}` in front of it missing?"),
    )


@dataclass
class _Budget:
    """What may still be read, token by token, before anything recurses.

    Attributes:
        braces: pairs of braces so far.
        tokens: words and signs in the pair that is open.
        depth: brackets open in it.
    """

    report: Report
    braces: int = 0
    tokens: int = 0
    depth: int = 0

    def allows(self, piece: Piece) -> bool:
        """Whether a token may be there; says why not."""
        if piece.kind.endswith("_begin"):
            self.braces, self.tokens, self.depth = self.braces + 1, 0, 0
        elif piece.kind == "operator":
            self.depth += (piece.text in "([{") - (piece.text in ")]}")
        self.tokens += piece.kind != "whitespace"
        for number, most, what in (
            (self.braces, limits.MAX_BRACES, "pairs of braces in one content"),
            (self.tokens - 1, limits.MAX_TOKENS, "words or signs in one pair of braces"),
            (self.depth, limits.MAX_BRACKETS, "brackets inside each other"),
        ):
            if number > most:
                self._refused("CNT003", f"more than {most:,} {what}", piece, "say less at once")
                return False
        if piece.kind in ("integer", "float") and not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,9})?", piece.text):
            message = f"`{piece.text[:30]}` is not a number that content can have"
            self._refused("CNT001", message, piece, "write digits, up to 18 of them, and a point before decimals")
            return False
        if piece.kind == "string" and refused_escape(_unescaped(piece.text)) is not None:
            message = "this text holds a character that no message may carry"
            self._refused("CNT001", message, piece, "write it without `\\x` and `\\u`")
            return False
        return True

    def _refused(self, code: str, message: str, piece: Piece, help: str) -> None:
        self.report.add(code, message, piece.start, piece.end, help=help)


def _blocks_match(pieces: tuple[Piece, ...], report: Report) -> bool:
    """Tags are those content may use, and each `if` and `for` has its end."""
    opened: list[Piece] = []
    solid = [piece for piece in pieces if piece.kind != "whitespace"]
    for piece, following in pairwise(solid):
        if piece.kind == "raw_begin":
            following = Piece("name", "raw", piece.start)
        elif piece.kind != "block_begin":
            continue
        tag = following.text if following.kind == "name" else ""
        if tag not in TAGS:
            _wrong_tag(piece, following, tag, report)
            return False
        if tag in ("if", "for"):
            opened.append(following)
        elif not _continues(tag, following, opened, report):
            return False
        loops = sum(each.text == "for" for each in opened)
        if loops > limits.MAX_LOOPS or len(opened) > limits.MAX_BLOCKS:
            much = limits.MAX_LOOPS if loops > limits.MAX_LOOPS else limits.MAX_BLOCKS
            what = "`for`" if loops > limits.MAX_LOOPS else "blocks"
            report.add(
                "CNT003",
                f"more than {much} {what} inside each other",
                following.start,
                following.end,
                help="say it flatter: `elif` instead of an `if` in an `else`",
            )
            return False
    if opened:
        last = opened[-1]
        report.add(
            "CNT001",
            f"this `{last.text}` has no `end{last.text}`",
            last.start,
            last.end,
            help=f"add `{{% end{last.text} %}}` where it ends",
        )
    return not opened


def _continues(tag: str, piece: Piece, opened: list[Piece], report: Report) -> bool:
    """Takes the block off ``opened`` that an `end...` ends."""
    wanted = {"endif": ("if",), "endfor": ("for",), "elif": ("if",), "else": ("if", "for")}[tag]
    if opened and opened[-1].text in wanted:
        if tag.startswith("end"):
            opened.pop()
        return True
    if opened:
        message = f"`{tag}` stands inside a `{opened[-1].text}` that has not ended"
        help = f"write `{{% end{opened[-1].text} %}}` first"
    else:
        message, help = f"no `{wanted[0]}` begins before this `{tag}`", "delete it"
    report.add("CNT001", message, piece.start, piece.end, help=help)
    return False


def _wrong_tag(opening: Piece, found: Piece, tag: str, report: Report) -> None:
    if not tag:
        report.add("CNT001", "`{%` begins no tag here", opening.start, opening.end, help="write `{% if ... %}`")
    elif tag in INSTEAD:
        report.add(
            "CNT002",
            f"content may not use `{tag}`",
            found.start,
            found.end,
            why="what a reviewer reads has to be what the customer reads",
            help=INSTEAD[tag],
        )
    else:
        report.add(
            "CNT002",
            f"unknown tag `{tag}`",
            found.start,
            found.end,
            help="content has `if`, `elif`, `else`, `endif`, `for` and `endfor`",
        )


def _unescaped(literal: str) -> str:
    try:
        return literal[1:-1].encode("ascii", "backslashreplace").decode("unicode-escape")
    except UnicodeDecodeError:
        return "\0"


# ------------------------------------------------------------------------------------------------------------- tree


def _tree(text: str, pieces: tuple[Piece, ...], report: Report) -> nodes.Template | None:
    from jinja2.exceptions import TemplateSyntaxError
    from jinja2.lexer import TokenStream
    from jinja2.parser import Parser

    parser = Parser(environment(), "")
    parser.stream = TokenStream((token for token in map(_token, pieces) if token is not None), None, None)
    try:
        return parser.parse()
    except TemplateSyntaxError as error:
        _misread(text, pieces, error.lineno, error.message or "", report)
        return None


_SKIPPED = ("whitespace", "comment_begin", "comment", "comment_end", "linecomment")


def _token(piece: Piece) -> Any:
    from jinja2.lexer import Token, operators

    value: Any = piece.text
    kind = piece.kind
    if kind in _SKIPPED:
        return None
    match kind:
        case "operator":
            kind = operators[piece.text]
        case "string":
            value = _unescaped(piece.text)
        case "integer":
            value = int(piece.text)
        case "float":
            value = Decimal(piece.text)
    return Token(piece.start, kind, value)


def _misread(text: str, pieces: tuple[Piece, ...], offset: int, message: str, report: Report) -> None:
    """The parser stopped at the token at ``offset``."""
    solid = [piece for piece in pieces if piece.kind not in _SKIPPED]
    index = next((i for i, piece in enumerate(solid) if piece.start == offset and i), None)
    if index is None or "nexpected end" in message or "end of template" in message:
        opening = next((piece for piece in reversed(solid) if piece.kind.endswith("_begin")), solid[0])
        closing = "}}" if opening.kind == "variable_begin" else "%}"
        report.add(
            "CNT001",
            f"this `{opening.text}` is never closed",
            opening.start,
            opening.end,
            help=f"add `{closing}` where it ends",
        )
        return
    here, before = solid[index], solid[index - 1]
    problem, help = _reading(here, before, solid, index, message)
    report.add("CNT001", problem, here.start, here.end, help=help)


def _reading(here: Piece, before: Piece, solid: list[Piece], index: int, message: str) -> tuple[str, str]:
    shown = here.text.strip() or here.text
    if here.kind == "name" and before.kind == "name":
        first = index - 1
        while first > 1 and solid[first - 1].text == ".":
            first -= 2
        path = "".join(piece.text for piece in solid[first:index])
        return f"`{path} {shown}` has a space in it", f"write `{path}_{shown}`, or `|` before a filter"
    if here.text == "=":
        return "`=` does not compare in content", "write `==`"
    if here.text == "|" and before.text == "|":
        return "`||` is not a word of content", "write `or`"
    if here.text == ":":
        return "`:` does not belong here", 'a filter takes its argument in parentheses: `| default("friend")`'
    if here.kind.endswith("_end") and before.kind.endswith("_begin"):
        return "there is nothing between these braces", "write a name, or delete the braces"
    if here.kind.endswith("_end"):
        return f"something is missing before `{shown}`", "finish the expression, or delete what stands last"
    if "`" in shown or not shown:
        return "this does not belong here", "write a name, filters behind it, and the closing braces"
    return f"`{shown[:40]}` does not belong here", "write a name, filters behind it, and the closing braces"


def _tree_within_limits(tree: nodes.Template, report: Report) -> bool:
    count = 0
    stack: list[tuple[nodes.Node, int]] = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        count += 1
        if count > limits.MAX_NODES or depth > limits.MAX_DEPTH:
            deep = depth > limits.MAX_DEPTH
            report.add(
                "CNT003",
                f"more than {limits.MAX_DEPTH} parts inside each other"
                if deep
                else f"more than {limits.MAX_NODES:,} values, tests and filters in one content",
                node.lineno,
                node.lineno + 1,
                help="say less at once",
            )
            return False
        stack.extend((child, depth + 1) for child in node.iter_child_nodes())
    return True
