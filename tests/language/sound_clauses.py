"""Every clause in every form the grammar knows, and the tree it gives."""

from __future__ import annotations

from datetime import date
from typing import Any

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
    return t.Award(constant("integer", "500"), name("rewards"), name("birthday"), t.Tail(**given), span=S)


def when(segment: str | None = None, variant: str | None = None, where: t.Expression | None = None) -> t.Condition:
    return t.Condition(name(segment) if segment else None, name(variant) if variant else None, where, span=S)


def schedule(every: int, unit: str, *days: str, **given: Any) -> t.Schedule:
    whole = {"position": None, "day": None, "month": None, "first": None} | given
    return t.Schedule(every, unit, days, at=text("09:00"), span=S, **whole)


def event(of: str, **given: Any) -> t.EventCondition:
    whole = {"geofence": None, "where": None, "quantity": None, "within": None} | given
    return t.EventCondition(name(of), span=S, **whole)


THRICE = t.Quantity("at least", 3, span=S)


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
        award(condition=when("gold")),
    ),
    (
        "award_clause",
        "500 points to rewards source birthday, expires after 2 weeks as bonus when tier = gold",
        award(expires=duration(2, "week"), alias=name("bonus"), condition=when(where=TIER)),
    ),
    (
        "award_clause",
        "5 * event.amount round half up to 0 points to rewards source purchase, at most 5_000, after 2 hours "
        "when variant a",
        t.Award(
            t.Rounded(t.Arithmetic("*", constant("integer", "5"), path("event.amount"), span=S), "half up", 0, span=S),
            name("rewards"),
            name("purchase"),
            t.Tail(at_most=t.Number("5000", span=S), delay=duration(2, "hour"), condition=when(variant="a")),
            span=S,
        ),
    ),
    ("issue_clause", "offer half", t.Issue("offer", name("half"), t.Tail(), span=S)),
    ("issue_clause", "offer half otherwise", t.Issue("offer", name("half"), t.Tail(condition=when()), span=S)),
    ("issue_clause", "code SUMMER26", t.Issue("code", name("SUMMER26"), t.Tail(), span=S)),
    ("issue_clause", "code from pool as c", t.Issue("pool", name("pool"), t.Tail(alias=name("c")), span=S)),
    ("issue_clause", "reward coffee", t.Issue("reward", name("coffee"), t.Tail(), span=S)),
    ("tag_clause", "gift", t.TagFor(name("gift"), None, t.Tail(), span=S)),
    ("untag_clause", "gift", t.Untag(name("gift"), t.Tail(), span=S)),
    ("set_clause", "tier to gold", t.SetTo(name("tier"), path("gold"), t.Tail(), span=S)),
    ("subscribe_clause", "to news", t.Subscription(name("news"), True, t.Tail(), span=S)),
    ("unsubscribe_clause", "from news", t.Subscription(name("news"), False, t.Tail(), span=S)),
    ("record_clause", "entry", t.Record(name("entry"), (), t.Tail(), span=S)),
    (
        "record_clause",
        'entry with store = event.store and source = "app", after 1 day',
        t.Record(
            name("entry"),
            (
                t.Assignment(name("store"), path("event.store"), span=S),
                t.Assignment(name("source"), constant("text", "app"), span=S),
            ),
            t.Tail(delay=duration(1, "day")),
            span=S,
        ),
    ),
    ("review_clause", "2027-01-15", constant("date", "2027-01-15")),
    ("languages_clause", "en, de-AT", t.Languages((name("en"), name("de-AT")), span=S)),
    ("variant_entry", "33.3%", t.Number("33.3", span=S)),
    (
        "on_clause",
        "holiday mothers_day in US, 3 days before, at 09:00",
        t.OnHoliday(name("mothers_day"), name("US"), duration(3, "day"), True, text("09:00"), span=S),
    ),
    (
        "on_clause",
        "holiday easter, at 09:00",
        t.OnHoliday(name("easter"), None, None, True, text("09:00"), span=S),
    ),
    ("on_clause", "second sunday of may at 09:00", schedule(1, "year", "sunday", position="second", month="may")),
    ("on_clause", "purchase", event("purchase")),
    (
        "on_clause",
        "purchase where tier = gold at least 3 times within 14 days",
        event("purchase", where=TIER, quantity=THRICE, within=duration(14, "day")),
    ),
    ("on_clause", "check_in at geofence boston", event("check_in", geofence=name("boston"))),
    ("on_clause", "entering audience lapsed", t.OnCrossing("audience", name("lapsed"), True, span=S)),
    ("on_clause", "leaving geofence boston", t.OnCrossing("geofence", name("boston"), False, span=S)),
    ("on_clause", "code SUMMER26", t.OnCode(name("SUMMER26"), False, span=S)),
    ("on_clause", "code from pool", t.OnCode(name("pool"), True, span=S)),
    ("on_clause", "subscribe to news", t.OnSubscription(name("news"), True, span=S)),
    ("on_clause", "unsubscribe from news", t.OnSubscription(name("news"), False, span=S)),
    ("every_clause", "monday at 9:00", schedule(1, "week", "monday")),
    ("every_clause", "monday, friday at 09:00", schedule(1, "week", "monday", "friday")),
    ("every_clause", "day at 09:00", schedule(1, "day")),
    (
        "every_clause",
        "2 weeks on friday at 09:00 from 2026-01-02",
        schedule(2, "week", "friday", first=date(2026, 1, 2)),
    ),
    ("every_clause", "3 days at 09:00 from 2026-01-02", schedule(3, "day", first=date(2026, 1, 2))),
    ("every_clause", "month on day 31 at 09:00", schedule(1, "month", day=31)),
    ("every_clause", "month on last friday at 09:00", schedule(1, "month", "friday", position="last")),
    ("every_clause", "month on last day at 09:00", schedule(1, "month", position="last")),
    ("every_clause", "5th purchase", t.EveryNth(5, name("purchase"), None, span=S)),
    ("every_clause", "2nd purchase where tier = gold", t.EveryNth(2, name("purchase"), TIER, span=S)),
    ("once_clause", "at 2026-11-27 09:00", t.Once(constant("timestamp", "2026-11-27T09:00:00"), span=S)),
    ("progress_clause", "each step", text("each step")),
    ("group_head", "of", (None,)),
    ("group_head", "of within 30 days", (duration(30, "day"),)),
    ("sequence_head", "within 7 days", duration(7, "day")),
    ("goal_entry", "", event("")),
    ("goal_entry", "at least 3 times", event("", quantity=THRICE)),
    ("goal_entry", "as cart", (event(""), name("cart"))),
    ("then_clause", "purchase as p", t.Step(name("purchase"), None, name("p"), False, None, span=S)),
    (
        "then_clause",
        "purchase where tier = gold within 2 days",
        t.Step(name("purchase"), TIER, None, False, duration(2, "day"), span=S),
    ),
    ("then_clause", "no refund for 4 hours", t.Step(name("refund"), None, None, True, duration(4, "hour"), span=S)),
    ("choice_head", "of", text("of")),
    (
        "budget_clause",
        "5 codes, 6 messages",
        tuple(t.BudgetItem(n, u, None, span=S) for n, u in [(5, "codes"), (6, "messages")]),
    ),
    ("via_clause", "braze", t.Via(name("braze"), None, span=S)),
    ("visible_clause", "for 7 days", duration(7, "day")),
    (
        "content_head",
        "for segment gold, language de-AT, variant a",
        {"segment": name("gold"), "language": name("de-AT"), "variant": name("a")},
    ),
    ("part_clause", '"Hello"', t.Part(name(""), "text", text("Hello"), span=S)),
    ("part_clause", 'file "a.html"', t.Part(name(""), "file", text("a.html"), span=S)),
    ("part_clause", 'mjml "a.mjml"', t.Part(name(""), "mjml", text("a.mjml"), span=S)),
    (
        "issue_clause",
        "offer half, expires after 14 days as extra when segment gold",
        t.Issue(
            "offer",
            name("half"),
            t.Tail(expires=duration(14, "day"), alias=name("extra"), condition=when("gold")),
            span=S,
        ),
    ),
    ("tag_clause", "gift for 30 days", t.TagFor(name("gift"), duration(30, "day"), t.Tail(), span=S)),
    (
        "tag_clause",
        "gift for 1 hour as t when tier = gold",
        t.TagFor(name("gift"), duration(1, "hour"), t.Tail(alias=name("t"), condition=when(where=TIER)), span=S),
    ),
    ("send_clause", "note", t.Send(name("note"), t.Tail(), span=S)),
    ("send_clause", "note when segment gold", t.Send(name("note"), t.Tail(condition=when("gold")), span=S)),
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
