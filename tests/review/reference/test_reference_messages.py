"""When messages leave, and what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from scenes import (
    CATALOG,
    DATE,
    DAYS,
    HOURS,
    SPAN,
    TEXT,
    T,
    at,
    award,
    birthday,
    campaign,
    compare,
    day,
    event,
    issue,
    letter,
    of,
    on,
    own,
    send,
    tag,
    tail,
)

from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.language.ir import campaign as ic
from campaign_dsl.review.reference.delivery import awake_at, is_address
from campaign_dsl.review.reference.evaluate import Evaluated, Settings, evaluate
from campaign_dsl.review.reference.messages import Draft, Message, content_for
from campaign_dsl.review.reference.rendering import Renderer
from campaign_dsl.review.reference.world import World

NIGHT = ("21:00", "08:00")


def said(draft: Draft) -> str | None:
    """A renderer that looks names up: `customer.first_name`. It refuses to say nothing."""
    found: Any = draft.quoted
    for name in draft.part.template.split("."):
        found = found[name]
    return None if found is None else f"{found}"


def run(
    *outcomes: ic.Outcome, note: ic.Message | None = None, trigger: ic.Trigger | None = None, **changes: Any
) -> Evaluated:
    rows, customer = changes.pop("rows", {}), changes.pop("customer", {})
    now: datetime = changes.pop("now", T)
    made = campaign(trigger or birthday(), outcomes=(*outcomes, send()), messages=(note or letter(),), **changes)
    person = {"id": "a", "born": day("1990-06-15"), "first_name": "Ada", "email": "ada@x.example", **customer}
    settings = Settings(render=said, links={"unsubscribe": "https://x.example/u"})
    return evaluate([made], CATALOG, World("id", (person,), rows), now, settings=settings).campaigns[0]


def sent(*outcomes: ic.Outcome, **more: Any) -> Message:
    (message,) = run(*outcomes, **more).messages
    return message


# ----------------------------------------------------------------------------------------------------------- delivery


@pytest.mark.parametrize(
    ("where", "moment", "quiet", "awake"),
    [
        ("UTC", "2026-06-15 20:59:59", NIGHT, "2026-06-15 20:59:59"),
        ("UTC", "2026-06-15 21:00", NIGHT, "2026-06-16 08:00"),
        ("UTC", "2026-06-15 23:59:59", NIGHT, "2026-06-16 08:00"),
        ("UTC", "2026-06-16 00:00", NIGHT, "2026-06-16 08:00"),
        ("UTC", "2026-06-16 07:59:59.999999", NIGHT, "2026-06-16 08:00"),
        ("UTC", "2026-06-16 08:00", NIGHT, "2026-06-16 08:00"),
        ("UTC", "2026-06-16 13:00", ("12:00", "14:00"), "2026-06-16 14:00"),
        ("UTC", "2026-06-16 14:00", ("12:00", "14:00"), "2026-06-16 14:00"),
        ("UTC", "2026-06-16 14:00", ("12:00", "12:00"), "2026-06-16 14:00"),
        ("UTC", "2026-06-16 14:00", None, "2026-06-16 14:00"),
        ("America/New_York", "2026-06-15 12:00", NIGHT, "2026-06-15 12:00"),
        ("America/New_York", "2026-06-15 11:59", NIGHT, "2026-06-15 12:00"),
        # Clocks go forward: the night is an hour shorter.
        ("America/New_York", "2026-03-08 03:00", NIGHT, "2026-03-08 12:00"),
        # The end is skipped: 02:30 is then 03:30.
        ("America/New_York", "2026-03-08 06:30", ("22:00", "02:30"), "2026-03-08 07:30"),
        ("America/New_York", "2026-03-08 07:10", ("22:00", "02:30"), "2026-03-08 07:30"),
        # Clocks go back: 01:00 to 01:30 comes twice, and is quiet twice.
        ("America/New_York", "2026-11-01 05:10", ("22:00", "01:30"), "2026-11-01 05:30"),
        ("America/New_York", "2026-11-01 05:45", ("22:00", "01:30"), "2026-11-01 05:45"),
        ("America/New_York", "2026-11-01 06:10", ("22:00", "01:30"), "2026-11-01 06:30"),
        # Half an hour back: 01:40 is 14:40 and 15:10, and 01:45 ends the quiet hours both times.
        ("Australia/Lord_Howe", "2026-04-04 14:40", ("22:00", "01:45"), "2026-04-04 14:45"),
        ("Australia/Lord_Howe", "2026-04-04 14:50", ("22:00", "01:45"), "2026-04-04 14:50"),
        ("Australia/Lord_Howe", "2026-04-04 15:10", ("22:00", "01:45"), "2026-04-04 15:15"),
    ],
)
def test_quiet_hours(where: str, moment: str, quiet: tuple[str, str] | None, awake: str) -> None:
    assert awake_at(at(moment), zone(where), quiet) == at(awake)


@pytest.mark.parametrize("where", ["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo"])
@pytest.mark.parametrize("around", ["2026-03-07", "2026-10-31", "2026-04-03", "2018-11-03"])
def test_nothing_leaves_while_clocks_show_quiet_hours(where: str, around: str) -> None:
    start, quiet = at(f"{around} 00:00"), ("22:15", "02:30")
    for minutes in range(0, 4 * 24 * 60, 7):
        moment = start + timedelta(minutes=minutes)
        awake = awake_at(moment, zone(where), quiet)
        clock = f"{awake.astimezone(zone(where)):%H:%M}"
        assert quiet[1] <= clock < quiet[0], (moment, clock)
        assert moment <= awake <= moment + timedelta(hours=6)


def test_not_before_it_is_due_and_not_before_the_run() -> None:
    new_york = {"zone": "America/New_York"}
    early = sent(customer=new_york, now=at("2026-06-15 06:00"))
    assert early.delivery.at == at("2026-06-15 13:00")
    assert sent(customer=new_york, now=at("2026-06-15 20:00")).delivery.at == at("2026-06-15 20:00")
    quiet = letter(quiet=("08:00", "10:00"))
    assert sent(note=quiet, customer=new_york, now=at("2026-06-15 06:00")).delivery.at == at("2026-06-15 14:00")
    assert sent(trigger=on(), rows={"events": [event(1, "2026-06-15 11:00")]}).delivery.at == T


def test_it_expires_from_when_it_was_due() -> None:
    note = letter(expires_after_seconds=3 * HOURS)
    for hour, minute, dropped in ((11, 59, None), (12, 0, "expired"), (13, 0, "expired")):
        message = sent(note=note, now=at(f"2026-06-15 {hour}:{minute:02}"))
        assert (message.delivery.dropped, message.delivery.expires_at) == (dropped, at("2026-06-15 12:00"))
    asleep = letter(expires_after_seconds=3 * HOURS, quiet=("08:00", "13:00"))
    assert sent(note=asleep, now=at("2026-06-15 05:00")).delivery.dropped == "expired"


def test_nothing_leaves_after_the_campaign() -> None:
    note = letter(quiet=("08:00", "20:00"))
    assert sent(note=note, runs_until=day("2026-06-15")).delivery.dropped is None
    night = letter(quiet=("08:00", "00:30"))
    assert sent(note=night, runs_until=day("2026-06-15")).delivery.dropped == "campaign_ended"
    assert sent(note=night, runs_until=day("2026-06-16")).delivery.dropped is None


@pytest.mark.parametrize(
    ("text", "good"),
    [("a@b", True), ("a@b.c", True), ("@b", False), ("a@", False), ("a@b@c", False), ("a b@c", False), (None, False)],
)
def test_addresses(text: str | None, good: bool) -> None:
    assert is_address(text) is good
    note = letter(type="email", address=own("email", TEXT))
    if text is not None:
        assert (sent(note=note, customer={"email": text}).delivery.dropped is None) is good


def test_a_delayed_message() -> None:
    outcome = replace(send(), tail=tail(delay_seconds=6 * HOURS, alias="later"))
    made = campaign(birthday(), outcomes=(outcome,), messages=(letter(expires_after_seconds=HOURS),))
    world = World("id", ({"id": "a", "born": day("1990-06-15")},))
    (message,) = evaluate([made], CATALOG, world, T).campaigns[0].messages
    assert (message.delivery.at, message.delivery.expires_at) == (at("2026-06-15 15:00"), at("2026-06-15 16:00"))


def test_the_activity_feed_is_visible_for_a_while() -> None:
    assert sent(note=letter(visible_seconds=7 * DAYS)).visible_until == T + timedelta(days=7)
    assert sent().visible_until is None


# ------------------------------------------------------------------------------------------------------------ content


def content(
    segment: str | None, language: str | None, arm: str | None, template: str = "customer.first_name"
) -> ic.Content:
    part = ic.Part("body", template, False, None, SPAN)
    return ic.Content(segment, language, arm, (part,), None, SPAN)


def test_the_most_specific_content() -> None:
    blocks = [content(None, None, None), content("gold", None, None), content("gold", "de", None)]
    blocks += [content(None, "de", "b"), content("gold", "de", "b")]
    note = letter(contents=tuple(blocks))
    table = [
        ((None, None, None), 0),
        (("gold", "en", "a"), 1),
        (("gold", "de", "a"), 2),
        (("others", "de", "b"), 3),
        (("gold", "de", "b"), 4),
        (("others", "de", "a"), 0),
    ]
    for choice, number in table:
        assert content_for(note, *choice) is blocks[number], choice
    assert content_for(letter(contents=(blocks[1],)), "others", None, None) is None


def test_parts_are_rendered_with_what_was_given() -> None:
    table = {
        "customer.first_name": "Ada",
        "outcome.points.amount": "500",
        "outcome.points.account": "Reward points",
        "outcome.points.expires_at": "2026-07-15 12:00:00+00:00",
        "offer.title": "Half price",
        "offer.description": "Fifty percent off",
        "campaign.name": "gift",
        "campaign.data.theme": "summer",
        "occurrence.key": "2026",
        "occurrence.date": "2026-06-15",
        "wallet.points.rewards": "70",
        "wallet.available_points": "70",
        "segment": "others",
        "variant": "x",
        "language": "de",
        "links.unsubscribe": "https://x.example/u",
        "outcome.code.code": "SUNXXXXXXXXXXXX",
    }
    for template, expected in table.items():
        message = sent(
            award(expires=30 * DAYS),
            award(7, alias="second"),
            issue(),
            ic.IssueCode("summer", True, None, tail()),
            note=letter(contents=(content(None, None, None, template),)),
            segments=(ic.Segment("others", None),),
            arms=(ic.Arm("x", Decimal(100)),),
            languages=("de",),
            data=(("theme", "summer"),),
            rows={"balances": [{"customer_id": "a", "account": "rewards", "balance": 70}]},
        )
        assert message.parts == {"body": expected}, template


def test_a_message_that_cannot_be_made_stops_no_other() -> None:
    note = letter(contents=(content(None, None, None, "offer.terms_and_conditions"),))
    for given in ((issue(),), ()):
        message = sent(*given, note=note)
        assert (message.parts, message.delivery.dropped) == ({}, "content")
    quoted: list[Draft] = []
    made = campaign(birthday(), outcomes=(send(),), messages=(note,), languages=("de",))
    world = World("id", ({"id": "a", "born": day("1990-06-15"), "zone": "Asia/Tokyo"},))
    evaluate([made], CATALOG, world, T, settings=Settings(render=lambda each: quoted.append(each)))
    assert (quoted[0].language, quoted[0].zone, quoted[0].message.name) == ("de", "Asia/Tokyo", "note")
    assert quoted[0].quoted["goal"] == {"step": None, "target": None, "completed": None}
    assert quoted[0].quoted["customer"]["tier"] is None


def test_the_room_of_content_renders() -> None:
    text = "{{ outcome.points.amount | number }} points until {{ outcome.points.expires_at | date('%d.%m.') }}"
    part = ic.Part("text", text, False, None, SPAN)
    note = letter(type="sms", contents=(ic.Content(None, None, None, (part,), None, SPAN),))
    made = campaign(birthday(), outcomes=(award(1500, expires=DAYS), send()), messages=(note,), languages=("de",))
    person = {"id": "a", "born": day("1990-06-15")}
    late = at("2026-06-15 20:00")
    for zone_name, said_day in (("UTC", "16.06."), ("Asia/Tokyo", "17.06.")):
        world = World("id", ({**person, "zone": zone_name},))
        (message,) = evaluate([made], CATALOG, world, late, settings=Settings(render=Renderer())).campaigns[0].messages
        assert message.parts == {"text": f"1.500 points until {said_day}"}
    nothing = replace(made, outcomes=(send(),))
    world = World("id", (person,))
    (message,) = evaluate([nothing], CATALOG, world, late, settings=Settings(render=Renderer())).campaigns[0].messages
    assert (message.parts, message.delivery.dropped) == ({}, "content")


@pytest.mark.seed("S1-13", "S1-15", "S1-17")
def test_the_wallet_holds_what_can_be_used() -> None:
    base = {"customer_id": "a", "offer": "half", "state": "issued", "issued_at": at("2026-06-01"), "expires_at": None}
    rows = [{**base, "offer_id": "1"}, {**base, "offer_id": "2", "state": "redeemed"}]
    rows += [{**base, "offer_id": "3", "expires_at": T}, {**base, "offer_id": "4", "expires_at": at("2026-06-16")}]
    note = letter(contents=(content(None, None, None, "wallet.offers"),))
    text = sent(note=note, rows={"wallet": rows}).parts["body"]
    assert [f"'user_offer_id': '{n}'" in text for n in (1, 2, 3, 4)] == [True, False, False, True]


def test_the_event_in_content_and_properties() -> None:
    properties = (
        ic.MessageProperty("spent", "event.n", None, SPAN),
        ic.MessageProperty("sku", "event.sku", "something", SPAN),
        ic.MessageProperty("day", "occurrence.date", None, SPAN),
        ic.MessageProperty("at", "event.seen", None, SPAN),
        ic.MessageProperty("points", "outcome.points.amount", 0, SPAN),
        ic.MessageProperty("fixed", None, Decimal("1.5"), SPAN),
        ic.MessageProperty("born", "customer.born", None, SPAN),
    )
    message = sent(
        note=letter(properties=properties),
        trigger=on(),
        event_context=(of("n"), of("sku", TEXT), of("seen", DATE)),
        rows={"events": [event(1, "2026-06-15 08:00", n=7, sku=None, seen=at("2026-06-15 08:00+02:00"))]},
    )
    assert message.properties == {
        "spent": 7,
        "sku": "something",
        "day": "2026-06-15",
        "at": "2026-06-15T06:00:00Z",
        "points": 0,
        "fixed": Decimal("1.5"),
        "born": "1990-06-15",
    }


def test_copies_for_seeds() -> None:
    """One copy of each content that was used, for everybody on the list; they count nowhere."""
    gold = ic.Segment("gold", compare(own("n"), ">=", 5))
    split = (gold, ic.Segment("others", None))
    note = letter(
        contents=(content("gold", None, None), content(None, None, None)), seeds=("q@x.example", "r@x.example")
    )
    made = campaign(birthday(), outcomes=(send(), tag()), messages=(note,), segments=split)
    people = [
        {"id": name, "born": day("1990-06-15"), "first_name": name, "n": n}
        for name, n in zip("abc", (5, 6, 1), strict=True)
    ]
    found = evaluate([made], CATALOG, World("id", people), T, settings=Settings(render=said)).campaigns[0]
    assert len(found.messages) == 3
    assert [(each.seed, each.address, each.parts["body"]) for each in found.seeds] == [
        ("q@x.example", "q@x.example", "a"),
        ("r@x.example", "r@x.example", "a"),
        ("q@x.example", "q@x.example", "c"),
        ("r@x.example", "r@x.example", "c"),
    ]
    assert found.spent["messages"] == 3
    assert all(each.seed is None for each in found.messages)
