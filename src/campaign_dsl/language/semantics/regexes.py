"""Regular expressions, kept to what every engine understands alike, and rewritten so that it does.

Literals, `.`, classes with ranges, `* + ? {m,n}`, `|`, groups, `^ $`, `\\d \\w \\s` (ASCII) and escaped punctuation.
Repetition of what repeats without end itself is refused: engines that backtrack would never come to an end.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_LENGTH = 200
MAX_REPEATS = 255
"""PostgreSQL counts no further."""
MAX_DEPTH = 20

_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\n\r\f"}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}
_NAMES = {"\n": r"\n", "\t": r"\t", "\r": r"\r"}
_GROUPS = {
    "?=": ("looks ahead", "write two tests and join them with `and`"),
    "?!": ("looks ahead", "write two tests and join them with `and`"),
    "?<=": ("looks back", "write two tests and join them with `and`"),
    "?<!": ("looks back", "write two tests and join them with `and`"),
    "?P=": ("refers back", "write the text itself once more"),
    "?P<": ("has a name", "write the group without a name, as in `(ab|cd)`"),
    "?<": ("has a name", "write the group without a name, as in `(ab|cd)`"),
    "?>": ("never gives back", "write the group as in `(ab|cd)`"),
}
_SPECIAL = frozenset("\\.[]{}()*+?^$|")
_SPECIAL_IN_CLASS = frozenset("\\[]^-&~|")  # && is an intersection in Java, and will be one in Python


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a pattern is refused, and which part of it."""

    start: int
    end: int
    message: str
    help: str


class _Refused(Exception):
    def __init__(self, start: int, end: int, message: str, help: str) -> None:
        super().__init__(message)
        self.unfit = Unfit(start, end, message, help)


def portable(pattern: str) -> str | Unfit:
    """The pattern as all engines understand it, or why they do not."""
    if not pattern:
        return Unfit(0, 0, "an empty pattern fits every text", "write `is known`, or a pattern")
    if len(pattern) > MAX_LENGTH:
        message = f"this pattern has {len(pattern)} characters; at most {MAX_LENGTH} are possible"
        return Unfit(MAX_LENGTH, len(pattern), message, "make two tests of it and join them with `and` or `or`")
    try:
        return _Pattern(pattern).whole()
    except _Refused as refused:
        return refused.unfit


@dataclass(slots=True)
class _Piece:
    """A part of the rewritten pattern. ``endless``: whether something in it repeats without end."""

    text: str
    endless: bool = False
    repeats: int = 1


class _Pattern:
    """Recursive descent over a pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def whole(self) -> str:
        found = self.alternatives()
        if self.at < len(self.text):
            self.refuse(self.at, self.at + 1, "this `)` closes nothing", r"write `\\)` for the character itself")
        return found.text

    def refuse(self, start: int, end: int, message: str, help: str) -> None:
        raise _Refused(start, min(end, len(self.text)), message, help)

    def starts(self, *texts: str) -> bool:
        return self.text.startswith(texts, self.at)

    def alternatives(self) -> _Piece:
        branches = [self.branch()]
        while self.starts("|"):
            self.at += 1
            branches.append(self.branch())
        text = "|".join(each.text for each in branches)
        return _Piece(text, any(each.endless for each in branches), max(each.repeats for each in branches))

    def branch(self) -> _Piece:
        start, parts = self.at, []
        while self.at < len(self.text) and not self.starts("|", ")"):
            parts.append(self.repeated())
        if not parts:
            self.refuse(start, start + 1, "there is nothing on this side", "leave out the `|` or the parentheses")
        text = "".join(each.text for each in parts)
        return _Piece(text, any(each.endless for each in parts), max(each.repeats for each in parts))

    def repeated(self) -> _Piece:
        start = self.at
        if self.starts("*", "+", "?", "{"):
            what = self.text[start]
            self.refuse(start, start + 1, f"`{what}` repeats nothing", f"write `\\\\{what}` for the character itself")
        anchor = self.starts("^", "$")
        piece = self.atom()
        repeat = self.at
        if not self.starts("*", "+", "?", "{"):
            return piece
        if anchor:
            self.refuse(repeat, repeat + 1, "an end of the text cannot be repeated", "leave the repetition out")
        suffix, most = self.repetition()
        if self.starts("?", "+", "*", "{"):
            self.refuse(
                repeat,
                self.at + 1,
                f"`{self.text[repeat : self.at + 1]}` is not the same everywhere",
                f"write `{self.text[repeat : self.at]}`: whether a text fits does not depend on how much is taken",
            )
        if most is None and piece.endless:
            self.refuse(
                start,
                self.at,
                "this repeats without end what repeats without end itself",
                "leave one of the repetitions out: `(a+)+` fits what `a+` fits",
            )
        repeats = piece.repeats * (most or 1)
        if repeats > MAX_REPEATS:
            self.refuse(
                repeat, self.at, f"this repeats more than {MAX_REPEATS} times", "write `*` or `+`, or a smaller number"
            )
        return _Piece(piece.text + suffix, piece.endless or most is None, repeats)

    def repetition(self) -> tuple[str, int | None]:
        """How often something may stand there, as it is written, and at most."""
        start = self.at
        self.at += 1
        if self.text[start] != "{":
            return self.text[start], 1 if self.text[start] == "?" else None
        end = self.text.find("}", start)
        least, comma, most = self.text[start + 1 : end].partition(",") if end >= 0 else ("", "", "")
        numbers = [each for each in (least, most) if each]
        if not least or not all(each.isascii() and each.isdigit() and len(each) < 5 for each in numbers):
            stop = end + 1 if end >= 0 else start + 1
            help = r"write `{2}`, `{2,}` or `{2,5}`; or `\\{` for the character itself"
            self.refuse(start, stop, "this is no number of times", help)
        self.at = end + 1
        if int(numbers[-1]) > MAX_REPEATS or int(least) > int(numbers[-1]):
            wrong = "the second number is below the first" if int(least) > int(numbers[-1]) else None
            message = wrong or f"this repeats more than {MAX_REPEATS} times"
            self.refuse(start, self.at, message, "swap the two" if wrong else "write a smaller number")
        text = "{" + ",".join(str(int(each)) for each in numbers) + ("," if comma and not most else "") + "}"
        return text, None if comma and not most else int(numbers[-1])

    def atom(self) -> _Piece:
        start, char = self.at, self.text[self.at]
        self.at += 1
        match char:
            case "(":
                return self.group(start)
            case "[":
                return _Piece(self.characters(start))
            case "\\":
                return _Piece(self.escape(start, in_class=False))
            case "." | "^" | "$":
                return _Piece(char)
        return _Piece(_literal(char, _SPECIAL))

    def group(self, start: int) -> _Piece:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(start, start + 1, f"groups are more than {MAX_DEPTH} deep", "make the pattern flatter")
        if self.starts("?:"):
            self.at += 2
        elif self.starts("?"):
            found = next((mark for mark in _GROUPS if self.starts(mark)), "?")
            what, help = _GROUPS.get(found, ("sets a flag", "write `ignoring case` behind the pattern"))
            self.refuse(start, self.at + len(found), f"a group that {what} is not known everywhere", help)
        inner = self.alternatives()
        if not self.starts(")"):
            help = r"close it with `)`, or write `\\(` for the character itself"
            self.refuse(start, start + 1, "this group is not closed", help)
        self.at += 1
        self.depth -= 1
        return _Piece(f"(?:{inner.text})", inner.endless, inner.repeats)

    def escape(self, start: int, in_class: bool) -> str:
        """What an escape stands for; ``start`` is where its backslash is."""
        if self.at >= len(self.text):
            self.refuse(start, self.at, "a backslash escapes nothing here", r"write `\\\\` for the character itself")
        char = self.text[self.at]
        self.at += 1
        if char in _CLASSES:
            return _CLASSES[char] if in_class else f"[{_CLASSES[char]}]"
        if char in _CONTROLS:
            return _NAMES[_CONTROLS[char]]
        if char.isascii() and not char.isalnum() and char.isprintable():
            return _literal(char, _SPECIAL_IN_CLASS if in_class else _SPECIAL)
        return self.unknown_escape(start, char, in_class)

    def unknown_escape(self, start: int, char: str, in_class: bool) -> str:
        message, help = f"`\\{char}` does not mean the same everywhere", "escape punctuation only"
        if char.lower() in _CLASSES and not in_class:
            help = f"write `[^{_CLASSES[char.lower()]}]`".replace("\\", "\\\\")
        elif char in "123456789":
            message, help = "a pattern cannot refer back to a group", "write the text itself once more"
        elif char in "bB":
            help = "say which characters may stand there, as in `(^|[^A-Za-z])`"
        elif char in "AzZ":
            help = f"write `{'^' if char == 'A' else chr(36)}`" if char == "A" else "write the end as a dollar sign"
        elif char in "pP":
            help = "write the characters as a class, as in `[A-Za-z]`"
        self.refuse(start, self.at, message, help)
        return ""

    # ---- classes

    def characters(self, start: int) -> str:
        """`[a-z0-9_]`; ``start`` is where its bracket is."""
        negated = self.starts("^")
        self.at += negated
        parts: list[str] = []
        if self.starts("]"):
            self.refuse(start, self.at + 1, "this class has no characters", r"write `\\]` for the bracket itself")
        while not self.starts("]"):
            if self.at >= len(self.text):
                help = r"close it with `]`, or write `\\[` for the character itself"
                self.refuse(start, start + 1, "this class is not closed", help)
            parts.append(self.range())
        self.at += 1
        return f"[{'^' if negated else ''}{''.join(parts)}]"

    def range(self) -> str:
        start = self.at
        low, first = self.one()
        if not self.starts("-") or self.text.startswith("]", self.at + 1) or self.at + 1 >= len(self.text):
            return first
        if low is None:
            self.refuse(start, self.at + 1, "a class of its own does not begin a range", r"write `\\-` for the dash")
        self.at += 1
        high, last = self.one()
        if low is None or high is None:
            self.refuse(start, self.at, "a class of its own does not end a range", r"write `\\-` for the dash")
        elif low > high:
            self.refuse(start, self.at, "this range is empty: its low end is above its high end", "swap the two")
        return f"{first}-{last}"

    def one(self) -> tuple[str | None, str]:
        """One character of a class (None when it stands for several), and how it is written."""
        start = self.at
        if self.starts("[:", "[.", "[="):
            self.refuse(start, start + 2, "named classes are not known everywhere", "write `A-Za-z` or `0-9`")
        char = self.text[start]
        self.at += 1
        if char != "\\":
            return char, _literal(char, _SPECIAL_IN_CLASS)
        text = self.escape(start, in_class=True)
        escaped = self.text[start + 1]
        return (None if escaped in _CLASSES else _CONTROLS.get(escaped, escaped)), text


def _literal(char: str, special: frozenset[str]) -> str:
    return f"\\{char}" if char in special else _NAMES.get(char, char)
