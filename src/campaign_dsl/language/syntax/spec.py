"""Which blocks and clauses exist: the one table behind both spellings, the near-miss help and the reference page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ClauseSpec:
    """One clause of a block.

    Args:
        start: start symbol of the grammar that reads its body; None for a clause without a body.
        summary: one sentence for the reference page.
        example: a body that parses.
        many: whether it may be written more than once in a block.
        text: whether the body is one string; YAML then takes the scalar as it is.
    """

    start: str | None
    summary: str
    example: str
    many: bool = False
    text: bool = False


@dataclass(frozen=True, slots=True)
class BlockSpec:
    """One kind of block.

    Args:
        head: start symbol of what stands between the keyword and ``{``; None when nothing may.
        clauses: by keyword.
        blocks: blocks that may stand inside, by keyword.
        entry: start symbol of free entries (`NAME body`), for blocks whose keys the author chooses.
        entry_text: whether entries are strings.
        many: whether the surrounding block may hold several.
    """

    summary: str
    head: str | None = None
    clauses: Mapping[str, ClauseSpec] = field(default_factory=dict)
    blocks: Mapping[str, BlockSpec] = field(default_factory=dict)
    entry: str | None = None
    entry_text: bool = False
    entry_example: str = ""
    many: bool = False

    @property
    def keywords(self) -> tuple[str, ...]:
        return (*self.clauses, *self.blocks)


_AUDIENCE_CLAUSES = {
    "where": ClauseSpec("where_clause", "Who is meant: a predicate over one customer.", "status = good and age >= 18"),
    "everyone": ClauseSpec(None, "Every customer. An empty audience never means everyone; this word does.", ""),
    "exclude": ClauseSpec("exclude_clause", "Who is left out after all.", "audience employees", many=True),
}

SEGMENTS = BlockSpec(
    "Splits the audience: a customer falls into the first segment that holds.",
    entry="segment_entry",
    entry_example="gold  where tier >= gold",
)

CAMPAIGN_AUDIENCE = BlockSpec(
    "Who the campaign is for.",
    clauses=_AUDIENCE_CLAUSES
    | {
        "suppress": ClauseSpec(
            "names_clause", "Suppression lists: addresses never contacted.", "global_suppression", many=True
        ),
        "holdout": ClauseSpec("holdout_clause", "The share that gets nothing, to measure the effect.", "5%"),
    },
    blocks={"segments": SEGMENTS},
)

BEHAVIOR = BlockSpec(
    "What makes the campaign happen for a customer, and how often.",
    clauses={
        "on": ClauseSpec("on_clause", "What makes it happen.", "anniversary of birth_date, 7 days before, at 09:00"),
        "limit": ClauseSpec("limit_clause", "How often one customer can get it.", "once per year", many=True),
        "budget": ClauseSpec(
            "budget_clause", "What the campaign may give in all.", "2_000_000 points, 1_000_000 offers", many=True
        ),
    },
)

OUTCOMES = BlockSpec(
    "What a customer gets.",
    clauses={
        "award": ClauseSpec(
            "award_clause",
            "Points from a source to an account.",
            "500 points to rewards source birthday, expires after 30 days",
            many=True,
        ),
        "issue": ClauseSpec(
            "issue_clause", "An offer into the wallet.", "offer birthday_half_price, expires after 14 days", many=True
        ),
        "tag": ClauseSpec(
            "tag_clause", "A word on the profile, with a time to live.", "birthday_gift for 30 days", many=True
        ),
        "send": ClauseSpec("send_clause", "A message of this campaign.", "birthday_note", many=True),
    },
)

MESSAGE = BlockSpec(
    "A message: where it goes, when it may go, and what it says.",
    head="message_head",
    many=True,
    clauses={
        "via": ClauseSpec("via_clause", "The provider and its messaging variant.", "braze variant birthday_triggered"),
        "quiet": ClauseSpec("quiet_clause", "Hours without messages where the customer is.", "from 21:00 to 08:00"),
        "expires": ClauseSpec("expires_clause", "When it is too late to send it.", "after 3 days"),
    },
    blocks={
        "settings": BlockSpec(
            "Advanced settings of the variant.",
            entry="text_clause",
            entry_text=True,
            entry_example='braze_campaign_id "a3f9c2d1-birthday"',
        ),
        "properties": BlockSpec(
            "Values the message carries.",
            entry="property_entry",
            entry_example='first_name  customer.first_name else "friend"',
        ),
    },
)

CAMPAIGN = BlockSpec(
    "A campaign: who, when, what they get, what they are told.",
    head="word_clause",
    many=True,
    clauses={
        "title": ClauseSpec("text_clause", "What people call it.", '"Birthday gift"', text=True),
        "kind": ClauseSpec("word_clause", "promotion, messaging or subscription.", "promotion"),
        "owner": ClauseSpec("text_clause", "Who answers for it.", '"loyalty@footwear.example"', text=True),
        "priority": ClauseSpec("integer_clause", "Higher wins when campaigns compete.", "50"),
        "runs": ClauseSpec("runs_clause", "First and last calendar day.", "from 2026-01-01 until 2026-12-31"),
        "timezone": ClauseSpec("timezone_clause", "Whose clock local times mean.", 'customer else "America/New_York"'),
        "leap_day": ClauseSpec("leap_day_clause", "Overrides the workspace's policy.", "mar_1"),
        "misfire": ClauseSpec("misfire_clause", "Overrides the workspace's policy.", "catch up at most 3 days"),
        "formerly": ClauseSpec(
            "names_clause",
            "Earlier names, the oldest first, so that nobody is awarded again.",
            "birthday_treat",
            many=True,
        ),
    },
    blocks={"audience": CAMPAIGN_AUDIENCE, "behavior": BEHAVIOR, "outcomes": OUTCOMES, "message": MESSAGE},
)

NAMED_AUDIENCE = BlockSpec(
    "An audience that campaigns and other audiences can name.",
    head="word_clause",
    many=True,
    clauses=_AUDIENCE_CLAUSES,
)

FILE = BlockSpec("A campaign file.", blocks={"campaign": CAMPAIGN, "audience": NAMED_AUDIENCE})

STARTS = (
    "text_clause", "word_clause", "integer_clause", "names_clause", "runs_clause", "timezone_clause",
    "leap_day_clause", "misfire_clause", "where_clause", "exclude_clause", "segment_entry", "holdout_clause",
    "on_clause", "limit_clause", "budget_clause", "award_clause", "issue_clause", "tag_clause", "send_clause",
    "message_head", "via_clause", "quiet_clause", "expires_clause", "property_entry",
)  # fmt: skip
"""Start symbols of the grammar, one for each kind of clause."""

CONTINUES = frozenset(
    {"and", "or", "not", "else", "when", "where", "as", "then", "within", "at", "in", "is", "expires"}
)
"""Words that go on with a clause when they begin a line of a block with free entries."""
