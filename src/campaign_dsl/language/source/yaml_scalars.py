"""Where each character of a YAML scalar came from.

PyYAML hands out the text of a scalar after unquoting, unescaping, unfolding and unindenting it. The functions here do
the same work once more and note, for every character of the result, which characters of the file made it. Their result
is only used when its text equals PyYAML's, so a mistake here can cost precision, never meaning.
"""

from __future__ import annotations

import re

_CHUNK = {
    "plain": re.compile(r"[^ \t\r\n]+"),
    "single": re.compile(r"[^ \t\r\n']+"),
    "double": re.compile(r"[^ \t\r\n\\]+"),
}
_BLANKS_AND_BREAKS = re.compile(r"[ \t\r\n]*")
_BLANKS = re.compile(r"[ \t]*")
_BREAK = re.compile(r"\r?\n")
_LINE = re.compile(r"[^\r\n]*")
_HEADER = re.compile(r"[|>](?:([+-])([1-9])?|([1-9])([+-])?)?(?:[ \t]+(#[^\r\n]*))?")
_ESCAPES = {
    "0": "\0", "a": "\x07", "b": "\x08", "t": "\t", "\t": "\t", "n": "\n", "v": "\x0b", "f": "\x0c", "r": "\r",
    "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}


class Decoded:
    """The text of a scalar, and for each of its characters the range of the file that made it.

    Args:
        stop: offset after the scalar; for block text after the last line that is not blank, without its line end.
        comment: range of a comment on the `|` or `>` line.
    """

    __slots__ = ("comment", "ends", "parts", "starts", "stop")

    def __init__(self, stop: int) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.stop = stop
        self.comment: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def copy(self, text: str, start: int, end: int) -> None:
        """Take ``text[start:end]`` as it stands."""
        self.parts.append(text[start:end])
        self.starts.extend(range(start, end))
        self.ends.extend(range(start + 1, end + 1))

    def made(self, char: str, start: int, end: int) -> None:
        """Note that ``char`` was made of the file's ``start`` to ``end``."""
        self.parts.append(char)
        self.starts.append(start)
        self.ends.append(end)


def decode_flow(text: str, start: int, stop: int, style: str) -> Decoded:
    """Decode a plain, single-quoted or double-quoted scalar at ``text[start:stop]``, quotes included.

    Raises:
        ValueError: it is not such a scalar.
    """
    out = Decoded(stop)
    at, last = (start, stop) if style == "plain" else (start + 1, stop - 1)
    chunk = _CHUNK[style]
    while at < last:
        char = text[at]
        if char in " \t\r\n":
            run = _BLANKS_AND_BREAKS.match(text, at, last)
            assert run is not None
            _fold(out, text, at, run.end(), escaped=False)
            at = run.end()
        elif char == "\\" and style == "double":
            at = _escape(out, text, at, last)
        elif char == "'" and style == "single":
            out.made("'", at, at + 2)
            at += 2
        else:
            match = chunk.match(text, at, last)
            assert match is not None
            out.copy(text, at, match.end())
            at = match.end()
    return out


def _fold(out: Decoded, text: str, start: int, end: int, *, escaped: bool) -> None:
    """White space inside a flow scalar: one line end becomes a space, n of them n-1 line ends."""
    breaks = [match.span() for match in _BREAK.finditer(text, start, end)]
    if not breaks and not escaped:
        out.copy(text, start, end)
    elif len(breaks) == 1 and not escaped:
        out.made(" ", *breaks[0])
    else:
        for place in breaks if escaped else breaks[1:]:
            out.made("\n", *place)


def _escape(out: Decoded, text: str, at: int, last: int) -> int:
    line_end = _BREAK.match(text, at + 1, last)
    if line_end:
        run = _BLANKS_AND_BREAKS.match(text, line_end.end(), last)
        assert run is not None
        _fold(out, text, line_end.end(), run.end(), escaped=True)
        return run.end()
    letter = text[at + 1 : at + 2]
    end = at + 2 + _HEX_DIGITS.get(letter, 0)
    if letter in _HEX_DIGITS:
        out.made(chr(int(text[at + 2 : end], 16)), at, end)
    else:
        out.made(_ESCAPES.get(letter, ""), at, end)
    return end


def decode_block(text: str, start: int, parent: int) -> Decoded:
    """Decode a literal `|` or folded `>` scalar whose indicator stands at ``start``.

    Args:
        parent: column of the mapping or list it is a value of, counted from 0; -1 when there is none.

    Raises:
        ValueError: it is not such a scalar.
    """
    header = _HEADER.match(text, start)
    if header is None:
        raise ValueError("no block scalar here")
    out = Decoded(header.end())
    if header[5] is not None:
        out.comment = header.span(5)
    chomping = header[1] or header[4]
    increment = header[2] or header[3]
    folded = text[start] == ">"
    indent = max(parent, 0) + int(increment) if increment else None
    rest = _BLANKS.match(text, header.end())
    assert rest is not None
    if rest.end() < len(text) and text[rest.end()] not in "\r\n":
        raise ValueError("no block scalar here")
    at = _after_break(text, rest.end())
    at, indent, pending = _blank_lines(text, at, indent, parent)
    line_break: tuple[int, int] | None = None
    had_blank = False
    while at + indent < len(text) and _indent_of(text, at) >= indent:
        at += indent
        starts_blank = text[at : at + 1] in (" ", "\t")
        if line_break is not None:
            if folded and not had_blank and not starts_blank:
                if not pending:
                    out.made(" ", *line_break)
            else:
                out.made("\n", *line_break)
        for place in pending:
            out.made("\n", *place)
        had_blank = starts_blank
        line = _LINE.match(text, at)
        assert line is not None
        out.copy(text, at, line.end())
        out.stop = line.end()
        at = _after_break(text, line.end())
        line_break = (line.end(), at) if at > line.end() else None
        at, indent, pending = _blank_lines(text, at, indent, parent)
    if chomping != "-" and line_break is not None:
        out.made("\n", *line_break)
    if chomping == "+":
        for place in pending:
            out.made("\n", *place)
    return out


def _after_break(text: str, at: int) -> int:
    match = _BREAK.match(text, at)
    return match.end() if match else at


def _indent_of(text: str, at: int) -> int:
    end = at
    while text.startswith(" ", end):
        end += 1
    return end - at


def _blank_lines(text: str, at: int, indent: int | None, parent: int) -> tuple[int, int, list[tuple[int, int]]]:
    """Skip empty lines; find the indentation when it is not known yet."""
    breaks = []
    deepest = 0
    while True:
        spaces = _indent_of(text, at)
        if indent is not None:
            spaces = min(spaces, indent)
        deepest = max(deepest, spaces)
        line_end = _BREAK.match(text, at + spaces)
        if line_end is None:
            break
        breaks.append(line_end.span())
        at = line_end.end()
    if indent is None:
        indent = max(deepest, parent + 1, 1)
    return at, indent, breaks
