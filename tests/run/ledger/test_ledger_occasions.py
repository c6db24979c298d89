"""When occurrences happen, and that another occasion is never taken for a new one by an edit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from worlds import AS_OF, BIRTHDAY, MESSAGE, PURCHASE, bought, candidate, crowd, dump, open_ledger, plan, run, sql

from campaign_dsl.compile.plan.model import Limit
from campaign_dsl.run.ledger import Ledger
from campaign_dsl.run.ledger.history import refuse_other_occasions, refuse_unsaid_rename
from campaign_dsl.run.ledger.instants import micros
from campaign_dsl.run.problems import GateProblem

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def schedule(at: str = "09:00", **changes: Any) -> dict[str, Any]:
    tick = {"kind": "schedule", "where": "x:1", "says": f"every day at {at}", "family": "schedule"}
    return tick | {"rule": "FREQ=DAILY", "first": "2026-01-01", "at": at} | changes


# -------------------------------------------------------------------------------------------------------- instants


def test_an_event_happens_at_its_instant(ledger: Ledger) -> None:
    moment = AS_OF - timedelta(hours=3, microseconds=1)
    run(ledger, [bought("A", 7, moment)], plan(triggers=[PURCHASE], limits=[]))
    assert sql(ledger, "SELECT occurrence, due_at FROM decision") == [("purchase/7", micros(moment))]


def test_occasions_of_several_triggers_stand_beside_each_other(ledger: Ledger) -> None:
    """A birthday at 09:00 and 18:00 on one day, in two zones, and a purchase: each has its own instant."""
    rows = [
        candidate("A"),
        candidate("A", occurrence="2026-11-21T18:00", occurrence_time="18:00"),
        candidate("B", zone="Europe/Paris"),
        bought("A", 1, AS_OF - HOUR),
    ]
    result = run(ledger, rows, plan(limits=[], triggers=[BIRTHDAY, schedule("18:00"), PURCHASE]))
    assert result.funnel["decided"] == 4
    nine = micros(AS_OF + 8 * HOUR)
    assert sql(ledger, "SELECT occurrence, zone, due_at FROM decision ORDER BY due_at") == [
        ("purchase/1", "America/New_York", micros(AS_OF - HOUR)),
        ("2026", "Europe/Paris", nine - 6 * 3_600_000_000),
        ("2026", "America/New_York", nine),
        ("2026-11-21T18:00", "America/New_York", nine + 9 * 3_600_000_000),
    ]


def test_an_instant_counts_more_than_a_local_time(ledger: Ledger) -> None:
    row = candidate("A", occurrence_time="09:00", occurred_at=AS_OF - HOUR)
    run(ledger, [row])
    assert sql(ledger, "SELECT due_at FROM decision") == [(micros(AS_OF - HOUR),)]


def test_messages_about_events_leave_at_once(ledger: Ledger) -> None:
    rows = [bought("A", 1, AS_OF - 2 * HOUR, steps=1), bought("B", 2, AS_OF - HOUR, steps=1)]
    step = MESSAGE | {"number": 0, "quiet": None}
    run(ledger, rows, plan(steps=[step], triggers=[PURCHASE]), samples=0)
    found = sql(ledger, "SELECT customer_id, not_before, expires_at FROM outbox ORDER BY 1")
    assert found == [
        ("A", micros(AS_OF), micros(AS_OF - 2 * HOUR + 3 * DAY)),
        ("B", micros(AS_OF), micros(AS_OF - HOUR + 3 * DAY)),
    ]


@pytest.mark.parametrize(
    ("last", "life", "hours"),
    [("2026-11-21", 3 * 86400, 23), ("2026-11-22", 3 * 86400, 47), ("2026-11-21", None, 23), ("2026-12-31", 3600, 9)],
)
def test_nothing_leaves_when_the_campaign_is_over(ledger: Ledger, last: str, life: int | None, hours: int) -> None:
    """Its last day ends at midnight in New York, 23 hours after the run."""
    step = MESSAGE | {"number": 0, "quiet": None, "expires_after_seconds": life}
    run(ledger, crowd(1, steps=1), plan(steps=[step], runs_until=last))
    assert sql(ledger, "SELECT expires_at FROM package") == [(micros(AS_OF + hours * HOUR),)]


def test_limits_count_occasions_of_events(ledger: Ledger) -> None:
    rows = [bought("A", number, AS_OF - number * HOUR) for number in (1, 2, 3)]
    limits = [Limit(count=2, unit="day").model_dump()]
    result = run(ledger, rows, plan(triggers=[PURCHASE], limits=limits))
    assert result.funnel["decided"] == 2
    again = [bought("A", 9, AS_OF + HOUR)]
    assert run(ledger, again, plan(triggers=[PURCHASE], limits=limits), AS_OF + 2 * HOUR).funnel["within_limits"] == 0


def test_windows_that_overlap_decide_an_event_once(ledger: Ledger) -> None:
    events = [bought("A", 1, AS_OF - HOUR)]
    the_plan = plan(triggers=[PURCHASE], limits=[])
    assert run(ledger, events, the_plan).funnel["decided"] == 1
    later = [*events, bought("A", 2, AS_OF + HOUR)]
    assert run(ledger, later, the_plan, AS_OF + 2 * HOUR).funnel["decided"] == 1


# ------------------------------------------------------------------------------------------------- other occasions


def refusal(ledger: Ledger, triggers: list[dict[str, Any]], **changes: Any) -> GateProblem | None:
    try:
        refuse_other_occasions(ledger.place, plan(triggers=triggers, **changes))
    except GateProblem as problem:
        return problem
    return None


OTHER_EVENT = PURCHASE | {"family": "event check_in", "event": "check_in"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([BIRTHDAY], [schedule()]),
        ([PURCHASE], [OTHER_EVENT]),
        ([BIRTHDAY, PURCHASE], [BIRTHDAY, OTHER_EVENT]),
        ([schedule()], [PURCHASE]),
    ],
    ids=["birthday to schedule", "another event", "one of two", "schedule to event"],
)
def test_other_occasions_are_refused(ledger: Ledger, before: list[Any], after: list[Any]) -> None:
    run(ledger, crowd(2), plan(triggers=before))
    content = dump(ledger.place)
    problem = refusal(ledger, after)
    assert problem is not None
    assert problem.code == "GATE003"
    assert f"`{before[-1]['family']}`" in problem.message
    assert f"`{after[-1]['family']}`" in problem.message
    assert "`retired`" in (problem.help or "")
    assert dump(ledger.place) == content


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([BIRTHDAY], [BIRTHDAY | {"days_before": 3, "at": "10:00", "says": "x"}]),
        ([BIRTHDAY], [BIRTHDAY, PURCHASE]),
        ([BIRTHDAY, PURCHASE], [BIRTHDAY]),
        ([schedule()], [schedule("10:00", rule="FREQ=WEEKLY")]),
    ],
    ids=["edited", "one more", "one less", "another rule"],
)
def test_the_same_occasions_may_be_edited(ledger: Ledger, before: list[Any], after: list[Any]) -> None:
    run(ledger, crowd(2), plan(triggers=before))
    assert refusal(ledger, after) is None


def test_occasions_on_which_nobody_got_anything_do_not_count(ledger: Ledger) -> None:
    assert refusal(ledger, [schedule()]) is None
    run(ledger, crowd(2, lost="consented"))
    assert refusal(ledger, [schedule()]) is None
    assert refusal(ledger, [schedule()], campaign="another") is None


def test_no_ledger_no_occasions(tmp_path: Path) -> None:
    refuse_other_occasions(tmp_path / "none.sqlite", plan())
    assert list(tmp_path.iterdir()) == []


def test_a_renamed_campaign_keeps_its_occasions(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    assert refusal(ledger, [schedule()], campaign="birthday_present", formerly=["birthday_gift"]) is not None


def test_the_cure_is_a_name_of_its_own(ledger: Ledger) -> None:
    run(ledger, crowd(2))
    weekly = plan(campaign="weekly_gift", triggers=[schedule()])
    with pytest.raises(GateProblem, match="renamed"):
        refuse_unsaid_rename(ledger.place, weekly, {"weekly_gift"})
    refuse_unsaid_rename(ledger.place, weekly, {"weekly_gift", "birthday_gift"})
    refuse_other_occasions(ledger.place, weekly)
    rows = crowd(2, occurrence="2026-11-23T09:00")
    assert run(ledger, rows, weekly, AS_OF + DAY).funnel["decided"] == 2


# ------------------------------------------------------------------------------------------------------ moved ticks


def tick(customer: str, key: str) -> dict[str, Any]:
    return candidate(customer, occurrence=key, occurrence_day=key[:10], occurrence_time=key[11:])


def test_a_tick_that_moves_within_its_day_is_the_same_tick(ledger: Ledger) -> None:
    run(ledger, [tick("A", "2026-11-21T09:00")], plan(limits=[], triggers=[schedule("09:00")]))
    rows = [tick("A", "2026-11-21T10:00"), tick("B", "2026-11-21T10:00"), tick("A", "2026-11-22T10:00")]
    result = run(ledger, rows, plan(limits=[], triggers=[schedule("10:00")]), AS_OF + HOUR)
    assert (result.funnel["within_budget"], result.funnel["decided"]) == (3, 2)
    lost = sql(ledger, "SELECT customer_id, occurrence FROM decision WHERE lost = 'decided'")
    assert lost == [("A", "2026-11-21T10:00")]


def test_two_ticks_a_day_are_two(ledger: Ledger) -> None:
    twice = [schedule("09:00"), schedule("18:00")]
    rows = [tick("A", "2026-11-21T09:00"), tick("A", "2026-11-21T18:00")]
    assert run(ledger, rows[:1], plan(limits=[], triggers=twice)).funnel["decided"] == 1
    assert run(ledger, rows, plan(limits=[], triggers=twice), AS_OF + HOUR).funnel["decided"] == 1


def test_other_keys_do_not_move(ledger: Ledger) -> None:
    """Only ticks of a schedule are compared by their day."""
    both = [schedule("09:00"), PURCHASE]
    run(ledger, [tick("A", "2026-11-21T09:00")], plan(limits=[], triggers=both))
    later = plan(limits=[], triggers=[schedule("10:00"), PURCHASE])
    assert run(ledger, [bought("A", 1), candidate("A")], later, AS_OF + HOUR).funnel["decided"] == 2
