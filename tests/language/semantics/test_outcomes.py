"""What a campaign can give: every outcome, what may follow it, choices, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from brand import refused, sound

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.identity import outcome_identity

ARMS = "variants {\n a 50%\n b 50%\n}"
SEGMENTS = "everyone\n segments {\n gold where tier = gold\n others otherwise\n}"
POINTS = "points to rewards source purchase"


def given(said: str, **parts: str) -> ir.Outcome:
    (found,) = sound(outcomes=said, **parts).outcomes
    return found


def test_awards() -> None:
    found = given(f"award 500 {POINTS}, expires after 30 days, at most 5_000, after 2 hours as x when tier = gold")
    assert isinstance(found, ir.Award)
    assert isinstance(found.amount, nodes.Constant)
    assert (found.amount.value, found.account, found.account_title, found.source) == (
        500,
        "rewards",
        "Points",
        "purchase",
    )
    assert (found.at_most, found.expires_after_seconds) == (5_000, 30 * 86_400)
    assert (found.tail.delay_seconds, found.tail.alias, found.tail.choice) == (7200, "x", None)
    assert found.tail.condition is not None
    assert found.tail.condition.says == "tier = gold"


def test_formulas() -> None:
    found = given(f"award event.amount * tier_multiplier round half up to 0 {POINTS}, at most 5_000")
    assert isinstance(found, ir.Award)
    assert isinstance(found.amount, nodes.Round)
    assert isinstance(given(f"award visits * 10 {POINTS}"), ir.Award)
    assert isinstance(given(f"award 2 + 3 {POINTS}"), ir.Award)


def test_offers_codes_and_rewards() -> None:
    offer = given("issue offer half, expires after 14 days")
    assert isinstance(offer, ir.Issue)
    assert (offer.offer, offer.terms.title, offer.expires_after_seconds) == ("half", "Half", 14 * 86_400)
    code, pool = given("issue code SUMMER26"), given("issue code from summer, expires after 1 week")
    assert isinstance(code, ir.IssueCode)
    assert isinstance(pool, ir.IssueCode)
    assert (code.pool, code.single_use, code.expires_after_seconds) == ("SUMMER26", False, None)
    assert (pool.pool, pool.single_use, pool.expires_after_seconds) == ("summer", True, 7 * 86_400)
    reward = given("issue reward mug")
    assert isinstance(reward, ir.IssueReward)
    assert (reward.reward, reward.title) == ("mug", "Mug")


def test_tags_and_subscriptions() -> None:
    assert [
        (each.tag, each.ttl_seconds)
        for each in (given("tag gift for 30 days"), given("tag gift"))
        if isinstance(each, ir.TagFor)
    ] == [("gift", 30 * 86_400), ("gift", None)]
    assert isinstance(sound(kind="subscription", outcomes="untag gift\n subscribe to news").outcomes[0], ir.Untag)
    out = sound(kind="subscription", outcomes="unsubscribe from news").outcomes[0]
    assert isinstance(out, ir.Subscribe)
    assert (out.conversation, out.subscribed) == ("news", False)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("tier to gold", "gold"),
        ("visits to 5", 5),
        ("money to 5", 5),
        ("money to 5.50", Decimal("5.50")),
        ('note to "x"', "x"),
        ("vip to true", True),
        ("visits to visits + 1", None),
        ("note to event.sku", None),
        ("note to tier", None),
        ("money to event.amount", None),
        ("wedding to today", None),
        ("wedding to 2026-01-31", None),
        ("touched to now", None),
    ],
)
def test_attributes_that_are_set(said: str, value: object) -> None:
    found = given(f"set {said}")
    assert isinstance(found, ir.SetAttribute)
    assert found.attribute.name == said.split()[0]
    if value is not None:
        assert isinstance(found.value, nodes.Constant)
        assert found.value.value == value


def test_events_that_are_recorded() -> None:
    found = given('record entry with store = "S1" and many = event.pieces')
    assert isinstance(found, ir.RecordEvent)
    assert found.event == "entry"
    assert [name for name, _ in found.properties] == ["store", "many"]
    assert isinstance(given("record visit"), ir.RecordEvent)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (f"award 0 {POINTS}", [("OUT002", "0")]),
        (f"award -5 {POINTS}", [("OUT002", "-5")]),
        (f"award 1_000_000_001 {POINTS}", [("OUT002", "1_000_000_001")]),
        (f"award 5 {POINTS}, at most 0", [("OUT002", "0")]),
        (f"award 5.5 {POINTS}", [("OUT008", "5.5")]),
        (f"award event.amount {POINTS}", [("OUT008", "event.amount")]),
        (f"award visits / 2 {POINTS}", [("OUT008", "visits / 2")]),
        (
            f"award tier_multiplier * 100 round half up to 2 {POINTS}",
            [("OUT008", "tier_multiplier * 100 round half up to 2")],
        ),
        (f'award "5" {POINTS}', [("TYP003", '"5"')]),
        (f"award tier {POINTS}", [("TYP003", "tier")]),
        (f"award nothing {POINTS}", [("NAM001", "nothing")]),
        ("award 5 points to reward source purchase", [("NAM005", "reward")]),
        ("award 5 points to rewards source visit", [("NAM006", "visit")]),
        ("award 5 points to closed source birthday", [("OUT001", "closed")]),
        ("issue offer halff", [("NAM007", "halff")]),
        ("issue offer ended", [("OUT001", "ended")]),
        ("issue code summer", [("NAM031", "summer")]),
        ("issue code from SUMMER26", [("NAM031", "SUMMER26")]),
        ("issue code WINTER25", [("OUT001", "WINTER25")]),
        ("issue reward cup", [("NAM032", "cup")]),
        ("issue reward gone", [("OUT001", "gone")]),
        ("tag gifts", [("NAM008", "gifts")]),
        ("untag gifts", [("NAM008", "gifts")]),
        ("tag gift for 1 month", [("TYP007", "1 month")]),
        ("set age_group to 5", [("OUT011", "age_group")]),
        ('set id to "x"', [("OUT011", "id")]),
        ("set words to words", [("OUT011", "words")]),
        ("set nothing to 5", [("NAM001", "nothing")]),
        ("set tier to platinum", [("TYP004", "platinum")]),
        ("set visits to 5.5", [("OUT009", "5.5")]),
        ('set visits to "5"', [("OUT009", '"5"')]),
        ("set note to 5", [("OUT009", "5")]),
        ("set wedding to now", [("OUT009", "now")]),
        ("set touched to today", [("OUT009", "today")]),
        ("set vip to visits", [("OUT009", "visits")]),
        ("subscribe to newz", [("NAM021", "newz")]),
        ("record entri", [("NAM003", "entri")]),
        ("record entry", [("OUT012", "entry")]),
        ('record entry with store = "x" and shop = "y"', [("NAM001", "shop")]),
        ('record entry with store = "x" and store = "y"', [("OUT012", "store")]),
        ("record entry with store = 5", [("OUT009", "5")]),
        ("record entry with store = event.store", [("OUT012", "event.store")]),
        ("record visit with at = home", [("NAM001", "at")]),
        ("tag gift, expires after 1 day", [("OUT006", "1 day")]),
        ("tag gift, at most 5", [("OUT006", "5")]),
        ("issue offer half, at most 5", [("OUT006", "5")]),
        ("tag gift, after 1 month", [("TYP007", "1 month")]),
        ("tag gift, after 0 days", [("TYP006", "0 days")]),
        ("tag gift as Gift", [("NAM016", "Gift")]),
        ("tag gift when segment gold", [("OUT003", "gold")]),
        ("tag gift when variant a", [("OUT003", "a")]),
        ("tag gift when nothing", [("NAM001", "nothing")]),
        ("tag gift otherwise", [("OUT007", "otherwise")]),
    ],
)
def test_what_is_refused(said: str, wanted: list[tuple[str, str]]) -> None:
    assert refused(outcomes=f"{said}\n tag gift as other") == wanted


def test_conditions() -> None:
    segment = given("tag gift when segment gold", audience=SEGMENTS).tail.condition
    assert segment is not None
    assert (segment.says, segment.segment, segment.arm, segment.predicate) == ("segment gold", "gold", None, None)
    arm = given("tag gift when variant a", head=ARMS).tail.condition
    assert arm is not None
    assert (arm.says, arm.segment, arm.arm, arm.predicate) == ("variant a", None, "a", None)
    event = given("tag gift when event.amount > 5").tail.condition
    assert event is not None
    assert isinstance(event.predicate, nodes.Compare)
    assert refused(outcomes="tag gift when gold", audience=SEGMENTS) == [("OUT003", "gold")]
    assert refused(outcomes="tag gift when a", head=ARMS) == [("OUT003", "a")]


# ---------------------------------------------------------------------------------------------------------- choices

CHOICE = (
    f"first of {{\n award 100 {POINTS} when tier = gold\n award 50 {POINTS} when vip\n issue offer half otherwise\n}}"
)


def test_choices() -> None:
    outcomes = sound(
        outcomes=f"{CHOICE}\n first of {{\n tag gift when vip\n untag gift otherwise\n}}\n tag gift as x"
    ).outcomes
    assert [each.tail.choice for each in outcomes] == [0, 0, 0, 1, 1, None]
    assert outcomes[2].tail.condition is None


@pytest.mark.parametrize(
    ("said", "marked"),
    [
        ("first of {\n tag gift otherwise\n}", "first of {"),
        ("first of {\n tag gift when vip\n untag gift when tier = gold\n}", "when tier = gold"),
        ("first of {\n tag gift when vip\n untag gift\n}", "gift"),
        ("first of {\n tag gift\n untag gift otherwise\n}", "gift"),
        ("first of {\n tag gift otherwise\n untag gift otherwise\n}", "otherwise"),
    ],
)
def test_choices_that_are_none(said: str, marked: str) -> None:
    ((code, text),) = refused(outcomes=f"{said}\n tag gift as x")
    assert code == "OUT007"
    assert text.startswith(marked)


@pytest.mark.parametrize(
    ("outcomes", "twice"),
    [
        ("tag gift\n tag gift for 1 day", True),
        ("tag gift\n tag gift for 1 day as x", False),
        ("tag gift when variant a\n tag gift for 1 day when variant b", False),
        ("tag gift when variant a\n tag gift for 1 day when segment gold", True),
        ("tag gift when segment gold\n tag gift for 1 day when segment others", False),
        ("first of {\n tag gift when vip\n tag gift for 1 day otherwise\n}", False),
        ("first of {\n tag gift when vip\n untag gift otherwise\n}\n tag gift for 1 day", True),
        ("issue code SUMMER26\n issue code from summer", False),
        ("set visits to 5\n set visits to 6", True),
        ("subscribe to news\n unsubscribe from news\n tag gift", True),
        ('record entry with store = "x"\n record entry with store = "y"', True),
    ],
)
def test_outcomes_are_told_apart_by_what_they_give(outcomes: str, twice: bool) -> None:
    parts = {"outcomes": outcomes, "head": ARMS, "audience": SEGMENTS}
    if twice:
        assert [code for code, _ in refused(**parts)] == ["OUT004"]
    else:
        identities = [outcome_identity(each) for each in sound(**parts).outcomes]
        assert len(identities) >= 2


@pytest.mark.parametrize(
    ("outcomes", "unit"),
    [(f"award 5 {POINTS}", "points"), ("issue offer half", "offers"), ("issue code from summer", "codes")],
)
def test_budgets_are_for_what_is_given(outcomes: str, unit: str) -> None:
    behavior = f"on purchase\n budget 500 {unit}"
    assert sound(outcomes=outcomes, behavior=behavior).budgets == (ir.Budget(unit, 500, None),)
    assert refused(behavior=behavior) == [("BEH005", f"500 {unit}")]
    assert refused(behavior="on purchase\n budget 500 messages", outcomes=outcomes) == [("BEH005", "500 messages")]
