"""The YAML spelling as the same blocks and clauses.

A block is a mapping under its keyword (and its name: `campaign birthday_gift:`); a clause is a key whose value is the
clause's own text. Several clauses of one kind are a list under their key; a block whose order matters may be a list of
whole clauses (`- award 500 points to ...`).
"""

from __future__ import annotations

import re

from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.source.yaml import read_document
from campaign_dsl.language.source.yaml_nodes import YamlDocument, YamlList, YamlMap, YamlNode, YamlScalar
from campaign_dsl.language.syntax.blocks import MAX_BLOCKS, Block, Clause, Word, comments, nested_too_deep
from campaign_dsl.language.syntax.spec import FILE, BlockSpec, ClauseSpec

BARE_ZONE = re.compile(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*")
"""A zone that stands without quotes behind `timezone:`."""
NAMES_A_FILE = re.compile(r'(?:file|mjml)[ \t\n]+"')
"""A part of a message that stands in a file, among parts that are texts."""
_FIRST_WORD = re.compile(r"[ \t\n]*([A-Za-z_][A-Za-z0-9_]*)")


def read_yaml_blocks(source: SourceFile, problems: Problems) -> tuple[Block, ...]:
    """The blocks of a `.campaign.yaml` file."""
    return blocks_in(read_document(source), problems)


def blocks_in(document: YamlDocument, problems: Problems) -> tuple[Block, ...]:
    """The blocks of a file that has been read as YAML."""
    root = document.root
    problems.extend(document.problems)
    if root is None:
        return ()
    if not isinstance(root, YamlMap):
        problems.add(
            "SYN010", "a campaign file is a mapping", root.span, help="begin with a key like `campaign birthday_gift:`"
        )
        return ()
    return tuple(item for item in _Reader(problems).mapping(root, FILE, "file") if isinstance(item, Block))


class _Reader:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.depth = 0
        """Blocks around the one being read."""

    def mapping(self, node: YamlMap, spec: BlockSpec, name: str) -> tuple[Clause | Block, ...]:
        found: list[Clause | Block] = []
        for key, value in node.entries:
            found.extend(self.entry(key, value, spec, name))
        return tuple(found)

    def entry(self, key: YamlScalar, value: YamlNode, spec: BlockSpec, name: str) -> list[Clause | Block]:
        split = _split(key.snippet)
        if split is None:
            self.unknown(key.span, key.value, spec, name)
            return []
        word, rest = split
        if word.text in spec.blocks and (spec.entry is None or not isinstance(value, YamlScalar)):
            child = spec.blocks[word.text]
            if self.depth == MAX_BLOCKS:
                nested_too_deep(word.span, self.problems)
                return []
            self.depth += 1
            items = self.body(value, child, word)
            self.depth -= 1
            return [] if items is None else [Block(word, rest, items, key.span.to(value.span), child)]
        if word.text in spec.clauses and not rest.text.strip():
            clause = spec.clauses[word.text]
            return self.clauses(word, value, clause, clause.text or _is_zone(word, value))
        if spec.entry is not None:
            if rest.text.strip():
                self.problems.add(
                    "SYN010",
                    f"`{key.value}` is not a name",
                    key.span,
                    help=f"write `{_slug(key.value)}`: a name is letters, digits and `_`",
                )
                return []
            return self.clauses(word, value, None, spec.entry_text)
        self.unknown(word.span, word.text, spec, name)
        return []

    def body(self, value: YamlNode, spec: BlockSpec, word: Word) -> tuple[Clause | Block, ...] | None:
        """The items of a block: a mapping, or a list of whole clauses."""
        if isinstance(value, YamlMap):
            return self.mapping(value, spec, word.text)
        if isinstance(value, YamlList):
            found: list[Clause | Block] = []
            for item in value.items:
                found.extend(self.whole(item, spec, word.text))
            return tuple(found)
        self.problems.add(
            "SYN010",
            f"`{word.text}` holds a mapping" + (" or a list of clauses" if spec.clauses else ""),
            value.span if value.span.start < value.span.end else word.span,
            help="a list item begins with `- `, a dash and a space"
            if isinstance(value, YamlScalar) and value.value.startswith("-")
            else f"write its clauses below it, each as a key like `{(*spec.keywords, 'name')[0]}:`",
        )
        return None

    def whole(self, item: YamlNode, spec: BlockSpec, name: str) -> list[Clause | Block]:
        """One list item: a whole clause as text, or a mapping with one clause."""
        from campaign_dsl.language.syntax.hints.keywords import holds

        if isinstance(item, YamlMap):
            return list(self.mapping(item, spec, name))
        split = _split(item.snippet) if isinstance(item, YamlScalar) else None
        if split is None:
            self.problems.add("SYN010", "a clause begins with its keyword", item.span, help=holds(spec, name))
            return []
        word, rest = split
        clause = spec.clauses.get(word.text)
        if clause is None and spec.entry is None:
            self.unknown(word.span, word.text, spec, name)
            return []
        return [Clause(word, rest, item.span, clause, broken=self.swallows(rest))]

    def clauses(self, word: Word, value: YamlNode, clause: ClauseSpec | None, text: bool) -> list[Clause | Block]:
        if isinstance(value, YamlScalar):
            return [self.clause(word, value, word.span.to(value.span), clause, text)]
        if isinstance(value, YamlList) and (clause is None or clause.many or all(_is_scalar(x) for x in value.items)):
            found: list[Clause | Block] = []
            for item in value.items:
                if isinstance(item, YamlScalar):
                    found.append(self.clause(word, item, item.span, clause, text))
                else:
                    self.problems.add(
                        "SYN010", f"`{word.text}` holds texts", item.span, help="write the clause as text"
                    )
            return found
        self.problems.add(
            "SYN010",
            f"`{word.text}` is a clause: its value is text",
            value.span,
            help=f"write `{word.text}: {clause.example if clause else '...'}`",
        )
        return []

    def clause(self, word: Word, value: YamlScalar, span: Span, clause: ClauseSpec | None, text: bool) -> Clause:
        names_a_file = value.style == "plain" and NAMES_A_FILE.match(value.value)
        plain = text and not value.is_empty and not names_a_file
        body = _body(value, word)
        return Clause(word, body, span, clause, plain=plain, broken=not plain and self.swallows(body))

    def swallows(self, body: Snippet) -> bool:
        """Whether YAML joined the lines of a value so that a comment runs on into the next one: that is reported."""
        for start, end in comments(body.text):
            span = body.span(start, end)
            if span.line != span.source.line_column(span.end - 1)[0]:
                self.problems.add(
                    "SYN015",
                    "this comment hides the lines after it",
                    span,
                    why="YAML joins the lines of this value into one, and a comment goes on to the end of its line",
                    help="put the comment above the key, or write the value below a `|`, which keeps lines apart",
                )
                return True
        return False

    def unknown(self, span: Span, text: str, spec: BlockSpec, name: str) -> None:
        from campaign_dsl.language.syntax.hints.keywords import instead_of

        what = "block" if name == "file" else "clause"
        self.problems.add(
            "SYN001",
            f"unknown {what} `{text[:60]}`" + ("" if name == "file" else f" in `{name}`"),
            span,
            help=instead_of(text, spec, name),
        )


def _is_zone(word: Word, value: YamlNode) -> bool:
    """Whether this is a zone as YAML says it, `timezone: Asia/Tokyo`, without the quotes of the DSL."""
    return word.text == "timezone" and isinstance(value, YamlScalar) and BARE_ZONE.fullmatch(value.value) is not None


def _is_scalar(node: YamlNode) -> bool:
    return isinstance(node, YamlScalar)


def _slug(text: str) -> str:
    from campaign_dsl.language.syntax.hints.stop import slug

    return slug(text) or "some_name"


def _split(snippet: Snippet) -> tuple[Word, Snippet] | None:
    """The first word of a text, and the rest."""
    match = _FIRST_WORD.match(snippet.text)
    if match is None:
        return None
    start, end = match.span(1)
    rest = end
    while rest < len(snippet.text) and snippet.text[rest] in " \t\n":
        rest += 1
    return Word(match.group(1), snippet.span(start, end)), snippet.part(rest, len(snippet.text))


def _body(value: YamlScalar, word: Word) -> Snippet:
    """The text of a clause; of an empty value the place behind its key."""
    if value.value:
        return value.snippet
    return Snippet(value.snippet.source, "", word.span.end)
