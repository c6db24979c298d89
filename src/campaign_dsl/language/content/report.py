"""Findings about a template, at offsets of its text."""

from __future__ import annotations

from dataclasses import dataclass, field

from campaign_dsl.language.diagnostics.model import Diagnostic, Problems, Severity, Span
from campaign_dsl.language.source.files import Snippet, SourceFile


@dataclass
class Report:
    """What is wrong with one template; each thing at a range of its text.

    Args:
        snippet: the text, which knows where its characters stand in a file.
    """

    snippet: Snippet
    problems: Problems = field(default_factory=Problems)

    def add(
        self,
        code: str,
        message: str,
        start: int,
        end: int,
        *,
        help: str,
        why: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Record one finding about ``text[start:end]``."""
        self.problems.add(code, message, self.span(start, end), help=help, why=why, severity=severity)

    def span(self, start: int, end: int) -> Span:
        """The range of the file behind ``text[start:end]``."""
        last = len(self.snippet.text)
        start = min(max(0, start), last)
        return self.snippet.span(start, min(max(start, end), last))

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        return self.problems.sorted()

    def __len__(self) -> int:
        return len(self.problems)


def normalized(snippet: Snippet) -> Snippet:
    """``snippet`` with LF for each CRLF, its places kept."""
    text = snippet.text
    if "\r" not in text:
        return snippet
    kept = [index for index, char in enumerate(text) if not (char == "\r" and text[index + 1 : index + 2] == "\n")]
    spans = [snippet.span(index, index + 1) for index in kept]
    offsets = [span.start for span in spans] + [snippet.whole.end]
    return Snippet(
        snippet.source,
        "".join(text[index] for index in kept),
        snippet.base,
        offsets,
        [span.end for span in spans],
    )


def loose(text: str, path: str = "content") -> Snippet:
    """Text that comes from no file of the workspace."""
    source = SourceFile(path, text)
    return Snippet.of(source, 0, len(text))
