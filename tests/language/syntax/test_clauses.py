"""Every clause, in every form the grammar knows: the tree it gives."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from texts import clause, codes, marked, try_clause

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax import tree as t

S = Span(SourceFile("nowhere", ""), 0, 0)


def name(text: str) -> t.Name:
    return t.Name(text, span=S)


def text(value: str) -> t.Text:
    return t.Text(value, span=S)


def path(dotted: str) -> t.Path:
    return t.Path(tuple(name(part) for part in dotted.split(".")), span=S)


def constant(kind: str, value: str) -> t.Constant:
    return t.Constant(kind, value, span=S)


def duration(count: int, unit: str) -> t.Duration:
    return t.Duration(count, unit, span=S)


def equals(left: str, right: t.Constant | t.Path) -> t.Compare:
    return t.Compare("=", path(left), right, op_span=S, span=S)


TIER = equals("tier", path("gold"))


def award(**given: Any) -> t.Award:
    whole: dict[str, Any] = {"expires": None, "alias": None, "condition": None} | given
    return t.Award(500, name("rewards"), name("birthday"), amount_span=S, span=S, **whole)


def message_property(route: str | None, fallback: t.Constant | None) -> t.PropertyOf:
    return t.PropertyOf(name(""), path(route) if route else None, fallback, span=S)


SOUND = [
    ("text_clause", '"Birthday gift"', text("Birthday gift")),
    ("text_clause", r'"a \"b\" \\ \n \t c"', text('a "b" \\ \n \t c')),
    ("text_clause", '""', text("")),
    ("word_clause", "promotion", name("promotion")),
    ("integer_clause", "1_000", t.Number("1000", span=S)),
    ("names_clause", "a", (name("a"),)),
    ("names_clause", "a, b , c", (name("a"), name("b"), name("c"))),
    ("runs_clause", "from 2026-01-01", t.Runs(date(2026, 1, 1), None, span=S)),
    ("runs_clause", "until 2026-12-31", t.Runs(None, date(2026, 12, 31), span=S)),
    (
        "runs_clause",
        "from 2026-01-01 until 2026-12-31",
        t.Runs(date(2026, 1, 1), date(2026, 12, 31), span=S),
    ),
    ("timezone_clause", '"Asia/Tokyo"', t.TimeZone(text("Asia/Tokyo"), False, span=S)),
    ("timezone_clause", 'customer else "UTC"', t.TimeZone(text("UTC"), True, span=S)),
    ("leap_day_clause", "mar_1", name("mar_1")),
    ("misfire_clause", "skip", t.Misfire(0, span=S)),
    ("misfire_clause", "catch up at most 3 days", t.Misfire(3, span=S)),
    ("misfire_clause", "catch  up at\nmost 1 day", t.Misfire(1, span=S)),
    ("where_clause", "tier = gold", TIER),
    ("exclude_clause", "audience employees", t.Exclude(name("employees"), None, span=S)),
    ("exclude_clause", "where tier = gold", t.Exclude(None, TIER, span=S)),
    ("segment_entry", "where tier = gold", TIER),
    ("segment_entry", "otherwise", None),
    ("holdout_clause", "5%", t.Number("5", span=S)),
    ("holdout_clause", "0.125 %", t.Number("0.125", span=S)),
    (
        "on_clause",
        "anniversary of birth_date, at 09:00",
        t.OnAnniversary(name("birth_date"), None, True, text("09:00"), span=S),
    ),
    (
        "on_clause",
        "anniversary of birth_date, 7 days before, at 9:05",
        t.OnAnniversary(name("birth_date"), duration(7, "day"), True, text("09:05"), span=S),
    ),
    (
        "on_clause",
        "anniversary of enrolled_on, 1 week after, at 23:59",
        t.OnAnniversary(name("enrolled_on"), duration(1, "week"), False, text("23:59"), span=S),
    ),
    ("limit_clause", "once per year", t.Limit(1, 1, "year", span=S)),
    ("limit_clause", "3 per day", t.Limit(3, 1, "day", span=S)),
    ("limit_clause", "3 per 30 days", t.Limit(3, 30, "day", span=S)),
    ("limit_clause", "once per customer", t.Limit(1, 1, "ever", span=S)),
    ("limit_clause", "2 ever", t.Limit(2, 1, "ever", span=S)),
    ("budget_clause", "2_000 points", (t.BudgetItem(2000, "points", None, span=S),)),
    (
        "budget_clause",
        '2_000 points, 5 offers approved by "jo@x"',
        (t.BudgetItem(2000, "points", None, span=S), t.BudgetItem(5, "offers", text("jo@x"), span=S)),
    ),
    ("award_clause", "500 points to rewards source birthday", award()),
    (
        "award_clause",
        "500 points to rewards source birthday, expires after 30 days",
        award(expires=duration(30, "day")),
    ),
    ("award_clause", "500 points to rewards source birthday as bonus", award(alias=name("bonus"))),
    (
        "award_clause",
        "500 points to rewards source birthday when segment gold",
        award(condition=t.Condition(name("gold"), None, span=S)),
    ),
    (
        "award_clause",
        "500 points to rewards source birthday, expires after 2 weeks as bonus when tier = gold",
        award(expires=duration(2, "week"), alias=name("bonus"), condition=t.Condition(None, TIER, span=S)),
    ),
    ("issue_clause", "offer half", t.Issue(name("half"), None, None, None, span=S)),
    (
        "issue_clause",
        "offer half, expires after 14 days as extra when segment gold",
        t.Issue(name("half"), duration(14, "day"), name("extra"), t.Condition(name("gold"), None, span=S), span=S),
    ),
    ("tag_clause", "gift for 30 days", t.TagFor(name("gift"), duration(30, "day"), None, None, span=S)),
    (
        "tag_clause",
        "gift for 1 hour as t when tier = gold",
        t.TagFor(name("gift"), duration(1, "hour"), name("t"), t.Condition(None, TIER, span=S), span=S),
    ),
    ("send_clause", "note", t.Send(name("note"), None, span=S)),
    ("send_clause", "note when segment gold", t.Send(name("note"), t.Condition(name("gold"), None, span=S), span=S)),
    ("message_head", "note external", (name("note"), name("external"))),
    ("via_clause", "braze variant v", t.Via(name("braze"), name("v"), span=S)),
    ("quiet_clause", "from 21:00 to 8:00", t.Quiet(text("21:00"), text("08:00"), span=S)),
    ("quiet_clause", "none", t.Quiet(None, None, span=S)),
    ("expires_clause", "after 3 days", duration(3, "day")),
    ("property_entry", '"hello"', message_property(None, constant("text", "hello"))),
    ("property_entry", "5", message_property(None, constant("integer", "5"))),
    ("property_entry", "true", message_property(None, constant("boolean", "true"))),
    ("property_entry", "offer.title", message_property("offer.title", None)),
    (
        "property_entry",
        'customer.first_name else "friend"',
        message_property("customer.first_name", constant("text", "friend")),
    ),
]


@pytest.mark.parametrize(("start", "body", "wanted"), SOUND, ids=[f"{start}: {body}" for start, body, _ in SOUND])
def test_tree(start: str, body: str, wanted: object) -> None:
    assert clause(start, body) == wanted


@pytest.mark.parametrize(("start", "body", "wanted"), SOUND, ids=[f"{start}: {body}" for start, body, _ in SOUND])
def test_spaces_line_ends_and_comments_may_stand_between_words(start: str, body: str, wanted: object) -> None:
    if '"' in body or ":" in body or "2026-" in body:
        return
    spread = "# first\r\n" + body.replace(" ", '  # and "so" { on\r\n\t ') + " # last"
    assert clause(start, spread) == wanted


BROKEN = [
    ("text_clause", "Birthday", "SYN007", "Birthday"),
    ("text_clause", r'"a \q b"', "SYN013", r"\q"),
    ("text_clause", r'"\\\x"', "SYN013", r"\x"),
    ("integer_clause", "1.5", "SYN012", "1.5"),
    ("integer_clause", "1234567890123456789", "SYN012", "1234567890123456789"),
    ("integer_clause", "1__0", "SYN012", "1__0"),
    ("integer_clause", "-1", "SYN007", "-"),
    ("names_clause", "a,", "SYN008", ","),
    ("runs_clause", "from 2026-02-29", "SYN011", "2026-02-29"),
    ("runs_clause", "from 0206-01-01", "SYN011", "0206-01-01"),
    ("runs_clause", "from 2300-01-01", "SYN011", "2300-01-01"),
    ("runs_clause", "from2026-01-01", "SYN007", "from2026"),
    ("runs_clause", "from", "SYN008", "m"),
    ("timezone_clause", "customer", "SYN008", "r"),
    ("misfire_clause", "catch up at most 3 weeks", "SYN012", "3 weeks"),
    ("misfire_clause", "catch up at most 0 days", "SYN012", "0 days"),
    ("misfire_clause", "catch up at most 100 days", "SYN012", "100 days"),
    ("on_clause", "anniversary of birth_date at 09:00", "SYN007", "at"),
    ("on_clause", "anniversary of birth_date, at 24:00", "SYN011", "24:00"),
    ("on_clause", "anniversary of birth_date, at 09:60", "SYN011", "09:60"),
    ("on_clause", "anniversary of birth_date, 7 days, at 09:00", "SYN007", ","),
    ("limit_clause", "once per yearr", "SYN007", "yearr"),
    ("limit_clause", "3per year", "SYN007", "3per"),
    ("budget_clause", "5 tags", "SYN007", "tags"),
    ("award_clause", "500 point to rewards source birthday", "SYN007", "point"),
    ("award_clause", "1,000 points to rewards source birthday", "SYN007", "1,000"),
    ("issue_clause", "half", "SYN007", "half"),
    ("tag_clause", "gift", "SYN008", "t"),
    ("tag_clause", "gift for 30", "SYN008", "0"),
    ("send_clause", "note when", "SYN008", "n"),
    ("message_head", "note", "SYN008", "note"),
    ("quiet_clause", "21:00 to 08:00", "SYN007", "21:00"),
    ("property_entry", "customer.first_name else friend", "SYN007", "friend"),
    ("holdout_clause", "5", "SYN008", "5"),
    ("where_clause", "", "SYN008", ""),
    ("where_clause", "  # nothing", "SYN008", ""),
]


@pytest.mark.parametrize(("start", "body", "code", "place"), BROKEN, ids=[f"{row[0]}: {row[1]}" for row in BROKEN])
def test_what_is_wrong_is_said_once_and_at_its_place(start: str, body: str, code: str, place: str) -> None:
    node, problems = try_clause(start, body)
    assert node is None
    assert codes(problems) == [code]
    assert marked(problems[0]) == place
    assert problems[0].help
