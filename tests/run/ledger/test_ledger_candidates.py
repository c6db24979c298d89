"""What an engine hands over: read as it comes, or refused as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from worlds import (
    AS_OF,
    RUN_DAY,
    candidate,
    crowd,
    dump,
    in_staging,
    open_ledger,
    people,
    plan,
    reader,
    run,
    sql,
    totals,
)

from campaign_dsl.run.ledger import Ledger, execute_run
from campaign_dsl.run.problems import DataProblem, EnvironmentProblem

DAY = timedelta(days=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


@pytest.mark.parametrize(
    "bad",
    [
        candidate("A") | {"customer_id": None},
        candidate("A", occurrence=None),
        candidate("A", occurrence_day=None),
        candidate("A", zone=None),
        candidate("A", occurrence_time=None),
        candidate("A", occurrence_time="25:00"),
        candidate("A", computed="{"),
        candidate("A", steps=None),
        candidate("A", context=None),
        candidate("A", zone="America/New_Yrok"),
        candidate("A", occurrence_day="2026-02-30"),
        candidate("A", context="{first_name"),
        candidate("A", lost="tired"),
        candidate("A", steps=-1),
    ],
    ids=lambda row: str({k: v for k, v in row.items() if v != candidate("A")[k]}),
)
def test_bad_candidates_are_refused_and_nothing_is_written(ledger: Ledger, bad: dict[str, Any]) -> None:
    run(ledger, [candidate("EARLIER")], as_of=AS_OF - DAY)
    before = dump(ledger.place)
    with pytest.raises(DataProblem):
        run(ledger, [*crowd(3), bad])
    assert dump(ledger.place) == before
    assert in_staging(ledger) == []


@pytest.mark.parametrize("second", [{}, {"lost": "consented"}])
@pytest.mark.seed("S1-03")
def test_a_customer_with_two_rows_is_set_aside_and_the_others_served(ledger: Ledger, second: dict[str, str]) -> None:
    rows = [*crowd(3), candidate("C000001", **second)]
    result = run(ledger, rows)
    assert result.funnel["decided"] == 2
    assert result.set_aside["duplicate_key"] == 2
    assert result.funnel["readable"] == result.funnel["customers"] - sum(result.set_aside.values())


def test_a_missing_column_is_named(ledger: Ledger) -> None:
    with pytest.raises(DataProblem, match="`zone`"):
        run(ledger, [], candidates=lambda: reader(crowd(2))().read_all().drop_columns(["zone"]).to_reader())


def test_engines_may_spell_types_their_way(ledger: Ledger) -> None:
    import pyarrow as pa

    def read() -> Any:
        table = reader(people())().read_all()
        table = table.set_column(0, "customer_id", table["customer_id"].cast(pa.large_string()))
        names = table.column_names
        table = table.set_column(names.index("zone"), "zone", table["zone"].dictionary_encode())
        occurred = table["occurred_at"].cast(pa.timestamp("s", "Asia/Tokyo"))
        table = table.set_column(names.index("occurred_at"), "occurred_at", occurred)
        return table.set_column(names.index("steps"), "steps", table["steps"].cast(pa.uint8())).to_reader()

    result = execute_run(
        ledger, plan(), as_of=AS_OF, run_day=RUN_DAY, totals=totals(people()), candidates=read, actor="x"
    )
    assert result.funnel["decided"] == 4


@pytest.mark.parametrize(
    "counts",
    [{"customers": 1, "readable": 2, "audience": 1}, {"customers": 3}, {"customers": 1, "readable": 1, "audience": -1}],
)
def test_totals_that_contradict_each_other_are_refused(ledger: Ledger, counts: dict[str, int]) -> None:
    with pytest.raises(DataProblem):
        run(ledger, [], totals=counts)


def test_reasons_for_setting_aside_are_kept(ledger: Ledger) -> None:
    counts = {"customers": 10, "readable": 7, "audience": 0, "unknown zone": 2}
    assert run(ledger, [], totals=lambda: counts).set_aside == {"unknown zone": 2, "unreadable": 1}


def test_an_instant_without_a_zone_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="zone"):
        run(ledger, [], as_of=datetime(2026, 11, 21))  # noqa: DTZ001


def test_a_problem_of_the_engine_comes_through(ledger: Ledger) -> None:
    def fail() -> Any:
        raise EnvironmentProblem("the warehouse is gone")

    with pytest.raises(EnvironmentProblem, match="warehouse"):
        run(ledger, [], candidates=fail)
    assert sql(ledger, "SELECT count(*) FROM run") == [(0,)]


def test_a_problem_in_the_middle_of_the_stream_comes_through(ledger: Ledger) -> None:
    import pyarrow as pa

    whole = reader(crowd(1200))()

    def batches() -> Iterator[Any]:
        yield whole.read_next_batch()
        raise EnvironmentProblem("the warehouse went away")

    with pytest.raises(EnvironmentProblem, match="went away"):
        run(ledger, [], candidates=lambda: pa.RecordBatchReader.from_batches(whole.schema, batches()))
    assert in_staging(ledger) == []
