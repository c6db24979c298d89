"""Part 1 of the seed checklist: what a campaign is."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stand import CATALOG, ROOT, Stand, T, at, both, codes, happened, person, plan, said, tables, text_of, typed
from stand import given as gives

from campaign_dsl.language.catalog.model import Cap

PUSH = 'message note push {\n    content {\n      title "Hello"\n      body "Come in"\n    }\n  }'
INBOX = 'message note inbox {\n    content {\n      header "Hello"\n      body "Come in"\n    }\n  }'
FEED = (
    "message note feed {\n    visible for 7 days\n    content {\n"
    '      header "Hello"\n      body "Come in"\n      image "https://cdn.footwear.example/a.png"\n    }\n  }'
)
EXTERNAL = (
    "message note external {\n    via braze variant birthday_triggered\n"
    '    settings { braze_campaign_id "a3f9" }\n'
    '    properties { first_name customer.first_name else "friend" }\n  }'
)
MAIL = (
    "message note email {\n    conversation newsletter\n    content {\n"
    '      subject "News"\n      body "<p>Hello</p>"\n    }\n  }'
)

# -------------------------------------------------------------------------------------------------- what it is made of


@pytest.mark.seed("S3-01")
@pytest.mark.parametrize("behaviors", [1, 2, 3])
@pytest.mark.parametrize("outcomes", [1, 2, 3])
@pytest.mark.parametrize("messages", [0, 1, 3])
def test_any_number_of_behaviors_outcomes_and_messages(behaviors: int, outcomes: int, messages: int) -> None:
    triggers = ["on purchase", "on app_open", "every day at 09:00"][:behaviors]
    gives = ["tag vip for 30 days", "tag runner for 1 day", "issue offer five_off"][:outcomes]
    sends = [f"send note{number}" for number in range(messages)]
    texts = [PUSH.replace("note", f"note{number}", 1) for number in range(messages)]
    made = typed(
        text_of(behavior="\n    ".join(triggers), outcomes="\n    ".join([*gives, *sends]), more="\n  ".join(texts))
    )
    assert (len(made.triggers), len(made.outcomes), len(made.messages)) == (behaviors, outcomes + messages, messages)


@pytest.mark.seed("S3-01")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("campaign gift {\n}\n", "CMP004"),
        ("campaign gift {\n}\n", "AUD001"),
        ("campaign gift {\n}\n", "BEH001"),
        (text_of(outcomes=""), "CMP004"),
        (text_of(audience=""), "AUD001"),
        (text_of(behavior=""), "BEH001"),
    ],
)
def test_a_campaign_without_a_part_is_refused(text: str, code: str) -> None:
    assert code in codes(text)


WHEN = {
    "now": "once at 2026-06-15 09:00",
    "scheduled": "every monday at 09:00",
    "triggered": "on EVENT",
}
DOES = {"engagement": "app_open", "purchase": "purchase", "location": "check_in"}


@pytest.mark.seed("S3-02")
@pytest.mark.parametrize("event", DOES.values(), ids=DOES)
@pytest.mark.parametrize("mode", WHEN)
def test_a_promotion_in_each_mode_for_each_kind_of_behavior(mode: str, event: str) -> None:
    """2026-06-15 is a Monday; `a` did it and `b` did not."""
    audience = "everyone" if mode == "triggered" else f"where did {event} in last 7 days"
    text = text_of(audience=audience, behavior=WHEN[mode].replace("EVENT", event))
    more = {"latitude": 42.3, "longitude": -71.0, "accuracy_m": 10}
    rows = [happened(7, "2026-06-15 09:00", event, amount=20, **more)]
    found = both(text, tables([person("a"), person("b")], rows))
    key = f"{event}/7" if mode == "triggered" else "2026-06-15T09:00"
    assert gives(found) == [("a", key, "tag/vip")]


SENT = {"push": PUSH, "inbox": INBOX, "feed": FEED, "external": EXTERNAL}
DELIVERED = {
    "one-time": ("once at 2026-06-15 09:00", "2026-06-15T09:00"),
    "recurring": ("every day at 09:00", "2026-06-15T09:00"),
    "scheduled": ("on third monday of june at 09:00", "2026-06-15T09:00"),
    "triggered": ("on purchase", "purchase/7"),
}


@pytest.mark.seed("S3-03")
@pytest.mark.parametrize("delivery", DELIVERED)
@pytest.mark.parametrize("message", SENT)
def test_messaging_of_each_type_in_each_delivery(message: str, delivery: str) -> None:
    behavior, key = DELIVERED[delivery]
    text = text_of(kind="messaging", behavior=behavior, outcomes="send note", more=SENT[message])
    found = both(text, tables([person("a")], [happened(7, "2026-06-15 09:00")]))
    assert gives(found) == [("a", key, "message/note")]
    [sent] = found.messages
    assert sent.delivery.dropped is None
    assert plan(text).steps[0].kind == "message"


@pytest.mark.seed("S3-03")
@pytest.mark.parametrize("outcome", ["award 5 points to rewards source bonus", "issue offer five_off"])
def test_messaging_gives_nothing_of_value(outcome: str) -> None:
    assert codes(text_of(kind="messaging", outcomes=f"{outcome}\n    send note", more=PUSH)) == ["CMP015"]


# ---------------------------------------------------------------------------------------------- campaign information


@pytest.mark.seed("S2-01")
def test_information_of_a_campaign_and_its_defaults() -> None:
    plain = typed(text_of())
    assert (plain.kind, plain.priority, plain.languages, plain.catch_up_days) == ("promotion", 0, (), 0)
    assert (plain.runs_from, plain.runs_until, plain.review) == (None, None, None)
    head = (
        "priority 70\n  languages en, de\n  quiet from 20:00 to 09:00\n  runs from 2026-01-01 until 2026-12-31\n"
        '  title "Gift"\n  owner "jo@footwear.example"'
    )
    full = typed(text_of(head=head, outcomes="tag vip\n    send note", more=PUSH))
    assert (full.priority, full.languages, full.title) == (70, ("en", "de"), "Gift")
    assert (full.runs_from, full.runs_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert full.messages[0].quiet == ("20:00", "09:00")
    without = typed(text_of(outcomes="tag vip\n    send note", more=PUSH))
    assert without.messages[0].quiet == ("21:00", "08:00"), "the workspace's"


@pytest.mark.seed("S2-01")
@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("priority high", "SYN"),
        ("priority -5", "SYN"),
        ("priority 1001", "CMP"),
        ("quiet from 25:00 to 08:00", "SYN"),
        ("runs from 2026-12-31 until 2026-01-01", "CMP"),
        ("languages en, en", "CMP"),
    ],
)
def test_information_that_is_none(head: str, code: str) -> None:
    found = codes(text_of(head=head))
    assert len(found) == 1, found
    assert found[0].startswith(code)


# ------------------------------------------------------------------------------------------------------- occurrences


@pytest.mark.seed("S2-13a")
def test_an_announcement_is_made_once() -> None:
    text = text_of(kind="messaging", behavior="once at 2026-06-15 09:00", outcomes="send note", more=PUSH)
    stand = Stand({"gift": text}, tables([person("a"), person("b")]))
    first = stand.run(at("2026-06-15 06:00"))["gift"]
    assert [each.customer for each in first.effects] == ["a", "b"]
    for day in range(1, 400):
        assert stand.run(at("2026-06-15 06:00") + timedelta(days=day))["gift"].effects == ()
    assert stand.run(at("2026-06-15 07:00"), days=[date(2026, 6, 15)])["gift"].effects == ()


@pytest.mark.seed("S2-13b")
@pytest.mark.parametrize(
    ("behavior", "expected"),
    [
        ("every day at 02:30", 3653),
        ("every monday at 09:00", 522),
        ("every month on day 31 at 09:00", 120),
        ("every 2 weeks on friday at 09:00 from 2024-01-05", 261),
    ],
)
def test_ten_years_of_a_schedule(behavior: str, expected: int) -> None:
    """2024 to 2033: leap days, and 20 changes of the clocks in New York, at 02:00 local time."""
    text = text_of(behavior=behavior)
    stand = Stand({"gift": text}, tables([person("a", time_zone="America/New_York"), person("b")]))
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(3653)]
    assert days[-1] == date(2033, 12, 31)
    found = stand.run(at("2034-01-01 00:00"), days=days)["gift"]
    for owner in ("a", "b"):
        keys = [each.occurrence for each in found.effects if each.customer == owner]
        assert len(keys) == len(set(keys)) == expected
    if "day 31" in behavior:
        february = [
            each.occurrence[:10] for each in found.effects if each.customer == "a" and "-02-" in each.occurrence
        ]
        assert february[:2] == ["2024-02-29", "2025-02-28"]


@pytest.mark.seed("S2-13b")
def test_the_engine_knows_the_same_ten_years() -> None:
    text = text_of(behavior="every month on day 31 at 02:30\n    every sunday at 02:30")
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(3653)]
    people = [person("a", time_zone="America/New_York"), person("b", time_zone="Europe/Berlin")]
    found = both(text, tables(people), at("2034-01-01 00:00"), days=days)
    keys = [each.occurrence for each in found.effects if each.customer == "a"]
    sundays = [each for each in days if each.weekday() == 6]
    ends = [each for each in days if (each + timedelta(days=1)).day == 1]
    assert [key[:10] for key in keys] == [each.isoformat() for each in sorted({*sundays, *ends})]


@pytest.mark.seed("S2-13c")
def test_a_receipt_says_what_was_bought_once_per_purchase() -> None:
    more = (
        "message note email {\n    conversation service\n    purpose transactional\n    content {\n"
        '      subject "Your receipt"\n'
        "      body \"<p>{{ event.amount | default(0) }} for {{ event.sku | default('shoes') }}</p>\"\n    }\n  }"
    )
    text = text_of(kind="messaging", behavior="on purchase", outcomes="send note", more=more)
    rows = [
        happened(1, "2026-06-15 09:00", amount=20, sku="laces"),
        happened(2, "2026-06-15 10:00", amount=80, sku="boots"),
        happened(2, "2026-06-15 10:00", amount=80, sku="boots"),
    ]
    stand = Stand({"gift": text}, tables([person("a", email_consent=False)], rows))
    found = both(text, tables([person("a", email_consent=False)], rows))
    assert [each.parts["body"] for each in found.messages] == ["<p>20 for laces</p>", "<p>80 for boots</p>"]
    assert len(stand.run(T)["gift"].messages) == 2
    assert stand.run(T + timedelta(hours=1), since=at("2026-06-01 00:00"))["gift"].messages == ()


@pytest.mark.seed("S2-13d", "S2-12")
def test_who_opts_out_is_out_of_the_next_newsletter_and_who_opts_in_is_in() -> None:
    texts = {
        "bye": text_of(
            "bye",
            kind="subscription",
            behavior="on unsubscribe from newsletter",
            outcomes="unsubscribe from newsletter",
        ),
        "hello": text_of(
            "hello", kind="subscription", behavior="on subscribe to newsletter", outcomes="subscribe to newsletter"
        ),
        "news": text_of("news", kind="messaging", behavior="every monday at 09:00", outcomes="send note", more=MAIL),
    }
    subscribed = {"conversation": "newsletter", "changed_at": at("2026-01-01")}
    change = {
        "conversation": "newsletter",
        "occurred_at": at("2026-06-14 10:00"),
        "received_at": at("2026-06-14 10:00"),
    }
    rows = tables(
        [person("a"), person("b"), person("c")],
        subscriptions=[
            {"customer_id": "a", "subscribed": True, **subscribed},
            {"customer_id": "c", "subscribed": True, **subscribed},
        ],
        subscription_changes=[
            {"event_id": 1, "customer_id": "a", "subscribed": False, **change},
            {"event_id": 2, "customer_id": "b", "subscribed": True, **change},
        ],
    )
    stand = Stand(texts, rows)
    evening = stand.run(at("2026-06-14 23:00"))
    assert [each.customer for each in evening["bye"].effects] == ["a"]
    assert [each.customer for each in evening["hello"].effects] == ["b"]
    monday = stand.run(at("2026-06-15 06:00"))["news"]
    assert [each.effect.customer for each in monday.messages] == ["b", "c"]
    assert {each.id: each.lost for each in monday.candidates}["a"] == "consented"


@pytest.mark.seed("S2-12")
def test_marketing_needs_consent_and_unknown_is_none() -> None:
    text = text_of(kind="messaging", outcomes="send note", more=PUSH)
    people = [person("a"), person("b", push_consent=False), person("c", push_consent=None)]
    rows = [happened(n, "2026-06-15 09:00", owner=who) for n, who in enumerate("abc")]
    found = both(text, tables(people, rows))
    assert {each.id: each.lost for each in found.candidates} == {"a": None, "b": "consented", "c": "consented"}


@pytest.mark.seed("S2-12")
def test_a_channel_without_a_consent_attribute_cannot_carry_marketing() -> None:
    channels = CATALOG.channels | {"push": CATALOG.channels["push"].model_copy(update={"consent": None})}
    bare = CATALOG.model_copy(update={"channels": channels})
    text = text_of(kind="messaging", outcomes="send note", more=PUSH)
    assert codes(text) == []
    found = codes(text, catalog=bare)
    assert len(found) == 1
    assert found[0].startswith("MSG")


# --------------------------------------------------------------------------------------------- life, priority, running


@pytest.mark.seed("S2-17b")
def test_a_message_that_waits_beyond_the_end_is_dropped_with_its_reason() -> None:
    """Nobody is decided after the last day; and a night's wait may not carry a message over it."""
    text = text_of(
        kind="messaging",
        head="runs from 2026-01-01 until 2026-06-15",
        outcomes="send note",
        more=PUSH,
    )
    rows = tables(
        [person("a"), person("b")],
        [happened(1, "2026-06-15 20:00", owner="a"), happened(2, "2026-06-15 22:00", owner="b")],
    )
    stand = Stand({"gift": text}, rows)
    at_eight, at_ten = stand.run(at("2026-06-15 20:05"))["gift"], stand.run(at("2026-06-15 22:05"))["gift"]
    assert [each.delivery.dropped for each in at_eight.messages] == [None]
    assert [each.delivery.dropped for each in at_ten.messages] == ["campaign_ended"], "quiet until the next morning"
    late = tables([person("a")], [happened(1, "2026-06-16 00:01")])
    assert Stand({"gift": text}, late).run(at("2026-06-16 06:00"))["gift"].effects == ()


@pytest.mark.seed("S2-17b")
def test_a_message_is_dropped_when_its_own_life_is_over() -> None:
    text = text_of(kind="messaging", outcomes="send note", more=PUSH.replace("{", "{\n    expires after 2 hours", 1))
    rows = tables(
        [person("a"), person("b")], [happened(1, "2026-06-15 10:00"), happened(2, "2026-06-15 10:00:01", owner="b")]
    )
    found = both(text, rows, at("2026-06-15 12:00"))
    assert {each.effect.customer: each.delivery.dropped for each in found.messages} == {"a": "expired", "b": None}


@pytest.mark.seed("S2-01p")
@pytest.mark.parametrize(
    ("priorities", "winner"),
    [({"one": 10, "two": 20}, "two"), ({"one": 20, "two": 10}, "one"), ({"one": 20, "two": 20}, "one")],
)
def test_under_a_cap_of_one_the_higher_priority_wins_then_the_name(priorities: dict[str, int], winner: str) -> None:
    texts = {
        name: text_of(name, kind="messaging", head=f"priority {priority}", outcomes="send note", more=PUSH)
        for name, priority in priorities.items()
    }
    cap = Cap(at_most=1, unit="day")
    stand = Stand(texts, tables([person("a")], [happened(1, "2026-06-15 09:00")]), caps={"one_a_day": cap})
    found = stand.run()
    assert [name for name, each in found.items() if each.effects] == [winner]
    loser = next(each for name, each in found.items() if name != winner)
    assert [(each.lost, each.because) for each in loser.candidates] == [("within_caps", "one_a_day")]


@pytest.mark.seed("S0-01")
def test_three_years_of_an_evergreen_birthday_campaign() -> None:
    """Every night for three years, with somebody born on 29 February and somebody who moves her birthday about."""
    head = "runs from 2024-01-01\n  review 2027-01-01"
    text = text_of(head=head, behavior="on anniversary of birth_date, 7 days before, at 09:00\n    limit once per year")
    born = {"a": date(1990, 6, 15), "b": date(1996, 2, 29), "c": date(1990, 1, 3), "d": date(1990, 12, 31)}
    stand = Stand({"gift": text}, tables([person(key, birth_date=day) for key, day in born.items()]))
    got: dict[tuple[str, int], int] = {}
    for number in range(3 * 366):
        day = datetime(2024, 1, 1, 2, tzinfo=UTC) + timedelta(days=number)
        if day.year == 2027:
            break
        for effect in stand.run(day)["gift"].effects:
            got[effect.customer, day.year] = got.get((effect.customer, day.year), 0) + 1
    # 3 January less seven days is 27 December: her gift of 2024 would have been in 2023, that of 2027 is in 2026.
    assert got == {(owner, year): 1 for owner in born for year in (2024, 2025, 2026)}


@pytest.mark.seed("S0-01")
@settings(max_examples=20)
@given(data=st.data())
def test_one_gift_a_year_whoever_and_wherever_and_however_often_it_runs(data: st.DataObject) -> None:
    """Random births, zones, offsets and leap-day policies; nights that are run twice."""
    zones = st.sampled_from(
        ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Asia/Kolkata", None]
    )
    births = st.dates(date(1940, 1, 1), date(2010, 12, 31)) | st.sampled_from([date(2000, 2, 29), date(1999, 12, 31)])
    people = [person(f"m{n}", birth_date=data.draw(births), time_zone=data.draw(zones)) for n in range(4)]
    shift = data.draw(st.sampled_from(["", ", 7 days before", ", 3 days after"]))
    head = f"runs from 2024-01-01\n  leap_day {data.draw(st.sampled_from(['feb_28', 'mar_1']))}"
    text = text_of(head=head, behavior=f"on anniversary of birth_date{shift}, at 09:00\n    limit once per year")
    stand, got = Stand({"gift": text}, tables(people)), Counter[tuple[str, int]]()
    for number in range((date(2027, 1, 1) - date(2024, 1, 1)).days):
        night = datetime(2024, 1, 1, 2, tzinfo=UTC) + timedelta(days=number)
        for _ in range(2 if number % 50 == 0 else 1):
            got.update((effect.customer, night.year) for effect in stand.run(night)["gift"].effects)
    assert got == {(each["customer_id"], year): 1 for each in people for year in (2024, 2025, 2026)}


@pytest.mark.seed("S0-01")
def test_a_campaign_without_an_end_says_when_somebody_looks_at_it_again() -> None:
    made = typed(text_of(head="runs from 2026-01-01\n  review 2027-01-15"))
    assert (made.runs_until, made.review) == (None, date(2027, 1, 15))
    assert "without an end. It is due for a review on" in said(
        text_of(head="runs from 2026-01-01\n  review 2027-01-15")
    )


@pytest.mark.seed("S1-25")
def test_one_message_on_a_schedule_and_on_a_behavior() -> None:
    rows = tables([person("a"), person("b")], [happened(1, "2026-06-15 09:00")])
    parts = {"kind": "messaging", "outcomes": "send note", "more": EXTERNAL}
    apart = [both(text_of(behavior=each, **parts), rows) for each in ("every monday at 09:00", "on purchase")]
    together = both(text_of(behavior="every monday at 09:00\n    on purchase", **parts), rows)
    assert [gives(each) for each in apart] == [
        [("a", "2026-06-15T09:00", "message/note"), ("b", "2026-06-15T09:00", "message/note")],
        [("a", "purchase/1", "message/note")],
    ]
    assert sorted(gives(together)) == sorted(gives(apart[0]) + gives(apart[1]))


@pytest.mark.seed("S1-21d")
def test_custom_data_runtime_id_and_name_in_a_payload() -> None:
    more = (
        "message note external {\n    via middleware variant app_push\n    properties {\n"
        "      season   campaign.data.season\n      runtime  campaign.runtime\n      id       campaign.id\n"
        "      name     campaign.name\n      title    campaign.title\n    }\n  }"
    )
    text = text_of(kind="messaging", head='title "Gift"\n  data { season "summer" }', outcomes="send note", more=more)
    found = both(text, tables([person("a")], [happened(1, "2026-06-15 09:00")]), at("2026-06-15 12:00"))
    assert found.messages[0].properties == {
        "season": "summer",
        "runtime": "2026-06-15T12:00:00Z",
        "id": "gift",
        "name": "gift",
        "title": "Gift",
    }


@pytest.mark.seed("S1-21d")
def test_data_that_the_campaign_does_not_have_is_refused() -> None:
    more = (
        "message note external {\n    via middleware variant app_push\n    properties { x campaign.data.season }\n  }"
    )
    assert len(codes(text_of(kind="messaging", outcomes="send note", more=more))) == 1


@pytest.mark.seed("S3-24")
def test_every_module_of_the_glossary_has_its_sections() -> None:
    """Customers, messaging, offers, loyalty, administration: where a platform has modules, a file has sections."""
    modules = {
        "catalog": {
            "customers": ("customers", "events", "relations", "profile", "suppression_lists"),
            "messaging": ("channels", "conversations", "variants", "seed_lists"),
            "offers": ("offers", "rewards", "promo_codes", "code_pools"),
            "loyalty": ("point_accounts", "tiers", "tags"),
        },
        "workspace": {"administration": ("policies", "gates", "targets", "providers", "caps")},
    }
    for file, parts in modules.items():
        schema = json.loads((ROOT / f"docs/schemas/{file}.schema.json").read_text("utf-8"))
        known = schema["properties"].keys()
        assert {each for sections in parts.values() for each in sections} <= known
