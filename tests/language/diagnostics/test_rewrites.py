"""Turns of phrase that people bring along from other tools, and what they are told to write."""

from __future__ import annotations

import pytest
from workspaces import CAMPAIGNS

from campaign_dsl.workspace import Workspace

SAID = [
    ("never purchase in last 30 days", "write `did not purchase`"),
    ("never purchase", "write `did not purchase ever`"),
    ("did purchase more than 3 times in last 30 days", "write `at least 4 times`"),
    ("number of purchase in last 30 days > 3", "write `count of purchase`"),
    ("count purchase in last 30 days > 3", "write `count of purchase`"),
    ("max of purchase.amount ever > 5", "write `largest of`"),
    ("first purchase in last 30 days", "write `first did purchase`"),
    ("stopped purchase in last 90 days", "write `stopped doing purchase`"),
    ("doing purchase every month", "write `doing purchase in each of last 6 calendar months`"),
    ("did (add_to_cart then not purchase for 2 days) ever", "write `then no`"),
    ("did purchase since yesterday", "write `1 calendar day ago`"),
    ("redeemed we_miss_you ever", "write `redeemed offer we_miss_you`"),
    ("received birthday_gift ever", "write `received campaign birthday_gift`"),
    ("opened birthday_note ever", "write `opened message birthday_note of campaign NAME`"),
    ("opened message birthday_note ever", "write `opened message birthday_note of campaign NAME`"),
    (
        "resumed doing purchase in last 30 days",
        "write `resumed doing purchase in last 30 days after 180 days`",
    ),
    ("subscribed newsletter", "write `subscribed to newsletter`"),
    ('interests contains any ["running"]', "write `contains any of`"),
    ("any children where birth_date >= 2015-01-01", "write `any of children`"),
    ("in top 10% by sum of purchase.amount ever", "delete it"),
    ("random 10%", 'write `in random sample of 10% salt "spring"`'),
    ("in random sample of 10%", 'write `sample of 10% salt "spring"`'),
    ("birthday today", "write `anniversary of birth_date`"),
    ("anniversary of birth_date in 7 days", "write `anniversary of birth_date in next 7 calendar days`"),
    ("birth_date in next 7 days", "write `anniversary of birth_date in next 7 calendar days`"),
    ("plan_renews_on in next 7 days", "write `plan_renews_on between today and 7 calendar days from now`"),
    ("enrolled_on in last 30 days", "write `enrolled_on >= 30 calendar days ago`"),
    ("tier unchanged for 3 calendar months", "write `unchanged for 90 days`"),
    ("home in geofence boston_stores", "write `inside geofence`"),
    ("home within 5 kilometers of 42.36, -71.05", "write `within 5 km`"),
    ('tags contains "vip"', "write `has tag birthday_gift`"),
    ("points > 500", "write `points in rewards`"),
    ('city = "Boston"', "did you mean `home_store.city` or `address.city`?"),
    ('did purchase where city = "Boston" ever', "did you mean `store.city`?"),
]


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace.load(CAMPAIGNS)


@pytest.mark.parametrize(("text", "said"), SAID, ids=[text for text, _ in SAID])
def test_what_to_write(workspace: Workspace, text: str, said: str) -> None:
    before = len(workspace.problems)
    assert workspace.expression(text) is None
    (found,) = [each for each in workspace.problems.sorted() if each.where and each.where.span.source.text == text]
    assert len(workspace.problems) == before + 1
    assert found.help == said
