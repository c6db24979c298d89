"""Triggers that are events: what customers do, count and order; and which triggers can stand beside each other."""

from __future__ import annotations

import pytest
from brand import refused, sound

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes


def trigger(said: str, head: str = "") -> ir.Trigger:
    (found,) = sound(behavior=said, head=head).triggers
    return found


def test_events() -> None:
    found = trigger("on purchase where amount >= 100")
    assert isinstance(found, ir.On)
    assert found.event.name == "purchase"
    assert isinstance(found.where, nodes.Compare)
    assert found.says == "on purchase where amount >= 100"
    once = trigger("on purchase at least 1 time")
    assert isinstance(once, ir.On)
    assert once.where is None


def test_counted_events_are_goals() -> None:
    found = trigger("on purchase where amount > 5 at least 3 times within 14 days")
    assert isinstance(found, ir.Goal)
    assert isinstance(found.whole, ir.Times)
    assert (found.whole.at_least, found.whole.seconds) == (3, 14 * 86_400)
    assert found.whole.where is not None
    assert found.says == "on purchase where amount > 5 at least 3 times within 14 days"


def test_events_at_a_geofence() -> None:
    found = trigger("on visit at geofence shop where exact > 3")
    assert isinstance(found, ir.On)
    assert isinstance(found.where, nodes.AllOf)
    place, accuracy, asked = found.where.items
    assert isinstance(place, nodes.Within)
    assert (place.name, len(place.circles)) == ("shop", 1)
    assert isinstance(place.place, nodes.Property)
    assert (place.place.name, place.place.column, place.place.longitude) == ("at", "lat", "lon")
    assert isinstance(accuracy, nodes.Compare)
    assert (accuracy.op, accuracy.right.value) == ("<=", 50)  # type: ignore[union-attr]
    assert isinstance(asked, nodes.Compare)


def test_every_nth() -> None:
    found = trigger("every 5th purchase where amount > 3")
    assert isinstance(found, ir.EveryNth)
    assert (found.n, found.each_step, found.says) == (5, False, "every 5th purchase where amount > 3")
    steps = trigger("every 22nd purchase\n progress each step")
    assert isinstance(steps, ir.EveryNth)
    assert (steps.n, steps.each_step, steps.says) == (22, True, "every 22nd purchase")


@pytest.mark.parametrize(
    ("said", "table", "asked"),
    [
        ("on code SUMMER26", "codes", {"code": "SUMMER26"}),
        ("on code from summer", "codes", {"pool": "summer"}),
        ("on subscribe to news", "changes", {"conversation": "news", "subscribed": True}),
        ("on unsubscribe from news", "changes", {"conversation": "news", "subscribed": False}),
        ("on entering geofence shop", "crossings", {"fence": "shop", "way": "in"}),
        ("on leaving geofence shop", "crossings", {"fence": "shop", "way": "out"}),
    ],
)
def test_what_the_catalog_maps_to_events(said: str, table: str, asked: dict[str, object]) -> None:
    found = trigger(said)
    assert isinstance(found, ir.On)
    assert (found.event.table, found.says) == (table, said)
    tests = found.where.items if isinstance(found.where, nodes.AllOf) else (found.where,)
    assert {each.left.name: each.right.value for each in tests} == asked  # type: ignore[union-attr]
    assert {each.op for each in tests} == {"="}  # type: ignore[union-attr]


def test_audiences() -> None:
    found = trigger("on entering audience lapsed")
    assert isinstance(found, ir.Crossing)
    assert (found.audience, found.entering) == ("lapsed", True)
    left = trigger("on leaving audience lapsed")
    assert isinstance(left, ir.Crossing)
    assert not left.entering


def test_groups() -> None:
    found = trigger(
        "all of within 30 days {\n purchase where amount > 3 at least 3 times within 14 days\n visit at geofence shop\n"
        " any of {\n purchase\n refund at least 2 times\n }\n}"
    )
    assert isinstance(found, ir.Goal)
    whole = found.whole
    assert isinstance(whole, ir.Group)
    assert (whole.all, whole.seconds, len(whole.parts)) == (True, 30 * 86_400, 3)
    inner = whole.parts[2]
    assert isinstance(inner, ir.Group)
    assert (inner.all, inner.seconds, len(inner.parts)) == (False, None, 2)
    assert "any of (purchase; refund at least 2 times)" in found.says


def test_sequences() -> None:
    found = trigger(
        "sequence within 7 days {\n purchase as first_one\n then visit within 2 days\n"
        " then no refund where amount = first_one.amount for 4 hours\n}"
    )
    assert isinstance(found, ir.SequenceOf)
    assert found.seconds == 7 * 86_400
    assert [(each.event.name, each.alias, each.absent, each.seconds) for each in found.steps] == [
        ("purchase", "first_one", False, None),
        ("visit", None, False, 2 * 86_400),
        ("refund", None, True, 4 * 3600),
    ]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("on buy", ("NAM003", "buy")),
        ("on purchase where price > 5", ("NAM001", "price")),
        ("on purchase where amount", ("TYP002", "amount")),
        ("on purchase at least 0 times", ("BEH012", "at least 0 times")),
        ("on purchase at least 1001 times", ("BEH012", "at least 1001 times")),
        ("on purchase at most 3 times", ("BEH012", "at most 3 times")),
        ("on purchase exactly 3 times", ("BEH012", "exactly 3 times")),
        ("on purchase within 14 days", ("BEH012", "14 days")),
        ("on purchase at least 2 times within 1 month", ("TYP007", "1 month")),
        ("on purchase at least 2 times within 0 days", ("TYP006", "0 days")),
        ("on visit at geofence shopp", ("NAM020", "shopp")),
        ("on purchase at geofence shop", ("BEH013", "purchase")),
        ("every 1st purchase", ("BEH014", "1st purchase")),
        ("every 0th purchase", ("BEH014", "0th purchase")),
        ("every 10001st purchase", ("BEH014", "10001st purchase")),
        ("every 5th buy", ("NAM003", "buy")),
        ("on code SUMMER27", ("NAM031", "SUMMER27")),
        ("on code WINTER25", ("OUT001", "WINTER25")),
        ("on code from winter", ("NAM031", "winter")),
        ("on subscribe to newz", ("NAM021", "newz")),
        ("on entering geofence shopp", ("NAM020", "shopp")),
        ("on entering audience nobody", ("NAM013", "nobody")),
        ("on anniversary of nothing, at 09:00", ("NAM001", "nothing")),
        ("on anniversary of seen, at 09:00", ("TYP003", "seen")),
    ],
)
def test_what_is_no_trigger(said: str, wanted: tuple[str, str]) -> None:
    assert refused(behavior=said) == [wanted]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("all of {\n purchase\n}", "BEH015"),
        ("any of {\n}", "BEH015"),
        ("all of {\n purchase\n any of {\n visit\n }\n}", "BEH015"),
        ("sequence {\n purchase\n}", "BEH015"),
        ("sequence {\n purchase\n then buy\n}", "NAM003"),
        ("sequence {\n purchase as event\n then visit\n}", "TYP013"),
        ("all of within 2 months {\n purchase\n visit\n}", "TYP007"),
        ("sequence within 0 days {\n purchase\n then visit\n}", "TYP006"),
        ("all of {\n purchase at most 2 times\n visit\n}", "BEH012"),
    ],
)
def test_what_is_no_goal(said: str, code: str) -> None:
    assert [found for found, _ in refused(behavior=said)] == [code]


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("on anniversary of born, at 09:00", "on anniversary of joined, at 09:00", True),
        ("on anniversary of born, at 09:00", "on anniversary of born, 7 days before, at 09:00", True),
        ("on holiday mothers_day in US, at 09:00", "on holiday mothers_day in FR, at 09:00", True),
        ("on holiday mothers_day in US, at 09:00", "on holiday new_year, at 09:00", False),
        ("every monday at 10:00", "every day at 10:00", False),
        ("on purchase where amount > 1", "on purchase where pieces > 1", False),
        ("every 5th purchase", "every 3rd purchase", True),
        ("every 5th purchase", "every 3rd refund", False),
        ("on purchase at least 2 times", "all of {\n visit\n refund\n}", True),
        ("on purchase at least 2 times", "on visit", False),
        ("sequence {\n purchase\n then visit\n}", "sequence {\n purchase\n then refund\n}", True),
        ("on entering audience lapsed", "on leaving audience lapsed", False),
        ("on entering audience lapsed", "on entering audience lapsed", True),
    ],
)
def test_triggers_beside_each_other(one: str, other: str, clash: bool) -> None:
    if clash:
        assert [code for code, _ in refused(behavior=f"{one}\n {other}")] == ["BEH007"]
    else:
        assert len(sound(behavior=f"{one}\n {other}").triggers) == 2


def test_too_many_triggers() -> None:
    many = "\n".join(f"on purchase where amount > {number}" for number in range(21))
    assert refused(behavior=many) == [("BEH007", "purchase where amount > 20")]


@pytest.mark.parametrize(
    "triggers", ["on purchase", "every 5th purchase\n on visit", "every 5th purchase\n every 3rd visit"]
)
def test_progress_needs_one_thing_that_is_counted(triggers: str) -> None:
    assert [code for code, _ in refused(behavior=f"{triggers}\n progress each step")] == ["BEH016"]


# ----------------------------------------------------------------------------------------- what the occurrence tells

AWARD = "award event.pieces points to rewards source purchase"


@pytest.mark.parametrize(
    ("behavior", "amount", "wanted"),
    [
        ("on purchase", "event.pieces", None),
        ("on purchase", "purchase.pieces", None),
        ("on purchase\n on code SUMMER26", "event.pieces", "OUT010"),
        ("on purchase\n every monday at 10:00", "event.pieces", "OUT010"),
        ("every monday at 10:00", "event.pieces", "NAM023"),
        ("on entering audience lapsed", "event.pieces", "NAM023"),
        ("all of {\n purchase\n visit\n}", "event.exact", "OUT010"),
        ("every 5th purchase\n progress each step", "goal.step", None),
        ("every 5th purchase\n progress each step", "goal.steps", "NAM001"),
        ("every 5th purchase", "goal.step", "NAM023"),
        ("sequence {\n purchase as p\n then visit\n}", "p.pieces", None),
        ("sequence {\n purchase as p\n then visit\n}", "event.exact", None),
        ("sequence {\n purchase as p\n then visit\n}", "event.pieces", "NAM001"),
        ("sequence {\n purchase as p\n then no visit for 1 day\n}", "event.pieces", None),
    ],
)
def test_what_amounts_can_be_made_of(behavior: str, amount: str, wanted: str | None) -> None:
    outcomes = f"award {amount} points to rewards source purchase"
    if wanted is None:
        assert len(sound(behavior=behavior, outcomes=outcomes).outcomes) == 1
    else:
        assert [code for code, _ in refused(behavior=behavior, outcomes=outcomes)] == [wanted]


def test_a_property_of_two_types_is_none() -> None:
    outcomes = "tag gift for 1 day when event.store is known"
    found = refused(behavior="on purchase\n on refund", outcomes=outcomes)
    assert [code for code, _ in found] in (["NAM023"], ["OUT010"])
    assert len(sound(behavior="on purchase\n on entry", outcomes=outcomes).outcomes) == 1


def test_a_trigger_with_an_error_says_nothing_about_outcomes() -> None:
    assert refused(behavior="on buy", outcomes=AWARD) == [("NAM003", "buy")]
