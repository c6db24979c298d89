"""The table from seed row to test is complete, true and current."""

from __future__ import annotations

from collections import Counter

from coverage_of_seeds import PAGE, page, parts, proofs

ROWS = [row for _, _, rows in parts() for row in rows]


def test_every_row_is_there_once() -> None:
    assert [name for name, number in Counter(row.id for row in ROWS).items() if number > 1] == []
    assert [number for number, _, _ in parts()] == list(range(8))
    assert len(ROWS) == 106


def test_every_row_has_a_test() -> None:
    proved = {row for each in proofs() for row in each.rows}
    assert [row.id for row in ROWS if row.id not in proved] == []


def test_every_marker_names_a_row() -> None:
    known = {row.id for row in ROWS}
    assert [(each.path, each.name, row) for each in proofs() for row in each.rows if row not in known] == []


def test_the_page_is_current(update_golden: bool) -> None:
    if update_golden:
        PAGE.write_text(page(), "utf-8")
    assert PAGE.read_text("utf-8") == page()
