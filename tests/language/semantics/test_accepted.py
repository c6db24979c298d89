"""What expressions mean: the typed nodes that come out of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from campaign_dsl.language.catalog.types import WEEKDAY, Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.expressions import Trigger, event_rows
from wide_catalog import CATALOG, NAMES, refused, sound, valued, without

INTEGER, DECIMAL, TEXT = Type(Kind.INTEGER), Type(Kind.DECIMAL), Type(Kind.TEXT)
BOOLEAN, DATE, INSTANT = Type(Kind.BOOLEAN), Type(Kind.DATE), Type(Kind.TIMESTAMP)
DURATION, TIME = Type(Kind.DURATION), Type(Kind.TIME)
DAY = 86_400
LEVELS, COLORS = ("low", "mid", "high"), ("red", "blue")
TIER, COLOR = Type(Kind.ENUM, False, LEVELS, True), Type(Kind.ENUM, True, COLORS)
CHILD = Type(
    Kind.RECORD, fields=(("age", INTEGER), ("name", TEXT.maybe()), ("toys", Type(Kind.LIST, True, element=TEXT)))
)

NOW, TODAY = ir.Now(INSTANT), ir.Today(DATE)
BUY = ir.EventSource("buy", "events", "kind", "buy", "event_id", "customer_id", "occurred_at", "arrived")
LOOK = ir.EventSource("look", "events", "kind", "look", "event_id", "customer_id", "occurred_at", None)
OPEN = ir.EventSource("open", "opens", None, None, "event_id", "customer_id", "occurred_at", None)
ORDERS = ir.EventSource("orders", "orders", None, None, "order_id", "customer_id", None, None)
STORES, REGIONS = ir.Dimension("stores", "stores", "store_id"), ir.Dimension("regions", "regions", "code")


def attr(name: str, type_: Type, column: str | None = None) -> ir.Attribute:
    return ir.Attribute(name, column or name, type_)


def number(value: int | str) -> ir.Constant:
    return ir.Constant(value, INTEGER) if isinstance(value, int) else ir.Constant(Decimal(value), DECIMAL)


def text(value: str) -> ir.Constant:
    return ir.Constant(value, TEXT)


def word(value: str, type_: Type) -> ir.Constant:
    return ir.Constant(value, Type(Kind.ENUM, False, type_.values, type_.ordered))


def day(year: int, month: int, of: int) -> ir.Constant:
    return ir.Constant(date(year, month, of), DATE)


NOTE, WHOLE, MONEY = attr("note", TEXT.maybe()), attr("whole", INTEGER.maybe()), attr("money", DECIMAL.maybe())
COUNT, BORN, JOINED = attr("count", INTEGER), attr("born", DATE.maybe()), attr("joined", DATE)
SEEN, SINCE = attr("seen", INSTANT.maybe()), attr("since_when", INSTANT, "signed_up_at")
MY_TIER, MY_COLOR = attr("tier", TIER), attr("color", COLOR)
ADDRESS = attr(
    "address", Type(Kind.RECORD, True, fields=(("city", TEXT.maybe()), ("zip", TEXT), ("floor", INTEGER.maybe())))
)
CHILDREN = attr("children", Type(Kind.LIST, True, element=CHILD))
INTERESTS = attr("interests", Type(Kind.LIST, True, element=TEXT))
SIZES = attr("sizes", Type(Kind.LIST, element=INTEGER.maybe()))
SHOP = attr("shop", TEXT.maybe())
HOME = ir.Attribute("home", "home_lat", Type(Kind.GEO, True), "home_lon")
SKU, AMOUNT = ir.Property("sku", "sku", TEXT), ir.Property("amount", "amount", DECIMAL.maybe())
BOUGHT = ir.Property("whole", "whole", INTEGER.maybe())
STORE = ir.Property("store", "store_id", TEXT.maybe())
WHEN = ir.Property("occurred_at", "occurred_at", INSTANT)
TOTAL = ir.Property("total", "total", DECIMAL.maybe())
CITY = ir.Lookup(STORE, STORES, "city", "city", TEXT.maybe())


# --------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("note", NOTE),
        ("customer.note", NOTE),
        ("since_when", SINCE),
        ("home", HOME),
        ("age", ir.Age(BORN, INTEGER.maybe())),
        ("customer.age", ir.Age(BORN, INTEGER.maybe())),
        ("address.city", ir.Field(ADDRESS, "city", TEXT.maybe())),
        ("address.zip", ir.Field(ADDRESS, "zip", TEXT.maybe())),
        ("customer.address.zip", ir.Field(ADDRESS, "zip", TEXT.maybe())),
        ("shop.city", ir.Lookup(SHOP, STORES, "city", "city", TEXT.maybe())),
        (
            "shop.region.title",
            ir.Lookup(
                ir.Lookup(SHOP, STORES, "region", "region", TEXT.maybe()), REGIONS, "title", "title", TEXT.maybe()
            ),
        ),
        (
            "tier_multiplier",
            ir.Choice(
                tuple(
                    (ir.Compare("=", MY_TIER, word(level, TIER)), number(worth))
                    for level, worth in zip(LEVELS, ("1", "1.5", "2"), strict=True)
                ),
                None,
                DECIMAL,
            ),
        ),
    ],
)
def test_names_of_the_customer(path: str, value: ir.Value) -> None:
    assert valued(path) == value


def test_a_tier_without_a_worth_is_missing() -> None:
    assert CATALOG.tiers is not None
    tiers = CATALOG.tiers.model_copy(update={"multipliers": {"low": "1"}})
    names = replace(NAMES, catalog=CATALOG.model_copy(update={"tiers": tiers}))
    found = valued("tier_multiplier", names)
    assert isinstance(found, ir.Choice)
    assert (len(found.cases), found.type) == (1, DECIMAL.maybe())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("sku", SKU),
        ("store", STORE),
        ("store.city", CITY),
        ("occurred_at", WHEN),
        ("where_at", ir.Property("where_at", "lat", Type(Kind.GEO, True), None, "lon")),
        ("time of day", ir.TimeOfDay(WHEN, None, TIME)),
        ("day of week", ir.DayOfWeek(WHEN, None, WEEKDAY)),
        ("now - occurred_at", ir.Elapsed(NOW, WHEN, DURATION)),
    ],
)
def test_names_of_an_event(path: str, value: ir.Value) -> None:
    assert valued(path, NAMES.inside("buy")) == value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.sku", ir.Property("sku", "sku", TEXT, "a")),
        ("a.amount", ir.Property("amount", "price", DECIMAL.maybe(), "a")),
        ("a.occurred_at", ir.Property("occurred_at", "occurred_at", INSTANT, "a")),
        ("sku", SKU),
    ],
)
def test_names_of_an_earlier_step(path: str, value: ir.Value) -> None:
    look, buy = event_rows("look", CATALOG), event_rows("buy", CATALOG)
    assert look is not None
    assert buy is not None
    assert valued(path, NAMES.naming("a", look).in_step(buy)) == value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("event.amount", ir.Property("amount", "amount", DECIMAL.maybe(), "event")),
        ("event.sku", ir.Property("sku", "sku", TEXT, "event")),
        ("buy.sku", ir.Property("sku", "sku", TEXT, "event")),
        ("event.occurred_at", ir.Property("occurred_at", "occurred_at", INSTANT, "event")),
        (
            "event.store.city",
            ir.Lookup(ir.Property("store", "store_id", TEXT.maybe(), "event"), STORES, "city", "city", TEXT.maybe()),
        ),
        ("goal.step", ir.Property("step", "step", INTEGER, "goal")),
        ("goal.completed", ir.Property("completed", "completed", BOOLEAN, "goal")),
        ("note", NOTE),
        ("customer.note", NOTE),
    ],
)
def test_names_of_what_made_a_campaign_happen(path: str, value: ir.Value) -> None:
    buy = event_rows("buy", CATALOG)
    assert buy is not None
    assert valued(path, replace(NAMES, trigger=Trigger((buy,), goal=True))) == value


def test_of_several_events_each_may_be_the_one() -> None:
    buy, look = event_rows("buy", CATALOG), event_rows("look", CATALOG)
    assert buy is not None
    assert look is not None
    either = replace(NAMES, trigger=Trigger((buy, look)))
    assert valued("event.sku", either).type == TEXT
    assert valued("look.sku", either).type == TEXT.maybe()
    assert valued("event.gift", either).type == BOOLEAN.maybe()
    assert [item.code for item in refused("event.amount > 3", either)] == ["NAM023"]
    assert [item.code for item in refused("event.nothing > 3", either)] == ["NAM001"]
    assert [item.code for item in refused("open.nothing > 3", either)] == ["NAM001"]
    sometimes = replace(NAMES, trigger=Trigger((buy,), always=False, goal=True))
    assert valued("event.sku", sometimes).type == TEXT.maybe()
    assert valued("goal.step", sometimes).type == INTEGER.maybe()


@pytest.mark.parametrize(
    ("text_", "codes"),
    [("event.amount > 3", ["NAM023"]), ("goal.step > 3", ["NAM023"]), ("goal.stepp > 3", ["NAM001"])],
)
def test_what_happens_by_the_calendar_has_no_event(text_: str, codes: list[str]) -> None:
    assert [item.code for item in refused(text_, replace(NAMES, trigger=Trigger()))] == codes


def test_steps_of_the_trigger_are_known_to_outcomes_but_not_in_filters() -> None:
    look = event_rows("look", CATALOG)
    assert look is not None
    names = NAMES.naming("a", look).naming("note", look)
    assert valued("a.sku", names) == ir.Property("sku", "sku", TEXT, "a")
    assert valued("note", names) == NOTE
    assert valued("note.sku", names) == ir.Property("sku", "sku", TEXT, "note")
    assert [item.code for item in refused("did buy where sku = a.sku ever", names)] == ["NAM001"]
    assert [item.code for item in refused("did (buy then look where sku = a.sku) ever", names)] == ["NAM001"]
    assert [item.code for item in refused("top 10% by a.amount", names)] == ["NAM001"]
    assert [item.code for item in refused("a = 5", names)] == ["NAM001"]


@pytest.mark.parametrize(
    "filtered", ["did buy where sku = event.sku ever", "top 10% by event.amount", "did buy where event.sku = note ever"]
)
def test_the_event_is_not_known_where_all_customers_or_other_events_are_asked_about(filtered: str) -> None:
    buy = event_rows("buy", CATALOG)
    assert buy is not None
    assert refused(filtered, replace(NAMES, trigger=Trigger((buy,))))


# -------------------------------------------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("text_", "value"),
    [
        ("money / 3", ir.Arithmetic("/", MONEY, number(3), DECIMAL.maybe())),
        ("count / count", ir.Arithmetic("/", COUNT, COUNT, DECIMAL.maybe())),
        ("6 / 4", number("1.5")),
        ("10 / 5", number("2")),
        ("1 / 3", ir.Arithmetic("/", number(1), number(3), DECIMAL.maybe())),
        ("1 / 8192", ir.Arithmetic("/", number(1), number(8192), DECIMAL.maybe())),
        ("money round half up to 2", ir.Round(MONEY, "half up", 2, DECIMAL.maybe())),
        ("money round down to 0", ir.Round(MONEY, "down", 0, INTEGER.maybe())),
        ("count round up to 0", ir.Round(COUNT, "up", 0, INTEGER)),
        ("count round up to 2", ir.Round(COUNT, "up", 2, DECIMAL)),
        ("2.5 round half up to 0", number(3)),
        ("2.5 round half even to 0", number(2)),
        ("-2.5 round half up to 0", number(-3)),
        ("-2.1 round up to 0", number(-3)),
        ("-2.9 round down to 0", number(-2)),
        ("2.345 round half even to 2", number("2.34")),
        ("7 round down to 2", number("7")),
        ("length of note", ir.Function("length of", NOTE, INTEGER.maybe())),
        ("length of sure", ir.Function("length of", attr("sure", TEXT), INTEGER)),
        ("lower of note", ir.Function("lower of", NOTE, TEXT.maybe())),
        ("year of joined", ir.Function("year of", JOINED, INTEGER)),
        ("weekday of born", ir.Function("weekday of", BORN, WEEKDAY.maybe())),
        ("absolute of money", ir.Function("absolute of", MONEY, DECIMAL.maybe())),
        ("absolute of count", ir.Function("absolute of", COUNT, INTEGER.maybe())),
        ("now", NOW),
        ("today", TODAY),
        ("90 days ago", ir.Ago(90 * DAY, INSTANT)),
        ("7 days from now", ir.Ago(-7 * DAY, INSTANT)),
        ("90 calendar days ago", ir.CalendarAgo(90, "day", DATE)),
        ("3 calendar months ago", ir.CalendarAgo(3, "month", DATE)),
        ("2 calendar weeks from now", ir.CalendarAgo(-2, "week", DATE)),
        ("30 days", ir.Constant(timedelta(days=30), DURATION)),
        ("30 days + 12 hours", ir.Constant(timedelta(days=30, hours=12), DURATION)),
        ("1 hour - 1 day", ir.Constant(timedelta(hours=-23), DURATION)),
        ("06:00", ir.Constant(time(6), TIME)),
        ("seen + 30 days", ir.Shift("+", SEEN, ir.Constant(timedelta(days=30), DURATION), INSTANT.maybe())),
        ("30 days + seen", ir.Shift("+", SEEN, ir.Constant(timedelta(days=30), DURATION), INSTANT.maybe())),
        ("now - 2 hours", ir.Shift("-", NOW, ir.Constant(timedelta(hours=2), DURATION), INSTANT.maybe())),
        ("now - since_when", ir.Elapsed(NOW, SINCE, DURATION)),
        ("now - seen", ir.Elapsed(NOW, SEEN, DURATION.maybe())),
        ("born + 30 calendar days", ir.ShiftDay(BORN, 30, "day", DATE.maybe())),
        ("joined - 2 calendar years", ir.ShiftDay(JOINED, -2, "year", DATE.maybe())),
        ("1 calendar month + joined", ir.ShiftDay(JOINED, 1, "month", DATE.maybe())),
        ("time of day", ir.TimeOfDay(NOW, None, TIME)),
        ('time of day in zone "Asia/Tokyo"', ir.TimeOfDay(NOW, text("Asia/Tokyo"), TIME)),
        ("day of week in zone sure", ir.DayOfWeek(NOW, attr("sure", TEXT), WEEKDAY.maybe())),
        ("number of sizes", ir.ListCount(SIZES, None, INTEGER)),
        (
            "number of children where age < 5",
            ir.ListCount(
                CHILDREN,
                ir.Compare("<", ir.Field(ir.Element(CHILD), "age", INTEGER), number(5)),
                INTEGER.maybe(),
            ),
        ),
        ("number of orders", ir.Aggregate("count", ORDERS, None, None, None, INTEGER)),
        ("sum of orders.total", ir.Aggregate("sum", ORDERS, TOTAL, None, None, DECIMAL.maybe())),
        ("count of buy ever", ir.Aggregate("count", BUY, None, None, ir.Bounded(), INTEGER)),
        ("distinct of buy.sku ever", ir.Aggregate("distinct", BUY, SKU, None, ir.Bounded(), INTEGER)),
        ("first of buy.sku ever", ir.Aggregate("first", BUY, SKU, None, ir.Bounded(), TEXT.maybe())),
        ("last of buy.store.city ever", ir.Aggregate("last", BUY, CITY, None, ir.Bounded(), TEXT.maybe())),
        (
            "average of buy.whole in last 7 days",
            ir.Aggregate("average", BUY, BOUGHT, None, ir.Rolling(7 * DAY), DECIMAL.maybe()),
        ),
        (
            "most frequent of buy.color ever",
            ir.Aggregate("most frequent", BUY, ir.Property("color", "color", COLOR), None, ir.Bounded(), COLOR),
        ),
        ("recency of buy", ir.Aggregate("recency", BUY, None, None, ir.Bounded(), INTEGER.maybe())),
        (
            "quintile of count of buy ever",
            ir.Quintile(ir.Aggregate("count", BUY, None, None, ir.Bounded(), INTEGER), INTEGER),
        ),
        ("quintile of whole", ir.Quintile(WHOLE, INTEGER.maybe())),
    ],
)
def test_values(text_: str, value: ir.Value) -> None:
    assert valued(text_) == value


# --------------------------------------------------------------------------------------------------------------- tests


AGES = ir.Field(ir.Element(CHILD), "age", INTEGER)
PLAYS = Type(Kind.LIST, True, element=TEXT)


@pytest.mark.parametrize(
    ("text_", "predicate"),
    [
        (
            "now - since_when > 30 days",
            ir.Compare(">", ir.Elapsed(NOW, SINCE, DURATION), ir.Constant(timedelta(30), DURATION)),
        ),
        ("born < 90 days ago", ir.Compare("<", BORN, ir.Ago(90 * DAY, INSTANT))),
        ("seen >= today", ir.Compare(">=", SEEN, TODAY)),
        (
            "day of week in [saturday, sunday]",
            ir.InList(ir.DayOfWeek(NOW, None, WEEKDAY), (word("saturday", WEEKDAY), word("sunday", WEEKDAY)), False),
        ),
        (
            "weekday of born = monday",
            ir.Compare("=", ir.Function("weekday of", BORN, WEEKDAY.maybe()), word("monday", WEEKDAY)),
        ),
        (
            "time of day between 06:00 and 11:00",
            ir.Between(ir.TimeOfDay(NOW, None, TIME), ir.Constant(time(6), TIME), ir.Constant(time(11), TIME), False),
        ),
        ("interests is empty", ir.IsEmpty(INTERESTS, False)),
        ("interests is not empty", ir.IsEmpty(INTERESTS, True)),
        ("interests is known", ir.IsKnown(INTERESTS)),
        ('interests contains "a"', ir.ListTest("any", INTERESTS, (text("a"),))),
        ('interests does not contain "a"', ir.ListTest("none", INTERESTS, (text("a"),))),
        ('interests contains all of ["a", "b"]', ir.ListTest("all", INTERESTS, (text("a"), text("b")))),
        (
            "interests contains sure",
            ir.Quantified("any", INTERESTS, ir.Compare("=", ir.Element(TEXT), attr("sure", TEXT))),
        ),
        (
            "interests does not contain note",
            ir.AllOf((ir.IsKnown(NOTE), ir.Quantified("none", INTERESTS, ir.Compare("=", ir.Element(TEXT), NOTE)))),
        ),
        (
            'interests contains "A" ignoring case',
            ir.Quantified(
                "any",
                INTERESTS,
                ir.Compare(
                    "=", ir.Function("lower of", ir.Element(TEXT), TEXT), ir.Function("lower of", text("A"), TEXT)
                ),
            ),
        ),
        ("sizes contains 5", ir.ListTest("any", SIZES, (number(5),))),
        (
            "any of sizes where it > 5",
            ir.Quantified("any", SIZES, ir.Compare(">", ir.Element(INTEGER.maybe()), number(5))),
        ),
        ("all of children where age < 5", ir.Quantified("all", CHILDREN, ir.Compare("<", AGES, number(5)))),
        ("none of children where it.age < whole", ir.Quantified("none", CHILDREN, ir.Compare("<", AGES, WHOLE))),
        (
            "any of children where (any of toys where it = name)",
            ir.Quantified(
                "any",
                CHILDREN,
                ir.Quantified(
                    "any",
                    ir.Field(ir.Element(CHILD), "toys", PLAYS),
                    ir.Compare("=", ir.Element(TEXT), ir.Field(ir.Element(CHILD, 1), "name", TEXT.maybe())),
                ),
            ),
        ),
        (
            "any of children where customer.age > 50",
            ir.Quantified("any", CHILDREN, ir.Compare(">", ir.Age(BORN, INTEGER.maybe()), number(50))),
        ),
        ("home within 2.5 km of 42.5, -71", ir.Within(HOME, (ir.Circle(Decimal("42.5"), Decimal(-71), 2500),), None)),
        ("home within 1 mile of 0, 0", ir.Within(HOME, (ir.Circle(Decimal(0), Decimal(0), 1609),), None)),
        (
            "home inside geofence stores",
            ir.Within(
                HOME,
                (ir.Circle(Decimal("42.36"), Decimal("-71.05"), 500), ir.Circle(Decimal("40.7"), Decimal(-74), 100)),
                "stores",
            ),
        ),
        ("anniversary of born today", ir.AnniversaryIn(BORN, 0, 0)),
        ("anniversary of born in next 7 calendar days", ir.AnniversaryIn(BORN, 0, 6)),
        ("anniversary of born in last 2 calendar weeks", ir.AnniversaryIn(BORN, -13, 0)),
        (
            "tier unchanged for 90 days",
            ir.Compare("<=", attr("tier.changed_at", INSTANT.maybe(), "tier_since"), ir.Ago(90 * DAY, INSTANT)),
        ),
        ("level unchanged for 90 days", ir.Compare("<=", SINCE, ir.Ago(90 * DAY, INSTANT))),
        ("top 12.5% by whole", ir.Rank(WHOLE, Decimal("12.5"), None, True)),
        ("bottom 10 by born", ir.Rank(BORN, None, 10, False)),
        ("in list known", ir.InStaticList("known", ("7", "8"))),
        ('in random sample of 10% salt "spring"', ir.Sample(Decimal(10), "sample/spring")),
        ("in audience fans", ir.InAudience("fans", ir.Always())),
    ],
)
def test_conditions(text_: str, predicate: ir.Predicate) -> None:
    assert sound(text_) == predicate


@pytest.mark.parametrize(
    ("text_", "window"),
    [
        ("in last 2 calendar weeks", ir.Calendar(2, "week")),
        ("in last 6 calendar months", ir.Calendar(6, "month")),
        ("in last 1 calendar year", ir.Calendar(1, "year")),
        ("this month", ir.Calendar(1, "month")),
        ("this day", ir.Calendar(1, "day")),
        ("last week", ir.Calendar(1, "week", 1)),
        ("since 90 days ago", ir.Bounded(since=ir.Ago(90 * DAY, INSTANT))),
        ("after 3 calendar months ago", ir.Bounded(after=ir.CalendarAgo(3, "month", DATE))),
        ("since today", ir.Bounded(since=TODAY)),
        ("until now", ir.Bounded(until=NOW)),
        ("since 2026-01-01 until 2026-01-01", ir.Bounded(since=day(2026, 1, 1), until=day(2026, 1, 1))),
        ("until 2026-02-01 after 2026-01-01", ir.Bounded(after=day(2026, 1, 1), until=day(2026, 2, 1))),
        ("between 2026-01-01 and 30 days ago", ir.Bounded(since=day(2026, 1, 1), until=ir.Ago(30 * DAY, INSTANT))),
        ("after 2026-01-01 before 2026-01-03", ir.Bounded(after=day(2026, 1, 1), before=day(2026, 1, 3))),
        (
            "after 2026-01-01 00:00Z before 2026-01-01 00:01Z",
            ir.Bounded(
                after=ir.Constant(datetime(2026, 1, 1, tzinfo=UTC), INSTANT),
                before=ir.Constant(datetime(2026, 1, 1, 0, 1, tzinfo=UTC), INSTANT),
            ),
        ),
    ],
)
def test_windows(text_: str, window: ir.Window) -> None:
    assert sound(f"did open {text_}") == ir.Did(OPEN, None, window, 1, None)


IN_30_DAYS = ir.Rolling(30 * DAY)


@pytest.mark.parametrize(
    ("text_", "predicate"),
    [
        ("exists orders", ir.Did(ORDERS, None, None, 1, None)),
        (
            "exists orders where total > 5",
            ir.Did(ORDERS, ir.Compare(">", TOTAL, number(5)), None, 1, None),
        ),
        ("first did open in last 30 days", ir.FirstDid(OPEN, None, IN_30_DAYS)),
        (
            "stopped doing open in last 30 days",
            ir.AllOf((ir.Did(OPEN, None, ir.Bounded(), 1, None), ir.Did(OPEN, None, IN_30_DAYS, 0, 0))),
        ),
        ("resumed doing open in last 30 days after 2 weeks", ir.Resumed(OPEN, None, IN_30_DAYS, 14 * DAY)),
        (
            "doing open in each of last 3 calendar months",
            ir.AllOf(tuple(ir.Did(OPEN, None, ir.Calendar(1, "month", back), 1, None) for back in range(3))),
        ),
        (
            "doing open in each of last 2 weeks",
            ir.AllOf(
                (
                    ir.Did(OPEN, None, ir.Rolling(7 * DAY), 1, None),
                    ir.Did(
                        OPEN,
                        None,
                        ir.Bounded(after=ir.Ago(14 * DAY, INSTANT), until=ir.Ago(7 * DAY, INSTANT)),
                        1,
                        None,
                    ),
                )
            ),
        ),
        (
            "did (look as cart then buy where sku = cart.sku within 7 days then no open for 2 days) in last 30 days",
            ir.Sequence(
                (
                    ir.Step(LOOK, None, "cart", False, None),
                    ir.Step(BUY, ir.Compare("=", SKU, ir.Property("sku", "sku", TEXT, "cart")), None, False, 7 * DAY),
                    ir.Step(OPEN, None, None, True, 2 * DAY),
                ),
                IN_30_DAYS,
            ),
        ),
    ],
)
def test_over_time(text_: str, predicate: ir.Predicate) -> None:
    assert sound(text_) == predicate


# ------------------------------------------------------------------------------------------------------------- profile


TAGS = ir.EventSource("tags", "tags", None, None, None, "customer_id", None, None)
POINTS = ir.EventSource("points", "balances", None, None, None, "customer_id", None, None)
WALLET = ir.EventSource("wallet", "wallet", None, None, "offer_id", "customer_id", None, None)
SUBS = ir.EventSource("subscriptions", "subs", None, None, None, "customer_id", None, None)
MESSAGES = ir.EventSource("messages", "msgs", None, None, "event_id", "customer_id", "occurred_at", None)
DECISIONS = ir.EventSource("decisions", "decisions", None, None, "event_id", "customer_id", "occurred_at", None)


def prop(name: str, type_: Type = TEXT) -> ir.Property:
    return ir.Property(name, name, type_.maybe())


def same(name: str, value: str) -> ir.Predicate:
    return ir.Compare("=", prop(name), text(value))


ENDS = prop("expires_at", INSTANT)
NOT_OVER = ir.AnyOf((ir.Negate(ir.IsKnown(ENDS)), ir.Compare(">", ENDS, NOW)))
BALANCE = ir.Aggregate("sum", POINTS, prop("balance", INTEGER), same("account", "rewards"), None, INTEGER.maybe())


def tagged(which: ir.Predicate, at_least: int = 1, at_most: int | None = None) -> ir.Did:
    return ir.Did(TAGS, ir.AllOf((which, NOT_OVER)), None, at_least, at_most)


VIP_OR_GONE = ir.InList(prop("tag"), (text("vip"), text("gone")), False)


def said(yes: bool) -> ir.Did:
    test = ir.Compare("=", prop("subscribed", BOOLEAN), ir.Constant(yes, BOOLEAN))
    return ir.Did(SUBS, ir.AllOf((same("conversation", "news"), test)), None, 1, None)


@pytest.mark.parametrize(
    ("text_", "predicate"),
    [
        ("has tag vip", tagged(same("tag", "vip"))),
        ("has every tag of [vip, gone]", ir.AllOf((tagged(same("tag", "vip")), tagged(same("tag", "gone"))))),
        ("has any tag of [vip, gone]", tagged(VIP_OR_GONE)),
        ("has no tag of [vip, gone]", tagged(VIP_OR_GONE, 0, 0)),
        (
            "points in rewards >= 500",
            ir.Compare(">=", ir.Choice(((ir.IsKnown(BALANCE), BALANCE),), number(0), INTEGER), number(500)),
        ),
        (
            "has offer half",
            ir.Did(WALLET, ir.AllOf((same("offer", "half"), same("state", "issued"), NOT_OVER)), None, 1, None),
        ),
        (
            "redeemed offer half in last 30 days",
            ir.Did(replace(WALLET, occurred_column="redeemed_at"), same("offer", "half"), IN_30_DAYS, 1, None),
        ),
        (
            "received offer half ever",
            ir.Did(replace(WALLET, occurred_column="issued_at"), same("offer", "half"), ir.Bounded(), 1, None),
        ),
        ("subscribed to news", said(True)),
        ("unsubscribed from news", said(False)),
        (
            "opened message note of campaign old_gift in last 30 days",
            ir.Did(
                MESSAGES,
                ir.AllOf((same("action", "opened"), same("message", "note"), same("campaign", "old_gift"))),
                IN_30_DAYS,
                1,
                None,
            ),
        ),
        ("was sent any message ever", ir.Did(MESSAGES, same("action", "sent"), ir.Bounded(), 1, None)),
        (
            "clicked any message on channel mail at most 2 times ever",
            ir.Did(MESSAGES, ir.AllOf((same("action", "clicked"), same("channel", "mail"))), ir.Bounded(), 0, 2),
        ),
        (
            "received campaign gift at least 2 times in last 30 days",
            ir.Did(DECISIONS, same("campaign", "gift"), IN_30_DAYS, 2, None),
        ),
    ],
)
def test_the_profile_is_said_in_rows_and_filters(text_: str, predicate: ir.Predicate) -> None:
    assert sound(text_) == predicate


@pytest.mark.parametrize(
    ("text_", "facet"),
    [
        ("has tag vip", "tags"),
        ("points in rewards > 5", "points"),
        ("has offer half", "wallet"),
        ("redeemed offer half ever", "wallet"),
        ("subscribed to news", "subscriptions"),
        ("was sent any message ever", "messages"),
        ("received campaign gift ever", "decisions"),
    ],
)
def test_a_facet_that_the_catalog_does_not_have(text_: str, facet: str) -> None:
    (item,) = refused(text_, without(facet))
    assert item.code == "NAM017"
    assert item.help == f"add `{facet}: {{table: ...}}` to `profile` in catalog.yaml"


def test_campaigns_are_not_checked_where_nobody_knows_them() -> None:
    assert sound("received campaign anything ever", replace(NAMES, campaigns=None))
