"""The one canonical layout of a campaign file, in both spellings, with its comments."""

from __future__ import annotations

from collections import Counter

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax.assemble import assemble
from campaign_dsl.language.syntax.blocks import read_blocks
from campaign_dsl.language.syntax.printing.document import Block, Clause, read
from campaign_dsl.language.syntax.printing.dsl import print_dsl
from campaign_dsl.language.syntax.printing.yaml import print_yaml
from campaign_dsl.language.syntax.tree import File
from campaign_dsl.language.syntax.yaml_blocks import read_yaml_blocks

__all__ = ["formatted"]


def formatted(source: SourceFile, problems: Problems, yaml: bool | None = None) -> str | None:
    """The file in its canonical layout; None after having reported why it cannot be read.

    What comes out means the same, and has the same comments: that is looked at again each time.

    Args:
        yaml: in which spelling; None for the one it is in.

    Raises:
        RuntimeError: what would come out is not the same; a defect.
    """
    found = Problems()
    before = _tree(source, found)
    document = read(source, found) if not len(found) else None
    if document is None or len(found):
        problems.extend(found.sorted())
        return None
    is_yaml = source.path.endswith(".yaml")
    target = is_yaml if yaml is None else yaml
    if target and (twice := _twice(document)) is not None:
        word = source.text.find(twice)
        problems.add(
            "SYN016",
            f"`{twice}` is there twice, which YAML cannot say",
            source.span(max(word, 0), max(word, 0) + len(twice)),
            why="a mapping has each key once",
            help="give one of them another name",
        )
        return None
    text = (print_yaml if target else print_dsl)(document)
    name = "x.campaign.yaml" if target else "x.campaign"
    again = SourceFile(name, text)
    if _tree(again, found) != before or len(found) or _comments(read(again, found)) != _comments(document):
        raise RuntimeError(f"laying out {source.path} would change what it says, so nothing was done")
    return text


def _tree(source: SourceFile, problems: Problems) -> File:
    blocks = (read_yaml_blocks if source.path.endswith(".yaml") else read_blocks)(source, problems)
    return assemble(blocks, problems)


def _twice(document: Block) -> str | None:
    """Two blocks of a file that would be the same key."""
    keys = [f"{item.keyword} {item.head}" for item in document.items if isinstance(item, Block)]
    return next((key for index, key in enumerate(keys) if key in keys[:index]), None)


def _comments(document: Block) -> Counter[str]:
    """The comments of a document, however often each is there."""
    found: Counter[str] = Counter()
    waiting: list[Block | Clause] = [document]
    while waiting:
        item = waiting.pop()
        found.update(text for text in (*item.before, *item.after) if text)
        if isinstance(item, Block):
            found.update(text for text in item.closing if text)
            waiting.extend(item.items)
        else:
            found.update(text for row in item.body.rows for text in (*row.before, *row.after))
    return found
