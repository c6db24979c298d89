"""Part 7 of the seed checklist: what integrations need of the language, the compiler and the ledger."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from stand import (
    SAMPLE,
    SETTINGS,
    T,
    at,
    both,
    codes,
    findings,
    happened,
    ledgered,
    person,
    tables,
    text_of,
)

from campaign_dsl.language.catalog.loading import load_workspace_settings
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.run.providers import contracts

BRAZE = "message note external {\n    via braze variant triggered_mail\n    settings { SETTINGS }\n    PROPERTIES\n  }"
BOUGHT = tables([person("a")], [happened(1, "2026-06-15 09:00", amount=Decimal("12.50"))])


def braze(settings: str = 'braze_campaign_id "a3f9c2d1-birthday"', properties: str = "", **parts: str) -> str:
    inside = f"properties {{\n      {properties}\n    }}" if properties else ""
    more = BRAZE.replace("SETTINGS", settings).replace("PROPERTIES", inside)
    usual = {
        "outcomes": "award 500 points to rewards source birthday\n"
        "    issue offer birthday_half_price, expires after 14 days\n    send note"
    }
    return text_of(**(usual | {"more": more} | parts))


# --------------------------------------------------------------------------------------------------------- connections


def settings_with(provider: str) -> tuple[object, ...]:
    text = (SAMPLE / "workspace.yaml").read_text("utf-8").replace("\nproviders:\n", f"\nproviders:\n  odd:\n{provider}")
    _, _, problems = load_workspace_settings(SourceFile("workspace.yaml", text))
    return tuple(problems)


@pytest.mark.seed("S1-01")
def test_a_connection_names_its_endpoint_and_where_its_key_is() -> None:
    made = SETTINGS.providers["braze"]
    assert "rest.iad-01.braze.com" in str(made)
    good = "    kind: braze\n    endpoint: https://rest.iad-01.braze.com\n    api_key: {env: KEY}\n"
    assert settings_with(good) == ()
    literal = good.replace("{env: KEY}", "abcd-1234-secret")
    [found] = settings_with(literal)
    assert "abcd-1234-secret" not in f"{found}", "a key that was written down by mistake is not repeated"
    assert len(settings_with(good.replace("    endpoint: https://rest.iad-01.braze.com\n", ""))) == 1


# ------------------------------------------------------------------------------------------------------ golden payloads


@pytest.mark.seed("S1-19", "S1-21a", "S1-21b")
@pytest.mark.parametrize(
    ("setting", "ids"),
    [
        ('braze_campaign_id "a3f9c2d1-birthday"', {"campaign_id": "a3f9c2d1-birthday", "canvas_id": None}),
        ('braze_canvas_id "c-17"', {"campaign_id": None, "canvas_id": "c-17"}),
    ],
)
def test_the_whole_document_from_text_to_ledger(setting: str, ids: dict[str, str | None], tmp_path: Path) -> None:
    """Five standard fields, all eight of the offer, both of the points, and the campaign's."""
    with ledgered(tmp_path, braze(setting, head='title "Birthday gift"'), BOUGHT) as (result, ledger):
        [document] = result.samples
        wallet = ledger.connection.execute("SELECT * FROM wallet_offer").fetchall()
        columns = [each[1] for each in ledger.connection.execute("PRAGMA table_info(wallet_offer)")]
    [offer] = [dict(zip(columns, row, strict=True)) for row in wallet]
    expected = {
        **ids,
        "broadcast": False,
        "customer_identifier": {"external_user_id": "a"},
        "email": "a@example.com",
        "offer": {
            "offer_id": "birthday_half_price",
            "offer_title": "50% off one pair",
            "user_offer_id": document["offer"]["user_offer_id"],
            "description": "Half price on any one pair of shoes, for your birthday",
            "terms_and_conditions": "One pair, one use, not with other offers",
            "logo": "https://cdn.footwear.example/offers/birthday.png",
            "pos_discount_id": "POS-BDAY-50",
            "expiration_date": "2026-06-29T12:00:00Z",
        },
        "point_award": {"point_award_amount": 500, "point_account_name": "Stride points"},
        "event_trigger": {"occurrence": "purchase/1", "date": "2026-06-15"},
        "campaign": {
            "campaign_runtime": "2026-06-15T12:00:00Z",
            "campaign_id": "gift",
            "campaign_name": "Birthday gift",
        },
        "properties": {},
        "selection": {},
    }
    assert document == expected
    assert list(document).count("broadcast") == 1
    assert document["offer"]["user_offer_id"] in {str(value) for value in offer.values()}, "the wallet's own row"
    contract = {name: value for name, value in document.items() if name not in ("properties", "selection")}
    assert contracts.validate("messaging-variant", contract) == []


EIGHT = {
    "offer_id": "offer.id",
    "offer_title": "offer.title",
    "user_offer_id": "offer.user_offer_id",
    "description": "offer.description",
    "terms": "offer.terms_and_conditions",
    "logo": "offer.logo",
    "pos": "offer.pos_discount_id",
    "ends": "offer.expires_at",
}


@pytest.mark.seed("S1-21a", "S1-21b")
def test_all_facts_of_the_offer_and_both_of_the_points_one_by_one(tmp_path: Path) -> None:
    names = EIGHT | {"amount": "outcome.points.amount", "account": "outcome.points.account"}
    text = braze(properties="\n      ".join(f"{name} {source}" for name, source in names.items()))
    [sent] = both(text, BOUGHT).messages
    with ledgered(tmp_path, text, BOUGHT) as (result, _):
        [document] = result.samples
    assert document["properties"] == dict(sent.properties) | {"user_offer_id": document["offer"]["user_offer_id"]}
    assert (document["properties"]["amount"], document["properties"]["account"]) == (500, "Stride points")
    assert document["properties"]["user_offer_id"] == document["offer"]["user_offer_id"]


@pytest.mark.seed("S1-22")
def test_each_recipient_has_her_own_values(tmp_path: Path) -> None:
    text = braze(properties='first_name customer.first_name else "friend"\n      spent event.amount else 0')
    rows = tables(
        [person("a"), person("b", first_name=None)],
        [happened(1, "2026-06-15 09:00", amount=Decimal("12.50")), happened(2, "2026-06-15 09:00", owner="b")],
    )
    with ledgered(tmp_path, text, rows) as (result, _):
        found = {each["customer_identifier"]["external_user_id"]: each["properties"] for each in result.samples}
    assert found == {"a": {"first_name": "Ada", "spent": 12.5}, "b": {"first_name": "friend", "spent": 0}}


@pytest.mark.seed("S1-23")
def test_the_names_that_a_vendors_template_needs_are_sent() -> None:
    """`requires` of a variant lists what the template at the vendor uses as `api_trigger_properties`."""
    required = braze(
        properties='first_name customer.first_name else "friend"',
    ).replace("triggered_mail", "birthday_triggered")
    assert codes(required) == []
    [found] = findings(required.replace("first_name customer", "name customer"))
    assert "`first_name`" in found.message + str(found.help)


# ---------------------------------------------------------------------------------------------------- advanced settings


@pytest.mark.seed("S1-24", "T-1")
@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('braze_campaign_id "a"\n      braze_canvas_id "b"', "both"),
        ('braze_campaign_id "{{CAMPAIGN ID}}"', "placeholder"),
        ('braze_canvas_id "{{CANVAS ID}}"', "placeholder"),
        ('braze_campaign_id ""', "empty"),
        ('campaign_id "a"', "`campaign_id`"),
    ],
)
def test_exactly_one_id_and_no_placeholder(settings: str, says: str) -> None:
    found = findings(braze(settings))
    assert found
    assert {each.code for each in found} == {"MSG015"}
    assert any(says in each.message for each in found)
    assert all(each.where is not None and each.help for each in found)


@pytest.mark.seed("S1-24")
def test_without_settings_nobody_knows_what_to_send() -> None:
    text = braze().replace('settings { braze_campaign_id "a3f9c2d1-birthday" }', "")
    [found] = findings(text)
    assert found.code == "MSG015"


PASTED = """{
"braze_campaign_id": "{{CAMPAIGN ID}}",
"braze_canvas_id": "{{CANVAS ID}}",
}"""


@pytest.mark.seed("T-1")
def test_the_vendors_json_pasted_into_a_campaign_file() -> None:
    """As it stands in the vendor's guide: JSON, a comma too many, both ids, and neither filled in."""
    text = braze().replace('{ braze_campaign_id "a3f9c2d1-birthday" }', PASTED)
    found = findings(text)
    assert [(each.code, each.help) for each in found] == [
        ("SYN002", f"write `{key}`, without quotes and without a colon behind it")
        for key in ("braze_campaign_id", "braze_canvas_id")
    ]
    starts = [each.where.span.start for each in found if each.where is not None]
    assert starts == [text.index(f'"{key}"') for key in ("braze_campaign_id", "braze_canvas_id")]


@pytest.mark.seed("T-1")
def test_the_vendors_json_pasted_into_yaml() -> None:
    """YAML takes JSON, and the comma; what is left is said of each line: two ids, and both are placeholders."""
    text = """\
campaign gift:
  kind: messaging
  timezone: UTC
  audience: {everyone: }
  behavior:
    "on": [purchase]
  outcomes:
    - send note
  message note external:
    via: braze variant triggered_mail
    settings: SETTINGS
""".replace("SETTINGS", PASTED.replace("\n", "\n      "))
    found = findings(text, path="gift.campaign.yaml")
    assert found
    assert [each.code for each in found] == ["MSG015"] * len(found)
    assert [each.message.rpartition("`")[2] for each in found] == [
        " is a placeholder, not an id",
        " are both given; a message goes to a campaign or to a Canvas",
        " is a placeholder, not an id",
    ]
    assert all(each.help and each.where is not None for each in found)


@pytest.mark.seed("T-2")
@pytest.mark.parametrize(
    ("liquid", "code", "cure"),
    [
        ("{{wallet.payload.available_points}", "CNT001", "write `}}`"),  # as it stands in the guide
        ("{{api_trigger_properties.${offer_id}}}", "CNT010", "write `{{ offer.id }}`"),
        ("{{${user_id}}}", "CNT010", "write `{{ customer.customer_id }}`"),
        ("{% capture postbody %}", "CNT010", "write `{% if ... %}`"),
        ("{% connected_content https://x.example/ %}", "CNT010", "write `{% if ... %}`"),
    ],
)
def test_the_vendors_liquid_pasted_into_content(liquid: str, code: str, cure: str) -> None:
    more = f'message note push {{\n    content {{\n      title "Hello"\n      body "Now {liquid} points"\n    }}\n  }}'
    text = text_of(kind="messaging", outcomes="send note", more=more)
    [found] = findings(text)
    assert found.code == code
    assert str(found.help).startswith(cure)
    assert found.where is not None
    start = text.index(liquid)
    assert start <= found.where.span.start < start + len(liquid)


@pytest.mark.seed("T-3")
def test_the_vendors_two_names_for_one_key() -> None:
    """`{{appkey_core}}` here and `{{apikey_core}}` there: in an address either is a placeholder."""
    for name in ("appkey_core", "apikey_core"):
        [found] = settings_with(
            "    kind: webhook\n"
            f"    endpoint: https://core.example/priv/v1/apps/{{{{{name}}}}}/users\n"
            "    secret: {env: SECRET}\n"
        )
        assert found.where is not None  # type: ignore[attr-defined]
        assert found.help  # type: ignore[attr-defined]


# ----------------------------------------------------------------------------------------------------- other directions


@pytest.mark.seed("S1-26")
def test_the_adapter_is_changed_without_touching_the_audience() -> None:
    one = braze(properties='first_name customer.first_name else "friend"')
    other = one.replace("via braze variant triggered_mail", "via middleware variant middleware_notice").replace(
        'settings { braze_campaign_id "a3f9c2d1-birthday" }', ""
    )
    first, second = both(one, BOUGHT), both(other, BOUGHT)
    assert first.effects == second.effects
    assert first.messages[0].properties == second.messages[0].properties


@pytest.mark.seed("S1-28", "S1-27")
def test_profile_offer_and_points_in_one_message(tmp_path: Path) -> None:
    """Static data (the campaign's, from its file) and dynamic ones (her row, the offer, the points), each typed."""
    text = braze(
        properties='first_name  customer.first_name else "friend"\n      tier        customer.tier\n'
        "      offer       offer.title\n      points      outcome.points.amount\n"
        "      season      campaign.data.season",
        head='data { season "summer" }',
    )
    with ledgered(tmp_path, text, BOUGHT) as (result, _):
        [document] = result.samples
    assert document["properties"] == {
        "first_name": "Ada",
        "tier": "member",
        "offer": "50% off one pair",
        "points": 500,
        "season": "summer",
    }


@pytest.mark.seed("S1-16", "S1-06c")
def test_the_balance_at_the_time_of_sending() -> None:
    more = (
        "message note push {\n    quiet none\n    content {\n"
        '      title "You have {{ wallet.points.rewards }} points"\n      body "x"\n    }\n  }'
    )
    rows = tables(
        [person("a"), person("b")],
        [happened(1, "2026-06-15 09:00"), happened(2, "2026-06-15 09:00", owner="b")],
        point_balances=[{"customer_id": "a", "account": "rewards", "balance": 100}],
    )
    found = both(text_of(kind="messaging", outcomes="send note", more=more), rows)
    titles = {each.effect.customer: each.parts["title"] for each in found.messages}
    assert titles == {"a": "You have 100 points", "b": "You have 0 points"}


@pytest.mark.seed("S1-17")
def test_no_offer_that_is_over_or_redeemed_in_a_message() -> None:
    loop = "{% for mine in wallet.offers %}[{{ mine.title }}]{% endfor %}"
    more = f'message note push {{\n    content {{\n      title "Yours"\n      body "{loop}"\n    }}\n  }}'
    nothing = {"customer_id": "a", "redeemed_at": None, "expires_at": None, "issued_at": at("2026-06-01")}
    wallet = [
        {**nothing, "wallet_id": 1, "offer": "five_off", "state": "issued"},
        {**nothing, "wallet_id": 2, "offer": "welcome_ten", "state": "redeemed", "redeemed_at": at("2026-06-02")},
        {**nothing, "wallet_id": 3, "offer": "we_miss_you", "state": "issued", "expires_at": T},
        {**nothing, "wallet_id": 4, "offer": "free_laces", "state": "issued", "expires_at": T + timedelta(seconds=1)},
    ]
    rows = tables([person("a")], [happened(1, "2026-06-15 09:00")], wallet=wallet)
    found = both(text_of(kind="messaging", outcomes="send note", more=more), rows)
    body = found.messages[0].parts["body"]
    assert "[$5 off]" in body
    assert "[Laces for nothing]" in body
    assert "10%" not in body
    assert "20%" not in body


@pytest.mark.seed("S1-06b", "S1-06e")
def test_from_a_segment_to_an_offer_to_a_message_about_the_same_row(tmp_path: Path) -> None:
    audience = "everyone\n    segments {\n      gold    where tier >= gold\n      others  otherwise\n    }"
    text = braze(
        properties="offer offer.title\n      id offer.user_offer_id",
        audience=audience,
        outcomes="issue offer birthday_half_price when segment gold\n    tag vip when segment others\n"
        "    send note when segment gold",
    )
    rows = tables(
        [person("a", tier="gold"), person("b")],
        [happened(1, "2026-06-15 09:00"), happened(2, "2026-06-15 09:00", owner="b")],
    )
    with ledgered(tmp_path, text, rows) as (result, ledger):
        wallet = {row for each in ledger.connection.execute("SELECT * FROM wallet_offer") for row in each}
        found = {each["customer_identifier"]["external_user_id"]: each["properties"] for each in result.samples}
    assert {owner: each["offer"] for owner, each in found.items()} == {"a": "50% off one pair"}
    assert found["a"]["id"] in {str(one) for one in wallet}


@pytest.mark.seed("S1-09")
def test_an_audience_on_a_schedule_becomes_tags(tmp_path: Path) -> None:
    """What a webhook campaign does to a segment: on a day, for its members, tags that last a while."""
    text = text_of(
        audience='where country = "US" and did purchase in last 30 days',
        behavior="every monday at 09:00",
        outcomes="tag vip for 30 days\n    tag runner for 20_000 seconds",
    )
    rows = tables(
        [person("a"), person("b", country="DE"), person("c")],
        [happened(1, "2026-06-14 09:00"), happened(2, "2026-06-14 09:00", owner="b")],
    )
    with ledgered(tmp_path, text, rows) as (_, ledger):
        found = ledger.connection.execute("SELECT customer_id, tag, until_at - from_at FROM profile_tag").fetchall()
    second = 1_000_000
    assert sorted(found) == [("a", "runner", 20_000 * second), ("a", "vip", 30 * 86_400 * second)]


@pytest.mark.seed("S1-18")
def test_501_customers_are_one_question(tmp_path: Path) -> None:
    people = [person(f"m{number:03}") for number in range(501)]
    rows = tables(people, [happened(n, "2026-06-15 09:00", owner=each["customer_id"]) for n, each in enumerate(people)])
    with ledgered(tmp_path, text_of(audience="where points in rewards = 0 and not has offer five_off"), rows) as (
        result,
        _,
    ):
        assert result.funnel["decided"] == 501


@pytest.mark.seed("S1-14")
@pytest.mark.parametrize("language", ["tlh", "", "en_US", None])
def test_a_language_that_nobody_prepared_falls_back_to_the_first(language: str | None) -> None:
    contents = "\n    ".join(
        f'content for language {each} {{\n      title "{each}"\n      body "x"\n    }}' for each in ("en-US", "de")
    )
    more = f"message note push {{\n    {contents}\n  }}"
    rows = tables([person("a", language=language)], [happened(1, "2026-06-15 09:00")])
    found = both(text_of(kind="messaging", head="languages en-US, de", outcomes="send note", more=more), rows)
    assert [each.parts["title"] for each in found.messages] == ["en-US"]
