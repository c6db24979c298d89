"""Heads of campaigns: kinds and what they do, languages, variants, data, reviews; and modes times behaviors."""

from __future__ import annotations

from decimal import Decimal

import pytest
from brand import check, refused, sound, text_of

from campaign_dsl.language.ir import campaign as ir

NOTE = 'message note external {\n via braze variant plain\n settings { braze_campaign_id "x" }\n}'

# S3-02: a promotion is sent now, on a schedule or when something happens, and moves people to engage, buy or come.
MODES = {
    "now": "once at 2026-11-27 09:00",
    "scheduled": "every monday at 10:00",
    "on a day of the customer": "on anniversary of born, 7 days before, at 09:00",
    "on a holiday": "on holiday mothers_day in US, 3 days before, at 09:00",
}
BEHAVIORS = {
    "engagement": 'on entry where source = "app"',
    "purchase": "on purchase where amount >= 100 at least 3 times within 14 days",
    "location": "on visit at geofence shop",
    "crossing": "on entering geofence shop",
    "habit": "every 5th purchase",
    "code": "on code SUMMER26",
}
INCENTIVES = (
    "award 500 points to rewards source purchase",
    "issue offer half",
    "issue code from summer",
    "issue reward mug",
    "tag gift for 30 days",
)


@pytest.mark.parametrize("behavior", [*MODES.values(), *BEHAVIORS.values()], ids=[*MODES, *BEHAVIORS])
@pytest.mark.parametrize("outcome", INCENTIVES)
def test_promotions(behavior: str, outcome: str) -> None:
    campaign = sound(behavior=behavior, outcomes=outcome)
    assert (campaign.kind, len(campaign.triggers), len(campaign.outcomes)) == ("promotion", 1, 1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("behavior", BEHAVIORS)
def test_promotions_at_two_occasions(mode: str, behavior: str) -> None:
    assert len(sound(behavior=f"{MODES[mode]}\n {BEHAVIORS[behavior]}").triggers) == 2


@pytest.mark.parametrize(
    ("kind", "outcomes", "wanted"),
    [
        ("promotion", "send note", [("CMP015", "promotion")]),
        ("promotion", "untag gift", [("CMP015", "promotion")]),
        ("promotion", "set tier to gold", []),
        ("promotion", 'record entry with store = "x"', []),
        ("messaging", "send note", []),
        ("messaging", "send note\n tag gift", []),
        ("messaging", "tag gift", [("CMP015", "messaging")]),
        ("messaging", "send note\n issue offer half", [("CMP015", "offer half")]),
        ("messaging", "send note\n award 5 points to rewards source purchase", None),
        ("subscription", "subscribe to news", []),
        ("subscription", "unsubscribe from news\n send note", []),
        ("subscription", "send note", []),
        ("subscription", "tag gift", [("CMP015", "subscription")]),
        ("subscription", "first of {\n subscribe to news when vip\n tag gift otherwise\n}", []),
    ],
)
def test_a_campaign_does_what_its_kind_says(kind: str, outcomes: str, wanted: list[tuple[str, str]] | None) -> None:
    parts = {"kind": kind, "outcomes": outcomes, "more": NOTE if "note" in outcomes else ""}
    if wanted == []:
        assert sound(**parts).kind == kind
    else:
        found = refused(**parts)
        assert [code for code, _ in found] == ["CMP015"]
        assert wanted is None or found == wanted


def test_an_empty_campaign_is_none() -> None:
    _, found = check("campaign gift {\n}\n")
    assert {each.code for each in found} == {"AUD001", "BEH001", "CMP003", "CMP004", "CMP008"}


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("languages en, de", []),
        ("languages en", []),
        ("languages en, fr-CA, zh-Hant", []),
        ("languages en, EN", [("CMP011", "EN")]),
        ("languages en, de, en", [("CMP011", "en")]),
        ("languages fr-ca", [("CMP011", "fr-ca")]),
        ("review 2027-01-01", []),
        ("runs from 2026-01-01\n review 2026-01-01", [("CMP005", "2026-01-01")]),
        ("runs from 2026-01-01\n review 2026-01-02", []),
        ('data {\n season "summer"\n}', []),
        ('data {\n season "summer"\n season "winter"\n}', [("NAM012", "season")]),
        ('data {\n Season "summer"\n}', [("NAM016", "Season")]),
        ("variants {\n a 50%\n b 50%\n}", []),
        ("variants {\n a 33.333%\n b 33.333%\n c 33.334%\n}", []),
        ("variants {\n a 50%\n b 49%\n}", [("CMP013", "a 50%\n b 49%")]),
        ("variants {\n a 99.999%\n}", [("CMP013", "a 99.999%")]),
        ("variants {\n a 100%\n}", [("CMP013", "100")]),
        ("variants {\n a 0%\n b 100%\n}", [("CMP013", "0"), ("CMP013", "100")]),
        ("variants {\n a 50%\n a 50%\n}", [("NAM012", "a")]),
        ("variants {\n A 50%\n b 50%\n}", [("NAM016", "A")]),
        ("quiet from 21:00 to 08:00", []),
        ("quiet from 21:00 to 21:00", [("MSG008", "from 21:00 to 21:00")]),
    ],
)
def test_heads(head: str, wanted: list[tuple[str, str]]) -> None:
    if wanted:
        assert refused(head=head) == wanted
    else:
        assert sound(head=head).name == "gift"


def test_what_heads_become() -> None:
    campaign = sound(
        head='languages en, de\n data {\n season "summer"\n}\n review 2027-01-01\n variants {\n a 60%\n b 40%\n}'
    )
    assert campaign.languages == ("en", "de")
    assert campaign.language is not None
    assert campaign.language.name == "language"
    assert campaign.data == (("season", "summer"),)
    assert campaign.review is not None
    assert campaign.arms == (ir.Arm("a", Decimal(60)), ir.Arm("b", Decimal(40)))
    assert sound(head="languages en").language is None
    assert sound().languages == ()


def test_more_languages_need_the_customer_s() -> None:
    from brand import BRAND

    assert BRAND.catalog is not None
    text = text_of(head="languages en, de")
    customers = BRAND.catalog.customers.model_copy(update={"language": None})
    campaign, found = check(text, customers=customers)
    assert campaign is None
    assert [each.code for each in found] == ["CMP012"]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("languages " + ", ".join(f"a{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(51)), "CMP011"),
        ("variants {\n" + "\n".join(f"v{n} 4%" for n in range(25)) + "\n}", "CMP013"),
        ("data {\n" + "\n".join(f'k{n} "x"' for n in range(101)) + "\n}", "CMP014"),
    ],
)
def test_how_much_fits(head: str, code: str) -> None:
    assert [found for found, _ in refused(head=head)] == [code]
