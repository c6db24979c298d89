"""Random campaigns over several runs, against a slow and obvious model of limits, budgets and what is given."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import (
    AS_OF,
    GOLD_POINTS,
    OFFER,
    POINTS,
    TAG,
    budget,
    candidate,
    open_ledger,
    plan,
    reader,
    run,
    sql,
    totals,
)

from campaign_dsl.compile.plan.model import Limit
from campaign_dsl.run.ledger import preview_run

FIRST = date(2026, 12, 20)  # so that days reach over the year's end
STEPS = [GOLD_POINTS, POINTS, OFFER, TAG]

rows = st.lists(
    st.tuples(
        st.sampled_from("ABCDEF"),  # customer
        st.integers(0, 4),  # occurrence
        st.integers(0, 24),  # day
        st.integers(0, 15),  # steps
        st.sampled_from([None, None, None, "consented", "not_held_out"]),
    ),
    max_size=12,
    unique_by=lambda row: row[:2],
)
UNITS = st.sampled_from(["day", "week", "month", "year", "ever"])
limits = st.lists(st.builds(Limit, count=st.integers(1, 3), every=st.integers(1, 3), unit=UNITS), max_size=2)
ceilings = st.tuples(st.none() | st.integers(1, 6), st.none() | st.sampled_from([400, 1000, 1500, 2000, 3000]))


class Model:
    """One customer after the other, one step after the other."""

    def __init__(self) -> None:
        self.decided: dict[tuple[str, str], date] = {}
        self.spent: Counter[str] = Counter()
        self.given: Counter[tuple[str, str, str]] = Counter()

    def run(
        self, candidates: list[dict[str, Any]], limits: list[Limit], budgets: dict[str, int]
    ) -> dict[Any, str | None]:
        order = sorted(candidates, key=lambda row: (row["occurrence_day"], row["customer_id"], row["occurrence"]))
        verdicts: dict[Any, str | None] = {}
        kept: dict[tuple[str, str], date] = {}
        for row in order:
            key = row["customer_id"], row["occurrence"]
            day = date.fromisoformat(row["occurrence_day"])
            verdicts[key] = row["lost"] or ("decided" if key in self.decided else None)
            earlier = [d for (who, _), d in {**self.decided, **kept}.items() if who == key[0]]
            if verdicts[key] is None and any(
                sum(inside(limit, d, day) for d in earlier) >= limit.count for limit in limits
            ):
                verdicts[key] = "within_limits"
            if verdicts[key] is None:
                kept[key] = day
        exhausted = False
        for row in order:
            key = row["customer_id"], row["occurrence"]
            if verdicts[key] is not None:
                continue
            gives = {step["outcome"]: step for step in reversed(STEPS) if row["steps"] >> step["number"] & 1}
            cost = {
                "points": sum(step.get("amount", 0) for step in gives.values()),
                "offers": sum(step["kind"] == "offer" for step in gives.values()),
            }
            exhausted = exhausted or any(self.spent[unit] + cost[unit] > most for unit, most in budgets.items())
            if exhausted:
                # What does not fit is not taken from any budget; nobody after it is served either.
                verdicts[key] = "within_budget"
                continue
            self.decided[key] = kept[key]
            self.spent.update(cost)
            self.given.update({(*key, outcome): 1 for outcome in gives})
        return verdicts


def inside(limit: Limit, other: date, day: date) -> bool:
    """Whether ``other`` lies in the units the limit looks at for an occurrence on ``day``."""

    def number(of: date) -> int:
        match limit.unit:
            case "day":
                return of.toordinal()
            case "week":
                return (of.toordinal() - 1) // 7
            case "month":
                return of.year * 12 + of.month
            case "year":
                return of.year
            case _:
                return 0

    return number(day) - limit.every < number(other) <= number(day)


# An example is several runs and previews: a quarter of a second. CAMPAIGN_EXAMPLES asks for more of them.
@settings(
    max_examples=int(os.environ.get("CAMPAIGN_EXAMPLES", "20")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(rows, min_size=1, max_size=4), limits, ceilings)
def test_the_ledger_agrees_with_the_model(
    tmp_path_factory: pytest.TempPathFactory, runs: list[Any], limits: list[Limit], ceilings: tuple[Any, Any]
) -> None:
    amounts = {unit: most for unit, most in zip(("offers", "points"), ceilings, strict=True) if most is not None}
    the_plan = plan(
        steps=STEPS,
        limits=[limit.model_dump() for limit in limits],
        budgets=[budget(unit, most) for unit, most in amounts.items()],
    )
    model = Model()
    path = tmp_path_factory.mktemp("oracle") / "ledger.sqlite"
    with open_ledger(path) as ledger:
        for number, chosen in enumerate(runs):
            candidates = [
                candidate(who, occurrence=f"o{o}", occurrence_day=str(FIRST + timedelta(day)), steps=steps, lost=lost)
                for who, o, day, steps, lost in chosen
            ]
            as_of = AS_OF + timedelta(days=number)
            shown = preview_run(
                path,
                the_plan,
                as_of=as_of,
                run_day=as_of.date(),
                totals=totals(candidates),
                candidates=reader(candidates),
            )
            result = run(ledger, candidates, the_plan, as_of, run_day=as_of.date())
            assert shown == result
            expected = model.run(candidates, limits, amounts)
            query = "SELECT customer_id, occurrence, lost FROM decision JOIN run USING (run_id) WHERE run.run_id = ?"
            assert {(who, o): lost for who, o, lost in sql(ledger, query, number + 1)} == expected
            assert result.funnel["decided"] == sum(lost is None for lost in expected.values())
        effects = sql(ledger, "SELECT customer_id, occurrence, name FROM effect JOIN outcome USING (outcome_id)")
        assert Counter(effects) == model.given
        assert dict(sql(ledger, "SELECT unit, used FROM budget")) == {
            unit: model.spent[unit] for unit in ("points", "offers", "codes", "messages")
        }
