"""Prints a document as a `.campaign.yaml` file."""

from __future__ import annotations

import re
from itertools import groupby

from campaign_dsl.language.syntax.printing.bodies import Body, Row
from campaign_dsl.language.syntax.printing.document import Block, Clause
from campaign_dsl.language.syntax.printing.dsl import STEP, WIDTH, separated
from campaign_dsl.language.syntax.writing import quoted
from campaign_dsl.language.syntax.yaml_blocks import BARE_ZONE, NAMES_A_FILE

_PLAIN = re.compile(r"[A-Za-z0-9_./(+$][^\x00-\x1f\x7f]*")
"""How a text begins that needs no quotes."""
_NOT_PLAIN = re.compile(r": | #|:$|\s$")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def print_yaml(document: Block) -> str:
    """The canonical text."""
    lines: list[str] = []
    _items(document, "", lines, 0)
    if not document.items:
        lines.append("{}")  # a file without anything is no mapping
    return "\n".join(lines) + "\n" if lines else ""


def scalar(text: str, is_text: bool) -> str:
    """A text on one line, in quotes if YAML needs them.

    Args:
        is_text: whether it is the text of a clause that holds nothing else, so that `file "x"` must not name a file.
    """
    names_a_file = is_text and NAMES_A_FILE.match(text)
    if _PLAIN.fullmatch(text) and not _NOT_PLAIN.search(text) and not names_a_file:
        return text
    if "'" not in text and not any(char in text for char in "\n\t") and text.isprintable():
        return f"'{text}'"
    return '"' + "".join(_ESCAPES.get(char, char) for char in text) + '"'


def _items(block: Block, indent: str, lines: list[str], depth: int) -> None:
    as_list = block.spec.listed or not _keys_differ(block)
    index = 0
    for key, run in groupby(block.items, lambda item: _key(item)):
        group = list(run)
        several = not as_list and len(group) > 1
        if several:
            if index and separated(block, index, depth):
                lines.append("")
            lines.append(f"{indent}{key}:")
        for item in group:
            if index and not (several and item is group[0]) and separated(block, index, depth):
                lines.append("")
            index += 1
            if isinstance(item, Block):
                _block(item, indent, lines, depth, as_list)
            elif several:
                _comments(item.before, indent + STEP, lines)
                _value(f"{indent}{STEP}- ", indent + STEP * 2, item, item.body, lines)
            else:
                _comments(item.before, indent, lines)
                _one(item, indent, lines, as_list)
    _comments(block.closing, indent, lines)


def _key(item: Clause | Block) -> str:
    return item.keyword if isinstance(item, Clause) else f"{item.keyword} {item.head}".rstrip()


def _keys_differ(block: Block) -> bool:
    """Whether each key comes once, or several times in a row, so that a mapping keeps the order."""
    keys = [key for key, _ in groupby(_key(item) for item in block.items)]
    blocks = [_key(item) for item in block.items if isinstance(item, Block)]
    return len(keys) == len(set(keys)) and len(blocks) == len(set(blocks))


def _block(block: Block, indent: str, lines: list[str], depth: int, as_list: bool) -> None:
    _comments(block.before, indent, lines)
    start = f"{indent}- " if as_list else indent
    line = f"{start}{_key(block)}:" + ("" if block.items else " {}")
    lines.append(_behind(line, block.after, indent, lines))
    _items(block, indent + STEP * (2 if as_list else 1), lines, depth + 1)


def _one(item: Clause, indent: str, lines: list[str], as_list: bool) -> None:
    if not as_list:
        if not item.body.flat and item.text is None:
            body = Body("true", [Row("true")])
            _value(f"{indent}{item.keyword}: ", indent + STEP, item, body, lines)
        else:
            _value(f"{indent}{item.keyword}: ", indent + STEP, item, item.body, lines)
        return
    rows = [Row(row.text, row.indent, row.start, row.end, row.before, row.after) for row in item.body.rows]
    rows[0].text = f"{item.keyword} {rows[0].text}".rstrip()
    body = Body(f"{item.keyword} {item.body.flat}".rstrip(), rows, item.body.broken)
    _value(f"{indent}- ", indent + STEP, Clause(item.keyword, after=item.after, body=body), body, lines)


def _value(start: str, indent: str, item: Clause, body: Body, lines: list[str]) -> None:
    if item.text is not None and _keeps_lines(item.text) and not item.after:  # no comment can stand inside
        lines.append(start + ("|" if item.text.endswith("\n") else "|-"))
        lines.extend(indent + text if text else "" for text in item.text.removesuffix("\n").split("\n"))
        return
    if item.text is not None and not _names_a_zone(item):
        lines.append(_behind(start + scalar(item.text, True), item.after, indent, lines))
        return
    if item.text is not None and BARE_ZONE.fullmatch(item.text):
        lines.append(_behind(start + item.text, item.after, indent, lines))
        return
    if len(body.rows) > 1 and (body.broken or len(start) + len(body.flat) > WIDTH):
        commented = bool(item.after) or any(row.before or row.after for row in body.rows)
        lines.append(start + ("|-" if commented else ">-"))
        for row in body.rows:
            after = [*row.after, *(item.after if row is body.rows[-1] else ())]
            lines.extend(indent + text for text in row.before)
            lines.append(_behind(indent + row.text, after, indent, lines))
        return
    lines.append(_behind(start + scalar(body.flat, False), item.after, indent, lines))


def _keeps_lines(text: str) -> bool:
    """Whether a text has several lines, which a `|` can hold as they are."""
    rows = text.removesuffix("\n").split("\n")
    plain = all(row.isprintable() and row == row.rstrip() for row in rows)
    whole = bool(rows[0]) and bool(rows[-1]) and not rows[0][0].isspace()
    return len(rows) > 1 and plain and whole and _NOT_PLAIN.match(text) is None


def _names_a_zone(item: Clause) -> bool:
    return item.keyword == "timezone" and item.body.flat == quoted(item.text or "")


def _comments(texts: list[str], indent: str, lines: list[str]) -> None:
    lines.extend(indent + text if text else "" for text in texts)


def _behind(line: str, after: list[str], indent: str, lines: list[str]) -> str:
    if not after:
        return line
    lines.extend(indent + text for text in after[:-1])
    return f"{line}  {after[-1]}"
