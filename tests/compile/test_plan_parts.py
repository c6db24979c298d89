"""What the plan says of each trigger and each outcome, made from typed campaigns built by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args

import jsonschema
import pytest

from campaign_dsl.compile.plan.model import Budget, Misfire, Plan, Zone
from campaign_dsl.compile.plan.occasions import trigger
from campaign_dsl.compile.plan.places import constant, plain
from campaign_dsl.compile.plan.schema import plan_schema
from campaign_dsl.compile.plan.steps import steps
from campaign_dsl.language.catalog.model import Channel, Offer
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.identity import outcome_identity
from campaign_dsl.language.ir.nodes import Always, Attribute, Constant, EventSource, Property, Step, Value
from campaign_dsl.language.source.files import SourceFile

SPAN: Span = SourceFile("gift.campaign", "\n\naward").span(2, 7)
BORN = Attribute("birth_date", "birth_date", Type(Kind.DATE))
COUNTRY = Attribute("country", "country_code", Type(Kind.TEXT))
TIER = Attribute("tier", "tier_code", Type(Kind.ENUM, values=("member", "gold"), ordered=True))


def event(name: str) -> EventSource:
    return EventSource(name, "events", "kind", name, "event_id", "customer_id", "occurred_at", None)


PURCHASE, CHECK_IN = event("purchase"), event("check_in")
AMOUNT = Property("amount", "amount", Type(Kind.INTEGER), "event")
TWICE = ir.Group(
    True,
    (ir.Times(PURCHASE, None, 3, 86400), ir.Group(False, (ir.Times(CHECK_IN, None, 1, None),), None)),
    30 * 86400,
)
TRIGGERS: dict[str, tuple[ir.Trigger, dict[str, Any]]] = {
    "anniversary": (
        ir.Anniversary(BORN, 7, "09:00", SPAN),
        {
            "family": "anniversary", "says": "on anniversary of birth_date, 7 days before, at 09:00",
            "attribute": "birth_date", "days_before": 7, "at": "09:00", "leap_day": "feb_28",
        },
    ),
    "anniversary, later": (
        ir.Anniversary(BORN, -1, "09:00", SPAN),
        {"says": "on anniversary of birth_date, 1 day after, at 09:00", "days_before": -1},
    ),
    "holiday": (
        ir.Holiday(
            "mothers_day", "Mother's Day", (("US", (date(2026, 5, 10),)), ("FR", ())), COUNTRY, 0, "08:00", SPAN
        ),
        {
            "family": "holiday mothers_day", "says": "on holiday mothers_day, at 08:00", "country_attribute": "country",
            "falls_on": [{"country": "US", "days": ["2026-05-10"]}, {"country": "FR", "days": []}],
        },
    ),
    "holiday for all": (
        ir.Holiday("new_year", "New Year", ((None, (date(2027, 1, 1),)),), None, -2, "08:00", SPAN),
        {"says": "on holiday new_year, 2 days after, at 08:00", "country_attribute": None, "days_before": -2},
    ),
    "schedule": (
        ir.Schedule("FREQ=WEEKLY;BYDAY=MO", date(2026, 1, 1), "10:00", "every monday at 10:00", SPAN),
        {
            "family": "schedule", "says": "every monday at 10:00", "rule": "FREQ=WEEKLY;BYDAY=MO",
            "first": "2026-01-01",
        },
    ),
    "event": (
        ir.On(PURCHASE, Always(), "purchase where amount >= 100", SPAN),
        {"family": "event purchase", "says": "purchase where amount >= 100", "event": "purchase"},
    ),
    "every nth": (
        ir.EveryNth(5, PURCHASE, None, True, "every 5th purchase", SPAN),
        {"family": "every purchase", "n": 5, "each_step": True, "event": "purchase"},
    ),
    "goal": (
        ir.Goal(TWICE, "all of { ... }", SPAN),
        {
            "family": "goal of check_in and purchase",
            "whole": {
                "kind": "group", "of": "all", "within_seconds": 30 * 86400,
                "parts": [
                    {"kind": "times", "event": "purchase", "at_least": 3, "within_seconds": 86400},
                    {
                        "kind": "group", "of": "any", "within_seconds": None,
                        "parts": [{"kind": "times", "event": "check_in", "at_least": 1, "within_seconds": None}],
                    },
                ],
            },
        },
    ),
    "sequence": (
        ir.SequenceOf(
            (Step(CHECK_IN, None, "here", False, None), Step(PURCHASE, None, None, True, 7200)),
            604800,
            "sequence",
            SPAN,
        ),
        {
            "family": "sequence to check_in", "within_seconds": 604800,
            "steps": [
                {"event": "check_in", "alias": "here", "absent": False, "within_seconds": None},
                {"event": "purchase", "alias": None, "absent": True, "within_seconds": 7200},
            ],
        },
    ),
    "entering": (
        ir.Crossing("lapsed", Always(), True, SPAN),
        {"family": "entering lapsed", "says": "on entering audience lapsed", "audience": "lapsed", "entering": True},
    ),
    "leaving": (
        ir.Crossing("lapsed", Always(), False, SPAN),
        {"family": "leaving lapsed", "says": "on leaving audience lapsed", "entering": False},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "says"), TRIGGERS.values(), ids=TRIGGERS)
def test_triggers(typed: ir.Trigger, says: dict[str, Any]) -> None:
    made = trigger(typed, "feb_28").model_dump(mode="json")
    assert made["where"] == "gift.campaign:3"
    assert {name: made[name] for name in says} == says


def test_no_trigger_is_left_out() -> None:
    assert {type(typed) for typed, _ in TRIGGERS.values()} == set(get_args(ir.Trigger))


# --------------------------------------------------------------------------------------------------------- outcomes

TAIL = ir.Tail(SPAN, ir.Condition("segment gold", "gold", None), "more", 2, 3600)
HALF = {"title": "Half price", "form": "percentage_off_item", "percent": 50, "valid_until": date(2027, 1, 1)}
MESSAGE = ir.Message(
    name="note", type="email", display=None, purpose="transactional", provider=None, provider_settings=None,
    variant_name=None, variant=None, channel_name="email", channel=Channel(), address=None, consent=None,
    conversation=ir.Conversation("news", "News", "email", "Shop <shop@x.example>", None, "x.example", "k1"),
    subscription=None, settings=(), setting_spans=(),
    properties=(ir.MessageProperty("ratio", None, Decimal("1.50"), SPAN),),
    contents=(
        ir.Content("gold", "de", "red", (ir.Part("subject", "Hi {{ x }}", False, None, SPAN),), None, SPAN),
        ir.Content(None, None, None, (), "tmpl-1", SPAN),
    ),
    quiet=("21:00", "08:00"), expires_after_seconds=60, visible_seconds=120, seeds=("qa@x.example",), span=SPAN,
)  # fmt: skip


def number(value: int) -> Constant:
    return Constant(value, Type(Kind.INTEGER))


def award(amount: Value, at_most: int | None = None) -> ir.Award:
    return ir.Award(amount, "rewards", "Stride points", "birthday", at_most, 60, TAIL)


OUTCOMES: dict[str, tuple[ir.Outcome, dict[str, Any]]] = {
    "points": (award(number(500)), {"kind": "points", "amount": 500, "at_most": None, "source": "birthday"}),
    "points of a formula": (award(AMOUNT, 5000), {"kind": "points", "amount": None, "at_most": 5000}),
    "points without a ceiling": (award(AMOUNT), {"amount": None, "at_most": 1_000_000_000}),
    "points above their ceiling": (award(number(500), 300), {"amount": 300, "at_most": None}),
    "offer": (
        ir.Issue("half", Offer.model_validate(HALF), 60, TAIL),
        {
            "kind": "offer", "offer": "half", "form": "percentage_off_item", "terms": {"percent": 50},
            "valid_until": "2027-01-01",
        },
    ),
    "money off": (
        ir.Issue(
            "ten", Offer.model_validate({"title": "x", "form": "amount_off_check", "amount": "10.00"}), None, TAIL
        ),
        {"form": "amount_off_check", "terms": {"amount": "10.00"}, "expires_after_seconds": None},
    ),
    "one thing for another": (
        ir.Issue(
            "pair",
            Offer.model_validate(
                {
                    "title": "x",
                    "form": "buy_x_get_y",
                    "buy": {"quantity": 1, "item": "seat"},
                    "get": {"quantity": 1, "item": "seat", "percent": 50},
                }
            ),
            None,
            TAIL,
        ),
        {
            "form": "buy_x_get_y",
            "terms": {
                "buy": {"quantity": 1, "item": "seat"}, "get": {"quantity": 1, "item": "seat", "percent": 50},
            },
        },
    ),
    "code": (
        ir.IssueCode("SUMMER26", False, 60, TAIL),
        {"kind": "code", "outcome": "code/SUMMER26/more", "pool": "SUMMER26", "single_use": False},
    ),
    "reward": (ir.IssueReward("mug", "A mug", None, TAIL), {"kind": "reward", "reward": "mug", "title": "A mug"}),
    "tag": (ir.TagFor("vip", None, TAIL), {"kind": "tag", "tag": "vip", "ttl_seconds": None}),
    "untag": (ir.Untag("vip", TAIL), {"kind": "untag", "tag": "vip", "outcome": "untag/vip/more"}),
    "attribute": (
        ir.SetAttribute(TIER, Constant("gold", TIER.type), TAIL),
        {"kind": "attribute", "attribute": "tier", "type": "enum", "value": "gold", "computed": False},
    ),
    "attribute of a formula": (ir.SetAttribute(TIER, AMOUNT, TAIL), {"value": None, "computed": True}),
    "subscription": (
        ir.Subscribe("news", False, TAIL),
        {"kind": "subscription", "conversation": "news", "subscribed": False},
    ),
    "event": (
        ir.RecordEvent("thanked", (("day", Constant(date(2026, 1, 2), Type(Kind.DATE))), ("sum", AMOUNT)), TAIL),
        {
            "kind": "event", "event": "thanked",
            "properties": [
                {"name": "day", "value": "2026-01-02", "computed": False},
                {"name": "sum", "value": None, "computed": True},
            ],
        },
    ),
    "message": (
        ir.Send("note", TAIL),
        {
            "kind": "message", "type": "email", "purpose": "transactional", "provider": None, "channel": "email",
            "conversation": {
                "name": "news", "title": "News", "channel": "email", "sender": "Shop <shop@x.example>",
                "reply_to": None, "dkim_domain": "x.example", "dkim_selector": "k1",
            },
            "contents": [
                {
                    "where": "gift.campaign:3", "segment": "gold", "language": "de", "arm": "red",
                    "parts": [{"name": "subject", "template": "Hi {{ x }}", "html": False, "path": None}],
                    "provider_template": None,
                },
                {
                    "where": "gift.campaign:3", "segment": None, "language": None, "arm": None, "parts": [],
                    "provider_template": "tmpl-1",
                },
            ],
            "properties": [{"name": "ratio", "source": None, "fallback": "1.50"}],
            "seeds": ["qa@x.example"], "visible_seconds": 120, "suppression_lists": ["global_suppression"],
        },
    ),
}  # fmt: skip


def campaign(*outcomes: ir.Outcome) -> ir.Campaign:
    return ir.Campaign(
        name="gift", formerly=(), title="Gift", kind="promotion", owner=None, priority=0, runs_from=None,
        runs_until=None, review=date(2027, 1, 1), zone=ir.ZoneRule(None, "UTC"), leap_day="feb_28", catch_up_days=0,
        audience=Always(), audience_span=SPAN, excludes=(),
        suppression=(ir.SuppressionList("global_suppression", "suppressions", "address", None),),
        segments=(ir.Segment("gold", None),), arms=(ir.Arm("red", Decimal("50.5")),), languages=("en", "de"),
        language=None, holdout_percent=None, triggers=tuple(typed for typed, _ in TRIGGERS.values()), limits=(),
        budgets=(), outcomes=outcomes, messages=(MESSAGE,), data=(("colour", "green"),), context=(), event_context=(),
        span=SPAN,
    )  # fmt: skip


@pytest.mark.parametrize(("typed", "says"), OUTCOMES.values(), ids=OUTCOMES)
def test_outcomes(typed: ir.Outcome, says: dict[str, Any]) -> None:
    (step,) = steps(campaign(typed))
    made = step.model_dump(mode="json")
    common = {"number": 0, "where": "gift.campaign:3", "when": "segment gold", "choice": 2, "delay_seconds": 3600}
    assert {name: made[name] for name in common} == common
    assert made["outcome"] == outcome_identity(typed)
    assert {name: made[name] for name in says} == says


def test_no_outcome_is_left_out() -> None:
    assert {type(typed) for typed, _ in OUTCOMES.values()} == set(get_args(ir.Outcome))


def test_steps_are_numbered_in_order() -> None:
    made = steps(campaign(*(typed for typed, _ in OUTCOMES.values())))
    assert [step.number for step in made] == list(range(len(OUTCOMES)))


def whole() -> Plan:
    """A plan with every trigger and every outcome."""
    typed = campaign(*(replace(typed, tail=ir.Tail(SPAN)) for typed, _ in OUTCOMES.values()))
    return Plan(
        campaign="gift",
        title="Gift",
        kind="promotion",
        zone=Zone(attribute=None, default="UTC"),
        triggers=tuple(trigger(each, "feb_28") for each in typed.triggers),
        misfire=Misfire(),
        budgets=(Budget(unit="codes", amount=5), Budget(unit="messages", amount=5)),
        offers_gate=5,
        steps=steps(typed),
        queries={},
        parameters={},
        sources=(),
        tz_version="1",
        compiler_version="1",
    )


def test_every_trigger_and_outcome_follows_the_schema() -> None:
    jsonschema.validate(json.loads(whole().document()), plan_schema())


def test_a_plan_is_read_as_it_was_written() -> None:
    plan = whole()
    assert Plan.model_validate_json(plan.canonical()) == plan
    assert Plan.model_validate_json(plan.canonical()).digest == plan.digest


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1.10"), "1.10"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02T03:00:00Z"),
        (True, True),
        (0, 0),
        ("", ""),
        (None, None),
    ],
)
def test_constants_are_written_exactly(value: Any, written: Any) -> None:
    assert plain(value) == written
    assert type(plain(value)) is type(written)


def test_what_has_no_place_in_a_plan() -> None:
    with pytest.raises(TypeError, match="no place"):
        plain(1.5)
    assert constant(AMOUNT) is None
