"""Links lead somewhere, to headings too."""

from __future__ import annotations

import re
from pathlib import Path

from pages import FENCE, PAGES, ROOT

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """What `#...` can be in a link to a page."""
    text = FENCE.sub("", page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in HEADING.findall(text)}


def test_links_lead_somewhere() -> None:
    for page in [*PAGES, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs/codes").glob("*.md"))]:
        for link in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
            if "://" in link:
                continue
            path, _, anchor = link.partition("#")
            target = page.parent / path if path else page
            assert target.exists(), (page, link)
            if anchor and target.suffix == ".md":
                assert anchor in anchors(target), (page, link)


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, left = set(), [ROOT / "README.md"]
    while left:
        page = left.pop().resolve()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        for link in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
            path = link.partition("#")[0]
            if path and "://" not in path:
                target = page.parent / path
                left.append(target / "README.md" if (target / "README.md").exists() else target)
    assert [each for each in PAGES if each.resolve() not in seen] == []
