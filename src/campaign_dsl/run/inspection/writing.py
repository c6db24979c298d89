"""A drafted catalog as YAML: what is sure plainly, each guess with a comment that says why."""

from __future__ import annotations

from collections.abc import Iterable

from campaign_dsl.run.inspection.draft import Draft, Drafted, Typed
from campaign_dsl.run.inspection.names import remark, scalar

SECTIONS = ("customers", "events", "dimensions", "relations", "profile", "suppression_lists")
"""In the order of a catalog."""
LONGEST = 160
"""So long may a comment be behind what it is about."""


def written(draft: Draft, about: Iterable[str]) -> str:
    """The text of ``catalog.yaml``.

    Args:
        about: lines of the comment at the top.
    """
    lines = [f"# {remark(line)}" for line in about]
    for section in SECTIONS:
        entries = draft.of(section)
        if not entries:
            continue
        lines += ["", f"{section}:"]
        for entry in entries:
            depth = 0 if section == "customers" else 1
            if depth:
                lines += [*(f"  # {remark(text)}" for text in entry.above), f"  {entry.name}:"]
            else:
                lines[-1:] = [*(f"# {remark(text)}" for text in entry.above), f"{section}:"]
            lines += _entry(entry, "  " * (depth + 1))
    if not draft.entries:
        lines.append("# Nothing is there to be described.")
    if draft.aside:
        lines += ["", "# Not described:"]
        lines += [f"# - {remark(table)}: {remark(why)}" for table, why in draft.aside]
    return "\n".join(lines) + "\n"


def _entry(entry: Drafted, margin: str) -> Iterable[str]:
    if entry.table is not None:
        yield f"{margin}table: {scalar(entry.table)}"
    if entry.kind is not None:
        column, word = entry.kind
        yield f"{margin}kind: {{column: {scalar(column)}, equals: {scalar(word)}}}"
    for setting in entry.settings:
        yield f"{margin}{setting.key}: {setting.value}" + (f"  # {remark(setting.remark)}" if setting.remark else "")
    if entry.typed:
        yield f"{margin}{entry.inside}:"
        width = max(len(each.name) for each in entry.typed)
        for each in entry.typed:
            yield from _typed(each, margin + "  ", width)
    for column, why in entry.left_out:
        yield f"{margin}# left out: {remark(column)}: {remark(why)}"


def _typed(each: Typed, margin: str, width: int) -> Iterable[str]:
    says = ", ".join(f"{key}: {value}" for key, value in each.says)
    line = f"{margin}{each.name}:{' ' * (width - len(each.name))} {{{says}}}"
    comment = "; ".join(remark(text) for text in each.remarks)
    if not comment:
        yield line
    elif len(line) + len(comment) + 4 <= LONGEST:
        yield f"{line}  # {comment}"
    else:
        yield f"{margin}# {comment}"
        yield line
