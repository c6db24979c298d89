"""Reports come from the ledger's rows, and their sums agree with each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from worlds import AS_OF, GOLD, budget, candidate, crowd, execute, open_ledger, plan, run

from campaign_dsl.run.ledger import Ledger
from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.report import report

DAY = timedelta(days=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def test_an_empty_ledger(ledger: Ledger) -> None:
    assert report(ledger) == {"now": None, "campaigns": []}


def test_a_campaign(ledger: Ledger) -> None:
    rows = [*crowd(3), candidate("G", segment="gold", steps=GOLD), candidate("N", segment=None, steps=0b100)]
    result = run(ledger, [*rows, candidate("H", lost="not_held_out")], plan(budgets=[budget("offers", 100)]))
    run(ledger, [candidate("LATER", occurrence="2027")], plan(limits=[]), AS_OF + 20 * DAY)
    found = report(ledger)
    assert found["now"] == "2026-12-11T06:00:00Z"
    (campaign,) = found["campaigns"]
    assert [(run["as_of"], run["state"], run["actor"]) for run in campaign["runs"]] == [
        ("2026-11-21T06:00:00Z", "done", "tester"),
        ("2026-12-11T06:00:00Z", "done", "tester"),
    ]
    assert campaign["runs"][0]["funnel"] == result.funnel
    assert campaign["decisions"] == 6
    assert campaign["outcomes"] == {
        "points": {"count": 5, "sum": 3000},
        "offer": {"count": 6, "sum": 6},
        "tag": {"count": 5, "sum": 5},
        "message": {"count": 5, "sum": 5},
    }
    assert campaign["segments"]["gold"]["outcomes"]["points"] == {"count": 1, "sum": 1000}
    assert campaign["segments"]["(none)"] == {"decisions": 1, "outcomes": {"offer": {"count": 1, "sum": 1}}}
    assert campaign["points"] == {"rewards": {"awarded": 3000, "liability": 3000}}
    assert campaign["offers"] == {"birthday_half_price": {"issued": 1, "expired": 5}}
    assert campaign["tags"] == {"birthday_gift": 5}
    assert campaign["messages"] == {"birthday_note": {"queued": 5}}
    assert {unit: (each["used"], each["ceiling"]) for unit, each in campaign["budgets"].items()} == {
        "codes": (0, None),
        "messages": (5, None),
        "offers": (6, None),
        "points": (3000, None),
    }
    assert campaign["discrepancies"] == []
    assert json.loads(json.dumps(found)) == found


def test_segments_add_up(ledger: Ledger) -> None:
    rows = [candidate(f"C{n}", segment=f"s{n % 3}", steps=n % 32) for n in range(64)]
    run(ledger, rows)
    (campaign,) = report(ledger)["campaigns"]
    assert sum(each["decisions"] for each in campaign["segments"].values()) == campaign["decisions"] == 64
    for kind, given in campaign["outcomes"].items():
        for what in ("count", "sum"):
            parts = (each["outcomes"].get(kind, {what: 0})[what] for each in campaign["segments"].values())
            assert sum(parts) == given[what]
    assert campaign["discrepancies"] == []


@pytest.mark.parametrize(("days", "liability"), [(0, 500), (29, 500), (30, 0), (-1, 0)])
def test_liability_is_what_has_not_expired(ledger: Ledger, days: int, liability: int) -> None:
    run(ledger, crowd(1))
    (campaign,) = report(ledger, now=AS_OF + days * DAY)["campaigns"]
    assert campaign["points"] == {"rewards": {"awarded": 500, "liability": liability}}


def test_one_campaign_by_any_of_its_names(ledger: Ledger) -> None:
    run(ledger, crowd(1))
    run(ledger, crowd(1), plan(campaign="other"))
    run(ledger, [], plan(campaign="birthday_present", formerly=["birthday_gift"]), AS_OF + DAY)
    assert [c["campaign"] for c in report(ledger)["campaigns"]] == ["birthday_present", "other"]
    for name in ("birthday_gift", "birthday_present"):
        assert [c["campaign"] for c in report(ledger, name)["campaigns"]] == ["birthday_present"]


def test_an_unknown_campaign_gets_a_near_one(ledger: Ledger) -> None:
    run(ledger, crowd(1))
    with pytest.raises(EnvironmentProblem) as caught:
        report(ledger, "birthday_gfit")
    assert caught.value.help == "did you mean `birthday_gift`?"


def test_tampering_shows(ledger: Ledger) -> None:
    run(ledger, crowd(3))
    execute(ledger, "UPDATE budget SET used = used + 1")
    (campaign,) = report(ledger)["campaigns"]
    assert campaign["discrepancies"] == [
        "points transferred: 1,500; points counted: 1,501",
        "offer effects: 3; offers counted: 4",
        "code effects: 0; codes counted: 1",
        "message effects: 3; messages counted: 4",
    ]
