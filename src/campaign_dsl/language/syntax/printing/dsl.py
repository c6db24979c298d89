"""Prints a document as a `.campaign` file."""

from __future__ import annotations

from campaign_dsl.language.syntax.printing.bodies import Row
from campaign_dsl.language.syntax.printing.document import Block, Clause

WIDTH = 110
"""Columns a line has, if what stands on it can be broken."""
STEP = "  "


def print_dsl(document: Block) -> str:
    """The canonical text."""
    lines: list[str] = []
    _items(document, "", lines, 0)
    return "\n".join(lines) + "\n" if lines else ""


def _items(block: Block, indent: str, lines: list[str], depth: int) -> None:
    pads = _pads(block)
    for index, item in enumerate(block.items):
        if index and separated(block, index, depth):
            lines.append("")
        lines.extend(indent + text if text else "" for text in item.before)
        if isinstance(item, Block):
            _block(item, indent, lines, depth)
        else:
            _clause(item, indent, lines, pads.get(id(item), 0))
    if block.closing:
        lines.extend(indent + text if text else "" for text in block.closing)


def separated(block: Block, index: int, depth: int) -> bool:
    """Whether a blank line stands before an item: always around the large blocks, else where the author has one."""
    item, earlier = block.items[index], block.items[index - 1]
    large = depth < 2 and (isinstance(item, Block) or isinstance(earlier, Block))
    return item.gap or (large and not (depth and _small(item, earlier)))


def _small(item: Clause | Block, earlier: Clause | Block) -> bool:
    """Whether of two neighbours neither is a block that fills several lines."""
    return not any(isinstance(each, Block) and compact(each) is None for each in (item, earlier))


def _block(block: Block, indent: str, lines: list[str], depth: int) -> None:
    name = " ".join(each for each in (block.keyword, block.head) if each)
    inside = compact(block)
    if inside is not None and len(indent) + len(name) + len(inside) + 5 <= WIDTH:
        lines.append(f"{indent}{name} {{ {inside} }}")
        return
    lines.append(_with_comments(f"{indent}{name} {{", block.after, indent, lines))
    _items(block, indent + STEP, lines, depth + 1)
    lines.append(f"{indent}}}")


def compact(block: Block) -> str | None:
    """What stands between the braces of a block that fits on one line by its nature."""
    if len(block.items) != 1 or block.after or block.closing:
        return None
    item = block.items[0]
    if isinstance(item, Block) or item.before or item.after or item.body.broken:
        return None
    if item.body.flat and not block.spec.compact:  # a word that stands alone, as `everyone`, is always short
        return None
    return " ".join(each for each in (item.keyword, item.body.flat) if each)


def _pads(block: Block) -> dict[int, int]:
    """For each clause that is lined up with its neighbours the width of its keyword's column."""
    found: dict[int, int] = {}
    run: list[Clause] = []
    if not block.spec.aligned:
        return found
    for item in [*block.items, None]:
        if isinstance(item, Clause) and not (run and (item.gap or item.before)) and not item.body.broken:
            run.append(item)
            continue
        width = max((len(each.keyword) for each in run), default=0)
        found |= {id(each): width + 1 for each in run}
        run = [item] if isinstance(item, Clause) and not item.body.broken else []
    return found


def _clause(item: Clause, indent: str, lines: list[str], pad: int) -> None:
    first = indent + (f"{item.keyword.ljust(pad)} " if item.body.flat else item.keyword)
    rows = chosen_rows(item, len(first))
    for index, row in enumerate(rows):
        start = first if index == 0 else indent + STEP * (1 + row.indent)
        lines.extend(indent + STEP + text for text in row.before)
        after = [*row.after, *(item.after if index == len(rows) - 1 else [])]
        lines.append(_with_comments(start + row.text, after, start if index else indent, lines))


def chosen_rows(item: Clause, taken: int) -> list[Row]:
    """The body on one line or on several, as it fits behind what is ``taken``."""
    body = item.body
    if len(body.rows) > 1 and (body.broken or taken + len(body.flat) > WIDTH):
        return body.rows
    return [Row(body.flat)]


def _with_comments(line: str, after: list[str], indent: str, lines: list[str]) -> str:
    """A line with the comment behind it; when there are several, the others go above."""
    if not after:
        return line
    lines.extend(" " * len(indent) + text for text in after[:-1])
    return f"{line}  {after[-1]}"
