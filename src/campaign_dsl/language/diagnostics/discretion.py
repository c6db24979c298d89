"""What findings must not repeat: secrets that somebody wrote into a YAML file, where a reference to them belongs.

Terminals and logs are read by more people than the file. So the values of keys that look like those of secrets are
shown as dots, one for each character, and quotations of them in sentences, too. A file with mistakes is what this is
for: it is looked at line by line, and what is in doubt is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache

from campaign_dsl.language.diagnostics.model import Diagnostic, Label, SourceText, Span

DOT = "•"

_TELLING = re.compile(r"passw|passphrase|pwd|secret|token|private|credential|authori[sz]ation|(^|[_.-])auth$|key$")
_WORDS = ("password", "passwd", "passphrase", "secret", "token", "api_key", "private_key", "credential")
_HARMLESS = frozenset({"allow_private_addresses"})
_CATALOG_WORD = re.compile(r"[a-z][a-z0-9_]*")

_KEY = re.compile(r"(?<![\w.-])(?P<quote>[\"']?)(?P<key>[A-Za-z_][\w.-]*)(?P=quote)(?:[ \t]*[:=][ \t]*|[ \t]*$)")
_BARE = re.compile(r"(?P<indent>[ \t]*)(?P<key>[A-Za-z_][\w.-]*)[ \t]+(?=[^\s:=#])(?=[^:=]*$)")
_ENTRY = re.compile(r"[\"']?(env|file)[\"']?[ \t]*:(?=[ \t]|$)[ \t]*")
_REFERENCE = re.compile(r"""["']?(env["']?:[ \t]+["']?[A-Z][A-Z0-9_]*|file["']?:[ \t]+[^\s{},]+)["']?[ \t]*(#.*)?$""")
_IN_ADDRESS = re.compile(r"://[^\s/:@]*:([^\s/@]+)@")
_QUOTED = re.compile(r"`[^`]+`")
_SHORT = 39  # so much of a long text is quoted, see `shapes.short`


def discreet(item: Diagnostic) -> Diagnostic:
    """The finding without a secret of its files in any of its sentences."""
    labels = ((item.where,) if item.where else ()) + item.see_also
    values = {value for label in labels for value in _hidden(label.span.source)[1]}
    if not values:
        return item

    def said(text: str) -> str:
        return _QUOTED.sub(lambda quoted: _without(quoted[0], values), text)

    def labelled(label: Label) -> Label:
        return replace(label, text=said(label.text))

    return replace(
        item,
        message=said(item.message),
        why=said(item.why) if item.why else item.why,
        help=said(item.help) if item.help else item.help,
        where=labelled(item.where) if item.where else None,
        see_also=tuple(labelled(label) for label in item.see_also),
    )


def discreet_line(span: Span) -> str:
    """The first line of a place, as long as it is in the file."""
    source = span.source
    line = source.line_text(span.line)
    text, values = _hidden(source)
    begin = span.start - span.column + 1
    return text[begin : begin + len(line)] if values else line


def _hidden(source: SourceText) -> tuple[str, tuple[str, ...]]:
    """The text with dots, and what stood there."""
    if not source.path.endswith((".yaml", ".yml")) or source.path.endswith((".campaign.yaml", ".campaign.yml")):
        return "", ()
    return _covered(source.text, source.path.endswith(("workspace.yaml", "workspace.yml")))


@lru_cache(maxsize=4)
def _covered(text: str, settings: bool) -> tuple[str, tuple[str, ...]]:
    shown = list(text)
    values: dict[str, None] = {}
    for start, end in _secrets(text, settings):
        value = text[start:end]
        bare = value.strip().strip("\"'")
        for each in (value.strip(), bare, bare.replace("''", "'"), *re.split(r"[:=]\s+", bare)):
            if each and each not in ("env", "file"):
                values[each] = None
        shown[start:end] = [char if char.isspace() else DOT for char in value]
    return "".join(shown), tuple(sorted(values, key=len, reverse=True))


def _secrets(text: str, settings: bool) -> Iterator[tuple[int, int]]:
    """Where the values stand. Lines below such a key belong to it, deeper ones and those that no key begins."""
    at, inside, entries = 0, -1, False
    for line in text.splitlines(keepends=True):
        begin, at = at, at + len(line)
        line = line.rstrip("\r\n")
        indent = len(line) - len(line.lstrip())
        if inside >= 0 and line.strip():
            if indent > inside or not (":" in line or line.lstrip().startswith(("#", "- "))):
                yield from _inner(line, indent, len(line), begin, entries)
                continue
            inside = -1
        for match in _IN_ADDRESS.finditer(line):
            yield begin + match.start(1), begin + match.end(1)
        done = 0
        for match in _bare(line) or _KEY.finditer(line):
            if match.start() < done or not _is_secret(match["key"]):
                continue
            start, end = match.end(), _end(line, match.start(), match.end())
            value = line[start:end].strip()
            if not settings and (not value or value[0] in "{[#" or _CATALOG_WORD.fullmatch(value)):
                continue  # the catalog has names like that of its own, and what they are
            done = end
            if end == len(line):
                inside, entries = match.start(), not value or value[0] in "{#"
            yield from _inner(line, start, end, begin, entries or value.startswith("{"))


def _bare(line: str) -> list[re.Match[str]] | None:
    """A key whose colon was forgotten."""
    match = _BARE.match(line)
    return [match] if match else None


def _inner(line: str, start: int, end: int, begin: int, entries: bool) -> Iterator[tuple[int, int]]:
    """The part of a line that is hidden: where entries may be, not `env:` and `file:`, nor a good reference."""
    if not entries:
        if start < end:
            yield begin + start, begin + end
        return
    for part in re.finditer(r"[^{},]+", line[start:end]):
        text = part[0]
        lead = len(text) - len(text.lstrip())
        if _REFERENCE.fullmatch(text.strip()) or text.lstrip().startswith("#"):
            continue
        key = _ENTRY.match(text, lead)
        first = key.end() if key else lead
        if text[first:].strip():
            yield begin + start + part.start() + first, begin + start + part.end()


def _end(line: str, key: int, start: int) -> int:
    """Where a value ends: with the line, or inside of braces with the comma or the brace after it."""
    if line.count("{", 0, key) <= line.count("}", 0, key):
        return len(line)
    quote, depth = "", 0
    for place in range(start, len(line)):
        char = line[place]
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and not line[start:place].strip():
            quote = char
        elif char == "{":
            depth += 1
        elif char == "}" and depth:
            depth -= 1
        elif char in ",}" and not depth:
            return place
    return len(line)


def _is_secret(key: str) -> bool:
    """Whether a key looks like that of a secret, or like one that was misspelt."""
    folded = key.casefold()
    if folded in _HARMLESS:
        return False
    return bool(_TELLING.search(folded) or get_close_matches(folded, _WORDS, n=1, cutoff=0.8))


def _without(quoted: str, values: set[str]) -> str:
    for value in sorted(values, key=len, reverse=True):
        for each in (value, value[:_SHORT]):
            quoted = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", DOT * len(each), quoted)
    return quoted
