"""Part 3 of the seed checklist: audience, target, segmentation, suppression."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from stand import (
    CATALOG,
    LISTS,
    T,
    at,
    both,
    codes,
    findings,
    given,
    happened,
    lost,
    person,
    tables,
    text_of,
    typed,
    who,
)

from campaign_dsl.review.reference.explain import explain
from campaign_dsl.review.reference.tables import world_of

EXTERNAL = 'message note external {\n    via braze variant triggered_mail\n    settings { braze_campaign_id "a3" }\n  }'
MAILED = (
    "message note email {\n    conversation service\n    purpose transactional\n    content {\n"
    '      subject "Your order"\n      body "<p>Thanks</p>"\n    }\n  }'
)
BUYERS = "audience buyers {\n  where did purchase in last 30 days and status = good\n}\n"

# ------------------------------------------------------------------------------------------------------ named audiences


@pytest.mark.seed("S3-12")
def test_who_enters_and_who_leaves_is_the_difference_of_two_looks() -> None:
    """Two nights apart: `b` has bought, `c`'s purchase is 30 days old."""
    rows = tables(
        [person("a"), person("b"), person("c"), person("d")],
        [
            happened(1, "2026-06-10 12:00", owner="a"),
            happened(2, "2026-06-14 12:00", owner="b"),
            happened(3, "2026-05-14 18:00", owner="c"),
        ],
    )
    one, two = at("2026-06-13 12:00"), at("2026-06-15 12:00")
    predicate = "did purchase in last 30 days and status = good"
    before, after = set(who(predicate, rows, one).split()), set(who(predicate, rows, two).split())
    assert (before, after) == ({"a", "c"}, {"a", "b"})
    for trigger, expected in (("entering", after - before), ("leaving", before - after)):
        text = text_of(behavior=f"on {trigger} audience buyers") + BUYERS
        found = both(text, rows, two, before={"buyers": before})
        assert {each.customer for each in found.effects} == expected
        assert {each.occurrence for each in found.effects} == {f"{trigger}/buyers/2026-06-15T12:00:00Z"}
        assert found.members == {"buyers": frozenset(after)}, "for the next look"


@pytest.mark.seed("S3-13")
def test_a_target_is_an_audience_or_attributes_or_both() -> None:
    rows = tables(
        [person("a", tier="gold"), person("b"), person("c", tier="gold", status="blocked")],
        [happened(n, "2026-06-14 12:00", owner=owner) for n, owner in enumerate("abc")],
    )
    behavior = "every day at 09:00"
    inside = "did purchase in last 30 days and status = good"
    named = both(text_of(audience="where in audience buyers", behavior=behavior) + BUYERS, rows)
    inline = both(text_of(audience=f"where {inside}", behavior=behavior), rows)
    combined = both(text_of(audience="where in audience buyers and tier = gold", behavior=behavior) + BUYERS, rows)
    assert given(named) == given(inline)
    assert [each.customer for each in named.effects] == ["a", "b"]
    assert [each.customer for each in combined.effects] == ["a"]


@pytest.mark.seed("S2-03")
def test_a_region_where_the_offer_is_not_available() -> None:
    """Both policies about those whose region is not known are one word apart."""
    people = [person("ma", region="MA"), person("ny", region="NY"), person("nowhere", region=None)]
    parts = {"behavior": "every day at 09:00", "outcomes": "issue offer five_off"}
    keeps = both(text_of(audience='everyone\n    exclude where region in ["NY"]', **parts), tables(people))
    drops = both(
        text_of(audience='everyone\n    exclude where region in ["NY"] or region is missing', **parts), tables(people)
    )
    asked = both(text_of(audience='where region not in ["NY"]', **parts), tables(people))
    assert [each.customer for each in keeps.effects] == ["ma", "nowhere"]
    assert [each.customer for each in drops.effects] == ["ma"]
    assert [each.customer for each in asked.effects] == ["ma"], "a test on what is missing is false"
    assert lost(keeps) == {"ma": None, "ny": "not_excluded", "nowhere": None}


# ------------------------------------------------------------------------------------------------------------ segments

SEGMENTS = """everyone
    segments {
      best    where tier >= gold
      north   where region in ["MA", "ME"]
      others  otherwise
    }"""


@pytest.mark.seed("S2-04")
def test_every_customer_falls_into_exactly_one_segment() -> None:
    people = [
        person(f"{tier}-{region}", tier=tier, region=region)
        for tier in ("member", "silver", "gold", "platinum")
        for region in ("MA", "NY", None)
    ]
    gives = "\n    ".join(f"tag {tag} when segment {name}" for tag, name in (("vip", "best"), ("runner", "north")))
    text = text_of(
        audience=SEGMENTS, behavior="every day at 09:00", outcomes=f"{gives}\n    tag parent when segment others"
    )
    found = both(text, tables(people))
    assert len(found.effects) == len(people)
    expected = {
        each["customer_id"]: "best"
        if each["tier"] in ("gold", "platinum")
        else "north"
        if each["region"] == "MA"
        else "others"
        for each in people
    }
    assert {each.id: each.segment for each in found.candidates} == expected
    words = {"best": "tag/vip", "north": "tag/runner", "others": "tag/parent"}
    assert {each.customer: each.outcome for each in found.effects} == {k: words[v] for k, v in expected.items()}


@pytest.mark.seed("S2-04")
@pytest.mark.parametrize(
    "segments",
    [
        "best  where tier >= gold",  # the others are in none
        "others  otherwise\n      best  where tier >= gold",  # nobody reaches the second
        "best  where tier >= gold\n      best  where tier = member\n      others  otherwise",
    ],
)
def test_segments_have_to_be_exhaustive_and_exclusive(segments: str) -> None:
    found = codes(text_of(audience=f"everyone\n    segments {{\n      {segments}\n    }}", outcomes="tag vip"))
    assert found
    assert all(each.startswith(("AUD", "NAM")) for each in found)


# --------------------------------------------------------------------------------------------------------- suppression

LISTED = [
    {"address": "  SHARED@Example.COM ", "reason": "complaint", "added_at": at("2026-01-01")},
    {"address": "plus+tag@example.com", "reason": "complaint", "added_at": at("2026-01-01")},
]
OWNERS = {
    "one": "shared@example.com",
    "two": "Shared@example.com",
    "tagged": "PLUS+TAG@example.com",
    "untagged": "plus@example.com",
    "free": "free@example.com",
}


@pytest.mark.seed("S2-05")
@pytest.mark.parametrize(
    ("kind", "message", "behavior"),
    [
        ("messaging", EXTERNAL, "every day at 09:00"),
        ("messaging", EXTERNAL, "on purchase"),
        ("messaging", MAILED, "on purchase"),
        ("promotion", EXTERNAL, "on purchase"),
    ],
)
def test_a_suppressed_address_is_never_written_to(kind: str, message: str, behavior: str) -> None:
    """Upper case, spaces, an address of two customers; by calendar, by event, transactional as well.

    A plus tag is part of an address: `plus+tag@` is listed, `plus@` is not.
    """
    outcomes = "send note" if kind == "messaging" else "issue offer five_off\n    send note"
    text = text_of(
        kind=kind,
        audience="everyone\n    suppress global_suppression",
        behavior=behavior,
        outcomes=outcomes,
        more=message,
        head="priority 1000",
    )
    people = [person(key, email=address) for key, address in OWNERS.items()]
    rows = [happened(n, "2026-06-15 09:00", owner=key) for n, key in enumerate(OWNERS)]
    found = both(text, tables(people, rows, suppressions=LISTED))
    assert lost(found) == {
        "one": "not_suppressed",
        "two": "not_suppressed",
        "tagged": "not_suppressed",
        "untagged": None,
        "free": None,
    }
    assert sorted(each.effect.customer for each in found.messages) == ["free", "untagged"]


@pytest.mark.seed("S2-05")
def test_a_conversation_brings_its_suppression_lists_with_it() -> None:
    """The campaign does not mention the list, and cannot turn it off: there is no word for that."""
    more = (
        "message note email {\n    conversation newsletter\n    content {\n"
        '      subject "News"\n      body "<p>Hello</p>"\n    }\n  }'
    )
    text = text_of(kind="messaging", behavior="every day at 09:00", outcomes="send note", more=more)
    people = [person("one", email="shared@example.com"), person("free")]
    subscribed = [
        {"customer_id": owner, "conversation": "newsletter", "subscribed": True, "changed_at": at("2026-01-01")}
        for owner in ("one", "free")
    ]
    assert [each.name for each in typed(text).suppression] == ["global_suppression"]
    found = both(text, tables(people, suppressions=LISTED, subscriptions=subscribed))
    assert lost(found) == {"one": "not_suppressed", "free": None}


# ----------------------------------------------------------------------------------------------- lists and many sources


@pytest.mark.seed("S2-08")
@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ('interests contains "running"', "both run"),
        ('interests contains any of ["running", "coffee"]', "both coffee run"),
        ('interests contains all of ["running", "coffee"]', "both"),
        ('interests contains none of ["running", "coffee"]', "empty films"),
        ("interests is empty", "empty"),
        ("interests is not empty", "both coffee films run"),
        ("interests is missing", "unknown"),
        ('not (interests contains "running")', "coffee empty films unknown"),
        ("any of children where birth_date >= 2020-01-01", "both"),
        ("all of children where birth_date >= 2020-01-01", "both empty"),
        ("number of children >= 1", "both run"),
        ('address.city = "Boston"', "both"),
        ("in list vip", "M0000051"),
    ],
)
def test_interests_and_preferences(predicate: str, expected: str) -> None:
    young, old = {"name": "x", "birth_date": date(2021, 1, 1)}, {"name": "y", "birth_date": date(2010, 1, 1)}
    boston = {"street": None, "city": "Boston", "region": "MA", "postal_code": None, "country": "US"}
    people = [
        person("both", interests=["running", "coffee"], children=[young], address=boston),
        person("run", interests=["running"], children=[old], address={**boston, "city": "Salem"}),
        person("coffee", interests=["coffee"]),
        person("films", interests=["films"]),
        person("empty", interests=[], children=[]),
        person("unknown", interests=None),
        *([person(LISTS["vip"].keys[0])] if "list vip" in predicate else []),
    ]
    assert who(predicate, tables(people)) == expected


@pytest.mark.seed("S1-06a", "S1-07")
def test_loyalty_customer_and_message_data_in_one_predicate() -> None:
    """Points, tags, message events and profile: everybody is one row, however many rows the sources have."""
    people = [person("all"), person("poor"), person("untagged"), person("silent"), person("blocked", status="blocked")]
    owners = [each["customer_id"] for each in people]
    rows = tables(
        people,
        [happened(n, "2026-06-10", owner=owner, amount=Decimal(5)) for n, owner in enumerate(owners * 3)],
        point_balances=[
            {"customer_id": owner, "account": account, "balance": 10 if owner == "poor" else 900}
            for owner in owners
            for account in ("rewards", "popcorn")
        ],
        customer_tags=[
            {"customer_id": owner, "tag": tag, "tagged_at": at("2026-01-01"), "expires_at": None}
            for owner in owners
            for tag in ("runner", "parent")
            if owner != "untagged"
        ],
        message_events=[
            {
                "event_id": n,
                "customer_id": owner,
                "action": "opened",
                "message": "note",
                "campaign": "gift",
                "channel": "email",
                "occurred_at": at("2026-06-10"),
                "received_at": at("2026-06-10"),
            }
            for n, owner in enumerate(each for each in owners * 2 if each != "silent")
        ],
    )
    predicate = (
        "points in rewards >= 500 and has tag runner and opened any message in last 30 days and status = good "
        "and count of purchase in last 30 days = 3"
    )
    assert who(predicate, rows) == "all"
    found = both(text_of(audience=f"where {predicate}", behavior="every day at 09:00"), rows)
    assert (found.funnel["audience"], len(found.candidates)) == (1, 1)


# --------------------------------------------------------------------------------------------------------- one customer


@pytest.mark.seed("S0-07")
def test_why_one_customer_qualifies_or_not_clause_by_clause() -> None:
    text = text_of(
        audience="where status = good\n      and age >= 13\n      and did purchase in last 30 days",
        behavior="on anniversary of birth_date, at 09:00",
        outcomes="issue offer five_off",
    )
    rows = tables([person("a"), person("b")], [happened(1, "2026-06-14 12:00")])
    campaign, world = typed(text), world_of(CATALOG, rows)
    yes, no = (explain(campaign, [campaign], CATALOG, world, each, T) for each in ("a", "b"))
    assert all(each.reached for each in yes.stages)
    [stopped] = [each for each in no.stages if not each.reached]
    assert stopped.name == "audience"
    [trace] = stopped.traces
    assert [each.result for each in trace.inner] == [True, True, False]


# ------------------------------------------------------------------------------------------------------------ broadcast


@pytest.mark.seed("S1-20")
@pytest.mark.parametrize("setting", ['broadcast "true"', 'broadcast "false"'])
def test_nobody_can_write_broadcast_into_the_settings(setting: str) -> None:
    """The adapter says `broadcast: false` in each request (see the provider's tests); an author has no word for it."""
    more = EXTERNAL.replace('{ braze_campaign_id "a3" }', f'{{\n      braze_campaign_id "a3"\n      {setting}\n    }}')
    [found] = findings(text_of(kind="messaging", outcomes="send note", more=more))
    assert found.code == "MSG015"
    assert "broadcast" in found.message
