"""What PyYAML could not read, in our words: what is wrong at which place, and what to write."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from campaign_dsl.language.diagnostics.model import Diagnostic, Label
from campaign_dsl.language.source.files import Snippet, SourceFile, refused_escape

if TYPE_CHECKING:
    from yaml import MarkedYAMLError

_ESCAPES = '`\\n`, `\\t`, `\\"`, `\\\\`, `\\/`, `\\xNN`, `\\uNNNN` and `\\UNNNNNNNN`'
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
_LONG_ESCAPE = re.compile(r"\\U([0-9a-fA-F]{8})")
MAX_KEY = 1_000
"""PyYAML looks so far for the colon."""

_CLOSING = {"[": "]", "{": "}"}


class _Error:
    """The parts of a PyYAML error that the C parser and the Python parser agree on."""

    def __init__(self, source: SourceFile, error: MarkedYAMLError) -> None:
        self.source = source
        self.text = source.text
        self.problem = error.problem or ""
        self.context = error.context or ""
        self.at = min(error.problem_mark.index if error.problem_mark else 0, len(self.text))
        self.opened = min(error.context_mark.index if error.context_mark else self.at, len(self.text))

    def says(self, *parts: str) -> bool:
        return any(part in self.problem for part in parts)

    @property
    def char(self) -> str:
        return self.text[self.at : self.at + 1]

    def line_around(self, offset: int) -> tuple[int, int]:
        """The range of the line at ``offset`` without the white space at its ends."""
        start = self.text.rfind("\n", 0, offset) + 1
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        line = self.text[start:end]
        return start + len(line) - len(line.lstrip()), max(start + len(line.rstrip()), start)

    def finding(self, code: str, message: str, start: int, end: int, help: str, see: Label | None = None) -> Diagnostic:
        end = min(max(start, end), len(self.text))  # an error may stand at the end of the file
        where = Label(self.source.span(min(start, end), end))
        return Diagnostic(code=code, message=message, where=where, help=help, see_also=(see,) if see else ())


def explain(source: SourceFile, error: MarkedYAMLError) -> Diagnostic:
    """The diagnostic for a syntax error."""
    e = _Error(source, error)
    at = e.at
    if e.char == "\t" and not e.says("escape"):
        return tab(source, at)
    line_start, line_end = e.line_around(at)
    if e.says("directive", "incompatible YAML") or "directive" in e.context:
        return e.finding(
            "YML011", "lines that begin with `%` are not read", *e.line_around(e.opened), "delete the line"
        )
    if "anchor" in e.context or "alias" in e.context:
        kind = "anchors" if "anchor" in e.context else "aliases"
        return e.finding(
            "YML013",
            f"`{e.text[e.opened]}` begins one of YAML's {kind}, which are not read",
            e.opened,
            e.opened + 1,
            "if the value is a text, put it in quotes",
        )
    if "tag" in e.context:
        return e.finding(
            "YML014",
            "`!` begins one of YAML's tags, which are not read",
            e.opened,
            e.opened + 1,
            "if the value is a text, put it in quotes",
        )
    if "block scalar" in e.context:
        return block_header(source, e.opened, at)
    if e.says("escape", "hexdecimal", "hexadecimal"):
        return _escape(e)
    if e.says("unexpected end of stream", "unexpected document"):
        quote = e.text[e.opened : e.opened + 1]
        return e.finding(
            "YML006", f"this `{quote}` is never closed", e.opened, e.opened + 1, f"write the second `{quote}`"
        )
    if "flow" in e.context and e.says("',' or"):
        return _bracket(e)
    if e.says("cannot start any token"):
        what = "a backtick" if e.char == "`" else f"`{e.char}`"
        return e.finding("YML008", f"a value cannot begin with {what}", at, at + 1, "put the value in quotes")
    if e.says("unexpected ':'"):
        return e.finding("YML003", "there is no space after this `:`", at, at + 1, "write `key: value`")
    if e.says("expected ':'"):
        return _no_colon(e)
    if e.says("mapping values are not allowed"):
        return _colon(e, at)
    if e.says("mapping keys are not allowed"):
        return e.finding("YML017", "a `?` cannot stand here", at, at + 1, "if the value is a text, put it in quotes")
    if e.says("node content") and e.char != ":":
        what = f"`{e.char}`" if e.char.strip() else "nothing"
        return e.finding(
            "YML007", f"expected a value here, found {what}", at, at + 1, "write a value, or put it in quotes"
        )
    return _misplaced(e, line_start, line_end)


def explain_other(source: SourceFile, error: Exception, seen: int) -> Diagnostic:
    """The diagnostic for an error that PyYAML does not place; the text before ``seen`` was read without one."""
    for match in _LONG_ESCAPE.finditer(source.text, seen):
        if int(match[1], 16) > sys.maxunicode:  # the C parser has a word for it, the Python one stumbles
            return _not_a_character(source, match.start(), match.end(), "U")
    return Diagnostic(
        code="YML020",
        message=f"this file cannot be read: {error}",
        where=Label(source.span(seen, seen)),
        help="simplify the YAML, and please report the file",
    )


def _not_a_character(source: SourceFile, start: int, end: int, letter: str) -> Diagnostic:
    return Diagnostic(
        code="YML009",
        message=f"`{source.text[start:end]}` is not a character",
        where=Label(source.span(start, end)),
        help=f"write `\\{letter}` and {_HEX_DIGITS[letter]} hexadecimal digits, or the character itself",
    )


def tab(source: SourceFile, at: int) -> Diagnostic:
    """The diagnostic for a tab outside quotes, block text and comments."""
    return Diagnostic(
        code="YML002",
        message="a tab stands where only spaces may",
        where=Label(source.span(at, at + 1)),
        why="YAML readers disagree on tabs",
        help="use spaces; inside quotes write `\\t` to mean a tab",
    )


def block_header(source: SourceFile, start: int, at: int) -> Diagnostic:
    """The diagnostic for a `|` or `>` at ``start`` that is followed by the wrong thing at ``at``."""
    return Diagnostic(
        code="YML010",
        message=f"`{source.text[start]}` cannot be followed by `{_shown(source.text[at : at + 1])}`",
        where=Label(source.span(at, min(at + 1, len(source.text)))),
        help="begin the text on the next line, indented; `|`, `|-`, `>` and `>-` stand alone at the end of a line",
    )


def refused_header(source: SourceFile, start: int) -> Diagnostic | None:
    """What only one of PyYAML's two parsers reads after the `|` or `>` at ``start``: `|#`, and tabs."""
    at = _after_header(source.text, start)
    line_end = source.text.find("\n", at)
    rest = source.text[at : line_end if line_end >= 0 else len(source.text)].partition("#")[0]
    if source.text.startswith("#", at):
        return block_header(source, start, at)
    return tab(source, at + rest.index("\t")) if "\t" in rest else None


def refused_indentation(source: SourceFile, start: int, snippet: Snippet) -> Diagnostic | None:
    """A tab where the indentation of a text block is found out: only one of the two parsers reads it."""
    value = snippet.text
    first = len(value) - len(value.lstrip("\n"))
    header = source.text[start : _after_header(source.text, start)]
    if value.startswith("\t", first) and not any(digit in header for digit in "123456789"):
        return tab(source, snippet.span(first, first).start)
    return None


def refused_escape_in(snippet: Snippet) -> Diagnostic | None:
    """An escape sequence that brings in what no text may hold."""
    at = refused_escape(snippet.text)
    if at is None:
        return None
    return Diagnostic(
        code="YML009",
        message=f"character U+{ord(snippet.text[at]):04X} is not allowed in a text",
        where=Label(snippet.span(at, at + 1)),
        why="programs that print or store the text would obey it",
        help="delete it",
    )


def _after_header(text: str, start: int) -> int:
    at = start + 1
    while text[at : at + 1] in tuple("+-123456789"):
        at += 1
    return at


def _escape(e: _Error) -> Diagnostic:
    start = e.text.rfind("\\", e.opened, e.at + 1)
    start = e.at if start < 0 else start
    letter = e.text[start + 1 : start + 2]
    if letter in _HEX_DIGITS:
        end = start + 2
        while end < start + 2 + _HEX_DIGITS[letter] and e.text[end : end + 1] in tuple("0123456789abcdefABCDEF"):
            end += 1
        return _not_a_character(e.source, start, end, letter)
    return e.finding(
        "YML009",
        f"`\\{_shown(letter)}` means nothing inside double quotes",
        start,
        start + 2,
        f"write `\\\\` for a backslash, or use single quotes; the escapes are {_ESCAPES}",
    )


def _bracket(e: _Error) -> Diagnostic:
    opening = e.text[e.opened : e.opened + 1]
    closing = _CLOSING.get(opening, "]")
    if "\n" in e.text[e.opened : e.at] or e.at >= len(e.text):
        see = Label(e.source.span(e.at, min(e.at + 1, len(e.text))), "read as its content up to here")
        return e.finding(
            "YML007", f"this `{opening}` is never closed", e.opened, e.opened + 1, f"write the `{closing}`", see
        )
    return e.finding(
        "YML007",
        f"expected `,` or `{closing}` here, found `{_shown(e.char)}`",
        e.at,
        e.at + 1,
        "separate items with commas; put an item in quotes when it holds one of `,` `:` `[` `]` `{` `}` `#`",
    )


def _no_colon(e: _Error) -> Diagnostic:
    start, end = e.line_around(e.opened)
    word = e.text[start:end].split(" #")[0].rstrip()
    message = f"`{_shown(word)}` has no `:` after it"
    if word.startswith(('"', "'")):
        message = "a key must begin and end on one line"
    elif len(word) > MAX_KEY:
        message = f"a key of more than {MAX_KEY:,} characters is not read"
    help = "write `key: value`, with a space after the colon"
    return e.finding("YML003", message, start, start + len(word), help)


def _colon(e: _Error, at: int) -> Diagnostic:
    start, end = e.line_around(at)
    before = e.text[start:at]
    if ": " in before or before.lstrip("- ").startswith(("'", '"')):
        return e.finding(
            "YML004",
            "a second `: ` stands in this line",
            at,
            at + 1,
            "put the value in quotes when it holds a colon and a space",
        )
    return e.finding(
        "YML004",
        f"`{_shown(e.text[start:end])}` cannot be a key here",
        at,
        at + 1,
        "check that the line above ends in `:` and that this line is indented as its neighbours are; "
        "put a value that holds a colon and a space in quotes",
    )


def _misplaced(e: _Error, line_start: int, line_end: int) -> Diagnostic:
    at = min(e.at, len(e.text))
    before = e.text[line_start:at].rstrip()
    after_value = before[-1:] in ('"', "'") or (before[-1:] in ("]", "}") and ":" in before)
    if after_value and e.char not in ("]", "}", ","):
        return e.finding(
            "YML006",
            f"`{_shown(e.text[at:line_end])}` stands after the closing `{before[-1]}`",
            at,
            line_end,
            "put the whole value in one pair of quotes",
        )
    if e.says("entries are not allowed"):
        return e.finding("YML005", "a list cannot begin here", at, at + 1, "begin each `- ` on a line of its own")
    if e.char in ("]", "}", ","):
        return e.finding(
            "YML007", f"`{e.char}` closes nothing here", at, at + 1, "delete it, or put the value in quotes"
        )
    if e.char == ":":
        return e.finding("YML017", "a key is missing before this `:`", at, at + 1, "write `key: value`")
    see = None
    if "block" in e.context and e.opened != at and "\n" in e.text[e.opened : at]:
        note = "the list begins here" if "mapping" not in e.context else "the entries begin here"
        see = Label(e.source.span(*_first_word(e, e.opened)), note)
    what = f"`{_shown(e.text[at:line_end])}` is not indented as the lines before it"
    return e.finding(
        "YML005",
        what if at < len(e.text) else "the file ends too early",
        at,
        line_end,
        "give all entries of one level the same number of spaces",
        see,
    )


def _first_word(e: _Error, at: int) -> tuple[int, int]:
    end = at
    while end < len(e.text) and e.text[end] not in " :\r\n":
        end += 1
    return at, max(end, at + 1)


def _shown(text: str) -> str:
    text = text.strip("\r\n") or "the end of the line"
    return text if len(text) <= 40 else text[:39] + "…"
