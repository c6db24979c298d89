"""What no run can give is refused before anything is written; a preview shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from worlds import AS_OF, BIRTHDAY, CODE, MESSAGE, PURCHASE, RUN_DAY, TAG, crowd, plan, reader, run, totals

from campaign_dsl.run.ledger import Given, Ledger, preview_run
from campaign_dsl.run.problems import GateProblem
from campaign_dsl.run.readiness import not_given, refuse_what_cannot_be_given

NATIVE = MESSAGE | {"number": 0, "type": "email", "provider": None, "variant": None, "settings": {}, "include": []}
LAPSED = {
    "kind": "crossing", "where": "x.campaign:4", "says": "on entering audience lapsed", "family": "entering lapsed",
    "audience": "lapsed", "entering": True,
}  # fmt: skip
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "single-use codes": ({"steps": [CODE | {"single_use": True}]}, "pool `SUMMER26`", "gift.campaign:10"),
    "entering an audience": ({"triggers": [BIRTHDAY, LAPSED]}, "seen entering it", "x.campaign:4"),
    "a message of our own": ({"steps": [NATIVE]}, "of type email", "birthday_gift.campaign:40"),
    "a message that goes nowhere": (
        {"steps": [NATIVE | {"type": "external"}]},
        "names no provider",
        "birthday_gift.campaign:40",
    ),
    "a cap": (
        {"steps": [MESSAGE], "caps": [{"name": "mail", "at_most": 3, "unit": "week"}]},
        "cap `mail`",
        "birthday_gift.campaign:40",
    ),
    "a code in a message": (
        {"steps": [MESSAGE | {"properties": [{"name": "code", "source": "outcome.code.code"}]}]},
        "carries `outcome.code.code`",
        "birthday_gift.campaign:40",
    ),
    "copies": ({"steps": [MESSAGE | {"seeds": ["qa@footwear.example"]}]}, "has seeds", "birthday_gift.campaign:40"),
}


@pytest.mark.parametrize(("changes", "says", "where"), REFUSED.values(), ids=REFUSED)
def test_a_run_is_refused_and_a_preview_is_not(tmp_path: Path, changes: dict[str, Any], says: str, where: str) -> None:
    path = tmp_path / "ledger.sqlite"
    the_plan, rows = plan(**changes), crowd(2, steps=1)
    shown = preview_run(
        path, the_plan, as_of=AS_OF, run_day=RUN_DAY, totals=totals(rows), candidates=reader(rows), max_items={}
    )
    assert shown.funnel["decided"] == 2
    assert list(tmp_path.iterdir()) == []
    with Ledger.open(path) as ledger:
        before = list(ledger.connection.iterdump())
        with pytest.raises(GateProblem) as caught:
            run(ledger, rows, the_plan)
        assert list(ledger.connection.iterdump()) == before
    assert caught.value.code == "GATE004"
    assert says in caught.value.message
    assert f"({where})" in caught.value.message
    assert caught.value.help


def test_a_preview_counts_what_cannot_be_given(tmp_path: Path) -> None:
    rows = crowd(3, steps=0b11)
    steps = [CODE | {"single_use": True}, NATIVE | {"number": 1}]
    shown = preview_run(
        tmp_path / "l.sqlite",
        plan(steps=steps),
        as_of=AS_OF,
        run_day=RUN_DAY,
        totals=totals(rows),
        candidates=reader(rows),
    )
    assert shown.outcomes == {"code": Given(3, 3), "message": Given(3, 3)}
    assert shown.messages == {"birthday_note": 3}


def test_the_others_are_counted() -> None:
    steps = [CODE | {"single_use": True}, NATIVE | {"number": 1}]
    with pytest.raises(GateProblem, match="and 2 more like it"):
        refuse_what_cannot_be_given(plan(steps=steps, triggers=[LAPSED]))


def test_caps_matter_to_messages_only() -> None:
    assert list(not_given(plan(steps=[TAG], caps=[{"name": "mail", "at_most": 3, "unit": "week"}]))) == []


def test_what_can_be_given() -> None:
    assert list(not_given(plan(steps=[CODE, TAG | {"number": 1}, MESSAGE], triggers=[BIRTHDAY, PURCHASE]))) == []
