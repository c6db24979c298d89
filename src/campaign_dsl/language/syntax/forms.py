"""Every form that a clause or an expression can have: the table behind the reference page.

A form is one alternative of a rule of the grammar. A test compares this table with the grammar, another one reads each
example and sees that it is of its form, and that it has a type in the sample workspace.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    Args:
        rule: its name in the grammar.
        example: how it looks.
        summary: what it means, in a sentence or two.
    """

    rule: str
    example: str
    summary: str


def _forms(*rows: tuple[str, str, str]) -> tuple[Form, ...]:
    return tuple(Form(*row) for row in rows)


CONDITIONS: dict[str, tuple[Form, ...]] = {
    "Comparing": _forms(
        (
            "comparison",
            "age >= 18",
            "Text compares by code point, ordered enums by their order, days with instants by local day.",
        ),
        ("between", "age between 18 and 30", "Both ends are included; false when any of the three is missing."),
        ("not_between", "age not between 18 and 30", "Known, and outside of the range."),
        ("in_list", 'country in ["US", "CA"]', "One of the values."),
        ("not_in_list", 'country not in ["US", "CA"]', "Known, and none of the values."),
        ("is_known", "email is known", "There is a value."),
        ("is_missing", "email is missing", "There is no value."),
        (
            "unchanged",
            "tier unchanged for 90 days",
            "It changed that long ago, or longer. The catalog says where that is noted (`changed_at`).",
        ),
    ),
    "Joining": _forms(
        ("negated", 'not country = "US"', "The complement: it holds for those without a country too."),
        ("group", "(tier = gold or tier = platinum)", "Parentheses; `not` binds tightest, then `and`, then `or`."),
        ("in_audience", "in audience employees", "The condition of a named audience, its exclusions taken off."),
        ("everyone", "everyone", "Always. An empty audience never means everyone; this word does."),
    ),
    "Text": _forms(
        (
            "text_test",
            'first_name starts with "Mc" ignoring case',
            "No character is a wildcard. `ignoring case` may follow.",
        ),
        (
            "matches",
            'email matches "@example[.]com$"',
            "Some part fits the regular expression, of which only what all engines share is allowed.",
        ),
    ),
    "Lists and records": _forms(
        (
            "list_test",
            'interests contains any of ["running", "hiking"]',
            "At least one, all, or none of the values; false when the list is missing.",
        ),
        ("is_empty", "interests is empty", "A list without an element; a missing list is not empty."),
        ("is_not_empty", "interests is not empty", "A list with at least one element."),
        (
            "quantified",
            "any of children where birth_date >= 2015-01-01",
            "At least one, all, or none of the elements satisfy it. An element that is no record is called `it`.",
        ),
    ),
    "Events": _forms(
        (
            "did",
            "did purchase where amount >= 100 at least 3 times in last 90 days",
            "Events that match, each id once. Without a count: at least once; `at most` includes "
            "never; `exactly` is the third.",
        ),
        (
            "did_between",
            "did purchase between 2026-01-01 and 2026-01-31",
            "Both ends are included. Where a `where` stands before it, write `since X until Y`.",
        ),
        ("did_not", "did not purchase in last 90 days", "Never in that window."),
        (
            "did_not_between",
            "did not purchase between 2026-01-01 and 2026-01-31",
            "Never between the two, both included.",
        ),
        ("first_did", "first did purchase in last 30 days", "Her very first one lies in the window."),
        ("stopped_doing", "stopped doing purchase in last 90 days", "She did so before the window, and not in it."),
        (
            "resumed_doing",
            "resumed doing purchase in last 30 days after 180 days",
            "One in the window comes at least that long after the one before it.",
        ),
        (
            "doing_calendar",
            "doing purchase in each of last 6 calendar months",
            "At least one in each, this month and the five before it.",
        ),
        (
            "doing_rolling",
            "doing purchase in each of last 4 weeks",
            "At least one in each stretch of exactly that length, counted back from T.",
        ),
        (
            "did_sequence",
            "did (add_to_cart as cart then no purchase where sku = cart.sku for 2 days) in last 30 days",
            "Steps in order. The first one lies in the window, each other one strictly after the one "
            "before it; `no` says that something did not happen for a time, which has passed.",
        ),
    ),
    "Related tables": _forms(
        ("exists", "exists orders where status = open", "At least one row of hers matches."),
    ),
    "Standing among all customers": _forms(
        (
            "rank_percent",
            "top 10% by sum of purchase.amount in last 365 days",
            "The largest tenth of all customers for whom it is known, rounded up; ties go to the "
            "smaller customer id. `bottom` takes the smallest.",
        ),
        ("rank_count", "bottom 1000 by recency of purchase", "So many, instead of a share."),
        (
            "sample",
            'in random sample of 10% salt "spring"',
            "A random share: the same on every engine and every run, another one for another salt.",
        ),
        ("in_static_list", "in list vip", "The customer's key stands in the file of that list."),
    ),
    "Days and places": _forms(
        (
            "anniversary_today",
            "anniversary of birth_date today",
            "It is the day where she is. The leap-day policy of the campaign applies.",
        ),
        (
            "anniversary_near",
            "anniversary of birth_date in next 7 calendar days",
            "Today is one of them; `in last` looks back.",
        ),
        (
            "near",
            "home within 5 km of 42.3601, -71.0589",
            "The great circle distance, rounded to whole metres, is at most that. Also `m` and `miles`.",
        ),
        ("in_geofence", "home inside geofence boston_stores", "In one of the circles of a geofence of the catalog."),
    ),
    "Profile": _forms(
        ("has_tag", "has tag vip", "The tag is on the profile and has not run out."),
        ("has_tags", "has any tag of [vip, runner]", "`any`, `every` or `no` tag of a list."),
        ("has_offer", "has offer we_miss_you", "It is in the wallet: issued, neither used nor expired."),
        ("offer_happened", "redeemed offer we_miss_you in last 30 days", "Redeemed or received, in a window."),
        (
            "subscribed",
            "subscribed to newsletter",
            "She is in; without a word of hers she is not. `unsubscribed from` means that she said no.",
        ),
        (
            "message_happened",
            "opened message birthday_note of campaign birthday_gift in last 7 days",
            "`was sent`, `opened` or `clicked`.",
        ),
        (
            "any_message_happened",
            "clicked any message on channel email at least 2 times in last 30 days",
            "Any message, or those of a campaign (`of campaign NAME`) or a channel.",
        ),
        ("received_campaign", "received campaign birthday_gift in last 365 days", "She was given it."),
    ),
}
"""Forms of conditions, by the section of the reference page."""

VALUES: dict[str, tuple[Form, ...]] = {
    "Literals": _forms(
        ("text_literal", '"Boston"', 'Text, with the escapes `\\"`, `\\\\`, `\\n` and `\\t`.'),
        ("number_literal", "1_000.50", "Underscores may stand between digits."),
        ("date_literal", "2026-01-31", "A calendar day."),
        ("timestamp_literal", "2026-11-27 09:00", "An instant; without an offset in the campaign's zone."),
        ("time_literal", "09:00", "A time of day."),
        ("true_literal", "true", "Yes."),
        ("false_literal", "false", "No."),
        ("length_exact", "30 days", "An exact length of time: a day is 24 hours."),
        ("length_calendar", "30 calendar days", "A length on the calendar; never the same thing as an exact one."),
    ),
    "Moments": _forms(
        ("now", "now", "The instant T."),
        ("today", "today", "The calendar day at T where she is."),
        ("ago", "90 days ago", "The instant 90 times 24 hours before T; `90 calendar days ago` is a day."),
        ("from_now", "7 days from now", "The other way round."),
    ),
    "Calculating": _forms(
        ("arithmetic", "shoe_size + 1", "Sums and differences; days and instants move by lengths of time."),
        ("times", "shoe_size * 2", "Products, and quotients with `/`, which are missing when the divisor is 0."),
        ("signed", "-5", "A sign."),
        (
            "rounded",
            "shoe_size / 3 round half up to 2",
            "Exactly so many digits after the point; to 0 gives a whole number.",
        ),
        ("call", "length of first_name", "A function of one value."),
    ),
    "What events and rows add up to": _forms(
        (
            "count_of",
            "count of purchase where amount > 0 in last 90 days",
            "How many, each id once; 0 when there is none.",
        ),
        (
            "aggregate_of",
            "sum of purchase.amount in last 90 days",
            "Of a property of events, or of rows of a related table, which need no window.",
        ),
        ("recency_of", "recency of purchase", "Whole days of 24 hours since the last one; missing when there is none."),
        (
            "number_of",
            "number of children where birth_date >= 2015-01-01",
            "How many elements of a list, or rows of a related table, match.",
        ),
        (
            "quintile",
            "quintile of sum of purchase.amount in last 365 days",
            "1 to 5: in which fifth of all customers she stands; 5 is the highest.",
        ),
        ("points_in", "points in rewards", "The balance; 0 when there is none."),
    ),
    "Clocks": _forms(
        (
            "local_time",
            "time of day in zone store.time_zone",
            "`time of day` or `day of week`: of the event inside a `where`, of T outside; in the "
            "campaign's zone unless another one is named.",
        ),
    ),
}
"""Forms of values, by section."""

WINDOWS = _forms(
    (
        "window_rolling",
        "in last 90 days",
        "(T - 90 * 24 h, T]: the first end is excluded, so that runs one after the other neither "
        "overlap nor leave a gap.",
    ),
    (
        "window_calendar",
        "in last 90 calendar days",
        "Today and the 89 whole days before it; also weeks (from Monday), months and years.",
    ),
    ("window_unit", "last month", "The whole unit before this one; `this month` is from its first day on."),
    (
        "window_bound",
        "since 90 days ago",
        "`since` and `until` include, `after` and `before` exclude; a day, an instant, or so long ago.",
    ),
    ("window_bounds", "since 2026-01-01 until 2026-01-31", "Both."),
    ("window_ever", "ever", "Always until T. Nothing after T exists."),
)
"""Forms of windows."""

CLAUSES: dict[str, tuple[Form, ...]] = {
    "on_clause": _forms(
        (
            "on_anniversary",
            "anniversary of birth_date, 7 days before, at 09:00",
            "Every year. Occurrence: the year that is celebrated.",
        ),
        (
            "on_holiday",
            "holiday mothers_day in US, 3 days before, at 09:00",
            "A movable feast of the catalog, as a country has it; without `in` as the customer's country does.",
        ),
        ("on_yearly", "second sunday of may at 09:00", "Every year on such a weekday."),
        (
            "on_event",
            "purchase where amount >= 100 at least 3 times within 14 days",
            "Each event; or each time so many are complete, no event counting twice.",
        ),
        ("on_crossing", "entering audience active_buyers", "`entering` or `leaving` an `audience` or a `geofence`."),
        ("on_code", "code SUMMER26", "A promo code is entered."),
        ("on_code_pool", "code from summer_pool", "Any code of a pool is."),
        ("on_subscribe", "subscribe to newsletter", "She opts in."),
        ("on_unsubscribe", "unsubscribe from newsletter", "She opts out."),
    ),
    "every_clause": _forms(
        ("every_weekday", "monday, friday at 10:00", "Each week; `weekday` means Monday to Friday."),
        ("every_unit", "day at 08:00", "Each day."),
        ("every_some", "2 weeks on friday at 10:00 from 2026-01-02", "Every so many, counted from a day."),
        ("every_month_day", "month on day 31 at 09:00", "In shorter months on the last day."),
        ("every_month_weekday", "month on last friday at 09:00", "`first` to `fourth`, or `last`."),
        ("every_month_end", "month on last day at 09:00", "The last day of each month."),
        (
            "every_nth",
            "5th purchase where amount > 0",
            "Each fifth one of a customer, counted from the campaign's first day on.",
        ),
    ),
    "issue_clause": _forms(
        ("issue_offer", "offer birthday_half_price, expires after 14 days", "Into the wallet."),
        ("issue_code", "code SUMMER26", "The one code that everybody gets."),
        ("issue_code_from", "code from summer_pool", "A code of her own, which can be claimed once."),
        ("issue_reward", "reward free_coffee", "From the reward store, without its price."),
    ),
    "condition": _forms(
        ("when_segment", "when segment gold", "Only in a segment."),
        ("when_variant", "when variant a", "Only in a variant of the test."),
        (
            "when_expression",
            "when tier >= gold",
            "Only where a condition holds; `event.amount` is the event that made the campaign happen.",
        ),
        ("when_otherwise", "otherwise", "Only in the last line of `first of`: when no other line holds."),
    ),
    "option": _forms(
        ("option_expires", "expires after 30 days", "Points, offers, codes and rewards run out then."),
        ("option_at_most", "at most 5_000", "A formula gives no more than that."),
        ("option_delay", "after 2 hours", "It happens so long after the occurrence."),
    ),
    "part_clause": _forms(
        ("part_text", '"Happy birthday"', "The text itself; a template, as in a file."),
        ("part_file", 'file "content/birthday.html"', "A file of the workspace."),
        ("part_mjml", 'mjml "content/birthday.mjml"', "MJML, made into HTML at compile time."),
    ),
}
"""Clauses with several forms, by start symbol."""
