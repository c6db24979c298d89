"""YAML without surprises: text, lists and mappings with exact places, and nothing else.

Only the events of PyYAML are used, never its loaders. Every scalar stays text, for the reader's schema decides what
`NO` or `012` means. What lets a file say something else than it shows is refused: anchors and aliases, tags, merge
keys, duplicate keys, several documents, directives, keys that are not words, tabs between tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml import events

from campaign_dsl.language.diagnostics.model import Diagnostic, Label
from campaign_dsl.language.source.files import MAX_BYTES, Snippet, SourceFile, refused_character
from campaign_dsl.language.source.yaml_errors import (
    explain,
    explain_other,
    refused_escape_in,
    refused_header,
    refused_indentation,
    tab,
)
from campaign_dsl.language.source.yaml_nodes import Style, YamlDocument, YamlList, YamlMap, YamlNode, YamlScalar
from campaign_dsl.language.source.yaml_scalars import Decoded, decode_block, decode_flow

__all__ = ["YamlDocument", "YamlList", "YamlMap", "YamlNode", "YamlScalar", "read_document", "read_yaml"]

MAX_DEPTH = 64
MAX_NODES = 100_000
MAX_PROBLEMS = 20
"""So many problems of one file are reported."""

_STYLES: dict[str | None, Style] = {
    None: "plain",
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}


def read_yaml(source: SourceFile) -> tuple[YamlNode | None, tuple[Diagnostic, ...]]:
    """The content of a YAML file, and its problems; see `read_document`."""
    document = read_document(source)
    return document.root, document.problems


def read_document(source: SourceFile) -> YamlDocument:
    """The content of a YAML file with its comments."""
    hidden = refused_character(source)
    if hidden is not None:
        return YamlDocument(None, (), (hidden,))
    if len(source.text) > MAX_BYTES:
        where = Label(source.span(MAX_BYTES, MAX_BYTES))
        problem = Diagnostic(
            code="YML019", message=f"only {MAX_BYTES:,} characters are read", where=where, help="split the file"
        )
        return YamlDocument(None, (), (problem,))
    return _Reader(source).read()


class _Stop(Exception):
    """Ends the reading; the problem is noted already."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been seen."""

    is_map: bool
    flow: bool
    start: int
    column: int
    nodes: list[YamlNode] = field(default_factory=list)
    entries: dict[str, tuple[YamlScalar, YamlNode]] = field(default_factory=dict)
    key: YamlScalar | None = None
    end: int = 0


class _Reader:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.text = source.text
        self.problems: list[Diagnostic] = []
        self.comments: list[tuple[int, int]] = []
        self.seen = 0  # everything before this offset has been looked at
        self.nodes = 0
        self.unreliable = False
        self.stack: list[_Open] = []
        self.root: YamlNode | None = None

    def read(self) -> YamlDocument:
        try:
            for event in _events(self.text):
                self._take(event)
            self._gap(len(self.text))
        except _Stop:
            self.unreliable = True
        except yaml.MarkedYAMLError as error:
            self._syntax_error(error)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            self._say(explain_other(self.source, error, self.seen))
            self.unreliable = True
        if isinstance(self.root, YamlScalar) and self.root.is_empty:
            self.root = None
        if self.root is None and not self.unreliable:
            self._add("YML001", "the file says nothing", 0, 0, help="write `key: value` lines")
        if self.unreliable or self.root is None:
            return YamlDocument(None, (), tuple(self.problems))
        comments = tuple((self.source.span(*place), self.text[slice(*place)]) for place in self.comments)
        return YamlDocument(self.root, comments, tuple(self.problems))

    def _syntax_error(self, error: yaml.MarkedYAMLError) -> None:
        self.unreliable = True
        before = len(self.problems)
        mark = error.problem_mark
        if mark is not None and mark.index > self.seen and not self.text[self.seen : mark.index].strip():
            self._gap(mark.index)  # a tab there is the reason, or will be when this is corrected
        if len(self.problems) == before:
            self._say(explain(self.source, error))

    # ------------------------------------------------------------------------------------------------ events

    def _take(self, event: events.Event) -> None:
        match event:
            case events.DocumentStartEvent():
                self._document(event)
            case events.AliasEvent():
                self._refuse(event, "YML013", "aliases are not read", "write the value out")
                self._done(self._scalar(_index(event.start_mark), _index(event.end_mark), "", "plain"))
            case events.ScalarEvent():
                self._properties(event)
                style = _STYLES.get(event.style or "", "plain")
                self._done(self._scalar(_index(event.start_mark), _index(event.end_mark), event.value, style))
            case events.CollectionStartEvent():
                self._properties(event)
                self._open(event)
            case events.CollectionEndEvent():
                self._close(event)

    def _document(self, event: events.DocumentStartEvent) -> None:
        start = _index(event.start_mark)
        if self.root is not None:
            self._add(
                "YML012", "a second document begins here", start, start + 3, help="delete the `---`, or use two files"
            )
            raise _Stop
        if event.explicit:
            self._gap(_index(event.end_mark) - len("---"))
            self.seen = _index(event.end_mark)

    def _open(self, event: events.CollectionStartEvent) -> None:
        start = _index(event.start_mark)
        self._gap(start)
        if self.stack and self.stack[-1].is_map and self.stack[-1].key is None:
            self._bad_key(start, start + 1)
        if len(self.stack) >= MAX_DEPTH:
            self._add("YML018", f"more than {MAX_DEPTH} levels deep", start, start + 1, help="flatten it")
            raise _Stop
        self._count(start)
        is_map = isinstance(event, events.MappingStartEvent)
        flow = bool(event.flow_style)
        if flow and _index(event.end_mark) > start:
            self.seen = _index(event.end_mark)
        self.stack.append(_Open(is_map, flow, start, _column(event.start_mark)))

    def _close(self, event: events.CollectionEndEvent) -> None:
        top = self.stack.pop()
        if top.flow:
            self._gap(_index(event.start_mark))
            self.seen = top.end = max(_index(event.end_mark), top.end)
        span = self.source.span(top.start, max(top.end, top.start))
        if top.is_map:
            self._done(YamlMap(tuple(top.entries.values()), span, top.flow))
        else:
            self._done(YamlList(tuple(top.nodes), span, top.flow))

    def _done(self, node: YamlNode) -> None:
        """Put a finished node where it belongs."""
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        top.end = max(top.end, node.span.end)
        if not top.is_map:
            top.nodes.append(node)
        elif top.key is None:
            assert isinstance(node, YamlScalar)  # collections were refused when they began
            top.key = node
            self._check_key(node, top)
        else:
            key, top.key = top.key, None
            top.entries.setdefault(key.value, (key, node))

    def _check_key(self, key: YamlScalar, top: _Open) -> None:
        if key.style == "plain" and key.value == "<<":
            self._add("YML015", "merge keys are not read", key.span.start, key.span.end, help="write the entries out")
            self.unreliable = True
        first = top.entries.get(key.value)
        if first is not None:
            self._say(
                Diagnostic(
                    code="YML016",
                    message=f"`{key.value}` is given twice",
                    where=Label(key.span),
                    why="other programs would silently keep the last one",
                    help="delete one of the two",
                    see_also=(Label(first[0].span, "first given here"),),
                )
            )

    # ----------------------------------------------------------------------------------------------- scalars

    def _scalar(self, start: int, end: int, value: str, style: Style) -> YamlScalar:
        residue = self._gap(start)
        self._count(start)
        top = self.stack[-1] if self.stack else None
        if top is not None and top.is_map and top.key is None and ("?" in residue or (end == start and not value)):
            self._bad_key(start - 1 if end == start else start, max(end, start))
        if style == "plain" and end == start:
            while start > 0 and self.text[start - 1] == " ":  # the C parser stops later than the Python one
                start -= 1
            where = self.source.span(start, start)
            return YamlScalar(value, style, where, Snippet(self.source, value, start))
        if style in ("literal", "folded"):
            self._refuse_if(refused_header(self.source, start))
        if self.unreliable:  # the tree will not be shown, only more of its problems
            self.seen = end
            return YamlScalar(value, style, self.source.span(start, end), Snippet(self.source, value, start))
        decoded: Decoded | None = None
        snippet = self._slice(start, end, value, style)
        if snippet is None:
            try:
                if style in ("literal", "folded"):
                    decoded = decode_block(self.text, start, top.column if top else -1)
                    end = decoded.stop
                else:
                    decoded = decode_flow(self.text, start, end, style)
            except (ValueError, OverflowError, IndexError):
                decoded = None
            snippet = self._mapped(start, end, value, decoded)
        span = self.source.span(start, end)
        self.seen = end
        if decoded is not None and decoded.comment is not None:
            self.comments.append(decoded.comment)
        if style in ("literal", "folded"):
            self._refuse_if(refused_indentation(self.source, start, snippet))
        elif style == "double" and decoded is not None:
            self._refuse_if(refused_escape_in(snippet))
        elif style == "plain" and "\t" in self.text[start:end]:
            self._refuse_if(tab(self.source, self.text.index("\t", start)))
        return YamlScalar(value, style, span, snippet)

    def _slice(self, start: int, end: int, value: str, style: Style) -> Snippet | None:
        """The snippet of a scalar whose text stands in the file as it is."""
        inner = start if style == "plain" else start + 1
        if style in ("literal", "folded") or end - inner - (inner - start) != len(value):
            return None
        return Snippet(self.source, value, inner) if self.text.startswith(value, inner) else None

    def _mapped(self, start: int, end: int, value: str, decoded: Decoded | None) -> Snippet:
        if decoded is None or decoded.text != value:
            return imprecise(self.source, start, end, value)
        last = decoded.ends[-1] if decoded.ends else end
        return Snippet(self.source, value, start, [*decoded.starts, last], decoded.ends)

    def _refuse_if(self, problem: Diagnostic | None) -> None:
        if problem is not None:
            self._say(problem)
            self.unreliable = True

    # ---------------------------------------------------------------------------------- between the scalars

    def _gap(self, upto: int) -> str:
        """Look at what stands between the last token and ``upto``: note comments, refuse tabs, return the rest."""
        at, rest = self.seen, ""
        while at < upto:
            sign = self.text.find("#", at, upto)
            part = self.text[at : upto if sign < 0 else sign]
            if "\t" in part:
                self._refuse_if(tab(self.source, at + part.index("\t")))
            if part.startswith("%") or "\n%" in part:
                percent = at + (0 if part.startswith("%") else part.index("\n%") + 1)
                end = self.source.text.find("\n", percent)
                self._add("YML011", "lines that begin with `%` are not read", percent, end, help="delete the line")
                self.unreliable = True
            rest += part
            if sign < 0:
                break
            at = self.text.find("\n", sign)
            at = len(self.text) if at < 0 else at
            self.comments.append((sign, at - 1 if self.text.startswith("\r", at - 1) else at))
        self.seen = max(self.seen, upto)
        return rest

    # ---------------------------------------------------------------------------------------------- refusals

    def _properties(self, event: events.ScalarEvent | events.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._refuse(event, "YML013", "anchors are not read", "delete the anchor and write each value out")
        if event.tag is not None:
            self._refuse(
                event, "YML014", "tags are not read", "delete the tag, or put a text that begins with `!` in quotes"
            )

    def _refuse(self, event: events.Event, code: str, message: str, help: str) -> None:
        start = end = _index(event.start_mark)
        while end < len(self.text) and self.text[end] not in " \t\r\n,]}":
            end += 1
        self._add(code, f"`{self.text[start:end]}`: {message}", start, end, help=help)
        self.unreliable = True

    def _bad_key(self, start: int, end: int) -> None:
        braces = self.text.startswith("{{", start - 1)
        self._add(
            "YML017",
            "a text that begins with `{{` needs quotes" if braces else "a key must be a word",
            start - 1 if braces else start,
            end,
            help='write `key: "{{ ... }}"`' if braces else "write `key: value`, without `?`",
        )
        raise _Stop

    def _count(self, at: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._add("YML019", f"more than {MAX_NODES:,} keys and values", at, at + 1, help="split the file")
            raise _Stop

    def _add(self, code: str, message: str, start: int, end: int, *, help: str) -> None:
        where = Label(self.source.span(start, max(start, end)))
        self._say(Diagnostic(code=code, message=message, where=where, help=help))

    def _say(self, problem: Diagnostic) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


def imprecise(source: SourceFile, start: int, end: int, value: str) -> Snippet:
    """A snippet each of whose characters stands for the whole scalar: better an imprecise place than a wrong one.

    Only used where our reading of a scalar differs from PyYAML's. No such scalar is known; the tests make this raise.
    """
    return Snippet(source, value, start, [start] * len(value) + [end], [end] * len(value))


def _events(text: str) -> Iterator[events.Event]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.parse(text, Loader=loader)


def _index(mark: Any) -> int:
    """The offset of an event, which PyYAML's types call optional and its parsers always give."""
    return int(mark.index)


def _column(mark: Any) -> int:
    return int(mark.column)
