"""Lays a campaign file out, and looks whether it still says the same."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax.assemble import assemble
from campaign_dsl.language.syntax.printing.document import Block, arranged, read
from campaign_dsl.language.syntax.printing.dsl import print_dsl
from campaign_dsl.language.syntax.printing.yaml import print_yaml


def formatted(source: SourceFile, problems: Problems, yaml: bool | None = None) -> str | None:
    """The file in its canonical layout; None after having reported why it cannot be read.

    What comes out means the same, and has the same comments: that is looked at again each time.

    Args:
        yaml: in which spelling; None for the one it is in.

    Raises:
        RuntimeError: what would come out is not the same; a defect.
    """
    found = Problems()
    before = read(source, found)
    tree = assemble(before.blocks, found)
    if len(found):
        problems.extend(found.sorted())
        return None
    document = arranged(before, found)
    target = before.yaml if yaml is None else yaml
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
    after = read(SourceFile("x.campaign.yaml" if target else "x.campaign", text), found)
    if assemble(after.blocks, found) != tree or len(found) or after.remarks() != before.remarks():
        raise RuntimeError(f"laying out {source.path} would change what it says, so nothing was done")
    return text


def _twice(document: Block) -> str | None:
    """Two blocks of a file that would be the same key."""
    keys = [f"{item.keyword} {item.head}" for item in document.items if isinstance(item, Block)]
    return next((key for index, key in enumerate(keys) if key in keys[:index]), None)
