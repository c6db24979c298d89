"""A preview is the run, on a copy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from worlds import AS_OF, RUN_DAY, budget, candidate, crowd, dump, open_ledger, people, plan, reader, run, sql, totals

from campaign_dsl.run.ledger import Ledger, preview_run

DAY = timedelta(days=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def see(path: Path, rows: list[dict[str, Any]], the_plan: Any = None, as_of: datetime = AS_OF) -> Any:
    return preview_run(
        path, the_plan or plan(), as_of=as_of, run_day=RUN_DAY, totals=totals(rows), candidates=reader(rows)
    )


def test_a_preview_is_the_run(ledger: Ledger) -> None:
    shown = see(ledger.place, people())
    assert shown == run(ledger, people())


def test_a_preview_needs_no_ledger_and_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "data" / "ledger.sqlite"
    assert see(path, people()).funnel["decided"] == 4
    assert list(tmp_path.iterdir()) == []


def test_a_preview_knows_what_was_given_and_writes_nothing(ledger: Ledger) -> None:
    limited = plan(budgets=[budget("offers", 6)])
    run(ledger, people(), limited)
    before = dump(ledger.place)
    more = [*people(), *crowd(10)[3:]]
    shown = see(ledger.place, more, limited, AS_OF + timedelta(hours=1))
    assert shown.funnel["decided"] == 2
    assert dump(ledger.place) == before
    assert shown == run(ledger, more, limited, AS_OF + timedelta(hours=1))


def test_a_preview_sees_limits_that_earlier_runs_used_up(ledger: Ledger) -> None:
    run(ledger, people())
    other = [row | {"occurrence": "2026b"} for row in people()]
    assert see(ledger.place, other, as_of=AS_OF + DAY).funnel["within_limits"] == 0


def test_a_preview_finishes_an_interrupted_run_in_its_copy_only(ledger: Ledger) -> None:
    interrupted(ledger, people())
    before = dump(ledger.place)
    shown = see(ledger.place, [*people(), candidate("NEW")], as_of=AS_OF + DAY)
    assert (shown.funnel["decided"], len(shown.finished_first)) == (1, 1)
    assert dump(ledger.place) == before


def test_a_preview_does_not_wait_for_a_writer(ledger: Ledger) -> None:
    run(ledger, people())
    with open_ledger(ledger.place) as other, other.writing():
        assert see(ledger.place, people(), as_of=AS_OF + DAY).funnel["decided"] == 0


def test_a_preview_of_something_done_says_so(ledger: Ledger) -> None:
    run(ledger, people())
    assert see(ledger.place, people()).already_done


def interrupted(ledger: Ledger, rows: list[dict[str, Any]], the_plan: Any = None) -> None:
    """Freeze a run, and stop before anything is given."""
    from campaign_dsl.run.ledger import execute

    class Stop(Exception):
        pass

    def stop(*_: Any) -> Any:
        raise Stop

    kept, execute.finish = execute.finish, stop
    try:
        with pytest.raises(Stop):
            run(ledger, rows, the_plan)
    finally:
        execute.finish = kept
    assert sql(ledger, "SELECT state FROM run") == [("decided",)]
