"""Part 2 of the seed checklist: customer, profile, identity."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from stand import (
    Stand,
    T,
    at,
    both,
    findings,
    happened,
    lost,
    person,
    tables,
    text_of,
    who,
)

# --------------------------------------------------------------------------------------------------------- attributes


@pytest.mark.seed("S0-06")
def test_standard_and_own_attributes_are_one_profile() -> None:
    people = [person("a", shoe_size=Decimal("8.5")), person("b", shoe_size=Decimal("12")), person("c")]
    assert who("age >= 18 and status = good and shoe_size <= 9", tables(people)) == "a"


@pytest.mark.seed("S0-13")
def test_an_attribute_that_was_not_declared() -> None:
    [found] = findings(text_of(audience='where favourite_category = "boots"'))
    assert (found.code, found.help) == ("NAM001", "did you mean `favorite_category`?")
    [found] = findings(text_of(audience="where blood_type is known"))
    assert found.code == "NAM001"


BORN = {
    "leap": date(2000, 2, 29),
    "last": date(2000, 12, 31),
    "first": date(2000, 1, 1),
    "none": None,
}


def birthdays(leap_day: str, years: range) -> dict[str, list[date]]:
    """On which days each of `BORN` is congratulated, run every night."""
    text = text_of(head=f"leap_day {leap_day}", behavior="on anniversary of birth_date, at 09:00")
    days = [date(years[0], 1, 1) + timedelta(days=n) for n in range(366 * len(years)) if n < 365 * len(years) + 1]
    found = both(text, tables([person(key, birth_date=day) for key, day in BORN.items()]), T, days=days)
    made: dict[str, list[date]] = {key: [] for key in BORN}
    for each in found.candidates:
        made[each.id].append(each.occurrence.day)
    return made


@pytest.mark.seed("S0-14")
@pytest.mark.parametrize(
    ("leap_day", "leap"),
    [
        ("feb_28", [date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28)]),
        ("mar_1", [date(2024, 2, 29), date(2025, 3, 1), date(2026, 3, 1), date(2027, 3, 1)]),
    ],
)
def test_births_on_awkward_days(leap_day: str, leap: list[date]) -> None:
    found = birthdays(leap_day, range(2024, 2028))
    assert found == {
        "leap": leap,
        "last": [date(year, 12, 31) for year in range(2024, 2028)],
        "first": [date(year, 1, 1) for year in range(2024, 2028)],
        "none": [],
    }


@pytest.mark.seed("S0-22")
def test_thirteen_today_where_she_is() -> None:
    """At 2026-06-15 08:00 UTC it is the 15th in Kiritimati and New York, and still the 14th in Pago Pago."""
    now = at("2026-06-15 08:00")
    zones = ["Pacific/Kiritimati", "Europe/Berlin", "America/New_York", "Pacific/Pago_Pago"]
    people = [person(zone.rpartition("/")[2], time_zone=zone, birth_date=date(2013, 6, 15)) for zone in zones]
    people += [person("unborn", birth_date=None), person("tomorrow", birth_date=date(2013, 6, 16))]
    assert who("age >= 13", tables(people), now) == "Berlin Kiritimati New_York"
    assert who("age < 13", tables(people), now) == "Pago_Pago tomorrow"
    later = now + timedelta(hours=3)
    assert later.astimezone(ZoneInfo("Pacific/Pago_Pago")).time().isoformat() == "00:00:00"
    assert who("age >= 13", tables(people), later) == "Berlin Kiritimati New_York Pago_Pago"
    assert who("not (age >= 13)", tables(people), later) == "tomorrow unborn"


@pytest.mark.seed("S0-22")
def test_a_child_gets_no_birthday_gift() -> None:
    text = text_of(audience="where age >= 13", behavior="on anniversary of birth_date, at 09:00")
    people = [person(f"age{2026 - year}", birth_date=date(year, 6, 15)) for year in (2012, 2013, 2014)]
    found = both(text, tables([*people, person("none", birth_date=None)]))
    assert [each.customer for each in found.effects] == ["age13", "age14"]


@pytest.mark.seed("S1-03")
def test_two_rows_of_one_customer_and_a_row_without_an_id_are_never_a_surprise() -> None:
    """Who is doubtful reaches the ledger as two rows, and is set aside there; who has no id is never read."""
    rows = tables([person("a"), person("b"), {**person("c"), "customer_id": None}])
    found = both(text_of(behavior="once at 2026-06-15 09:00"), rows)
    assert found.funnel["customers"] == 3
    assert found.funnel["readable"] == 2


# ------------------------------------------------------------------------------------------------------------- facets

FACETS = tables(
    [person("a", tier="gold"), person("b"), person("c", tier="silver")],
    [
        happened(1, "2026-06-01 09:00", "purchase", "a", amount=100),
        happened(2, "2026-06-01 09:00", "app_open", "b"),
    ],
    customer_tags=[{"customer_id": "a", "tag": "vip", "tagged_at": at("2026-01-01"), "expires_at": None}],
    point_balances=[{"customer_id": "b", "account": "rewards", "balance": 700}],
    wallet=[
        {
            "wallet_id": 1,
            "customer_id": "c",
            "offer": "five_off",
            "state": "issued",
            "issued_at": at("2026-06-01"),
            "redeemed_at": None,
            "expires_at": None,
        },
        {
            "wallet_id": 2,
            "customer_id": "a",
            "offer": "five_off",
            "state": "redeemed",
            "issued_at": at("2026-05-01"),
            "redeemed_at": at("2026-06-02"),
            "expires_at": None,
        },
    ],
    subscriptions=[
        {"customer_id": "a", "conversation": "newsletter", "subscribed": True, "changed_at": at("2026-01-01")},
        {"customer_id": "b", "conversation": "newsletter", "subscribed": False, "changed_at": at("2026-01-01")},
    ],
    message_events=[
        {
            "event_id": number,
            "customer_id": owner,
            "action": action,
            "message": "birthday_note",
            "campaign": "gift",
            "channel": "email",
            "occurred_at": at("2026-06-10"),
            "received_at": at("2026-06-10"),
        }
        for number, (owner, action) in enumerate([("a", "sent"), ("b", "sent"), ("b", "opened"), ("b", "clicked")])
    ],
    campaign_decisions=[
        {"decision_id": 1, "customer_id": "a", "campaign": "gift", "decided_at": at("2026-06-10")},
        {"decision_id": 2, "customer_id": "b", "campaign": "gift", "decided_at": at("2025-06-10")},
    ],
)


@pytest.mark.seed("S3-05")
@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("did purchase in last 30 days", "a"),
        ("sum of purchase.amount in last 30 days >= 100", "a"),
        ("did app_open in last 30 days", "b"),
        ("tier >= silver", "a c"),
        ("has tag vip", "a"),
        ("points in rewards >= 500", "b"),
        ("points in rewards = 0", "a c"),
        ("has offer five_off", "c"),
        ("redeemed offer five_off in last 30 days", "a"),
        ("received offer five_off ever", "a c"),
        ("subscribed to newsletter", "a"),
        ("unsubscribed from newsletter", "b"),
        ("was sent any message of campaign gift on channel email in last 7 days", "a b"),
        ("received campaign gift in last 30 days", "a"),
        ("received campaign gift ever", "a b"),
    ],
)
def test_every_facet_of_a_profile(predicate: str, expected: str) -> None:
    assert who(predicate, FACETS, text=text_of()) == expected


@pytest.mark.seed("S0-12")
@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("opened any message in last 7 days", "b"),
        ("clicked any message on channel email in last 7 days", "b"),
        ("was sent any message in last 7 days and not opened any message in last 7 days", "a"),
    ],
)
def test_opens_and_clicks_are_behavior(predicate: str, expected: str) -> None:
    assert who(predicate, FACETS) == expected


@pytest.mark.seed("S0-12")
def test_who_complained_of_spam_is_suppressed_in_the_next_run() -> None:
    text = text_of(
        kind="messaging",
        audience="everyone\n    suppress global_suppression",
        behavior="every day at 09:00",
        outcomes="send note",
        more="message note external {\n    via braze variant triggered_mail\n"
        '    settings { braze_campaign_id "a3" }\n  }',
    )
    rows = tables([person("a"), person("b")])
    assert lost(both(text, rows, at("2026-06-14 06:00"))) == {"a": None, "b": None}
    rows["suppressions"] = [{"address": "A@example.com", "reason": "complaint", "added_at": at("2026-06-14 10:00")}]
    assert lost(both(text, rows, at("2026-06-15 06:00"))) == {"a": "not_suppressed", "b": None}


# ------------------------------------------------------------------------------------------------------ status, tiers


@pytest.mark.seed("S3-06")
def test_blocked_and_suspended_customers_are_never_planned() -> None:
    people = [person(each, status=each) for each in ("good", "suspended", "blocked")]
    found = both(text_of(audience="where status = good", behavior="every day at 09:00"), tables(people))
    assert [each.customer for each in found.effects] == ["good"]
    [finding] = findings(text_of(audience="where status = bloked"))
    assert finding.code == "TYP004"
    assert "blocked" in str(finding.help)


@pytest.mark.seed("S3-10")
@pytest.mark.parametrize(
    ("tier", "amount", "points"),
    [
        ("member", "10.50", 11),  # 10.5 is rounded up
        ("member", "10.49", 10),
        ("silver", "0.40", 1),  # 0.4 * 1.25 = 0.5
        ("silver", "0.39", None),  # 0.4875: nothing is given, not zero points
        ("gold", "1.00", 2),  # 1.5
        ("gold", "3.00", 5),  # 4.5
        ("platinum", "0.25", 1),
        ("platinum", "19.99", 40),
    ],
)
def test_what_a_tier_makes_of_points(tier: str, amount: str, points: int | None) -> None:
    award = "award event.amount * tier_multiplier round half up to 0 points to rewards source purchase"
    rows = tables([person("a", tier=tier)], [happened(1, "2026-06-15 09:00", amount=Decimal(amount))])
    found = both(text_of(outcomes=award), rows)
    assert [each.amount for each in found.effects] == ([] if points is None else [points])


@pytest.mark.seed("S3-10")
def test_a_tier_that_changed_on_the_day_itself() -> None:
    """`unchanged for 90 days` holds from exactly 90 days of 24 hours on; the new tier counts at once."""
    since = {"edge": T - timedelta(days=90), "short": T - timedelta(days=90) + timedelta(seconds=1), "today": T}
    people = [person(key, tier="gold", tier_since=moment) for key, moment in since.items()]
    assert who("tier >= gold", tables(people)) == "edge short today"
    assert who("tier unchanged for 90 days", tables(people)) == "edge"


# ---------------------------------------------------------------------------------------- recency, frequency, monetary


@pytest.mark.seed("S3-07")
def test_recency_frequency_and_monetary_by_hand() -> None:
    """T is 2026-06-15 12:00. `r` had everything refunded, `e` bought exactly 365 days ago, `n` never did."""
    bought = [
        ("a", "2026-06-15 11:59", 10),  # today: recency 0
        ("a", "2026-06-14 12:00", 20),  # one day
        ("a", "2025-06-15 12:00", 1000),  # exactly 365 days ago: out of the window
        ("b", "2026-06-14 12:01", 5),  # 23:59 ago: recency 0
        ("c", "2026-03-07 12:00", 300),  # 100 days
        ("e", "2025-06-15 12:00", 7),
        ("f", "2025-06-15 12:00:01", 7),  # one second inside
        ("r", "2026-06-01 12:00", 50),
    ]
    rows = [happened(n, when, owner=owner, amount=Decimal(amount)) for n, (owner, when, amount) in enumerate(bought)]
    rows += [happened(100, "2026-06-02 12:00", "refund", "r", amount=Decimal(50))]
    rows += [happened(101, "2026-06-03 12:00", "refund", "c", amount=Decimal(100))]
    world = tables([person(each) for each in "abcefnr"], rows)
    assert who("recency of purchase = 0", world) == "a b"
    assert who("recency of purchase = 100", world) == "c"
    assert who("recency of purchase = 365", world) == "e"
    assert who("recency of purchase = 364", world) == "f"
    assert who("recency of purchase is missing", world) == "n"
    assert who("count of purchase in last 365 days = 2", world) == "a"
    assert who("count of purchase in last 365 days = 1", world) == "b c f r"
    assert who("count of purchase in last 365 days = 0", world) == "e n"
    assert who("sum of purchase.amount in last 365 days = 30", world) == "a"
    net = "sum of purchase.amount in last 365 days - sum of refund.amount in last 365 days"
    assert who(f"{net} = 0", world) == "r"
    assert who(f"{net} = 200", world) == "c"
    assert who("top 1 by sum of purchase.amount in last 365 days", world) == "c"
    assert who("quintile of (sum of purchase.amount ever) = 5", world) == "a"


@pytest.mark.seed("S3-08")
def test_late_and_out_of_order_events() -> None:
    """Ordered by when it happened, seen once it has arrived: the same question about T has the same answer later."""
    rows = [
        happened(2, "2026-06-10 12:00", amount=2, received_at=at("2026-06-10 12:00")),
        happened(1, "2026-06-09 12:00", amount=1, received_at=at("2026-06-11 12:00")),
        happened(3, "2026-06-08 12:00", amount=3, received_at=at("2026-06-20 12:00")),
    ]
    world = tables([person("a")], rows)
    first, last = "first of purchase.amount ever", "last of purchase.amount ever"
    assert who(f"{first} = 2 and {last} = 2", world, at("2026-06-10 13:00")) == "a"
    assert who(f"{first} = 1 and {last} = 2", world, at("2026-06-12 00:00")) == "a"
    assert who(f"{first} = 3 and {last} = 2", world, at("2026-06-20 12:00")) == "a"
    assert who(f"{first} = 1", world, at("2026-06-20 11:59")) == "a"


@pytest.mark.seed("S3-08")
def test_a_late_event_is_decided_when_it_arrives_and_once() -> None:
    late = happened(1, "2026-06-09 12:00", amount=1, received_at=at("2026-06-11 12:00"))
    stand = Stand({"gift": text_of()}, tables([person("a")], [late]))
    decided = [day for day in range(9, 15) if stand.run(at(f"2026-06-{day:02} 23:00"))["gift"].effects]
    assert decided == [11]


@pytest.mark.seed("S3-09")
def test_a_tag_lives_to_the_second() -> None:
    text = text_of(outcomes="tag vip for 2_592_000 seconds")
    stand = Stand({"gift": text}, tables([person("a")], [happened(1, T)]))
    [effect] = stand.run(T)["gift"].effects
    assert effect.expires_at == T + timedelta(days=30)
    for second, expected in ((2_591_999, "a"), (2_592_000, ""), (2_592_001, "")):
        now = T + timedelta(seconds=second)
        tag = {"customer_id": "a", "tag": "vip", "tagged_at": T, "expires_at": effect.expires_at}
        assert who("has tag vip", tables([person("a")], customer_tags=[tag]), now) == expected


@pytest.mark.seed("S3-09")
@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("has tag vip", "both one"),
        ("has any tag of [vip, runner]", "both one"),
        ("has every tag of [vip, runner]", "both"),
        ("has no tag of [vip, runner]", "none old"),
        ("not has tag vip", "none old"),
    ],
)
def test_tags_that_are_there_or_not(predicate: str, expected: str) -> None:
    tags = [("both", "vip", None), ("both", "runner", T + timedelta(1)), ("one", "vip", None), ("old", "vip", T)]
    rows = [
        {"customer_id": owner, "tag": tag, "tagged_at": at("2026-01-01"), "expires_at": end} for owner, tag, end in tags
    ]
    people = [person(each) for each in ("both", "one", "old", "none")]
    assert who(predicate, tables(people, customer_tags=rows)) == expected
