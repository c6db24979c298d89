"""Where messages go: types times occasions, channels, conversations, permission, quiet hours, seeds."""

from __future__ import annotations

import pytest
from brand import BRAND, check, refused, sound, text_of

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes

EXTERNAL = 'via braze variant plain\n settings { braze_campaign_id "x" }'
# By type of message, what it cannot do without.
MESSAGES = {
    "push": 'content {\n title "Hello"\n body "There"\n}',
    "inbox": 'content {\n header "Hello"\n body "There"\n}',
    "feed": 'visible for 7 days\n content {\n header "Hello"\n body "There"\n}',
    "external": EXTERNAL,
    "email": 'conversation news\n content {\n subject "Hello"\n body "<p>There</p>"\n}',
    "sms": 'content {\n text "Hello"\n}',
    "in_app": 'display graphic\n content {\n image "https://cdn.shop.example/x.png"\n}',
}
OCCASIONS = {
    "one-time": "once at 2026-11-27 09:00",
    "recurring": "every month on first monday at 09:00",
    "scheduled": "on anniversary of joined, at 09:00",
    "triggered": "on purchase where amount > 5",
}


def message(type_: str = "push", clauses: str | None = None, **parts: str) -> ir.Message:
    (found,) = campaign(type_, clauses, **parts).messages
    return found


def campaign(type_: str = "push", clauses: str | None = None, **parts: str) -> ir.Campaign:
    return sound(**_parts(type_, clauses) | parts)


def wrong(type_: str, clauses: str | None = None, **parts: str) -> list[tuple[str, str]]:
    return refused(**_parts(type_, clauses) | parts)


def _parts(type_: str, clauses: str | None) -> dict[str, str]:
    said = MESSAGES[type_] if clauses is None else clauses
    return {"kind": "messaging", "outcomes": "send note", "more": f"message note {type_} {{\n {said}\n}}"}


@pytest.mark.parametrize("type_", MESSAGES)
@pytest.mark.parametrize("occasion", OCCASIONS)
@pytest.mark.seed("S3-03")
def test_every_type_of_message_at_every_occasion(type_: str, occasion: str) -> None:
    found = campaign(type_, behavior=OCCASIONS[occasion])
    assert [(each.type, each.purpose) for each in found.messages] == [(type_, "marketing")]
    assert len(found.triggers) == 1


@pytest.mark.parametrize(
    ("type_", "clauses", "wanted"),
    [
        ("letter", "", ("MSG004", "letter")),
        ("external", "", ("MSG005", "note")),
        ("external", "via braze", ("MSG005", "braze")),
        ("external", "via braze variant nothing", ("NAM009", "nothing")),
        ("external", "via middleware variant plain", ("MSG007", "middleware")),
        ("external", "via middleware variant open", ("MSG006", "middleware variant open")),
        ("push", f"via nobody\n {MESSAGES['push']}", ("NAM010", "nobody")),
        ("push", f"conversation nothing\n {MESSAGES['push']}", ("NAM021", "nothing")),
        ("push", f"conversation news\n {MESSAGES['push']}", ("MSG017", "news")),
        ("push", f"via braze variant plain\n {MESSAGES['push']}", ("MSG017", "plain")),
        ("email", 'content {\n subject "x"\n body "y"\n}', ("MSG016", "note")),
        ("email", MESSAGES["email"].replace("news", "silent"), ("MSG016", "silent")),
        ("email", f"via braze variant plain\n {MESSAGES['email']}", ("MSG016", "news")),
        ("push", f"purpose spam\n {MESSAGES['push']}", ("CMP001", "spam")),
        ("push", f"visible for 7 days\n {MESSAGES['push']}", ("MSG018", "7 days")),
        ("push", f"display graphic\n {MESSAGES['push']}", ("MSG018", "graphic")),
        ("push", f"seeds qa\n {MESSAGES['push']}", ("MSG018", "qa")),
        ("push", f'settings {{ x "y" }}\n {MESSAGES["push"]}', ("MSG018", 'x "y"')),
        ("email", f"seeds nobody\n {MESSAGES['email']}", ("NAM033", "nobody")),
        ("feed", MESSAGES["push"].replace("title", "header"), ("MSG018", "note")),
        ("feed", MESSAGES["feed"].replace("7 days", "1 month"), ("TYP007", "1 month")),
        ("in_app", MESSAGES["in_app"].replace("display graphic", ""), ("MSG018", "note")),
        ("in_app", MESSAGES["in_app"].replace("graphic", "hologram"), ("CMP001", "hologram")),
        ("push", f"quiet from 21:00 to 21:00\n {MESSAGES['push']}", ("MSG008", "from 21:00 to 21:00")),
        ("push", f"expires after 0 days\n {MESSAGES['push']}", ("TYP006", "0 days")),
    ],
)
def test_messages_that_cannot_go(type_: str, clauses: str, wanted: tuple[str, str]) -> None:
    assert wrong(type_, clauses) == [wanted]


def test_channels() -> None:
    assert message("push").channel_name == "app"
    assert message("email").channel_name == "mail"
    assert message("external").channel_name == "braze"
    mailed = message("email", f'via braze variant mailed\n {MESSAGES["email"]}\n settings {{ braze_campaign_id "x" }}')
    assert (mailed.provider, mailed.variant_name, mailed.channel_name) == ("braze", "mailed", "mail")
    assert (message("push").provider, message("push").variant) == (None, None)


def test_a_type_with_two_channels_has_to_say_which() -> None:
    assert BRAND.catalog is not None
    channels = BRAND.catalog.channels
    text = text_of(**_parts("push", None))
    _, found = check(text, channels=channels | {"other": channels["app"]})
    assert [each.code for each in found] == ["MSG017"]
    _, found = check(text, channels={name: each for name, each in channels.items() if name != "app"})
    assert [each.code for each in found] == ["MSG017"]
    clauses = f"conversation apps\n {MESSAGES['push']}"
    campaign, found = check(text_of(**_parts("push", clauses)), channels=channels | {"other": channels["app"]})
    assert found == ()
    assert campaign is not None


def test_e_mail_and_sms_need_an_address() -> None:
    assert BRAND.catalog is not None
    channels = BRAND.catalog.channels
    without = channels["text"].model_copy(update={"address": None})
    _, found = check(text_of(**_parts("sms", None)), channels=channels | {"text": without})
    assert [each.code for each in found] == ["MSG017"]


@pytest.mark.seed("S2-02")
def test_conversations() -> None:
    found = message("email")
    assert found.conversation == ir.Conversation("news", "News", "mail", "Shop <news@shop.example>", None, None, None)
    assert [each.name for each in campaign("email").suppression] == ["never"]
    both = campaign("email", audience="everyone\n suppress never")
    assert [each.name for each in both.suppression] == ["never"]


# ------------------------------------------------------------------------------------------------------ permission


@pytest.mark.seed("S2-12")
def test_marketing_needs_consent_and_a_subscription() -> None:
    found = message("email")
    assert found.consent is not None
    assert found.consent.name == "consent"
    assert isinstance(found.subscription, nodes.Did)
    assert message("push").subscription is None
    told = message("email", f"purpose transactional\n {MESSAGES['email']}")
    assert (told.purpose, told.consent, told.subscription) == ("transactional", None, None)


def test_a_subscription_is_consent() -> None:
    assert BRAND.catalog is not None
    channels = BRAND.catalog.channels
    silent = channels | {"mail": channels["mail"].model_copy(update={"consent": None})}
    campaign, found = check(text_of(**_parts("email", None)), channels=silent)
    assert found == ()
    assert campaign is not None
    assert campaign.messages[0].consent is None
    assert campaign.messages[0].subscription is not None


@pytest.mark.parametrize("type_", MESSAGES)
def test_what_waits_in_the_app_needs_no_consent(type_: str) -> None:
    assert BRAND.catalog is not None
    channels = {name: each.model_copy(update={"consent": None}) for name, each in BRAND.catalog.channels.items()}
    _, found = check(text_of(**_parts(type_, None)), channels=channels)
    quiet = type_ in ("inbox", "feed", "in_app", "email")  # e-mail has its conversation
    assert [each.code for each in found] == ([] if quiet else ["MSG006"])


def test_where_consent_is_not_required_nobody_who_left_is_written_to() -> None:
    campaign, found = check(text_of(**_parts("email", None)), policies={"consent": "not_required"})
    assert found == ()
    assert campaign is not None
    (message,) = campaign.messages
    assert message.consent is None
    assert isinstance(message.subscription, nodes.Negate)


# ---------------------------------------------------------------------------------------------------- quiet hours


@pytest.mark.parametrize(
    ("message_says", "campaign_says", "hours"),
    [
        ("quiet from 22:00 to 07:00", "quiet from 23:00 to 06:00", ("22:00", "07:00")),
        ("quiet none", "quiet from 23:00 to 06:00", None),
        ("", "quiet from 23:00 to 06:00", ("23:00", "06:00")),
        ("", "quiet none", None),
        ("", "", ("20:00", "09:00")),
    ],
)
def test_quiet_hours(message_says: str, campaign_says: str, hours: tuple[str, str] | None) -> None:
    assert message("email", f"{message_says}\n {MESSAGES['email']}", head=campaign_says).quiet == hours


def test_quiet_hours_of_the_workspace() -> None:
    assert message("push").quiet == ("21:00", "08:00")


def test_seeds_are_told_once() -> None:
    found = message("email", f"seeds qa, legal\n {MESSAGES['email']}")
    assert found.seeds == ("one@shop.example", "two@shop.example", "law@shop.example")


def test_how_long() -> None:
    found = message("feed", f"expires after 2 days\n {MESSAGES['feed']}")
    assert (found.visible_seconds, found.expires_after_seconds) == (7 * 86_400, 2 * 86_400)
    assert message("in_app").display == "graphic"


def test_a_message_can_be_sent_twice() -> None:
    found = campaign("push", outcomes="send note\n send note, after 2 days as again")
    assert len(found.outcomes) == 2
    assert [code for code, _ in wrong("push", outcomes="send note\n send note, after 2 days")] == ["OUT004"]
