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
        head_optional: whether there may be no head all the same.
        clauses: by keyword.
        blocks: blocks that may stand inside, by keyword.
        entry: start symbol of free entries (`NAME body`), for blocks whose keys the author chooses.
        entry_text: whether entries are strings.
        many: whether the surrounding block may hold several.
        aligned: whether the canonical layout lines up what stands behind its keywords.
        compact: whether one short item stands on the line of its block.
        listed: whether YAML writes it as a list of whole clauses, because their order matters.
    """

    summary: str
    head: str | None = None
    head_optional: bool = False
    clauses: Mapping[str, ClauseSpec] = field(default_factory=dict)
    blocks: Mapping[str, BlockSpec] = field(default_factory=dict)
    entry: str | None = None
    entry_text: bool = False
    entry_example: str = ""
    many: bool = False
    aligned: bool = False
    compact: bool = False
    listed: bool = False

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
    aligned=True,
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

_NESTED: dict[str, BlockSpec] = {}
"""Groups inside groups, to any depth."""

ALL = BlockSpec(
    "A goal that is reached when all of its parts are, `all of within 30 days { ... }`.",
    head="group_head",
    many=True,
    listed=True,
    blocks=_NESTED,
    entry="goal_entry",
    entry_example='purchase  where sku in ["muffin", "bagel"] at least 3 times within 14 days',
)
ANY = BlockSpec(
    "A goal that is reached when one of its parts is.",
    head="group_head",
    many=True,
    listed=True,
    blocks=_NESTED,
    entry="goal_entry",
    entry_example="check_in  at geofence boston_stores",
)
_NESTED |= {"all": ALL, "any": ANY}

SEQUENCE = BlockSpec(
    "Events in this order, or that stay away: `sequence within 7 days { ... }`.",
    head="sequence_head",
    head_optional=True,
    many=True,
    listed=True,
    clauses={
        "then": ClauseSpec("then_clause", "The next step.", "no purchase where sku = cart.sku for 4 hours", many=True)
    },
    entry="goal_entry",
    entry_example="add_to_cart  as cart",
)

BEHAVIOR = BlockSpec(
    "What makes the campaign happen for a customer, and how often. Of several triggers each one does.",
    clauses={
        "on": ClauseSpec(
            "on_clause", "What makes it happen.", "anniversary of birth_date, 7 days before, at 09:00", many=True
        ),
        "every": ClauseSpec("every_clause", "A schedule, or each so many events.", "monday at 10:00", many=True),
        "once": ClauseSpec("once_clause", "One instant, where the customer is.", "at 2026-11-27 09:00", many=True),
        "progress": ClauseSpec(
            "progress_clause", "With `every 5th ...`: each step happens, not only the last.", "each step"
        ),
        "limit": ClauseSpec("limit_clause", "How often one customer can get it.", "once per year", many=True),
        "budget": ClauseSpec(
            "budget_clause", "What the campaign may give in all.", "2_000_000 points, 1_000_000 offers", many=True
        ),
    },
    blocks={"all": ALL, "any": ANY, "sequence": SEQUENCE},
)
TRIGGERS = ("on", "every", "once", "all", "any", "sequence")
"""Keywords of the behavior that make a campaign happen."""

_OUTCOMES = {
    "award": ClauseSpec(
        "award_clause",
        "Points from a source to an account.",
        "500 points to rewards source birthday, expires after 30 days",
        many=True,
    ),
    "issue": ClauseSpec(
        "issue_clause",
        "An offer into the wallet, a promo code, a reward.",
        "offer birthday_half_price, expires after 14 days",
        many=True,
    ),
    "tag": ClauseSpec(
        "tag_clause", "A word on the profile, with a time to live.", "birthday_gift for 30 days", many=True
    ),
    "untag": ClauseSpec("untag_clause", "Takes a word off the profile.", "birthday_gift", many=True),
    "set": ClauseSpec("set_clause", "A new value of an attribute, the tier included.", "tier to gold", many=True),
    "subscribe": ClauseSpec("subscribe_clause", "Into a conversation.", "to newsletter", many=True),
    "unsubscribe": ClauseSpec("unsubscribe_clause", "Out of a conversation.", "from newsletter", many=True),
    "record": ClauseSpec(
        "record_clause", "An event of the customer.", "sweepstake_entry with store = event.store", many=True
    ),
    "send": ClauseSpec("send_clause", "A message of this campaign.", "birthday_note", many=True),
}

CHOICE = BlockSpec(
    "Gives the first line whose condition holds, `first of { ... }`; the last line ends in `otherwise`.",
    head="choice_head",
    many=True,
    listed=True,
    clauses=_OUTCOMES,
)

OUTCOMES = BlockSpec("What a customer gets.", listed=True, clauses=_OUTCOMES, blocks={"first": CHOICE})


@dataclass(frozen=True, slots=True)
class MessageType:
    """What a type of message says.

    Args:
        required: parts of its content that must be there.
        optional: parts that may be.
        summary: one sentence for the reference page.
        visible: whether it is shown for a while, so that it needs `visible`.
    """

    summary: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    visible: bool = False


MESSAGE_TYPES: dict[str, MessageType] = {
    "email": MessageType("E-mail of a conversation.", ("subject", "body"), ("preheader", "text")),
    "sms": MessageType("A short message to a phone.", ("text",)),
    "push": MessageType("A notification of the app, open or not.", ("title", "body"), ("link",)),
    "inbox": MessageType("A message in the app's inbox, there at the next login.", ("header", "body"), ("link",)),
    "feed": MessageType("A tile of the activity feed, for a while.", ("header", "body"), ("image", "link"), True),
    "in_app": MessageType(
        "A picture or a video over the app.", (), ("image", "video", "before_image", "after_image", "link")
    ),
    "external": MessageType("A message that another system makes, from the properties it is sent."),
}
DISPLAYS: dict[str, tuple[str, ...]] = {
    "graphic": ("image",),
    "video": ("video", "before_image", "after_image"),
}
"""Ways to show an in-app message, and the parts each needs."""

_PARTS = {
    "subject": ("The subject line of an e-mail.", '"Happy birthday, {{ customer.first_name }}"'),
    "preheader": ("What mail programs show after the subject.", '"A gift is waiting"'),
    "title": ("The title of a notification.", '"Happy birthday"'),
    "header": ("The header of an inbox or feed message.", '"Happy birthday"'),
    "body": ("The message itself; HTML for e-mail.", 'file "content/birthday.html"'),
    "text": ("A text message, or an e-mail without HTML.", '"Your points are waiting"'),
    "image": ("Address of a picture.", '"https://cdn.footwear.example/gift.png"'),
    "video": ("Address of a video.", '"https://cdn.footwear.example/gift.mp4"'),
    "before_image": ("Picture before the video plays.", '"https://cdn.footwear.example/before.png"'),
    "after_image": ("Picture after the video has played.", '"https://cdn.footwear.example/after.png"'),
    "link": ("Where a tap leads: an address or a deep link.", '"https://footwear.example/gifts"'),
}

CONTENT = BlockSpec(
    "What a message says; `content for segment gold, language de, variant a { ... }` for some.",
    head="content_head",
    head_optional=True,
    many=True,
    aligned=True,
    compact=True,
    clauses={
        name: ClauseSpec("part_clause", summary, example, text=True) for name, (summary, example) in _PARTS.items()
    }
    | {"template": ClauseSpec("text_clause", "Content that the provider holds, by its id.", '"a3f9c2d1"', text=True)},
)
PARTS = tuple(_PARTS)
"""Parts a content can have."""

MESSAGE = BlockSpec(
    "A message: where it goes, when it may go, and what it says.",
    head="message_head",
    many=True,
    clauses={
        "via": ClauseSpec("via_clause", "The provider and its messaging variant.", "braze variant birthday_triggered"),
        "conversation": ClauseSpec("word_clause", "The conversation it belongs to.", "newsletter"),
        "purpose": ClauseSpec("word_clause", "marketing, or transactional, which needs no consent.", "transactional"),
        "display": ClauseSpec("word_clause", "How an in-app message shows: graphic or video.", "graphic"),
        "quiet": ClauseSpec("quiet_clause", "Hours without messages where the customer is.", "from 21:00 to 08:00"),
        "expires": ClauseSpec("expires_clause", "When it is too late to send it.", "after 3 days"),
        "visible": ClauseSpec("visible_clause", "How long an activity feed message is there.", "for 7 days"),
        "seeds": ClauseSpec("names_clause", "Seed lists: people who get a copy to look at.", "qa", many=True),
    },
    blocks={
        "settings": BlockSpec(
            "Advanced settings of the variant.",
            aligned=True,
            compact=True,
            entry="text_clause",
            entry_text=True,
            entry_example='braze_campaign_id "a3f9c2d1-birthday"',
        ),
        "properties": BlockSpec(
            "Values the message carries.",
            aligned=True,
            entry="property_entry",
            entry_example='first_name  customer.first_name else "friend"',
        ),
        "content": CONTENT,
    },
)

DATA = BlockSpec(
    "The campaign's own keys and values, for content and properties.",
    aligned=True,
    compact=True,
    entry="text_clause",
    entry_text=True,
    entry_example='season "summer"',
)

VARIANTS = BlockSpec(
    "An A/B test: each customer falls into one of these at random, always the same.",
    aligned=True,
    entry="variant_entry",
    entry_example="a  50%",
)

CAMPAIGN = BlockSpec(
    "A campaign: who, when, what they get, what they are told.",
    head="word_clause",
    many=True,
    aligned=True,
    clauses={
        "title": ClauseSpec("text_clause", "What people call it.", '"Birthday gift"', text=True),
        "kind": ClauseSpec("word_clause", "promotion, messaging or subscription.", "promotion"),
        "owner": ClauseSpec("text_clause", "Who answers for it.", '"loyalty@footwear.example"', text=True),
        "priority": ClauseSpec("integer_clause", "Higher wins when campaigns compete.", "50"),
        "runs": ClauseSpec("runs_clause", "First and last calendar day.", "from 2026-01-01 until 2026-12-31"),
        "review": ClauseSpec("review_clause", "When somebody looks at it again, if it has no end.", "2027-01-15"),
        "timezone": ClauseSpec("timezone_clause", "Whose clock local times mean.", 'customer else "America/New_York"'),
        "leap_day": ClauseSpec("leap_day_clause", "Overrides the workspace's policy.", "mar_1"),
        "misfire": ClauseSpec("misfire_clause", "Overrides the workspace's policy.", "catch up at most 3 days"),
        "languages": ClauseSpec("languages_clause", "Languages of its messages; the first stands in.", "en, de, fr"),
        "quiet": ClauseSpec("quiet_clause", "Hours without messages where the customer is.", "from 21:00 to 08:00"),
        "formerly": ClauseSpec(
            "names_clause",
            "Earlier names, the oldest first, so that nobody is awarded again.",
            "birthday_treat",
            many=True,
        ),
    },
    blocks={
        "data": DATA,
        "audience": CAMPAIGN_AUDIENCE,
        "variants": VARIANTS,
        "behavior": BEHAVIOR,
        "outcomes": OUTCOMES,
        "message": MESSAGE,
    },
)

NAMED_AUDIENCE = BlockSpec(
    "An audience that campaigns and other audiences can name.",
    head="word_clause",
    many=True,
    clauses=_AUDIENCE_CLAUSES,
)

FILE = BlockSpec("A campaign file.", blocks={"campaign": CAMPAIGN, "audience": NAMED_AUDIENCE})


def named_blocks() -> tuple[tuple[str, BlockSpec], ...]:
    """All kinds of block with their keywords, each once, the file first."""
    found: list[tuple[str, BlockSpec]] = []

    def visit(name: str, spec: BlockSpec) -> None:
        if not any(spec is other for _, other in found):
            found.append((name, spec))
            for keyword, child in spec.blocks.items():
                visit(keyword, child)

    visit("file", FILE)
    return tuple(found)


def every_block() -> tuple[BlockSpec, ...]:
    """All kinds of block, each once, the file first."""
    return tuple(spec for _, spec in named_blocks())


STARTS = (
    "text_clause", "word_clause", "integer_clause", "names_clause", "runs_clause", "review_clause", "timezone_clause",
    "leap_day_clause", "misfire_clause", "languages_clause", "variant_entry", "where_clause", "exclude_clause",
    "segment_entry", "holdout_clause", "on_clause", "every_clause", "once_clause", "progress_clause", "group_head",
    "sequence_head", "goal_entry", "then_clause", "limit_clause", "budget_clause", "award_clause", "issue_clause",
    "tag_clause", "untag_clause", "set_clause", "subscribe_clause", "unsubscribe_clause", "record_clause",
    "send_clause", "choice_head", "message_head", "via_clause", "quiet_clause", "expires_clause", "visible_clause",
    "property_entry", "content_head", "part_clause",
)  # fmt: skip
"""Start symbols of the grammar, one for each kind of clause."""

CONTINUES = frozenset(
    {"and", "or", "not", "else", "when", "where", "as", "then", "within", "at", "in", "is", "expires"}
)
"""Words that go on with a clause when they begin a line of a block with free entries."""
