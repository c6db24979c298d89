"""Source files: read with limits, refused when they hide something, addressed by offset."""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from bisect import bisect_right
from functools import cached_property
from pathlib import Path

from campaign_dsl.language.diagnostics.model import Diagnostic, Label, Span

MAX_BYTES = 1_000_000
MAX_LINE = 20_000


class SourceFile:
    """The text of one file and its line table. Equal by identity; never changes."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        find = self.text.find
        position = find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = find("\n", position + 1)
        return starts

    def line_column(self, offset: int) -> tuple[int, int]:
        """1-based line and column of ``offset``."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """Line ``line`` (1-based) without its line end."""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] - 1 if line < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def span(self, start: int, end: int) -> Span:
        return Span(self, start, end)

    def __repr__(self) -> str:
        return f"SourceFile({self.path!r})"


def lies_inside(path: Path, root: Path) -> bool:
    """Whether ``path`` is below ``root`` once every link is followed. Links that go round in a circle lead nowhere."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def read_source(path: Path, shown_as: str | None = None, limit: int = MAX_BYTES) -> SourceFile | Diagnostic:
    """Read a text file, or say why it cannot be one.

    Refuses files over ``limit`` bytes, lines over 20,000 characters, bytes that are not UTF-8, and characters that make
    a file look different from what it says: see `refused_character`.
    """
    name = shown_as or str(path)
    try:
        if not path.is_file():
            kind = "is a folder" if path.is_dir() else "is not a regular file" if path.exists() else "does not exist"
            return Diagnostic(code="SRC001", message=f"`{name}` {kind}", path=name, help="check the path")
        with path.open("rb") as handle:
            data = handle.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Diagnostic(code="SRC001", message=f"cannot read `{name}`: {reason}", path=name)
    return decode(name, data, limit)


def decode(name: str, data: bytes, limit: int = MAX_BYTES) -> SourceFile | Diagnostic:
    """The text behind ``data``, under the limits of `read_source`. A byte order mark is dropped."""
    if len(data) > limit:
        # What can be read of it has a place to point at: the line that is too long, or where reading stops.
        read = SourceFile(name, data[:limit].decode("utf-8", "replace"))
        end = len(read.text)
        return _first_long_line(read) or Diagnostic(
            code="SRC002",
            message=f"`{name}` is larger than {limit:,} bytes",
            where=Label(read.span(end, end)),
            help="split it: one campaign a file",
        )
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        shown = SourceFile(name, data.decode("utf-8", "replace"))
        start = len(data[: error.start].decode("utf-8"))
        utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return Diagnostic(
            code="SRC003",
            message=f"byte 0x{data[error.start]:02x} is not UTF-8" + (", the file looks like UTF-16" if utf_16 else ""),
            where=Label(shown.span(start, start + 1)),
            help="save the file as UTF-8",
        )
    source = SourceFile(name, text)
    return refused_character(source) or _first_long_line(source) or source


# Spelled out as ranges instead of asked of `unicodedata`, whose answers change with the Python version.
_BREAKS_TEXT = (
    "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but tab, LF and CR
    "\u2028\u2029"  # line and paragraph separator
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # surrogates and noncharacters
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
)
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u2800\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SUSPECT = re.compile(f"[{_BREAKS_TEXT}{_INVISIBLE}]|\r(?!\n)")
_REFUSED_IN_ESCAPES = re.compile(f"[{_BREAKS_TEXT}]|\r")
_JOINERS = "\u200c\u200d"
_JOINED = frozenset(("So", "Sk", "Lo", "Mn", "Mc"))  # emoji, and letters of scripts without upper and lower case
_PRESENTATION = "\ufe0e\ufe0f"


def refused_character(source: SourceFile) -> Diagnostic | None:
    """The first character that makes the text look different from what it says, if there is one.

    Refused are control characters but tab, LF and CRLF; bidirectional controls; other line separators;
    noncharacters; and characters that show nothing, the soft hyphen among them. Two kinds of those shape the characters
    beside them and are allowed there: zero-width joiners and non-joiners between two emoji, or two letters of a script
    without case (as in Persian or Hindi); and the variation selectors 15 and 16 after an emoji or inside a keycap.
    """
    text = source.text
    if text.isascii() and text.replace("\r\n", "").replace("\n", "").replace("\t", "").isprintable():
        return None  # the common case, twenty times as fast
    for match in _SUSPECT.finditer(text):
        offset = match.start()
        if not _belongs_to_neighbours(text, offset):
            return Diagnostic(
                code="SRC004",
                message=f"character U+{ord(match[0]):04X} is not allowed here",
                where=Label(source.span(offset, offset + 1)),
                why="it is invisible or reorders text, so a reviewer would not see what the file says",
                help="delete it; use LF or CRLF line ends and plain spaces",
            )
    return None


def _belongs_to_neighbours(text: str, offset: int) -> bool:
    before, char, after = text[offset - 1 : offset] if offset else "", text[offset], text[offset + 1 : offset + 2]
    if char in _JOINERS:
        return all(
            neighbour and neighbour not in _JOINERS and unicodedata.category(neighbour) in _JOINED
            for neighbour in (before, after)
        )
    if char in _PRESENTATION:
        if before in tuple("#*0123456789"):
            return after == "\u20e3"
        return before in ("\u2139", "\u3030") or (
            before > "\x7f" and unicodedata.category(before) in ("So", "Sm", "Po")
        )
    return False


def refused_escape(text: str) -> int | None:
    """Index of the first character of unescaped ``text`` that even an escape sequence may not bring in.

    An escape is visible, so invisible characters such as soft hyphens are allowed this way. Control characters,
    line separators and bidirectional controls are not: what prints the text later would obey them.
    """
    match = _REFUSED_IN_ESCAPES.search(text)
    return match.start() if match else None


def _first_long_line(source: SourceFile) -> Diagnostic | None:
    if len(source.text) <= MAX_LINE:
        return None
    offset = 0
    for line in source.text.split("\n"):
        if len(line) > MAX_LINE:
            return Diagnostic(
                code="SRC005",
                message=f"this line has {len(line):,} characters; at most {MAX_LINE:,} are read",
                where=Label(source.span(offset + MAX_LINE, offset + MAX_LINE + 1)),
                help="break the line, or move long lists into a file",
            )
        offset += len(line) + 1
    return None


class Snippet:
    """A piece of DSL text that knows where each of its characters stands in the file.

    A clause of a `.campaign` file is a plain slice (``offsets`` is None and ``base`` is where it starts); a YAML
    scalar may have been unescaped, unfolded or unindented, so it carries one offset for each character plus the end.

    Args:
        base: offset of the first character.
        offsets: offset of each character, and of the place after the last one.
        ends: offset after each character; default: one after its offset. An escape sequence is longer than that.
    """

    __slots__ = ("base", "ends", "offsets", "source", "text")

    def __init__(
        self,
        source: SourceFile,
        text: str,
        base: int,
        offsets: list[int] | None = None,
        ends: list[int] | None = None,
    ) -> None:
        self.source = source
        self.text = text
        self.base = base
        self.offsets = offsets
        self.ends = ends

    @classmethod
    def of(cls, source: SourceFile, start: int, end: int) -> Snippet:
        return cls(source, source.text[start:end], start)

    def span(self, start: int, end: int) -> Span:
        """The file range of ``text[start:end]``."""
        if self.offsets is None:
            return Span(self.source, self.base + start, self.base + end)
        first = self.offsets[start]
        if end <= start:
            return Span(self.source, first, first)
        last = self.ends[end - 1] if self.ends is not None else self.offsets[end - 1] + 1
        return Span(self.source, first, max(first, last))

    def part(self, start: int, end: int) -> Snippet:
        """``text[start:end]`` as a snippet of its own."""
        text = self.text[start:end]
        if self.offsets is None:
            return Snippet(self.source, text, self.base + start)
        ends = None if self.ends is None else self.ends[start:end]
        return Snippet(self.source, text, self.base, self.offsets[start : end + 1], ends)

    @property
    def whole(self) -> Span:
        return self.span(0, len(self.text))
