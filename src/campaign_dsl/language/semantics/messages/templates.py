"""Texts of messages as templates: where each of their characters stands, and what is wrong with them."""

from __future__ import annotations

import re

from campaign_dsl.language.content.checking import check_template
from campaign_dsl.language.content.parts import Form, part_kind
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems, Severity
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.semantics.messages.quoting import Quotable
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.syntax import tree as t

PROMISED = "MSG013"
"""A value of an outcome that this campaign does not have."""
_ESCAPES = {'\\"': '"', "\\\\": "\\", "\\n": "\n", "\\t": "\t"}


def whole(source: SourceFile) -> Snippet:
    """A file as a template."""
    return Snippet.of(source, 0, len(source.text))


def written_here(text: t.Text) -> Snippet:
    """A text of the campaign itself as a template, each character where the author wrote it."""
    span = text.span
    source = span.source
    assert isinstance(source, SourceFile)
    raw = source.text[span.start : span.end]
    if raw == text.text:
        return Snippet.of(source, span.start, span.end)
    if raw == f'"{text.text}"':
        return Snippet.of(source, span.start + 1, span.end - 1)
    offsets = _unescaped(raw, text.text, span.start)
    if offsets is None:  # folded or escaped as only YAML does it: the whole text stands for each of its characters
        size = len(text.text)
        return Snippet(source, text.text, span.start, [span.start] * size + [span.end], [span.end] * size)
    starts = [start for start, _ in offsets] + [span.end - 1]
    return Snippet(source, text.text, span.start, starts, [end for _, end in offsets])


def _unescaped(raw: str, text: str, base: int) -> list[tuple[int, int]] | None:
    """Where each character of ``text`` stands in ``raw``, a quoted text of the language; None when it is none."""
    if len(raw) < 2 or raw[0] != '"' or raw[-1] != '"':
        return None
    found: list[tuple[int, int]] = []
    made, index = "", 1
    while index < len(raw) - 1:
        size = 2 if raw[index] == "\\" else 1
        piece = raw[index : index + size]
        made += _ESCAPES.get(piece, piece[-1])
        found.append((base + index, base + index + size))
        index += size
    return found if made == text else None


def check_part(
    node: t.Part,
    type_: str,
    template: Snippet,
    path: str | None,
    languages: tuple[str, ...],
    may: Quotable,
    used: set[str],
    problems: Problems,
) -> ir.Part | None:
    """A part whose template is sound, or None after having reported what is wrong with it.

    Args:
        path: of the file it comes from.
        languages: those it may be sent in.
        used: gets the values that it says.
    """
    kind = part_kind(type_, node.name.text)
    checked = check_template(template, may.context, kind, languages=languages)
    for finding in checked.findings:
        _report(finding, may, problems)
    if any(finding.severity is Severity.ERROR for finding in checked.findings):
        return None
    used |= set(checked.uses)
    return ir.Part(node.name.text, template.text, kind.form is Form.HTML, path, node.span)


def _report(finding: Diagnostic, may: Quotable, problems: Problems) -> None:
    """Hands on what is wrong with a template; why a value is not there, this campaign knows better."""
    said = re.match(r"`([a-z0-9_.]+)`", finding.message)
    absent = finding.code == PROMISED and said is not None and finding.where is not None
    if absent and may.report_absent(said[1], finding.where.span, problems):  # type: ignore[index,union-attr]
        return
    problems.extend((finding,))
