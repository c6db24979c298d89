"""The text of a page, for readers that show no HTML: what `multipart/alternative` wants beside it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from campaign_dsl.language.content.parts import plain_text, scheme_of

_SKIPPED = frozenset(("head", "style", "script", "title", "noscript", "template", "svg"))
_LINES = frozenset(("br", "tr", "li", "dt", "dd", "option", "caption"))
_PARAGRAPHS = frozenset(
    ("p", "div", "table", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "form", "hr")
) | {"section", "article", "header", "footer", "main", "aside", "nav"}


class _Text(HTMLParser):
    """Collects what a page says. The standard library's parser suffices: no layout is wanted, only words in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipping: list[str] = []
        self._link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping.append(tag)
        if self._skipping:
            return
        given = dict(attrs)
        match tag:
            case "a":
                self._link = (given.get("href") or "", len(self.parts))
            case "img":
                self.parts.append((given.get("alt") or "").strip())
            case "li":
                self.parts.append("\n- ")
            case "td" | "th":
                self.parts.append(" ")
            case "hr":
                self.parts.append("\n\n---\n\n")
            case _ if tag in _PARAGRAPHS:
                self.parts.append("\n\n")
            case _ if tag in _LINES:
                self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._skipping:
            # An element that was never closed ends with the one around it.
            del self._skipping[self._skipping.index(tag) :]
            return
        if self._skipping:
            return
        if tag == "a" and self._link is not None:
            address, start = self._link
            said = " ".join("".join(self.parts[start:]).split())
            self._link = None
            if scheme_of(address) == "https" and address != said:
                self.parts.append(f" ({address})" if said else address)
        elif tag in _PARAGRAPHS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.parts.append(re.sub(r"[ \t\r\n\f]+", " ", data))


def text_alternative(page: str) -> str:
    """What a rendered page says: paragraphs apart, list items with a dash, addresses of links in parentheses."""
    reader = _Text()
    reader.feed(page)
    reader.close()
    lines = [" ".join(line.split(" ")).strip() for line in "".join(reader.parts).split("\n")]
    text = "\n".join(re.sub(r" {2,}", " ", line) for line in lines)
    return plain_text(re.sub(r"\n{3,}", "\n\n", text).strip()) + "\n"
