"""Operators, quotes, signs and letters that are written differently here."""

from __future__ import annotations

import re
import unicodedata

from campaign_dsl.language.syntax.hints.stop import CLAUSE_KEYWORDS, Hint, Stop, example, is_name, short

_OPERATOR = "=<>!&|≥≤≠:"
_OPERATORS = {
    "==": "=", "===": "=", ":=": "=", "=>": ">=", "=<": "<=", ">==": ">=", "<==": "<=", ">=": ">=", "<=": "<=",
    "<>": "!=", "><": "!=", "!==": "!=", "=!": "!=", "!=": "!=", "=/=": "!=", "≥": ">=", "≤": "<=", "≠": "!=",
    ":": "=", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not",
}  # fmt: skip


def operators(stop: Stop) -> Hint | None:
    """`=>`, `==`, `&&`, `!` and others that are written differently here."""
    if stop.at_end:
        return None
    for match in re.finditer(rf"[{_OPERATOR}](?:[ \t]*[{_OPERATOR}])*", stop.text):
        if match.start() <= stop.at < match.end():
            written, symbol = match[0], re.sub(r"\s", "", match[0])
            meant = _OPERATORS.get(symbol)
            ours = symbol in (">=", "<=", "!=", ":")  # signs that have their own place
            if meant is None or meant == written or (ours and not stop.mended(*match.span(), meant)):
                return None
            parted = ", without a space in between" if symbol == meant else ""
            return Hint(*match.span(), f"write `{meant}`{parted}", f"`{written}` is not an operator here")
    return None


_CURLY = "“”„‟«»‘’‚‛‹›'`´′″＂"


def quotes(stop: Stop) -> Hint | None:
    """Quotes that a word processor has bent, and single ones."""
    if stop.at_end or stop.found[0] not in _CURLY:
        return None
    match = re.compile(rf"[{_CURLY}]([^{_CURLY}\n]*)[{_CURLY}\"]?").match(stop.text, stop.at)
    assert match is not None
    content = match[1].strip()
    if "STRING" not in stop.expected:
        help = f"write `{content}`, without quotes" if is_name(content) else "delete it"
    else:
        help = f'write `"{content}"`, in straight double quotes' if content else "write straight double quotes"
    return Hint(match.start(), match.end(), help)


def other_alphabets(stop: Stop) -> Hint | None:
    """Spaces, dashes and letters that look like plain ones."""
    char = stop.found[:1]
    if not char or char.isascii():
        return None
    name = unicodedata.name(char, f"U+{ord(char):04X}").lower()
    if char.isspace():
        help = "delete it and type a plain space; it comes along with pasted text"
        return Hint(stop.at, stop.at + 1, help, f"this is not a plain space but a {name}")
    plain = "-" if unicodedata.category(char) == "Pd" or char == "−" else unicodedata.normalize("NFKC", char)
    if plain.isascii() and plain != char:
        return Hint(stop.at, stop.at + 1, f"write a plain `{plain}`", f"`{char}` is a {name}")
    if char.isalpha():
        help = "names are made of a to z, digits and `_`; any other text stands in double quotes"
        return Hint(stop.at, stop.at + 1, help, f"`{char}` is a {name}, which no name can hold")
    return None


def comments(stop: Stop) -> Hint | None:
    """`//` and `--`."""
    for sign in ("//", "--", "/*", "<!--"):
        for start in (stop.at, stop.at - 1):  # one sign may have been taken for an operator
            if start >= 0 and stop.text.startswith(sign, start):
                return Hint(start, start + len(sign), "begin a comment with `#`")
    return None


def bullets(stop: Stop) -> Hint | None:
    """`- limit once per year`, as in a list of YAML or of a text."""
    begins_line = not stop.text[: stop.at].rpartition("\n")[2].strip()
    following = re.match(r"\s*([A-Za-z_]+)", stop.rest)
    if stop.found not in ("-", "*", "•", "–") or not begins_line or following is None:
        return None
    if following[1] in CLAUSE_KEYWORDS:
        return Hint(stop.at, stop.end, f"delete it: the line begins with `{following[1]}`")
    return None


def placeholders(stop: Stop) -> Hint | None:
    """`{{...}}` and `${...}` of template languages."""
    match = re.compile(r"(?:\{\{|\$\{|\{%|\{)[ \t]*([^{}%\n]*?)[ \t]*(?:\}\}|%\}|\}|$)", re.MULTILINE).match(
        stop.text, stop.at
    )
    if match is None or stop.at_end:
        return None
    if "NAME" in stop.expected and re.fullmatch(r"[A-Za-z_][\w.]*", match[1], re.ASCII):
        help = f"write `{match[1]}`, without braces"
    elif "STRING" in stop.expected:
        help = "write the value itself in double quotes; the braces only mark where it belongs"
    else:
        return None
    return Hint(*match.span(), help)


def leading_sign(stop: Stop) -> Hint | None:
    """A colon or an equals sign between a keyword and its value."""
    if stop.at > 0 or stop.found[:1] not in (":", "=") or stop.found not in (":", "=", ":="):
        return None
    body = stop.rest.split("#")[0].strip().rstrip(",;")
    ready = body and stop.mended_wholly(0, len(stop.text), body)
    help = f"write `{stop.keyword} {short(body)}`" if ready else f"delete it, as in `{example(stop)}`"
    return Hint(stop.at, stop.end, help)


def trailing_sign(stop: Stop) -> Hint | None:
    """A comma or semicolon at the end of a line, or one too many."""
    if stop.at_end:
        last = stop.text.rstrip()[-1:]
        if last != "," or "RSQB" in stop.expected:
            return None
        at = len(stop.text.rstrip()) - 1
        return Hint(at, at + 1, "delete it, or go on behind it", "nothing follows this comma")
    if stop.found not in (",", ";"):
        return None
    if stop.found == ";" or not stop.rest.split("#")[0].strip():
        if stop.mended(stop.at, stop.end, ""):
            return Hint(stop.at, stop.end, "delete it: a clause ends with its line")
        return None
    return None


def lists(stop: Stop) -> Hint | None:
    """`in ("US", "CA")` and `in "US", "CA"`."""
    if stop.expected != {"["}:
        return None
    match = re.compile(r"\(([^()\n]*)\)?").match(stop.text, stop.at) or re.compile(
        r"(\"[^\"\n]*\"(?:\s*,\s*\"[^\"\n]*\")*|\w+(?:\s*,\s*\w+)*)"
    ).match(stop.text, stop.at)
    if match is None:
        return None
    return Hint(*match.span(), f"write `[{short(match[1].strip())}]`: a list stands in square brackets")


def brackets(stop: Stop) -> Hint | None:
    """Brackets that are never closed, or close nothing."""
    if stop.found in (")", "]"):
        if stop.mended(stop.at, stop.end, ""):
            return Hint(stop.at, stop.end, "delete it", f"this `{stop.found}` closes nothing")
        return None
    for opening, closing in (("(", ")"), ("[", "]")):
        if closing in stop.expected and (stop.at_end or stop.found in ")]"):
            at = _unclosed(stop.text[: stop.at], opening, closing)
            if at is not None:
                return Hint(at, at + 1, f"add a `{closing}`", f"this `{opening}` is never closed")
    return None


def _unclosed(text: str, opening: str, closing: str) -> int | None:
    """Where the last ``opening`` stands that nothing closes."""
    stack: list[int] = []
    for match in re.finditer(r'"(?:[^"\\\n]|\\[^\n])*"|#[^\n]*|[\[\](){}]', text):
        if match[0] == opening:
            stack.append(match.start())
        elif match[0] == closing and stack:
            stack.pop()
    return stack[-1] if stack else None
