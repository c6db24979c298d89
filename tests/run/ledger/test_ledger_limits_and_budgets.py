"""Limits count calendar units; budgets and the gate hold to the unit, also when two processes run at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from children import Children
from hypothesis import given
from hypothesis import strategies as st
from worlds import AS_OF, GOLD, candidate, crowd, dump, execute, open_ledger, plan, run
from worlds import budget as a_budget

from campaign_dsl.compile.plan.model import Limit
from campaign_dsl.run.ledger import Ledger
from campaign_dsl.run.ledger.instants import limit_days
from campaign_dsl.run.problems import GateProblem


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def limit(count: int, unit: str, every: int = 1) -> dict[str, Any]:
    return Limit.model_validate({"count": count, "unit": unit, "every": every}).model_dump()


def decided(ledger: Ledger, days: list[str], *limits: dict[str, Any]) -> list[bool]:
    """Whether a customer gets something on each of the days, one run a day."""
    result = []
    for number, day in enumerate(days):
        rows = [candidate("A", occurrence=f"{number}", occurrence_day=day)]
        done = run(ledger, rows, plan(limits=limits), AS_OF + timedelta(days=number))
        assert (done.funnel["within_limits"], done.funnel["not_held_out"]) == (done.funnel["decided"], 1)
        result.append(bool(done.funnel["decided"]))
    return result


@pytest.mark.parametrize(
    ("limits", "days", "expected"),
    [
        ([limit(1, "year")], "2026-01-01 2026-12-31 2027-01-01 2027-06-01", "yes no yes no"),
        ([limit(2, "year")], "2026-01-01 2026-12-31 2026-12-31 2027-01-01", "yes yes no yes"),
        # ISO weeks: 2026-12-28 is a Monday, and its week reaches into January.
        ([limit(1, "week")], "2026-12-27 2026-12-28 2027-01-03 2027-01-04", "yes yes no yes"),
        ([limit(1, "month")], "2028-02-01 2028-02-29 2028-03-01", "yes no yes"),
        ([limit(1, "month", every=3)], "2026-11-30 2027-01-31 2027-02-01", "yes no yes"),
        ([limit(2, "day", every=30)], "2026-12-01 2026-12-15 2026-12-30 2026-12-31", "yes yes no yes"),
        ([limit(1, "ever")], "2026-01-01 2036-01-01", "yes no"),
        ([limit(1, "day"), limit(2, "year")], "2026-05-01 2026-05-01 2026-05-02 2026-05-03", "yes no yes no"),
        ([], "2026-05-01 2026-05-01", "yes yes"),
    ],
)
def test_limits_count_calendar_units(ledger: Ledger, limits: list[dict[str, Any]], days: str, expected: str) -> None:
    assert decided(ledger, days.split(), *limits) == [word == "yes" for word in expected.split()]


def test_limits_hold_inside_one_run(ledger: Ledger) -> None:
    days = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-12-01", "2027-01-01"]
    rows = [candidate("A", occurrence=day, occurrence_day=day) for day in days] + crowd(2)
    result = run(ledger, rows, plan(limits=[limit(2, "year"), limit(1, "month")]))
    kept = execute(ledger, "SELECT occurrence FROM decision WHERE customer_id = 'A' AND lost IS NULL").fetchall()
    # The second and third of November are lost to the month, and so do not count for the year.
    assert [day for (day,) in kept] == ["2026-11-01", "2026-12-01", "2027-01-01"]
    assert result.funnel["decided"] == 5


def test_only_decisions_count_against_a_limit(ledger: Ledger) -> None:
    run(ledger, [candidate("A", occurrence="1", lost="consented")], plan(limits=[limit(1, "year")]))
    result = run(ledger, [candidate("A")], plan(limits=[limit(1, "year")]), AS_OF + timedelta(days=1))
    assert result.funnel["decided"] == 1


def test_other_campaigns_do_not_count_against_a_limit(ledger: Ledger) -> None:
    run(ledger, [candidate("A", occurrence="1")], plan(campaign="another"))
    assert run(ledger, [candidate("A")]).funnel["decided"] == 1


@given(
    st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    st.sampled_from(["day", "week", "month", "year"]),
    st.integers(1, 40),
)
def test_a_limit_looks_at_whole_units(day: date, unit: Any, every: int) -> None:
    first, last = (
        date.fromisoformat(text) for text in limit_days(Limit(count=1, every=every, unit=unit), day.isoformat())
    )
    assert first <= day <= last

    def number(of: date) -> int:
        match unit:
            case "day":
                return of.toordinal()
            case "week":
                return (of.toordinal() - 1) // 7
            case "month":
                return of.year * 12 + of.month
            case _:
                return of.year

    assert number(last) == number(day) == number(last + timedelta(days=1)) - 1
    assert number(first) == number(day) - every + 1 == number(first - timedelta(days=1)) + 1


def test_a_window_beyond_the_calendar_counts_everything() -> None:
    assert limit_days(Limit(count=1, every=3000, unit="year"), "2026-01-01") == ("0001-01-01", "9999-12-31")


# ---------------------------------------------------------------------------------------------------------- budgets


def used(ledger: Ledger) -> dict[str, Any]:
    return dict(execute(ledger, "SELECT unit, used FROM budget").fetchall())


def test_a_budget_is_a_strict_prefix(ledger: Ledger) -> None:
    """By day, then by id; the first who does not fit ends it, also for smaller ones after him."""
    rows = [
        candidate("B", occurrence_day="2026-11-20"),  # 500
        candidate("C"),  # 500
        candidate("D", steps=GOLD),  # 1000: does not fit into 1,900
        candidate("E"),  # 500 would fit
        candidate("A", occurrence_day="2026-11-22"),
    ]
    result = run(ledger, rows, plan(budgets=[a_budget("points", 1900)]))
    kept = execute(ledger, "SELECT customer_id FROM decision WHERE lost IS NULL ORDER BY 1").fetchall()
    assert kept == [("B",), ("C",)]
    assert (result.funnel["within_caps"], result.funnel["within_budget"]) == (5, 2)
    assert used(ledger) == {"points": 1000, "offers": 2, "codes": 0, "messages": 2}


@pytest.mark.parametrize(("amount", "count"), [(4999, 9), (5000, 10), (5001, 10), (500, 1), (499, 0)])
def test_points_to_the_unit(ledger: Ledger, amount: int, count: int) -> None:
    result = run(ledger, crowd(20), plan(budgets=[a_budget("points", amount)]))
    assert result.funnel["decided"] == count
    assert used(ledger)["points"] == count * 500 <= amount


def test_the_tighter_of_two_budgets_decides(ledger: Ledger) -> None:
    result = run(ledger, crowd(20), plan(budgets=[a_budget("points", 5000), a_budget("offers", 7)]))
    assert result.funnel["decided"] == 7


def test_a_budget_is_for_all_runs_together(ledger: Ledger) -> None:
    for number in range(5):
        rows = [row | {"customer_id": f"{number}{row['customer_id']}"} for row in crowd(4)]
        run(ledger, rows, plan(budgets=[a_budget("offers", 10)]), AS_OF + timedelta(days=number))
    assert used(ledger)["offers"] == 10


def test_what_was_given_before_there_was_a_budget_counts(ledger: Ledger) -> None:
    run(ledger, crowd(6))
    rows = [candidate(f"N{n}") for n in range(6)]
    result = run(ledger, rows, plan(budgets=[a_budget("offers", 10)]), AS_OF + timedelta(days=1))
    assert result.funnel["decided"] == 4


def test_a_budget_lowered_below_what_was_given_gives_nothing_more(ledger: Ledger) -> None:
    run(ledger, crowd(6), plan(budgets=[a_budget("offers", 10)]))
    lower = plan(budgets=[a_budget("offers", 2)])
    assert run(ledger, [candidate("N")], lower, AS_OF + timedelta(days=1)).funnel["decided"] == 0
    raised = plan(budgets=[a_budget("offers", 7)])
    rows = [candidate("N"), candidate("O")]
    assert run(ledger, rows, raised, AS_OF + timedelta(days=2)).funnel["decided"] == 1


def test_huge_amounts_are_exact(ledger: Ledger) -> None:
    step = {
        "kind": "points", "number": 1, "outcome": "points/rewards/big", "where": "x:1", "amount": 1_000_000_000,
        "account": "rewards", "account_title": "P", "source": "s",
    }  # fmt: skip
    run(ledger, crowd(1500), plan(steps=[step]))
    assert used(ledger)["points"] == 1_500_000_000_000


@pytest.mark.parametrize("distinct_instants", [True, False])
def test_two_processes_never_overspend(tmp_path: Path, children: Children, distinct_instants: bool) -> None:
    """Two runs over overlapping people, at once: exactly the budget is given, and nobody is served twice."""
    for round_ in range(3):
        path = tmp_path / f"{round_}.sqlite"
        started = [
            children.start(
                path=str(path),
                rows=crowd(300),
                plan={"budgets": [a_budget("offers", 100)]},
                as_of=(AS_OF + timedelta(minutes=number * distinct_instants)).isoformat(),
            )
            for number in range(2)
        ]
        answers = [children.wait(pid) for pid in started]
        assert [code for code, _ in answers] == [0, 0], answers
        tables = dump(path)
        assert [row for row in tables["budget"] if row[1] == "offers"] == [(1, "offers", 100, 100)]
        assert len(tables["wallet_offer"]) == 100
        assert len(tables["run"]) == 1 + distinct_instants
        assert all(row[5] == "done" for row in tables["run"])


# ------------------------------------------------------------------------------------------------------------- gate


def test_the_gate_lets_exactly_so_many_pass(ledger: Ledger) -> None:
    assert run(ledger, crowd(50), plan(offers_gate=50)).funnel["decided"] == 50


@pytest.mark.parametrize("budgets", [[], [a_budget("offers", 10)], [a_budget("points", 10, "ceo@footwear.example")]])
def test_one_more_is_refused_and_nothing_remains(ledger: Ledger, budgets: list[dict[str, Any]]) -> None:
    before = dump(ledger.place)
    with pytest.raises(GateProblem, match="51 offers"):
        run(ledger, crowd(51), plan(offers_gate=50, budgets=budgets))
    assert dump(ledger.place) == before


@pytest.mark.seed("S0-21", "S2-14")
def test_a_named_approver_opens_the_gate(ledger: Ledger) -> None:
    approved = plan(offers_gate=50, budgets=[a_budget("offers", 1000, "cmo@footwear.example")])
    assert run(ledger, crowd(51), approved).funnel["decided"] == 51


def test_the_gate_counts_what_would_be_issued(ledger: Ledger) -> None:
    """Those who are lost, have it already, or get no offer do not count."""
    run(ledger, crowd(20))
    rows = crowd(60) + [candidate(f"L{n}", lost="consented") for n in range(9)] + [candidate("T", steps=0b1000)]
    with pytest.raises(GateProblem, match="40 offers in this run after 20 earlier ones"):
        run(ledger, rows, plan(offers_gate=59), AS_OF + timedelta(hours=1))
    assert run(ledger, rows, plan(offers_gate=60), AS_OF + timedelta(hours=1)).funnel["decided"] == 41


def test_a_refused_run_does_not_rename(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    with pytest.raises(GateProblem):
        run(
            ledger, crowd(9), plan(campaign="new_name", formerly=["birthday_gift"], offers_gate=1), AS_OF + timedelta(1)
        )
    assert run(ledger, crowd(2), as_of=AS_OF + timedelta(days=2)).funnel["decided"] == 0
