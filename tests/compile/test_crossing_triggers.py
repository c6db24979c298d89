"""Entering and leaving an audience: who is in it at T, against who was when it was looked at last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from happenings import COUNTRY, DAY, SPAN, Events, T, campaign, person

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes

USA = nodes.Compare("=", COUNTRY, nodes.Constant("US", Type(Kind.TEXT)))
PEOPLE = [person("new"), person("old"), person("away", country="DE"), person("never", country=None)]
PEOPLE += [person("lost", time_zone="Mars/Base")]
ENTERING, LEAVING = ir.Crossing("lapsed", USA, True, SPAN), ir.Crossing("lapsed", USA, False, SPAN)


@pytest.mark.seed("S3-12")
def test_entering_and_leaving() -> None:
    world = Events(PEOPLE, members_before={"lapsed": ["old", "away", "gone"]})
    assert world.keys(campaign(ENTERING)) == [("new", "entering/lapsed/2026-06-15T12:00:00Z")]
    assert world.keys(campaign(LEAVING)) == [("away", "leaving/lapsed/2026-06-15T12:00:00Z")]


def test_it_happens_at_t() -> None:
    moment = datetime(2026, 6, 15, 23, 30, 0, 5, tzinfo=UTC) + timedelta(hours=4)
    (row,) = Events([person("a")], members_before={"lapsed": []}).ask(campaign(ENTERING), as_of=moment)
    assert row["occurrence"] == "entering/lapsed/2026-06-16T03:30:00.000005Z"
    assert (row["occurred_at"], row["occurrence_day"]) == (moment, "2026-06-15")


def test_without_a_look_before_nobody_crosses() -> None:
    for before in ({}, {"other": ["old"]}):
        world = Events(PEOPLE, members_before=before)
        assert world.keys(campaign(ENTERING)) == world.keys(campaign(LEAVING)) == []


def test_nobody_was_in_it_is_a_look_too() -> None:
    world = Events(PEOPLE, members_before={"lapsed": []})
    assert [who for who, _ in world.keys(campaign(ENTERING))] == ["new", "old"]
    assert world.keys(campaign(LEAVING)) == []


def test_two_audiences_of_one_campaign() -> None:
    germans = nodes.Compare("=", COUNTRY, nodes.Constant("DE", Type(Kind.TEXT)))
    made = campaign(ENTERING, ir.Crossing("germans", germans, True, SPAN), LEAVING)
    world = Events(PEOPLE, members_before={"lapsed": ["old", "away"], "germans": []})
    assert world.keys(made) == [
        ("away", "entering/germans/2026-06-15T12:00:00Z"),
        ("away", "leaving/lapsed/2026-06-15T12:00:00Z"),
        ("new", "entering/lapsed/2026-06-15T12:00:00Z"),
    ]


def test_names_that_would_break_a_literal() -> None:
    names = ["O'Neil", '"', "\\", "a,b", "[]", "ü\u202e", "", "$1"]
    world = Events([person(name) for name in names], members_before={"lapsed": names[1:]})
    assert [who for who, _ in world.keys(campaign(ENTERING))] == ["O'Neil"]
    world = Events([person(name, country=None) for name in names], members_before={"lapsed": names})
    assert sorted(who for who, _ in world.keys(campaign(LEAVING))) == sorted(names)


def test_many_members() -> None:
    world = Events(PEOPLE, members_before={"lapsed": [*(f"member {number}" for number in range(50_000)), "old"]})
    assert [who for who, _ in world.keys(campaign(ENTERING))] == ["new"]


def test_only_on_the_days_of_the_campaign() -> None:
    world = Events(PEOPLE, members_before={"lapsed": ["old"]})
    assert world.keys(campaign(ENTERING, runs_from=(T + DAY).date())) == []
    assert world.keys(campaign(ENTERING, runs_until=(T - DAY).date())) == []
    assert len(world.keys(campaign(ENTERING, runs_from=T.date(), runs_until=T.date()))) == 1
