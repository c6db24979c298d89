"""The pages about codes are the ones the catalogue gives."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

import pytest

from campaign_dsl.language.diagnostics import pages
from campaign_dsl.language.diagnostics.catalogue import CODES

MODULE = "campaign_dsl.language.diagnostics.pages"


def test_the_pages_in_the_repository_are_current() -> None:
    assert pages.stale() == []


def test_the_index_links_every_page_and_each_page_the_index() -> None:
    written = pages.pages()
    assert set(written) == {"README.md", *(f"{code}.md" for code in CODES)}
    assert re.findall(r"\]\((\w+)\.md\)", written["README.md"]) == list(CODES)
    for name, text in written.items():
        assert text.startswith("# ")
        assert name == "README.md" or "(README.md)" in text


def test_a_page_says_what_the_catalogue_says() -> None:
    code = CODES["SYN007"]
    page = pages.pages()["SYN007.md"]
    for part in (code.title, code.why, code.fix, code.bad, code.good):
        assert part is not None
        assert part in page


def test_what_is_written_is_current(tmp_path: Path) -> None:
    pages.write(tmp_path)
    assert pages.stale(tmp_path) == []
    (tmp_path / "SYN007.md").write_text("something else", "utf-8")
    (tmp_path / "OLD001.md").write_text("a code that is gone", "utf-8")
    (tmp_path / "TYP001.md").unlink()
    assert pages.stale(tmp_path) == ["OLD001.md", "SYN007.md", "TYP001.md"]
    pages.write(tmp_path)
    assert pages.stale(tmp_path) == []


@pytest.mark.filterwarnings("ignore:.*found in sys.modules.*:RuntimeWarning")
def test_check_says_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [MODULE, "--check"])
    runpy.run_module(MODULE, run_name="__main__")
    monkeypatch.delitem(CODES, "SYN007")
    with pytest.raises(SystemExit, match=r"out of date \(SYN007\.md\): run `python -m "):
        runpy.run_module(MODULE, run_name="__main__")
