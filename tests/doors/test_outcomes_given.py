"""Every type of outcome through the commands: planned, run, reported, exported; or refused before it is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from commandline import Done

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import Attribute, Constant

AS_OF = "2026-06-15"
Campaign = Callable[..., Done]
Edit = Callable[[ir.Campaign], ir.Campaign]


def with_outcomes(*more: ir.Outcome) -> Edit:
    return lambda found: replace(found, outcomes=(*found.outcomes, *more))


def tail(found: ir.Campaign) -> ir.Tail:
    return ir.Tail(found.outcomes[0].tail.span)


def many(found: ir.Campaign) -> ir.Campaign:
    mine = tail(found)
    text = Type(Kind.TEXT)
    return with_outcomes(
        ir.Subscribe("newsletter", True, mine),
        ir.SetAttribute(Attribute("tier", "tier", text), Constant("gold", text), mine),
        ir.IssueReward("mug", "A mug", 86400, replace(mine, delay_seconds=3600)),
        ir.IssueCode("SUMMER26", False, None, mine),
        ir.RecordEvent("celebrated", (("place", Constant("Boston", text)),), mine),
        ir.Untag("lapsed", mine),
    )(found)


def test_many_outcomes(campaign: Campaign, shop: Path, edited: Callable[[Edit], None]) -> None:
    edited(many)
    planned = campaign("plan", "birthday_gift", "--as-of", AS_OF, "--json").json
    done = campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json
    assert planned["outcomes"] == done["outcomes"]
    decided = done["funnel"]["decided"]
    assert decided > 0
    kinds = ("subscription", "attribute", "reward", "code", "event", "untag")
    assert {kind: done["outcomes"][kind]["count"] for kind in kinds} == dict.fromkeys(kinds, decided)
    assert done["triggers"][0]["says"] == "on anniversary of birth_date, 7 days before, at 09:00"
    assert done["cannot_run"] == []

    changes = [json.loads(line) for line in campaign("export").out.splitlines()]
    assert len(changes) == len({each["id"] for each in changes}) == 5 * decided
    rest = campaign("export", "birthday_gift", "--after", changes[-2]["number"]).out.splitlines()
    assert [json.loads(line) for line in rest] == changes[-1:]
    values = {(each["kind"], each["name"]): each["value"] for each in changes}
    assert values == {
        ("subscription", "newsletter"): True,
        ("attribute", "tier"): "gold",
        ("reward", "mug"): True,
        ("code", "SUMMER26"): True,
        ("event", "celebrated"): {"place": "Boston"},
    }

    report = campaign("report", "birthday_gift")
    assert f"attribute tier: {decided}" in report.out
    assert f"{decided} subscription changes" in report.out
    assert f"{decided} removed tags" in report.out
    assert campaign("report", "--json").json["campaigns"][0]["discrepancies"] == []


def test_a_plan_for_people(campaign: Campaign, edited: Callable[[Edit], None]) -> None:
    edited(many)
    shown = campaign("plan", "birthday_gift", "--as-of", AS_OF)
    assert shown.code == 0
    assert "happens: on anniversary of birth_date, 7 days before, at 09:00" in shown.out
    assert "would give" in shown.out
    assert "new attribute value" in shown.out
    assert "cannot run" not in shown.out


def test_nothing_to_export(campaign: Campaign) -> None:
    assert campaign("export").code == 3  # there is no ledger yet
    campaign("run", "birthday_gift", "--as-of", AS_OF)
    assert campaign("export") == Done(0, "", "")
    assert campaign("export", "birthday_gfit").code == 3


def native(found: ir.Campaign) -> ir.Campaign:
    """The message as an e-mail with content of its own."""
    span = found.messages[0].span
    said = ir.Content(None, None, None, (ir.Part("subject", "Happy birthday", False, None, span),), None, span)
    changes: dict[str, Any] = {"type": "email", "provider": None, "variant": None, "variant_name": None}
    return replace(found, messages=(replace(found.messages[0], contents=(said,), **changes),))


def test_what_cannot_be_given_is_planned_and_not_run(
    campaign: Campaign, shop: Path, edited: Callable[[Edit], None]
) -> None:
    edited(lambda found: native(with_outcomes(ir.IssueCode("summer", True, None, tail(found)))(found)))
    before = sorted(path.name for path in (shop / "data").iterdir())
    refused = campaign("run", "birthday_gift", "--as-of", AS_OF)
    assert refused.code == 1
    assert "GATE004" in refused.err
    assert "and 1 more like it" in refused.err
    assert sorted(path.name for path in (shop / "data").iterdir()) == before

    planned = campaign("plan", "birthday_gift", "--as-of", AS_OF, "--json")
    assert planned.code == 0
    assert len(planned.json["cannot_run"]) == 2
    assert planned.json["outcomes"]["code"]["count"] == planned.json["funnel"]["decided"] > 0
    assert campaign("compile", "birthday_gift", "-o", "build").code == 0
    kinds = [step["kind"] for step in json.loads((shop / "build/birthday_gift.plan.json").read_text())["plan"]["steps"]]
    assert kinds[-2:] == ["message", "code"]
    shown = campaign("plan", "birthday_gift", "--as-of", AS_OF)
    assert shown.out.count("cannot run: ") == 2
