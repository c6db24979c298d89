"""What a run writes, and that it writes it once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from worlds import (
    AS_OF,
    GOLD,
    GOLD_POINTS,
    OFFER,
    OTHERS,
    POINTS,
    RUN_DAY,
    STEPS,
    TAG,
    budget,
    candidate,
    crowd,
    dump,
    open_ledger,
    people,
    plan,
    run,
    sql,
)

from campaign_dsl.language.ir.funnel import FUNNEL
from campaign_dsl.run.ledger import Given, Ledger, execute_run
from campaign_dsl.run.ledger.history import last_run_day
from campaign_dsl.run.ledger.instants import micros
from campaign_dsl.run.problems import EnvironmentProblem

DAY = timedelta(days=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def test_the_funnel_counts_who_remains(ledger: Ledger) -> None:
    result = run(ledger, people())
    assert tuple(result.funnel) == FUNNEL
    assert list(result.funnel.values()) == [19, 17, 12, 7, 6, 6, 5, 4, 4, 4, 4, 4]
    assert result.set_aside == {"unreadable": 2}
    assert (result.already_done, result.resumed, result.finished_first) == (False, False, ())


def test_what_is_given(ledger: Ledger) -> None:
    result = run(ledger, people())
    assert result.outcomes == {
        "points": Given(4, 2500),
        "offer": Given(4, 4),
        "tag": Given(4, 4),
        "message": Given(4, 4),
    }
    assert result.messages == {"birthday_note": 4}
    end = micros(AS_OF + 30 * DAY)
    assert sql(ledger, "SELECT customer_id, amount, at, expires_at FROM point_transfer ORDER BY customer_id") == [
        ("C000000", 500, micros(AS_OF), end),
        ("C000001", 500, micros(AS_OF), end),
        ("C000002", 500, micros(AS_OF), end),
        ("G", 1000, micros(AS_OF), end),
    ]
    assert sql(ledger, "SELECT DISTINCT state, expires_at FROM wallet_offer") == [("issued", micros(AS_OF + 14 * DAY))]
    assert sql(ledger, "SELECT count(*), min(until_at) FROM profile_tag") == [(4, end)]


def test_the_lost_keep_their_reason(ledger: Ledger) -> None:
    run(ledger, people())
    lost = dict(sql(ledger, "SELECT customer_id, lost FROM decision WHERE lost IS NOT NULL"))
    assert lost == {"H": "not_held_out", "N": "consented", "E": "not_excluded"}


@pytest.mark.seed("S3-11")
def test_where_an_effect_was_written_can_be_found(ledger: Ledger) -> None:
    result = run(ledger, people())
    found = sql(
        ledger,
        """SELECT DISTINCT p.digest, s.clause, r.actor, r.started_at
        FROM effect e JOIN step s USING (step_id) JOIN plan p USING (plan_id)
        JOIN decision d USING (decision_id) JOIN run r USING (run_id)
        WHERE e.customer_id = 'G' AND s.kind = 'points'""",
    )
    assert found == [(result.digest, "birthday_gift.campaign:36", "tester", micros(AS_OF))]


def test_points_balance_at_an_instant(ledger: Ledger) -> None:
    run(ledger, people())

    def balance(at: datetime) -> list[Any]:
        query = """SELECT balance FROM point_balance
            WHERE customer_id = 'G' AND from_at <= ? AND (until_at > ? OR until_at IS NULL)"""
        return sql(ledger, query, micros(at), micros(at))

    assert balance(AS_OF - DAY) == []
    assert balance(AS_OF) == [(1000,)]
    assert balance(AS_OF + 30 * DAY - timedelta(microseconds=1)) == [(1000,)]
    assert balance(AS_OF + 30 * DAY) == [(0,)]
    assert sql(ledger, "SELECT sum(amount) FROM point_posting") == [(0,)]


# ------------------------------------------------------------------------------------------------- once and only once


def test_the_same_run_again_changes_nothing(ledger: Ledger) -> None:
    first = run(ledger, people())
    before = dump(ledger.place)

    def never() -> Any:
        raise AssertionError("the audience was asked again")

    again = execute_run(ledger, plan(), as_of=AS_OF, run_day=RUN_DAY, totals=never, candidates=never)
    assert again.already_done
    assert again.funnel == first.funnel | {"decided": 0}
    assert (again.outcomes, again.messages) == ({}, {})
    assert dump(ledger.place) == before


def test_the_same_instant_in_another_offset_is_the_same_run(ledger: Ledger) -> None:
    run(ledger, people())
    elsewhere = AS_OF.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+05:30").tzinfo)
    assert run(ledger, people(), as_of=elsewhere).already_done


@pytest.mark.parametrize("hours", [-5, 1, 24])
def test_a_later_or_earlier_run_decides_nobody_again(ledger: Ledger, hours: int) -> None:
    run(ledger, people())
    effects = sql(ledger, "SELECT count(*) FROM effect")
    result = run(ledger, people(), as_of=AS_OF + timedelta(hours=hours))
    assert result.funnel["decided"] == 0
    assert result.funnel["within_budget"] == 4  # they were eligible, and have it already
    assert sql(ledger, "SELECT count(*) FROM effect") == effects


def test_an_edited_plan_does_not_award_again(ledger: Ledger) -> None:
    run(ledger, people())
    edited = plan(
        title="Birthday, better", steps=[GOLD_POINTS | {"amount": 5000}, POINTS | {"amount": 5000}, OFFER, TAG]
    )
    result = run(ledger, people(), edited)
    assert result.digest != plan().digest
    assert result.funnel["decided"] == 0
    assert sql(ledger, "SELECT sum(amount) FROM point_transfer") == [(2500,)]


def test_an_outcome_added_later_is_not_given_for_an_old_occurrence(ledger: Ledger) -> None:
    run(ledger, people(), plan(steps=[OFFER]))
    run(ledger, people(), plan(steps=[OFFER, TAG]))
    assert sql(ledger, "SELECT count(*) FROM profile_tag") == [(0,)]


def test_a_budget_is_not_spent_on_those_who_have_it_already(ledger: Ledger) -> None:
    limited = plan(budgets=[budget("offers", 5)])
    run(ledger, people(), limited)
    result = run(ledger, [*people(), candidate("Z1"), candidate("Z2")], limited, AS_OF + timedelta(hours=1))
    assert result.funnel["within_limits"] - result.funnel["within_budget"] == 1
    assert result.funnel["decided"] == 1
    assert sql(ledger, "SELECT used FROM budget WHERE unit = 'offers'") == [(5,)]


def test_the_next_occurrence_is_new(ledger: Ledger) -> None:
    run(ledger, people())
    later = [row | {"occurrence": "2027", "occurrence_day": "2027-11-21"} for row in people()]
    result = run(ledger, later, as_of=AS_OF + 365 * DAY)
    assert result.funnel["decided"] == 4


def test_of_two_steps_with_one_identity_the_first_is_given(ledger: Ledger) -> None:
    result = run(ledger, [candidate("BOTH", steps=GOLD | OTHERS)], plan(budgets=[budget("points", 1000)]))
    assert result.outcomes["points"] == Given(1, 1000)
    assert result.samples[0]["point_award"]["point_award_amount"] == 1000


def test_tags_set_twice_keep_the_later_end(ledger: Ledger) -> None:
    two = plan(
        limits=[],
        steps=[TAG, TAG | {"number": 4, "outcome": "tag/longer", "ttl_seconds": 90 * 86400, "where": "x:1"}],
    )
    run(ledger, crowd(2), two)
    assert sql(ledger, "SELECT max(until_at) FROM profile_tag") == [(micros(AS_OF + 90 * DAY),)]
    shorter = [row | {"occurrence": "2027"} for row in crowd(2)]
    run(ledger, shorter, plan(limits=[], steps=[TAG]), AS_OF + DAY)
    assert sql(ledger, "SELECT max(until_at) FROM profile_tag") == [(micros(AS_OF + 90 * DAY),)]


def test_a_decision_without_steps_gives_nothing(ledger: Ledger) -> None:
    result = run(ledger, [candidate("NOTHING", steps=0)])
    assert result.funnel["decided"] == 1
    assert sql(ledger, "SELECT count(*) FROM effect") == [(0,)]


def test_a_run_without_candidates_is_a_run(ledger: Ledger) -> None:
    result = run(ledger, [])
    assert result.funnel["behavior"] == 0
    assert run(ledger, []).already_done


# --------------------------------------------------------------------------------------------------------- identity


def test_a_renamed_campaign_is_the_same_campaign(ledger: Ledger) -> None:
    run(ledger, people())
    renamed = plan(campaign="birthday_present", formerly=["birthday_gift"])
    result = run(ledger, [*people(), candidate("NEW")], renamed, AS_OF + DAY)
    assert result.funnel["decided"] == 1
    assert sql(ledger, "SELECT name, identity FROM campaign") == [("birthday_present", "birthday_gift")]


def test_a_renamed_campaign_may_take_its_name_back(ledger: Ledger) -> None:
    run(ledger, people())
    run(ledger, [], plan(campaign="birthday_present", formerly=["birthday_gift"]), AS_OF + DAY)
    back = plan(formerly=["birthday_gift", "birthday_present"])
    assert run(ledger, people(), back, AS_OF + 2 * DAY).funnel["decided"] == 0


@pytest.mark.parametrize(("campaign", "formerly"), [("birthday_present", []), ("birthday_gift", ["birthday_present"])])
def test_the_first_name_is_not_forgotten(ledger: Ledger, campaign: str, formerly: list[str]) -> None:
    """The holdout is drawn by it: without it others would be held out from now on."""
    run(ledger, people())
    run(ledger, [], plan(campaign="birthday_present", formerly=["birthday_gift"]), AS_OF + DAY)
    with pytest.raises(EnvironmentProblem) as caught:
        run(ledger, people(), plan(campaign=campaign, formerly=formerly), AS_OF + 2 * DAY)
    assert (caught.value.code, "formerly birthday_gift" in str(caught.value.help)) == ("LED011", True)


def test_a_campaign_renamed_before_its_first_run_keeps_its_first_name(ledger: Ledger) -> None:
    run(ledger, people(), plan(campaign="birthday_present", formerly=["birthday_gift"]))
    assert sql(ledger, "SELECT name, identity FROM campaign") == [("birthday_present", "birthday_gift")]
    with pytest.raises(EnvironmentProblem):
        run(ledger, people(), plan(), AS_OF + DAY)


def test_renaming_without_saying_so_is_another_campaign(ledger: Ledger) -> None:
    run(ledger, people())
    assert run(ledger, people(), plan(campaign="birthday_present")).funnel["decided"] == 4


@pytest.mark.parametrize(
    ("campaign", "formerly"),
    [
        ("one", ["two"]),  # both live
        ("three", ["one", "two"]),  # which of them?
        ("first", []),  # the former name of `one`
        ("four", ["first"]),  # would take the history of `one`
    ],
)
def test_a_doubtful_identity_is_refused(ledger: Ledger, campaign: str, formerly: list[str]) -> None:
    run(ledger, people(), plan(campaign="first"))
    run(ledger, [], plan(campaign="one", formerly=["first"]))
    run(ledger, people(), plan(campaign="two"))
    before = dump(ledger.place)
    with pytest.raises(EnvironmentProblem) as caught:
        run(ledger, people(), plan(campaign=campaign, formerly=formerly), AS_OF + DAY)
    assert caught.value.code == "LED011"
    assert dump(ledger.place) == before


def test_the_last_day_of_a_campaign(ledger: Ledger, tmp_path: Path) -> None:
    assert last_run_day(tmp_path / "none.sqlite", plan()) is None
    assert last_run_day(ledger.place, plan()) is None
    run(ledger, people())
    assert last_run_day(ledger.place, plan()) == RUN_DAY
    assert last_run_day(ledger.place, plan(campaign="another")) is None


def test_the_day_of_a_run_is_recorded(ledger: Ledger) -> None:
    run(ledger, people(), run_day=date(2026, 11, 20))
    assert sql(ledger, "SELECT run_day, as_of, state FROM run") == [("2026-11-20", micros(AS_OF), "done")]


def test_context_is_frozen_as_it_came(ledger: Ledger) -> None:
    context = {"first_name": 'Zoë "Q"\n%s', "shoe_size": 9.5, "is_employee": False}
    run(ledger, [candidate("A", context=context)])
    assert json.loads(sql(ledger, "SELECT context FROM decision")[0][0]) == context
    assert sql(ledger, "SELECT due_at FROM decision") == [(micros(datetime(2026, 11, 21, 14, tzinfo=UTC)),)]


def test_steps_are_kept_as_the_plan_has_them(ledger: Ledger) -> None:
    run(ledger, people())
    kept = sql(ledger, "SELECT number, kind, clause, body FROM step ORDER BY number")
    assert [row[:3] for row in kept] == [(step["number"], step["kind"], step["where"]) for step in STEPS]
    assert json.loads(kept[2][3])["title"] == OFFER["title"]
