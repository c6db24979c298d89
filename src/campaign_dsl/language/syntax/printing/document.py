"""A file as blocks and clauses with their comments, whichever spelling it came in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.source.yaml import read_document
from campaign_dsl.language.syntax import blocks as b
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.parsing import parse_clause
from campaign_dsl.language.syntax.printing import bodies
from campaign_dsl.language.syntax.printing.bodies import Body, text_body
from campaign_dsl.language.syntax.printing.comments import Comment, attach, same_line
from campaign_dsl.language.syntax.spec import FILE, BlockSpec
from campaign_dsl.language.syntax.writing import duration, quoted
from campaign_dsl.language.syntax.yaml_blocks import blocks_in


@dataclass
class Item:
    """A clause or a block.

    Args:
        before: comments on lines of their own above it; an empty text is a blank line between or below them.
        after: comments at its end; of a block behind its `{`.
        gap: whether a blank line stood before it.
    """

    keyword: str
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    gap: bool = False


@dataclass
class Clause(Item):
    """A clause.

    Args:
        body: what stands behind its keyword.
        text: its text, where the body is a text and nothing else.
    """

    body: Body = field(default_factory=lambda: text_body(""))
    text: str | None = None


@dataclass
class Block(Item):
    """A block.

    Args:
        closing: comments before its end, below the last item; one that stood behind its `}` comes here too.
    """

    head: str = ""
    spec: BlockSpec = FILE
    items: list[Clause | Block] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file cut into blocks.

    Args:
        comments: in a `.campaign` file all of them; in YAML those outside of the texts of clauses.
    """

    source: SourceFile
    yaml: bool
    blocks: tuple[b.Block, ...]
    comments: tuple[Comment, ...]

    def remarks(self) -> Counter[str]:
        """The text of every comment, however often it is there."""
        found = Counter(each.text for each in self.comments)
        waiting: list[b.Clause | b.Block] = [*self.blocks] if self.yaml else []
        while waiting:
            item = waiting.pop()
            if isinstance(item, b.Block):
                waiting.extend(item.items)
            elif not item.plain:
                found.update(item.body.text[start:end] for start, end in b.comments(item.body.text))
        return found


def read(source: SourceFile, problems: Problems) -> Reading:
    """The blocks and the comments of a file, in the spelling its name says."""
    if source.path.endswith(".yaml"):
        document = read_document(source)
        comments = tuple(Comment(text, span.start) for span, text in document.comments)
        return Reading(source, True, blocks_in(document, problems), comments)
    comments = tuple(Comment(source.text[start:end], start) for start, end in b.comments(source.text))
    return Reading(source, False, b.read_blocks(source, problems), comments)


def arranged(reading: Reading, problems: Problems) -> Block:
    """The file as one block without a keyword. What cannot be read is in ``problems``."""
    whole = Block("")
    reader = _Reader(reading.source, problems, reading.yaml, list(reading.comments))
    whole.items = reader.items(reading.blocks, FILE, 0, len(reading.source.text), whole)
    return whole


class _Reader:
    def __init__(self, source: SourceFile, problems: Problems, yaml: bool, comments: list[Comment]) -> None:
        self.source = source
        self.problems = problems
        self.yaml = yaml
        self.comments = comments
        """Those that no item has taken yet, in order."""

    def take(self, start: int, end: int) -> list[Comment]:
        """The comments between two places, which are nobody else's from now on."""
        taken = [each for each in self.comments if start <= each.start < end]
        self.comments = [each for each in self.comments if not start <= each.start < end]
        return taken

    def items(
        self, found: tuple[b.Clause | b.Block, ...], spec: BlockSpec, start: int, end: int, owner: Block
    ) -> list[Clause | Block]:
        """The items of a block that reaches from ``start`` to ``end``."""
        made: list[Clause | Block] = []
        at = start
        for index, item in enumerate(found):
            limit = self.begins(found[index + 1], item.span.end) if index + 1 < len(found) else end
            ends = self.end_of(item, limit) if isinstance(item, b.Block) else item.span.end
            node = self.block(item, ends) if isinstance(item, b.Block) else self.clause(item, spec)
            self.between(at, item.span.start, owner, made, node, self.begins(item, at))
            made.append(node)
            at = max(at, ends)
        self.between(at, end, owner, made, None)
        return made

    def between(
        self,
        start: int,
        end: int,
        owner: Block,
        made: list[Clause | Block],
        node: Clause | Block | None,
        key: int | None = None,
    ) -> None:
        """Give the comments between two items to the one they stand at, and note blank lines."""
        own: list[Comment] = []
        for comment in self.take(start, end):
            if same_line(self.source, start, comment.start) and not own and (made or owner.keyword):
                self.behind(made[-1] if made else owner, bool(made), comment)
            else:
                own.append(comment)
        lines = self.with_blanks(own, end)
        if node is None:
            while lines and not lines[-1]:
                lines.pop()
            owner.closing.extend(lines)
            return
        node.before[:0] = lines
        until = min(own[0].start if own else end, end if key is None else key)
        node.gap = self.source.text[start:until].count("\n") > 1

    def behind(self, item: Clause | Block, ended: bool, comment: Comment) -> None:
        """Put a comment behind an item, or, unless it has ``ended``, behind the beginning of a block."""
        if not ended or isinstance(item, Clause) or (self.yaml and not item.items):
            item.after.append(comment.text)
        elif self.yaml and item.items:
            self.behind(item.items[-1], True, comment)
        else:
            item.closing.append(comment.text)

    def with_blanks(self, own: list[Comment], end: int) -> list[str]:
        """The texts of comments on lines of their own, with the blank lines between them."""
        lines: list[str] = []
        for index, comment in enumerate(own):
            lines.append(comment.text)
            following = own[index + 1].start if index + 1 < len(own) else end
            if self.source.text[comment.start : following].count("\n") > 1:
                lines.append("")
        return lines

    def begins(self, item: b.Clause | b.Block, after: int) -> int:
        """Where an item begins. In YAML the first one of a list begins with its key, the others do not."""
        key = item.keyword.span.start
        return key if key >= after else item.span.start

    def end_of(self, item: b.Block, limit: int) -> int:
        """Where a block ends. In YAML a comment that is indented like its items still belongs to it."""
        end = item.span.end
        if self.yaml:
            column = self.source.line_column(item.keyword.span.start)[1] + 1
            if item.items:
                first = item.items[0]  # of a list the place of its dash counts
                lines = [self.source.line_text(span.line) for span in (first.keyword.span, first.span)]
                column = min(len(line) - len(line.lstrip()) for line in lines) + 1
            for comment in self.comments:
                own = not same_line(self.source, end, comment.start)
                if end <= comment.start < limit and own and self.source.line_column(comment.start)[1] >= column:
                    end = comment.start + len(comment.text)
        return end

    def block(self, item: b.Block, end: int) -> Block:
        keyword = item.keyword.text
        node = None
        if item.spec.head is not None and item.head.text.strip():
            node = parse_clause(item.spec.head, item.head, self.problems, f"the head of `{keyword}`")
        block = Block(keyword, head=bodies.head(keyword, node), spec=item.spec)
        start = max(item.keyword.span.end, item.head.whole.end)
        block.items = self.items(item.items, item.spec, start, end, block)
        return block

    def clause(self, item: b.Clause, spec: BlockSpec) -> Clause:
        made = Clause(item.keyword.text)
        inside = [
            Comment(item.body.text[start:end], item.body.span(start, end).start)
            for start, end in b.comments(item.body.text)
            if not item.plain
        ]
        places = {each.start for each in inside}
        taken = self.take(min(item.span.start, item.body.whole.start), item.span.end)
        made.before = [each.text for each in taken if each.start not in places]  # in YAML, behind a `|`
        start = item.spec.start if item.spec is not None else spec.entry
        if item.plain:
            made.text = item.body.text
            made.body = text_body(quoted(item.body.text))
            return made
        if start is None:
            return made
        if inside and _ends(item.body.text):
            made.after.append(inside.pop().text)
        node = parse_clause(start, item.body, self.problems, f"`{item.keyword.text}`")
        made.body, made.text = _said(start, node)
        made.before.extend(attach(inside, made.body, self.source))
        if any(row.before or row.after for row in made.body.rows):
            made.body.broken = True
        return made


def _ends(text: str) -> bool:
    """Whether a comment stands behind the last word of a text, on its line."""
    *_, (start, end) = b.comments(text)
    line = text[:start].rpartition("\n")[2]
    return not text[end:].strip() and bool(line.strip())


def _said(start: str, node: Any) -> tuple[Body, str | None]:
    """The body of a clause, and its text if it is a text and nothing else."""
    if start == "segment_entry":
        return bodies.segment(node), None
    if node is None:  # it could not be read, and that has been said
        return text_body(""), None
    if start == "goal_entry":
        return bodies.goal_entry(node), None
    if start == "property_entry":
        return bodies.entry(node), None
    if start in ("holdout_clause", "variant_entry"):
        return text_body(f"{node.text}%"), None
    if start == "integer_clause":
        return text_body(node.text), None
    if start == "expires_clause":
        return text_body(f"after {duration(node)}"), None
    if start == "visible_clause":
        return text_body(f"for {duration(node)}"), None
    if start == "progress_clause":
        return text_body("each step"), None
    if start == "text_clause":
        return text_body(quoted(node.text)), node.text
    if start == "part_clause" and node.kind == "text":
        return bodies.body(node), node.value.text
    if start == "timezone_clause" and isinstance(node, t.TimeZone) and not node.customer:
        return bodies.body(node), node.zone.text
    return bodies.body(node), None
