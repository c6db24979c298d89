"""What a campaign is said to do: the words for every construct, and that something is said of anything."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2] / "language"))

from sound_clauses import SOUND
from texts import clause, predicate
from trees import expressions

from campaign_dsl.language.ir.nodes import Negate
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.review.explain import behavior, effects, words
from campaign_dsl.review.explain.conditions import condition, value
from campaign_dsl.workspace import Workspace

CONDITIONS = [
    ("status = good and age >= 13", "status is good; and age is at least 13"),
    ('country != "US"', "country is known and is not “US”"),
    (
        'not (country = "US")',
        "it is not so that country is “US” (also where that cannot be known)",
    ),
    ("tier > silver or tier < member", "either tier is more than silver, or tier is less than member"),
    ("birth_date < 2000-01-31", "birth date is before 31 January 2000"),
    ("signup_at >= 90 days ago", "signup at is at the earliest 90 days ago"),
    ("age between 18 and 30", "age is between 18 and 30, both included"),
    ('country in ["US", "CA"]', "country is one of “US” or “CA”"),
    ("email is missing", "email is missing"),
    (
        "did purchase where amount > 100 at least 3 times in last 90 days",
        "at least 3 times there is a purchase where amount is more than 100 in the last 90 days (of 24 hours)",
    ),
    ("not has tag vip", "she does not have the tag “vip” (tags that have run out do not count)"),
    ("not opened any message ever", "she did not open any message at any time"),
    ("not exists orders where status = open", "there is no row in “orders” where status is open"),
    ("did app_open ever", "there is an app open at any time"),
    ("birth_date >= 2000-01-31", "birth date is at the earliest 31 January 2000"),
    ("goal.completed", "the goal is reached"),
    (
        "count of purchase since 90 days ago until 30 days ago > 2",
        "the number of times there is a purchase from 90 days ago to 30 days ago, both included is more than 2",
    ),
    (
        "average of orders.total where status = open > 5",
        "the average total of all orders where status is open is more than 5",
    ),
    (
        "quintile of sum of orders.total = 5",
        "her fifth among all customers (1 to 5, and 5 is the highest) by the sum of total over all orders is 5",
    ),
    (
        "did (add_to_cart as c then purchase within 2 days) last month",
        "this happened in order, beginning in the calendar month before this one: "
        "add to cart (here called “c”), then purchase within 2 days",
    ),
    ("did not purchase ever", "there is no purchase at any time"),
    ("did purchase this month", "there is a purchase in this calendar month"),
    (
        "sum of purchase.amount in last 30 calendar days >= 50",
        "the sum of amount over each purchase in the last 30 calendar days, today included is at least 50",
    ),
    ("recency of purchase > 30", "the days (of 24 hours) since the last purchase is more than 30"),
    ("has no tag of [a, b_c]", "she has no tag “a” or “b c” (tags that have run out do not count)"),
    ("points in rewards >= 500", "the balance of points in rewards is at least 500"),
    ("subscribed to newsletter", "she is subscribed to “newsletter”"),
    (
        "top 10% by sum of purchase.amount ever",
        "she is among the top 10% of customers by the sum of amount over each purchase at any time",
    ),
    (
        "did (add_to_cart as c then no purchase for 4 hours) in last 2 days",
        "this happened in order, beginning in the last 2 days (of 24 hours): "
        "add to cart (here called “c”), then no purchase for 4 hours",
    ),
    ("opened any message on channel email ever", "she opened any message by email at any time"),
    ("home inside geofence boston_stores", "home lies inside the geofence “boston stores”"),
    ("anniversary of birth_date today", "the anniversary of birth date is today"),
]


@pytest.mark.parametrize(("text", "said"), CONDITIONS, ids=[text for text, _ in CONDITIONS])
def test_conditions(text: str, said: str) -> None:
    assert condition(predicate(text)) == said


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(expressions(st.sampled_from(("a", "b c"))))
def test_something_is_said_of_any_expression(node: t.Expression) -> None:
    for text in (condition(node), value(node)):
        assert text
        assert "  " not in text
        assert "None" not in text
        assert "(text=" not in text  # how Python shows a node


SAMPLE = Path(__file__).parents[3] / "campaigns"


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    found = Workspace.load(SAMPLE)
    found.check()
    return found


TRIGGERS = [
    ("every_clause", "monday, friday at 10:00", "Every Monday and Friday, at 10:00."),
    (
        "every_clause",
        "month on day 31 at 09:00",
        "Every month on the 31st day (in shorter months on the last one), at 09:00.",
    ),
    ("every_clause", "month on day 1 at 09:00", "Every month on the 1st day, at 09:00."),
    ("every_clause", "day at 08:00", "Every day, at 08:00."),
    ("every_clause", "month on last day at 08:00", "Every month on the last day, at 08:00."),
    (
        "on_clause",
        "app_open at least 3 times within 14 days",
        "Each time there is an app open, at least 3 times within 14 days; each one counts only once.",
    ),
    ("every_clause", "month on last friday at 09:00", "Every month on the last Friday, at 09:00."),
    (
        "every_clause",
        "2 weeks on friday at 09:00 from 2026-01-02",
        "Every 2 weeks on Friday, counted from 2 January 2026, at 09:00.",
    ),
    ("every_clause", "5th purchase", "Every 5th time a customer has a purchase, counted from 1 January 2026 on."),
    ("on_clause", "second sunday of may at 09:00", "Every year on the second Sunday of May, at 09:00."),
    (
        "on_clause",
        "holiday mothers_day in US, 3 days before, at 09:00",
        "Every year 3 days before “mothers day” as it falls in US, at 09:00.",
    ),
    ("on_clause", "entering audience lapsed", "When she enters the audience “lapsed”."),
    ("on_clause", "code SUMMER26", "When she enters the code “SUMMER26”."),
    ("on_clause", "check_in at geofence boston", "At each check in at “boston”."),
    ("once_clause", "at 2026-11-27 09:00", "Once, on 27 November 2026, 09:00."),
]


@pytest.mark.parametrize(("start", "body", "said"), TRIGGERS, ids=[body for _, body, _ in TRIGGERS])
def test_triggers(workspace: Workspace, start: str, body: str, said: str) -> None:
    typed = workspace.typed("birthday_gift")
    assert typed is not None
    assert behavior.trigger(clause(start, body), typed) == [said]


def test_goals_count_from_the_first_day(workspace: Workspace) -> None:
    typed = workspace.typed("birthday_gift")
    assert typed is not None
    without_a_start = replace(typed, runs_from=None)

    every_fifth = clause("every_clause", "5th purchase")

    assert behavior.trigger(every_fifth, without_a_start) == [
        "Every 5th time a customer has a purchase, counted over all time."
    ]
    goal, _ = workspace.campaigns["boston_breakfast"]
    assert goal.behavior is not None
    first, *parts = behavior.trigger(goal.behavior.triggers[0], typed)
    assert first.endswith(", counted from 1 January 2026 on:")
    assert len(parts) == 2


@pytest.mark.parametrize(
    ("campaign", "said"),
    [
        ("welcome", "Only to customers whose email consent is true and who are subscribed to “Stride news”."),
        ("welcome", "In the language de: subject “Willkommen"),
        ("welcome", "To everybody else: subject “Welcome"),
        ("boston_opening", "Only to customers whose email consent is true."),
        ("late_order", "It is transactional: consent is not asked for."),
        ("late_order", "To everybody: text “Stride: we are sorry"),
    ],
)
def test_who_is_told_what(workspace: Workspace, campaign: str, said: str) -> None:
    typed = workspace.typed(campaign)
    assert typed is not None
    assert any(line.startswith(said) for line in effects.message(typed.messages[0], None))


def test_who_has_left_is_told_nothing(workspace: Workspace) -> None:
    typed = workspace.typed("welcome")
    assert typed is not None
    message = typed.messages[0]
    assert message.subscription is not None
    stayed = replace(message, consent=None, subscription=Negate(message.subscription))

    assert "Only to customers who have not left “Stride news”." in effects.message(stayed, None)


@pytest.mark.parametrize(
    ("start", "body"),
    [(start, body) for start, body, node in SOUND if isinstance(node, t.Outcome.__args__)],
    ids=str,
)
def test_something_is_said_of_any_outcome(workspace: Workspace, start: str, body: str) -> None:
    assert workspace.catalog is not None
    (text,) = effects.outcome(clause(start, body), workspace.catalog)
    assert text.endswith(".")
    assert "None" not in text


def test_the_birthday_campaign(update_golden: bool) -> None:
    golden, text = Path(__file__).with_name("birthday_gift.md"), explained("birthday_gift")
    if update_golden:
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


def explained(name: str) -> str:
    from campaign_dsl.review.explain import explain

    found = Workspace.load(SAMPLE)
    found.check()
    typed = found.typed(name)
    assert typed is not None
    assert found.catalog is not None
    return explain(
        typed, found.campaigns[name][0], {key: node for key, (node, _) in found.audiences.items()}, found.catalog
    )


def test_every_sample_is_explained(workspace: Workspace) -> None:
    for name in workspace.campaigns:
        text = explained(name)
        for heading in ("## Who", "## When", "## What they get"):
            assert heading in text
        assert "None" not in text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("50% off, $5 & more: it's 100_000 (or so)!", "50% off, $5 & more: it's 100_000 (or so)!"),
        ("loyalty@footwear.example", "loyalty@footwear.example"),
        ("ask @everyone or @org/team", "ask `@everyone` or `@org/team`"),
        ("[free](https://evil.example)", r"\[free\](https://evil.example)"),
        ("<script>alert(1)</script><!--", r"\<script\>alert(1)\</script\>\<!--"),
        ("a *b* __c__ ~~d~~ | `e` \\", r"a \*b\* \_\_c\_\_ \~\~d\~\~ \| \`e\` " + "\\\\"),
        ("&lt;b&gt; #12", r"\&lt;b\&gt; \#12"),
        ("one\n\n# two\ttabs\x1b[31m", r"one \# two tabs\\x1b\[31m"),
    ],
)
def test_what_somebody_wrote_is_no_markup(written: str, shown: str) -> None:
    assert words.plain(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"), [("a+", "`a+`"), ("a`b", "`` a`b ``"), ("``` @x", "```` ``` @x ````"), ("a\nb", "`a b`")]
)
def test_nothing_ends_a_piece_of_code(written: str, shown: str) -> None:
    assert words.code(written) == shown
