"""Source files: read with limits, refused when they hide something, addressed by offset."""

from __future__ import annotations

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


def read_source(path: Path, shown_as: str | None = None) -> SourceFile | Diagnostic:
    """Read a text file, or say why it cannot be one.

    Refuses files over 1 MB, lines over 20,000 characters, bytes that are not UTF-8, and characters that make a
    file look different from what it says: control characters, bidirectional overrides, line separators other
    than LF and CRLF.
    """
    name = shown_as or str(path)
    try:
        if not path.is_file():
            kind = "is a folder" if path.is_dir() else "is not a regular file" if path.exists() else "does not exist"
            return Diagnostic(code="SRC001", message=f"`{name}` {kind}", path=name, help="check the path")
        with path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Diagnostic(code="SRC001", message=f"cannot read `{name}`: {reason}", path=name)
    return decode(name, data)


def decode(name: str, data: bytes) -> SourceFile | Diagnostic:
    """The text behind ``data``, under the limits of `read_source`."""
    if len(data) > MAX_BYTES:
        return Diagnostic(
            code="SRC002",
            message=f"`{name}` is larger than {MAX_BYTES:,} bytes",
            path=name,
            help="split it: one campaign a file",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = SourceFile(name, data[: error.start].decode("utf-8", "replace"))
        end = len(good.text)
        return Diagnostic(
            code="SRC003",
            message=f"byte 0x{data[error.start]:02x} is not UTF-8",
            where=Label(good.span(end, end)),
            help="save the file as UTF-8",
        )
    source = SourceFile(name, text)
    return _first_hidden(source) or _first_long_line(source) or source


def _first_hidden(source: SourceFile) -> Diagnostic | None:
    text = source.text
    if text.isascii() and text.replace("\n", "").replace("\r\n", "").replace("\t", "").isprintable():
        return None  # the common case, at C speed
    for offset, char in enumerate(text):
        if char == "\n" or char == "\t":
            continue
        if char == "\r" and text.startswith("\n", offset + 1):
            continue
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") or char == "\x85":
            return Diagnostic(
                code="SRC004",
                message=f"character U+{ord(char):04X} is not allowed here",
                where=Label(source.span(offset, offset + 1)),
                why="it is invisible or reorders text, so a reviewer would not see what the file says",
                help="delete it; use LF or CRLF line ends and plain spaces",
            )
    return None


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
    """

    __slots__ = ("base", "offsets", "source", "text")

    def __init__(self, source: SourceFile, text: str, base: int, offsets: list[int] | None = None) -> None:
        self.source = source
        self.text = text
        self.base = base
        self.offsets = offsets

    @classmethod
    def of(cls, source: SourceFile, start: int, end: int) -> Snippet:
        return cls(source, source.text[start:end], start)

    def span(self, start: int, end: int) -> Span:
        """The file range of ``text[start:end]``."""
        if self.offsets is None:
            return Span(self.source, self.base + start, self.base + end)
        first = self.offsets[start]
        last = self.offsets[end - 1] + 1 if end > start else first
        return Span(self.source, first, max(first, last))

    @property
    def whole(self) -> Span:
        return self.span(0, len(self.text))
