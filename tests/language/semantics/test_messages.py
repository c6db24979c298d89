"""Messages: where they go, what they carry, and what may be missing."""

from __future__ import annotations

import pytest
from desk import check, findings, sound, text_of

SEGMENTS = "everyone\n segments {\n gold where tier = high\n silver where tier = mid\n others otherwise\n}"
AWARD = "award 5 points to rewards source birthday"
FRIEND = 'first_name customer.first_name else "friend"'


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ({}, []),
        ({"via": ""}, ["MSG005"]),
        ({"via": "via braze variant nothing"}, ["NAM009"]),
        ({"via": "via middleware variant mail"}, ["MSG007"]),
        ({"via": "via braze variant pushed"}, ["MSG006"]),
        ({"message": "quiet from 21:00 to 08:00\n expires after 3 days"}, []),
        ({"message": "quiet none"}, []),
        ({"message": "quiet from 21:00 to 21:00"}, ["MSG008"]),
        ({"message": "expires after 1 month"}, ["TYP007"]),
        ({"message": "expires after 0 days"}, ["TYP006"]),
        ({"settings": ""}, ["MSG015"]),
        ({"settings": 'braze_campaign_id "x"\n braze_campaign_id "y"'}, ["MSG009"]),
        ({"properties": f"{FRIEND}\n x 1\n x 2"}, ["MSG009"]),
        ({"properties": "x 1"}, ["MSG010"]),
        ({"outcomes": "send other"}, ["MSG001"]),
        ({"outcomes": "tag gift for 1 day"}, ["MSG003"]),
        ({"more": "message note external { quiet none }"}, ["MSG002"]),
        (
            {"more": "message other internal { via middleware variant other }", "outcomes": "send note\n send other"},
            ["MSG004"],
        ),
        (
            {"more": "message Other external { via middleware variant other }", "outcomes": "send note\n send Other"},
            ["NAM016"],
        ),
        ({"more": "message other external { via middleware variant other }", "outcomes": "send note\n send other"}, []),
    ],
)
def test_messages(parts: dict[str, str], wanted: list[str]) -> None:
    assert findings(**parts) == wanted


def test_policies_stand_in_for_what_a_message_does_not_say() -> None:
    assert sound().messages[0].quiet == ("21:00", "08:00")
    assert sound(message="quiet none").messages[0].quiet is None
    campaign, _ = check(text_of(), quiet="none", consent="not_required")
    assert campaign is not None
    assert (campaign.messages[0].quiet, campaign.messages[0].consent) == (None, None)
    consent = sound().messages[0].consent
    assert consent is not None
    assert consent.name == "consent"


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("p customer.last_name", []),
        ("p customer.first_name", ["MSG012"]),
        ('p customer.first_name else "x"', []),
        ("p customer.whole else 5", []),
        ("p customer.nothing", ["NAM001"]),
        ("p first_name", ["MSG011"]),
        ("p offer.nothing", ["MSG011"]),
        ("p 5", []),
        ("p 5.50", []),
        ("p true", []),
        ('p "text"', []),
        ("p campaign.name", []),
        ("p campaign.title", []),
        ("p occurrence.key", []),
        ("p occurrence.date", []),
        ("p outcome.points.amount", ["MSG013"]),
        ("p offer.title", ["MSG013"]),
    ],
)
def test_properties(entry: str, wanted: list[str]) -> None:
    assert findings(properties=f"{FRIEND}\n {entry}") == wanted


ENDS = ", expires after 3 days"
"""Whether a value can be missing for somebody who gets the message, by what the campaign gives and to whom."""
CASES = [
    # outcomes, what is quoted, whether a fallback is needed
    (f"{AWARD}\n send note", "outcome.points.amount", False),
    (f"{AWARD}\n send note", "outcome.points.account", False),
    (f"{AWARD}\n send note", "outcome.points.expires_at", True),
    (f"{AWARD}{ENDS}\n send note", "outcome.points.expires_at", False),
    (f"{AWARD} when yes\n send note", "outcome.points.amount", True),
    (f"{AWARD} when yes\n send note when yes", "outcome.points.amount", False),
    (f"{AWARD} when yes\n send note when (yes)", "outcome.points.amount", False),
    (f"{AWARD} when yes\n send note when whole > 1", "outcome.points.amount", True),
    (f"{AWARD} when segment gold\n send note", "outcome.points.amount", True),
    (f"{AWARD} when segment gold\n send note when segment gold", "outcome.points.amount", False),
    (f"{AWARD} when segment gold\n send note when segment others", "outcome.points.amount", True),
    (
        f"{AWARD} when segment gold\n {AWARD} when segment silver\n {AWARD} when segment others\n send note",
        "outcome.points.amount",
        False,
    ),
    (f"{AWARD} when segment gold\n {AWARD} when segment others\n send note", "outcome.points.amount", True),
    (
        f"{AWARD}{ENDS} when segment gold\n {AWARD} when segment silver\n {AWARD}{ENDS} when segment others\n"
        " send note",
        "outcome.points.expires_at",
        True,
    ),
    (f"{AWARD} when segment gold\n send note when segment gold\n tag gift for 1 day", "outcome.points.amount", False),
    ("issue offer half\n send note", "offer.title", False),
    ("issue offer half\n send note", "offer.id", False),
    ("issue offer half\n send note", "offer.user_offer_id", False),
    ("issue offer half\n send note", "offer.description", False),
    ("issue offer full\n send note", "offer.description", True),
    ("issue offer half\n send note", "offer.logo", True),
    ("issue offer full\n send note", "offer.logo", False),
    ("issue offer half\n send note", "offer.terms_and_conditions", True),
    ("issue offer half\n send note", "offer.pos_discount_id", True),
    ("issue offer half\n send note", "offer.expires_at", True),
    (f"issue offer half{ENDS}\n send note", "offer.expires_at", False),
    ("issue offer half when yes\n send note", "offer.title", True),
]


@pytest.mark.parametrize(("outcomes", "quoted", "needed"), CASES)
def test_what_may_be_missing_needs_a_fallback(outcomes: str, quoted: str, needed: bool) -> None:
    parts = {"audience": SEGMENTS, "outcomes": outcomes}
    assert findings(properties=f"{FRIEND}\n p {quoted}", **parts) == (["MSG012"] if needed else [])
    assert findings(properties=f'{FRIEND}\n p {quoted} else "-"', **parts) == []


def test_every_source_is_covered_above() -> None:
    covered = {quoted for _, quoted, _ in CASES} | {
        "campaign.name",
        "campaign.title",
        "occurrence.key",
        "occurrence.date",
    }
    assert covered >= {f"outcome.points.{name}" for name in ("amount", "account", "expires_at")}


def test_a_message_that_is_sent_twice_must_be_whole_both_times() -> None:
    outcomes = f"{AWARD} when segment gold\n send note when segment gold\n send note when segment others"
    assert findings(audience=SEGMENTS, outcomes=outcomes, properties=f"{FRIEND}\n p outcome.points.amount") == [
        "MSG012"
    ]


@pytest.mark.parametrize(
    ("outcomes", "quoted"),
    [
        ("issue offer half\n issue offer full\n send note", "offer.title"),
        ("issue offer half\n issue offer half as more\n send note", "offer.expires_at"),
        (f"{AWARD}\n {AWARD} as more\n send note", "outcome.points.amount"),
        (f"{AWARD} when yes\n {AWARD} as more when not yes\n send note", "outcome.points.amount"),
    ],
)
def test_what_is_quoted_must_be_one_thing(outcomes: str, quoted: str) -> None:
    assert findings(outcomes=outcomes, properties=f'{FRIEND}\n p {quoted} else "-"') == ["MSG014"]
    assert findings(outcomes=outcomes) == []


def test_context_holds_what_messages_quote_and_where_they_go() -> None:
    campaign = sound(properties=f"{FRIEND}\n p customer.last_name\n q campaign.name\n r customer.first_name else 5")
    assert [each.name for each in campaign.context] == ["email", "first_name", "last_name"]
