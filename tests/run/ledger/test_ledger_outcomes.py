"""Every type of outcome: what a run writes of it, once, and what becomes of formulas and delays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from worlds import (
    AS_OF,
    CODE,
    GOLD_POINTS,
    MESSAGE,
    OFFER,
    POINTS,
    PURCHASE,
    RECORD,
    REWARD,
    SUBSCRIBE,
    TAG,
    TIER,
    UNTAG,
    bought,
    budget,
    candidate,
    crowd,
    dump,
    open_ledger,
    plan,
    run,
    sql,
)

from campaign_dsl.run.ledger import Given, Ledger
from campaign_dsl.run.ledger.instants import micros, rfc3339
from campaign_dsl.run.problems import DataProblem, EnvironmentProblem
from campaign_dsl.run.report import report
from campaign_dsl.run.report.changes import requested_changes

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
DUE = AS_OF + 8 * HOUR  # 09:00 in New York
FORMULA = GOLD_POINTS | {"amount": None, "at_most": 1000}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def given(ledger: Ledger, steps: list[dict[str, Any]], rows: list[dict[str, Any]] | None = None, **more: Any) -> Any:
    """Run a campaign that gives ``steps``, numbered anew, to everybody."""
    numbered = [step | {"number": number} for number, step in enumerate(steps)]
    people = crowd(2) if rows is None else rows
    return run(
        ledger, [row | {"steps": 2 ** len(steps) - 1} for row in people], plan(steps=numbered, limits=[]), **more
    )


# --------------------------------------------------------------------------------------------------------- formulas


@pytest.mark.parametrize(
    ("computed", "amount"),
    [({"0": 12}, 12), ({"0": 1}, 1), ({"0": 1000}, 1000), ({"0": 1001}, 1000), ({"0": 2**62}, 1000)]
    + [(nothing, None) for nothing in ({"0": 0}, {"0": -5}, {"0": None}, {}, None, {"1": 7})],
)
def test_points_of_a_formula(ledger: Ledger, computed: dict[str, Any] | None, amount: int | None) -> None:
    result = given(ledger, [FORMULA], [candidate("A", computed=computed)])
    assert sql(ledger, "SELECT amount FROM point_transfer") == ([] if amount is None else [(amount,)])
    assert sql(ledger, "SELECT count(*) FROM effect") == [(0 if amount is None else 1,)]
    assert result.outcomes["points"] == Given(0 if amount is None else 1, amount or 0)
    assert result.funnel["decided"] == 1
    assert sql(ledger, "SELECT used FROM budget WHERE unit = 'points'") == [(amount or 0,)]


@pytest.mark.parametrize("value", [1.5, 12.0, "12", 10**30])
def test_broken_points_are_refused(ledger: Ledger, value: Any) -> None:
    before = dump(ledger.place)
    with pytest.raises(DataProblem) as caught:
        given(ledger, [FORMULA], [candidate("A", computed={"0": 5}), candidate("B", computed={"0": value})])
    assert caught.value.code == "DAT014"
    assert "`B`" in caught.value.message
    assert dump(ledger.place) == before


def test_large_points_are_exact(ledger: Ledger) -> None:
    ceiling = FORMULA | {"at_most": 1_000_000_000}
    given(ledger, [ceiling], [candidate(name, computed={"0": 999_999_999}) for name in "ABC"])
    ((total,),) = sql(ledger, "SELECT sum(amount) FROM point_transfer")
    assert (total, type(total)) == (2_999_999_997, int)


def test_a_budget_counts_what_formulas_give(ledger: Ledger) -> None:
    """By id, and the first who does not fit ends it; who gets nothing needs nothing."""
    amounts = {"A": 600, "B": None, "C": 300, "D": 200, "E": 50}
    rows = [candidate(name, steps=0b11, computed={"0": amount}) for name, amount in amounts.items()]
    steps = [FORMULA, TAG | {"number": 1}]
    result = run(ledger, rows, plan(steps=steps, budgets=[budget("points", 1000)]))
    assert sql(ledger, "SELECT customer_id FROM decision WHERE lost IS NULL ORDER BY 1") == [("A",), ("B",), ("C",)]
    assert result.outcomes["points"] == Given(2, 900)
    assert result.outcomes["tag"] == Given(3, 3)


def test_a_message_quotes_the_points_of_the_formula(ledger: Ledger) -> None:
    message = MESSAGE | {"properties": [{"name": "points", "source": "outcome.points.amount", "fallback": 0}]}
    rows = [candidate("A", computed={"0": 77}), candidate("B", computed={"0": -1})]
    first, second = given(ledger, [FORMULA, message], rows).samples
    assert first["properties"] == {"points": 77}
    assert first["point_award"]["point_award_amount"] == 77
    assert second["properties"] == {"points": 0}
    assert "point_award" not in second


# --------------------------------------------------------------------------------------------------- changes elsewhere


def test_changes_for_other_systems(ledger: Ledger) -> None:
    rows = [candidate("A", computed={"4.amount": 12.5}), candidate("B", computed={"4.place": "ignored"})]
    given(ledger, [SUBSCRIBE, REWARD, CODE, TIER, RECORD], rows)
    changes = list(requested_changes(ledger))
    assert [(each["customer_id"], each["kind"], each["name"], each["value"]) for each in changes] == [
        ("A", "subscription", "newsletter", True),
        ("B", "subscription", "newsletter", True),
        ("A", "reward", "mug", True),
        ("B", "reward", "mug", True),
        ("A", "code", "SUMMER26", True),
        ("B", "code", "SUMMER26", True),
        ("A", "attribute", "tier", "gold"),
        ("B", "attribute", "tier", "gold"),
        ("A", "event", "celebrated", {"place": "Boston", "amount": 12.5}),
        ("B", "event", "celebrated", {"place": "Boston"}),
    ]
    assert {each["at"] for each in changes} == {rfc3339(AS_OF)}
    assert [each["expires_at"] for each in changes if each["kind"] == "reward"] == [rfc3339(AS_OF + DAY)] * 2
    assert len({each["id"] for each in changes}) == 10
    assert list(requested_changes(ledger, after=changes[6]["number"])) == changes[7:]
    assert list(requested_changes(ledger, "birthday_gift")) == changes


def test_changes_are_asked_for_once(ledger: Ledger) -> None:
    given(ledger, [SUBSCRIBE])
    before = list(requested_changes(ledger))
    given(ledger, [SUBSCRIBE | {"where": "moved:9"}], as_of=AS_OF + HOUR)
    assert list(requested_changes(ledger)) == before


def test_ids_of_changes_do_not_depend_on_the_run(tmp_path: Path) -> None:
    ids = []
    for number, as_of in enumerate((AS_OF, AS_OF + HOUR)):
        with open_ledger(tmp_path / f"{number}.sqlite") as ledger:
            given(ledger, [TIER] if number else [TIER, TAG], as_of=as_of)
            ids.append([each["id"] for each in requested_changes(ledger)])
    assert ids[0] == ids[1]


def test_more_changes_than_a_page(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaign_dsl.run.report.changes._PAGE", 3)
    given(ledger, [SUBSCRIBE], crowd(10))
    assert len(list(requested_changes(ledger))) == 10


def test_changes_of_one_campaign(ledger: Ledger) -> None:
    given(ledger, [SUBSCRIBE])
    run(ledger, crowd(1, steps=1), plan(campaign="other", steps=[SUBSCRIBE]))
    assert [each["campaign"] for each in requested_changes(ledger, "other")] == ["other"]
    with pytest.raises(EnvironmentProblem, match="no campaign `another`"):
        list(requested_changes(ledger, "another"))


@pytest.mark.parametrize(
    ("computed", "value"), [({"0": "gold"}, "gold"), ({"0": 5}, 5), ({"0": False}, False), ({"0": ""}, "")]
)
def test_a_computed_value_of_an_attribute(ledger: Ledger, computed: dict[str, Any], value: Any) -> None:
    step = TIER | {"value": None, "computed": True}
    given(ledger, [step], [candidate("A", computed=computed), candidate("B", computed={"0": None}), candidate("C")])
    assert [(each["customer_id"], each["value"]) for each in requested_changes(ledger)] == [("A", value)]
    assert sql(ledger, "SELECT count(*) FROM effect") == [(1,)]


# ------------------------------------------------------------------------------------------------------------- tags


def tags(ledger: Ledger, at: Any) -> list[str]:
    query = "SELECT DISTINCT tag FROM profile_tag WHERE from_at <= ? AND (until_at > ? OR until_at IS NULL) ORDER BY 1"
    return [tag for (tag,) in sql(ledger, query, micros(at), micros(at))]


def test_a_tag_for_good(ledger: Ledger) -> None:
    given(ledger, [TAG | {"ttl_seconds": None}])
    assert tags(ledger, AS_OF - HOUR) == []
    assert tags(ledger, AS_OF) == tags(ledger, AS_OF + 9999 * DAY) == ["birthday_gift"]


def test_a_tag_that_is_taken_away_and_set_again(ledger: Ledger) -> None:
    def again(number: int) -> list[dict[str, Any]]:
        return crowd(1, occurrence=str(number))

    untag = UNTAG | {"tag": "birthday_gift"}
    given(ledger, [TAG | {"ttl_seconds": None}], again(1))
    given(ledger, [untag], again(2), as_of=AS_OF + DAY)
    given(ledger, [TAG | {"ttl_seconds": 3600}], again(3), as_of=AS_OF + 2 * DAY)
    on = [tags(ledger, AS_OF + hours * HOUR) for hours in (0, 23, 24, 47, 48, 49)]
    assert [bool(found) for found in on] == [True, True, False, False, True, False]
    found = report(ledger, now=AS_OF + 2 * DAY)["campaigns"][0]
    assert found["tags"] == {"birthday_gift": 1}
    assert report(ledger, now=AS_OF + DAY)["campaigns"][0]["tags"] == {"birthday_gift": 0}


def test_of_a_tag_set_and_taken_away_at_once_the_later_clause_counts(ledger: Ledger) -> None:
    given(ledger, [TAG, UNTAG | {"tag": "birthday_gift"}], crowd(1))
    assert tags(ledger, AS_OF) == []


def test_untag_takes_away_from_her_alone(ledger: Ledger) -> None:
    given(ledger, [TAG])
    given(ledger, [UNTAG | {"tag": "birthday_gift"}], [candidate("C000001", occurrence="x")], as_of=AS_OF + HOUR)
    held = "SELECT customer_id FROM profile_tag WHERE until_at > ?"
    assert sql(ledger, held, micros(AS_OF + HOUR)) == [("C000000",)]


# ------------------------------------------------------------------------------------------- delays, choices, budgets


def test_a_delay_counts_from_the_occurrence(ledger: Ledger) -> None:
    late = {"delay_seconds": 7200}
    steps = [GOLD_POINTS | late, OFFER | late, TAG | late, SUBSCRIBE | late, MESSAGE | late | {"quiet": None}]
    given(ledger, steps, crowd(1))
    then = micros(DUE + 2 * HOUR)
    assert sql(ledger, "SELECT at, expires_at - at FROM point_transfer") == [(then, 30 * 86_400_000_000)]
    assert sql(ledger, "SELECT issued_at, expires_at - issued_at FROM wallet_offer") == [(then, 14 * 86_400_000_000)]
    assert sql(ledger, "SELECT from_at FROM profile_tag") == [(then,)]
    assert [each["at"] for each in requested_changes(ledger)] == [rfc3339(DUE + 2 * HOUR)]
    assert sql(ledger, "SELECT not_before, expires_at - not_before FROM package") == [(then, 3 * 86_400_000_000)]
    balance = "SELECT balance FROM point_balance WHERE from_at <= ? AND (until_at > ? OR until_at IS NULL)"
    assert sql(ledger, balance, micros(DUE), micros(DUE)) == []
    assert sql(ledger, balance, then, then) == [(1000,)]


def test_a_delay_that_is_over_when_the_run_comes(ledger: Ledger) -> None:
    rows = [bought("A", 1, AS_OF - 5 * HOUR)]
    late = {"delay_seconds": 7200}
    given(ledger, [GOLD_POINTS | late, MESSAGE | late | {"quiet": None}], rows)
    assert sql(ledger, "SELECT at FROM point_transfer") == [(micros(AS_OF),)]
    due = AS_OF - 3 * HOUR
    assert sql(ledger, "SELECT not_before, expires_at FROM package") == [(micros(AS_OF), micros(due + 3 * DAY))]


def test_of_a_choice_one_line_is_given(ledger: Ledger) -> None:
    """The query says which; the ledger holds to it, whatever the query says."""
    lines = [POINTS | {"choice": 1}, OFFER | {"choice": 1}, TAG]
    given(ledger, lines)
    assert dict(sql(ledger, "SELECT name, count(*) FROM effect JOIN outcome USING (outcome_id) GROUP BY name")) == {
        "points/rewards/birthday": 2,
        "tag/birthday_gift": 2,
    }


@pytest.mark.parametrize(("unit", "step"), [("messages", MESSAGE), ("codes", CODE), ("offers", OFFER)])
def test_every_budget_is_a_ceiling(ledger: Ledger, unit: str, step: dict[str, Any]) -> None:
    the_plan = plan(steps=[step | {"number": 0}, TAG | {"number": 1}], budgets=[budget(unit, 3)])
    result = run(ledger, crowd(5, steps=0b11), the_plan)
    assert (result.funnel["within_caps"], result.funnel["within_budget"]) == (5, 3)
    assert result.outcomes["tag"].count == 3
    assert sql(ledger, "SELECT used, ceiling FROM budget WHERE unit = ?", unit) == [(3, 3)]


# -------------------------------------------------------------------------------------------------- arms and languages


def test_arm_and_language_are_kept(ledger: Ledger) -> None:
    properties = [{"name": name, "source": name} for name in ("segment", "variant", "language")]
    rows = [candidate("A", arm="red", language="de"), candidate("B", segment=None)]
    first, second = given(ledger, [MESSAGE | {"properties": properties}], rows).samples
    assert first["selection"] == {"segment": "others", "arm": "red", "language": "de"}
    assert first["properties"] == {"segment": "others", "variant": "red", "language": "de"}
    assert second["selection"] == second["properties"] == {}
    assert sql(ledger, "SELECT customer_id, arm, language FROM decision ORDER BY 1") == [
        ("A", "red", "de"),
        ("B", None, None),
    ]
    assert sql(ledger, "SELECT arm, language FROM outbox ORDER BY customer_id") == [("red", "de"), (None, None)]
    assert report(ledger)["campaigns"][0]["arms"] == {"red": 1}


def test_what_an_event_says_is_quoted(ledger: Ledger) -> None:
    sources = ("event.amount", "event.sku", "goal.step", "campaign.data.colour", "customer.first_name")
    message = MESSAGE | {"properties": [{"name": name.replace(".", "_"), "source": name} for name in sources]}
    context = {"event.amount": 12.5, "goal.step": 3, "first_name": "Ana", "amount": 9, "sku": "no"}
    the_plan = plan(
        steps=[message | {"number": 0}], limits=[], triggers=[PURCHASE], data={"colour": "green", "size": "9"}
    )
    (document,) = run(ledger, [bought("A", 1, context=context, steps=1)], the_plan).samples
    assert document["properties"] == {
        "event_amount": 12.5,
        "goal_step": 3,
        "campaign_data_colour": "green",
        "customer_first_name": "Ana",
    }


def test_a_report_of_changes(ledger: Ledger) -> None:
    given(ledger, [SUBSCRIBE, TIER, CODE])
    found = report(ledger)["campaigns"][0]
    assert found["changes"] == {"attribute tier": 2, "code SUMMER26": 2, "subscription newsletter": 2}
    assert found["outcomes"]["attribute"] == {"count": 2, "sum": 2}
    assert found["discrepancies"] == []
    assert json.loads(json.dumps(found)) == found
