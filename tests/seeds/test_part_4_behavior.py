"""Part 4 of the seed checklist: behavior, events, rules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from stand import (
    CATALOG,
    Stand,
    T,
    at,
    both,
    codes,
    findings,
    given,
    happened,
    person,
    said,
    tables,
    text_of,
    who,
)

STORES = [
    {
        "store_id": "B1",
        "name": "Boston",
        "city": "Boston",
        "region": "MA",
        "country": "US",
        "time_zone": "America/New_York",
    },
    {"store_id": "L1", "name": "London", "city": "London", "region": "", "country": "GB", "time_zone": "Europe/London"},
    {
        "store_id": "P1",
        "name": "Boston, Lincs",
        "city": "Boston",
        "region": "",
        "country": "GB",
        "time_zone": "Europe/London",
    },
]
BOSTON = """on purchase where sku in ["muffin", "bagel"]
                  and time of day in zone store.time_zone between 06:00 and 11:00
                  and store.city = "Boston" """.rstrip()

# ------------------------------------------------------------------------------------------------- simple and complex


@pytest.mark.seed("S3-14")
def test_muffin_or_bagel_in_the_morning_in_a_store_in_boston() -> None:
    """The seed's example. It is summer: 06:00 in Boston is 10:00 UTC, and 05:00 UTC in London. Ada lives in Tokyo."""
    rows = [
        happened(1, "2026-06-15 10:00", sku="muffin", store_id="B1"),  # 06:00
        happened(2, "2026-06-15 10:05", sku="bagel", store_id="B1"),
        happened(3, "2026-06-15 15:00", sku="bagel", store_id="B1"),  # 11:00, included
        happened(4, "2026-06-15 15:01", sku="bagel", store_id="B1"),  # 11:01
        happened(5, "2026-06-15 09:59", sku="muffin", store_id="B1"),  # 05:59
        happened(6, "2026-06-15 10:10", sku="coffee", store_id="B1"),
        happened(7, "2026-06-15 09:30", sku="muffin", store_id="L1"),  # 10:30, but not in Boston
        happened(8, "2026-06-15 05:30", sku="muffin", store_id="P1"),  # 06:30 in another Boston
        happened(9, "2026-06-15 10:10", sku="muffin", store_id=None),  # online
        happened(10, "2026-06-15 10:10", sku=None, store_id="B1"),
        happened(11, "2026-06-15 10:10", sku="muffin", store_id="gone"),
    ]
    world = tables([person("a", time_zone="Asia/Tokyo")], rows, stores=STORES)
    found = both(text_of(behavior=BOSTON), world, at("2026-06-15 18:00"))
    assert sorted(each.occurrence for each in found.effects) == [f"purchase/{n}" for n in (1, 2, 3, 8)]
    assert "Boston" in said(text_of(behavior=BOSTON))


@pytest.mark.seed("S3-14")
def test_the_same_morning_in_winter_is_an_hour_later() -> None:
    rows = [
        happened(1, "2026-01-15 10:30", sku="muffin", store_id="B1"),  # 05:30
        happened(2, "2026-01-15 11:00", sku="muffin", store_id="B1"),  # 06:00
    ]
    found = both(text_of(behavior=BOSTON), tables([person("a")], rows, stores=STORES), at("2026-01-15 18:00"))
    assert [each.occurrence for each in found.effects] == ["purchase/2"]


@pytest.mark.seed("S3-14")
def test_simple_behavior_and_groups() -> None:
    simple = both(
        text_of(behavior='on purchase where sku = "coffee"'), tables([person("a")], [happened(1, T, sku="coffee")])
    )
    assert given(simple) == [("a", "purchase/1", "tag/vip")]
    both_of = 'all of within 1 day {\n      purchase  where sku = "coffee"\n      check_in\n    }'
    one_of = both_of.replace("all of", "any of")
    rows = [
        happened(1, "2026-06-15 09:00", sku="coffee", owner="a"),
        happened(2, "2026-06-15 10:00", "check_in", "a"),
        happened(3, "2026-06-15 10:00", sku="coffee", owner="b"),
    ]
    people = [person("a"), person("b")]
    assert [each.customer for each in both(text_of(behavior=both_of), tables(people, rows)).effects] == ["a"]
    assert [each.customer for each in both(text_of(behavior=one_of), tables(people, rows)).effects] == ["a", "a", "b"]


# --------------------------------------------------------------------------------------------------------------- k of n


@pytest.mark.seed("S3-15")
@pytest.mark.parametrize("k", [2, 3, 5])
@pytest.mark.parametrize("short", [0, 1])
@pytest.mark.parametrize("edge", [0, 1])
def test_k_times_within_a_week(k: int, short: int, edge: int) -> None:
    """k purchases, one fewer; and the first exactly seven days before the last, or a second less."""
    last = at("2026-06-15 09:00")
    spread = [last - timedelta(hours=n) for n in range(k - 1)]
    first = last - timedelta(days=7) + timedelta(seconds=1 - edge)
    moments = [first, *reversed(spread)]
    rows = [happened(n, moment) for n, moment in enumerate(moments[short:])]
    behavior = f"on purchase at least {k} times within 7 days"
    found = both(text_of(behavior=behavior), tables([person("a")], rows), since=at("2026-06-01 00:00"))
    assert len(found.effects) == int(not short and not edge)


@pytest.mark.seed("S3-15")
@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("did purchase at least 2 times in last 7 days", "b c"),
        ("did purchase exactly 2 times in last 7 days", "b"),
        ("did purchase at most 2 times in last 7 days", "a b n"),
        ("distinct of purchase.sku in last 7 days >= 2", "c"),
        ("sum of purchase.amount in last 7 days >= 30", "c"),
        ("did (purchase as one then purchase where sku = one.sku within 2 hours) in last 7 days", "b"),
    ],
)
def test_counts_distinct_values_sums_and_order(predicate: str, expected: str) -> None:
    bought = {"a": ["x"], "b": ["x", "x"], "c": ["x", "y", "z"]}
    rows = [
        happened(len(skus) * 100 + n, at("2026-06-14 09:00") + timedelta(hours=n), owner=owner, sku=sku, amount=10)
        for owner, skus in bought.items()
        for n, sku in enumerate(skus)
    ]
    assert who(predicate, tables([person(each) for each in "abcn"], rows)) == expected


# -------------------------------------------------------------------------------------------------------------- kinds


@pytest.mark.seed("S3-16")
@pytest.mark.parametrize(
    ("event", "row"),
    [
        ("purchase where store is missing", {"amount": 5}),
        ("purchase where store.kind = shop", {"store_id": "B1"}),
        ('check_in where store.city = "Boston"', {"store_id": "B1", "accuracy_m": 5}),
        ("geofence_crossing where direction = enter", {"title": "boston_stores", "direction": "enter"}),
        ("app_open", {}),
        ('video_watched where video = "tour" and seconds >= 30', {"title": "tour", "quantity": 30}),
    ],
)
def test_purchases_places_and_engagement(event: str, row: dict[str, object]) -> None:
    stores = [{**each, "kind": "shop"} for each in STORES]
    name = event.split(" ", maxsplit=1)[0]
    found = both(text_of(behavior=f"on {event}"), tables([person("a")], [happened(1, T, name, **row)], stores=stores))
    assert given(found) == [("a", f"{name}/1", "tag/vip")]


@pytest.mark.seed("S3-16")
@pytest.mark.parametrize(
    ("behavior", "near"),
    [
        ("on purchas", "purchase"),
        ("on purchase where ammount > 5", "amount"),
        ("on app_open where amount > 5", None),
        ('on purchase where store.cty = "Boston"', "city"),
        ('on video_watched where seconds = "long"', None),
    ],
)
def test_events_and_properties_that_nobody_declared(behavior: str, near: str | None) -> None:
    [found] = findings(text_of(behavior=behavior))
    assert found.code.startswith(("NAM", "TYP"))
    assert near is None or f"`{near}`" in str(found.help)


def crossed(*moves: tuple[str, str]) -> list[dict[str, object]]:
    return [
        happened(n, when, "geofence_crossing", title="boston_stores", direction=way)
        for n, (when, way) in enumerate(moves)
    ]


@pytest.mark.seed("S3-17")
def test_into_and_out_of_a_geofence() -> None:
    rows = crossed(("2026-06-15 09:00", "enter"), ("2026-06-15 09:30", "leave"))
    rows += [happened(9, "2026-06-15 09:10", "geofence_crossing", title="london_store", direction="enter")]
    for trigger, key in (("entering", 0), ("leaving", 1)):
        text = text_of(behavior=f"on {trigger} geofence boston_stores")
        found = both(text, tables([person("a")], rows))
        assert [each.occurrence for each in found.effects] == [f"geofence_crossing/{key}"]


@pytest.mark.seed("S3-17")
def test_leaving_without_having_entered_is_leaving() -> None:
    """Phones miss crossings. Each is an event of its own; none is invented, and none is waited for."""
    rows = crossed(("2026-06-15 09:00", "leave"))
    leaving = both(text_of(behavior="on leaving geofence boston_stores"), tables([person("a")], rows))
    entering = both(text_of(behavior="on entering geofence boston_stores"), tables([person("a")], rows))
    assert (len(leaving.effects), len(entering.effects)) == (1, 0)
    stayed = (
        "sequence within 2 hours {\n"
        '      geofence_crossing  where geofence = "boston_stores" and direction = enter as in_\n'
        "      then geofence_crossing where geofence = in_.geofence and direction = leave\n    }"
    )
    assert both(text_of(behavior=stayed), tables([person("a")], rows)).effects == ()


@pytest.mark.seed("S3-17")
def test_flapping_at_the_border_is_one_visit_with_a_limit() -> None:
    moves = [(f"2026-06-15 09:{minute:02}", "enter" if minute % 2 else "leave") for minute in range(1, 31)]
    rows = tables([person("a")], crossed(*moves))
    free = both(text_of(behavior="on entering geofence boston_stores"), rows)
    limited = both(text_of(behavior="on entering geofence boston_stores\n    limit once per day"), rows)
    assert (len(free.effects), len(limited.effects)) == (15, 1)


@pytest.mark.seed("S3-17")
def test_staying_for_ten_minutes() -> None:
    """Dwell: entered, and has not left for ten minutes."""
    behavior = (
        'sequence {\n      geofence_crossing  where geofence = "boston_stores" and direction = enter\n'
        "      then no geofence_crossing where direction = leave for 10 minutes\n    }"
    )
    for minutes, expected in ((9, 0), (10, 0), (11, 1)):
        left = (at("2026-06-15 09:00") + timedelta(minutes=minutes)).isoformat()
        rows = crossed(("2026-06-15 09:00", "enter"), (left, "leave"))
        assert len(both(text_of(behavior=behavior), tables([person("a")], rows)).effects) == expected


@pytest.mark.seed("S3-18")
def test_a_check_in_at_a_place_with_good_enough_accuracy() -> None:
    """42.3555, -71.0602 is a shop in Boston with 400 m around; positions worse than 200 m say nothing."""
    place = {"latitude": 42.3556, "longitude": -71.0601}
    rows = [
        happened(1, "2026-06-15 09:00", "check_in", **place, accuracy_m=Decimal("200")),
        happened(2, "2026-06-15 09:01", "check_in", **place, accuracy_m=Decimal("200.1")),
        happened(3, "2026-06-15 09:02", "check_in", **place, accuracy_m=None),
        happened(4, "2026-06-15 09:03", "check_in", latitude=42.45, longitude=-71.06, accuracy_m=Decimal(5)),
        happened(5, "2026-06-15 09:04", "check_in", latitude=None, longitude=None, accuracy_m=Decimal(5)),
    ]
    found = both(text_of(behavior="on check_in at geofence boston_stores"), tables([person("a")], rows))
    assert [each.occurrence for each in found.effects] == ["check_in/1"]


# ------------------------------------------------------------------------------------------------------------ calendar


def days_of(behavior: str, born: date, first: date, last: date, leap_day: str = "feb_28") -> list[date]:
    """On which days it happens for somebody born then, asked for every day in between."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    text = text_of(head=f"leap_day {leap_day}", behavior=behavior)
    found = both(text, tables([person("a", birth_date=born)]), T, days=days)
    return [each.occurrence.day for each in found.candidates]


@pytest.mark.seed("S0-23", "S0-03")
@pytest.mark.parametrize(
    ("born", "shift", "expected"),
    [
        (date(1990, 6, 15), "", date(2026, 6, 15)),
        (date(1990, 6, 15), ", 7 days before", date(2026, 6, 8)),
        (date(1990, 6, 15), ", 7 days after", date(2026, 6, 22)),
        (date(1990, 1, 3), ", 7 days before", date(2026, 12, 27)),  # of next year's birthday
        (date(1990, 12, 29), ", 7 days after", date(2026, 1, 5)),  # of last year's birthday
        (date(1990, 3, 2), ", 7 days before", date(2026, 2, 23)),
    ],
)
def test_days_around_a_birthday(born: date, shift: str, expected: date) -> None:
    behavior = f"on anniversary of birth_date{shift}, at 09:00"
    assert days_of(behavior, born, date(2026, 1, 1), date(2026, 12, 31)) == [expected]


@pytest.mark.seed("S0-03", "S0-14")
@pytest.mark.parametrize(
    ("leap_day", "expected"),
    [
        ("feb_28", [date(2024, 2, 22), date(2025, 2, 21), date(2026, 2, 21)]),
        ("mar_1", [date(2024, 2, 22), date(2025, 2, 22), date(2026, 2, 22)]),
    ],
)
def test_half_price_a_week_before_a_leap_day(leap_day: str, expected: list[date]) -> None:
    behavior = "on anniversary of birth_date, 7 days before, at 09:00"
    found = days_of(behavior, date(2000, 2, 29), date(2024, 1, 1), date(2026, 12, 31), leap_day)
    assert found == expected


@pytest.mark.seed("S0-03")
def test_the_offer_of_a_week_before_is_half_the_price() -> None:
    text = text_of(
        behavior="on anniversary of birth_date, 7 days before, at 09:00",
        outcomes="issue offer birthday_half_price, expires after 14 days",
    )
    found = both(text, tables([person("a", birth_date=date(1990, 1, 3))]), at("2026-12-27 12:00"))
    [effect] = found.effects
    assert (effect.occurrence, effect.outcome) == ("2027", "offer/birthday_half_price")
    offer = CATALOG.offers["birthday_half_price"]
    assert (offer.form, offer.percent) == ("percentage_off_item", 50)


MOTHERS_DAY = {
    # year: second Sunday of May; fourth in Lent; France: last Sunday of May, or the first of June at Pentecost
    2024: ("05-12", "03-10", "05-26"),
    2025: ("05-11", "03-30", "05-25"),
    2026: ("05-10", "03-15", "05-31"),
    2027: ("05-09", "03-07", "05-30"),
    2028: ("05-14", "03-26", "05-28"),
    2029: ("05-13", "03-11", "05-27"),
    2030: ("05-12", "03-31", "05-26"),
    2031: ("05-11", "03-23", "05-25"),
    2032: ("05-09", "03-07", "05-30"),
    2033: ("05-08", "03-27", "05-29"),
}
FATHERS_DAY_OF_GERMANY = ("05-09", "05-29", "05-14", "05-06", "05-25", "05-10", "05-30", "05-22", "05-06", "05-26")


@pytest.mark.seed("S0-02")
def test_ten_years_of_mothers_day_by_country() -> None:
    text = text_of(behavior="on holiday mothers_day at 09:00".replace(" at", ", at"))
    people = [person(key, country=key.upper()) for key in ("us", "gb", "fr", "mx")] + [person("xx", country=None)]
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(3653)]
    found = both(text, tables(people), T, days=days)
    made: dict[str, list[str]] = {each["customer_id"]: [] for each in people}
    for each in found.candidates:
        made[each.id].append(each.occurrence.day.isoformat())
    expected = {
        key: [f"{year}-{days[place]}" for year, days in MOTHERS_DAY.items()]
        for place, key in enumerate(("us", "gb", "fr"))
    }
    assert made == {**expected, "mx": [f"{year}-05-10" for year in MOTHERS_DAY], "xx": []}


@pytest.mark.seed("S0-02")
def test_ten_years_of_fathers_day_in_germany() -> None:
    text = text_of(behavior="on holiday fathers_day in DE, at 09:00")
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(3653)]
    found = both(text, tables([person("a", country=None)]), T, days=days)
    got = [each.occurrence.day.isoformat()[5:] for each in found.candidates]
    assert tuple(got) == FATHERS_DAY_OF_GERMANY


@pytest.mark.seed("S0-02")
def test_the_anniversary_of_enrolling() -> None:
    text = text_of(behavior="on anniversary of enrolled_on, at 09:00", outcomes="issue offer five_off")
    people = [person("a", enrolled_on=date(2020, 6, 15)), person("today", enrolled_on=date(2026, 6, 15))]
    found = both(text, tables(people))
    assert ("a", "2026", "offer/five_off") in given(found)


# -------------------------------------------------------------------------------------------------- data of the trigger


@pytest.mark.seed("S1-21c")
def test_anything_the_trigger_says_may_be_sent() -> None:
    more = (
        "message note external {\n    via middleware variant app_push\n    properties {\n"
        '      film     event.film else "a film"\n      seats    event.seats else 1\n'
        "      price    event.amount else 0\n"
        '      cinema   event.cinema else "a cinema"\n    }\n  }'
    )
    text = text_of(kind="messaging", behavior="on ticket_purchase", outcomes="send note", more=more)
    rows = [
        happened(
            1, "2026-06-15 09:00", "ticket_purchase", title="Alien", quantity=2, amount=Decimal("25.00"), store_id="C1"
        ),
        happened(2, "2026-06-15 10:00", "ticket_purchase"),
    ]
    found = both(text, tables([person("a")], rows))
    assert found.messages[0].properties == {"film": "Alien", "seats": 2, "price": Decimal("25.00"), "cinema": "C1"}
    assert found.messages[1].properties == {"film": "a film", "seats": 1, "price": 0, "cinema": "a cinema"}


@pytest.mark.seed("S1-21c")
@pytest.mark.parametrize(
    ("line", "behavior"),
    [
        ("x event.flim", "on ticket_purchase"),
        ("x event.film", "on ticket_purchase"),  # may be missing, and has no fall-back
        ('x event.film else "a"', "every day at 09:00"),  # no event at all
        ('x event.film else "a"', "on ticket_purchase\n    on purchase"),  # not in both
    ],
)
def test_what_the_trigger_does_not_say_is_refused(line: str, behavior: str) -> None:
    more = f"message note external {{\n    via middleware variant app_push\n    properties {{ {line} }}\n  }}"
    found = codes(text_of(kind="messaging", behavior=behavior, outcomes="send note", more=more))
    assert len(found) == 1


# ------------------------------------------------------------------------------------------------------------ progress


@pytest.mark.seed("S1-06d")
def test_progress_is_told_at_each_step_once_and_at_the_end() -> None:
    parts = 'content {\n      title "{{ goal.step }} of {{ goal.target }}"\n      body "Keep going"\n    }'
    text = text_of(
        behavior="every 5th purchase\n    progress each step",
        outcomes="send note when not goal.completed\n    issue offer five_off when goal.completed\n"
        "    send done when goal.completed",
        more=f"message note push {{\n    quiet none\n    {parts}\n  }}\n  message done push {{\n"
        f"    quiet none\n    {parts}\n  }}",
    )
    rows = [happened(n, at("2026-06-01 09:00") + timedelta(days=n)) for n in range(7)]
    stand = Stand({"gift": text}, tables([person("a")], rows))
    told: list[tuple[str, str]] = []
    offers = 0
    for day in range(1, 12):
        for _ in range(2):  # a run that is repeated tells nothing again
            found = stand.run(at(f"2026-06-{day:02} 23:00"))["gift"]
            told += [(each.name, each.parts["title"]) for each in found.messages]
            offers += sum(each.kind == "offer" for each in found.effects)
    steps = [("note", "1 of 5"), ("note", "2 of 5"), ("note", "3 of 5"), ("note", "4 of 5"), ("done", "5 of 5")]
    assert told == [*steps, ("note", "1 of 5"), ("note", "2 of 5")]
    assert offers == 1


# ------------------------------------------------------------------------------------------ vocabulary beyond the seeds


@pytest.mark.seed("docs")
def test_calendar_days_are_not_24_hours() -> None:
    """1 January 00:05 to 2 January 23:55 are two calendar days in the member's zone, and not within 24 h or 47 h."""
    rows = [happened(1, "2026-01-01 00:05-05:00"), happened(2, "2026-01-02 23:55-05:00")]
    world = tables([person("a", time_zone="America/New_York"), person("b", time_zone=None)], rows)
    now = at("2026-01-02 23:55-05:00")
    assert who("did purchase exactly 2 times in last 2 calendar days", world, now) == "a"
    assert who("did purchase exactly 1 times in last 1 calendar days", world, now) == "a"
    assert who("did purchase exactly 1 times in last 47 hours", world, now) == "a"
    assert who("did purchase exactly 2 times in last 48 hours", world, now) == "a"
    assert who("did purchase exactly 2 times in last 2 calendar days", world, now + timedelta(minutes=5)) == ""


@pytest.mark.seed("docs")
def test_calendar_days_without_a_zone_are_those_of_the_default() -> None:
    """The workspace's zone is New York. 2026-01-02 04:59 UTC is still the first there."""
    rows = [happened(1, "2026-01-02 04:59")]
    zones = {"none": None, "utc": "UTC", "berlin": "Europe/Berlin"}
    people = [person(key, time_zone=zone) for key, zone in zones.items()]
    events = [{**rows[0], "event_id": n, "customer_id": key} for n, key in enumerate(zones)]
    now = at("2026-01-02 12:00")
    assert who("did purchase this day", tables(people, events), now) == "berlin utc"


@pytest.mark.seed("docs")
@pytest.mark.parametrize(
    ("behavior", "expected"),
    [
        ("on purchase", [1, 2, 3, 4]),  # any item
        ("on purchase where quantity >= 3", [3]),  # minimum number of items
        ("on purchase where amount >= 20", [2, 3]),  # minimum value
        ('on purchase where sku in ["muffin", "coffee"]', [1, 2]),  # specific items
        ('on purchase where category = "cafe" and quantity = 2', [2]),  # quantity
        ("on code SUMMER26", []),  # using a promo code
    ],
)
def test_words_of_loyalty_rules(behavior: str, expected: list[int]) -> None:
    rows = [
        happened(1, "2026-06-15 09:01", sku="muffin", category="cafe", quantity=1, amount=4),
        happened(2, "2026-06-15 09:02", sku="coffee", category="cafe", quantity=2, amount=20),
        happened(3, "2026-06-15 09:03", sku="boots", category="shoes", quantity=3, amount=300),
        happened(4, "2026-06-15 09:04"),
    ]
    entry = {"entry_id": 7, "customer_id": "a", "code": "SUMMER26", "pool": None}
    entry |= {"occurred_at": at("2026-06-15 09:00"), "received_at": at("2026-06-15 09:00")}
    found = both(text_of(behavior=behavior), tables([person("a")], rows, code_entries=[entry]))
    keys = [each.occurrence for each in found.effects]
    assert keys == ([f"purchase/{n}" for n in expected] or [keys[0]])
    assert len(keys) == max(1, len(expected))


@pytest.mark.seed("docs")
def test_a_pair_of_products_and_points_for_every_dollar() -> None:
    pair = 'all of within 1 day {\n      purchase  where sku = "boots"\n      purchase  where sku = "laces"\n    }'
    rows = [
        happened(1, "2026-06-15 09:00", sku="boots", amount=Decimal("89.50")),
        happened(2, "2026-06-15 09:00", sku="laces", amount=Decimal("5.00")),
    ]
    assert len(both(text_of(behavior=pair), tables([person("a")], rows)).effects) == 1
    assert len(both(text_of(behavior=pair), tables([person("a")], rows[:1])).effects) == 0
    dollars = "award 10 * event.amount round down to 0 points to rewards source purchase"
    found = both(text_of(outcomes=dollars), tables([person("a")], rows))
    assert [each.amount for each in found.effects] == [895, 50]
