"""Part 6 of the seed checklist: messages, content, channels."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from stand import (
    CATALOG,
    at,
    both,
    codes,
    findings,
    happened,
    ledgered,
    person,
    plan,
    said,
    tables,
    text_of,
    typed,
)

BOUGHT = tables([person("a")], [happened(1, "2026-06-15 09:00", amount=10)])


def message(kind: str, *lines: str, content: str = "", name: str = "note") -> str:
    inside = "\n    ".join([*lines, *([f"content {{\n      {content}\n    }}"] if content else [])])
    return f"message {name} {kind} {{\n    {inside}\n  }}"


def campaign(more: str, **parts: str) -> str:
    return text_of(**({"kind": "messaging", "outcomes": "send note", "more": more} | parts))


SAY = 'header "Hello"\n      body "Come in"'
PUSH = 'title "Hello"\n      body "Come in"'
IMAGE = 'image "https://cdn.footwear.example/a.png"'
MAIL = 'subject "Hello"\n      body "<p>Come in</p>"'

# -------------------------------------------------------------------------------------------------------------- types


@pytest.mark.seed("S3-30")
def test_a_tile_of_the_feed_is_there_for_a_while() -> None:
    found = both(campaign(message("feed", "visible for 7 days", content=f"{SAY}\n      {IMAGE}")), BOUGHT)
    [sent] = found.messages
    assert sent.visible_until == sent.delivery.at + timedelta(days=7)


@pytest.mark.seed("S3-30")
def test_a_tile_without_a_duration_is_refused() -> None:
    [found] = findings(campaign(message("feed", content=f"{SAY}\n      {IMAGE}")))
    assert found.code.startswith("MSG")
    assert "visible" in str(found.help)


@pytest.mark.seed("S3-30")
@pytest.mark.parametrize(
    ("kind", "lines", "content"),
    [
        ("push", [], PUSH),
        ("inbox", [], SAY),
        ("sms", [], 'text "Hello"'),
        ("email", ["conversation newsletter"], MAIL),
        ("in_app", ["display graphic"], IMAGE),
    ],
)
def test_nothing_else_has_a_duration(kind: str, lines: list[str], content: str) -> None:
    assert codes(campaign(message(kind, *lines, content=content))) == []
    [found] = findings(campaign(message(kind, *lines, "visible for 7 days", content=content)))
    assert found.code.startswith("MSG")
    assert "visible" in found.message


@pytest.mark.seed("S3-31")
@pytest.mark.parametrize("missing", ["header", "body"])
def test_an_inbox_message_has_a_header_and_a_body(missing: str) -> None:
    assert codes(campaign(message("inbox", content=SAY))) == []
    line = next(each for each in SAY.splitlines() if missing not in each)
    [found] = findings(campaign(message("inbox", content=line.strip())))
    assert found.code.startswith("MSG")
    assert f"`{missing}`" in found.message + str(found.help)


@pytest.mark.seed("S3-32")
@pytest.mark.parametrize(("part", "longest"), [("title", 120), ("body", 1000), ("link", 2000)])
def test_how_long_a_push_may_be(part: str, longest: int) -> None:
    parts = {"title": "Hello", "body": "Come in", "link": "https://footwear.example/"}

    def of(length: int) -> list[str]:
        parts[part] = parts[part].ljust(length, "x")
        content = "\n      ".join(f'{name} "{text}"' for name, text in parts.items())
        return [each.code for each in findings(campaign(message("push", content=content))) if each.severity == "error"]

    assert of(longest) == []
    [code] = of(longest + 1)
    assert code.startswith("CNT")


@pytest.mark.seed("S3-33")
@pytest.mark.parametrize("address", ["http://x.example/a.png", "javascript:alert(1)", "a.png", "ftp://x.example/a"])
def test_addresses_of_an_execution_are_secure(address: str) -> None:
    assert codes(campaign(message("in_app", "display graphic", content=IMAGE))) == []
    assert len(codes(campaign(message("in_app", "display graphic", content=f'image "{address}"')))) == 1
    linked = f'{IMAGE}\n      link "{address}"'
    assert len(codes(campaign(message("in_app", "display graphic", content=linked)))) == 1


@pytest.mark.seed("S3-33")
@pytest.mark.parametrize("missing", [None, "video", "before_image", "after_image"])
def test_a_video_has_a_picture_before_and_one_after(missing: str | None) -> None:
    parts = {name: f'{name} "https://cdn.footwear.example/{name}"' for name in ("video", "before_image", "after_image")}
    content = "\n      ".join(text for name, text in parts.items() if name != missing)
    found = findings(campaign(message("in_app", "display video", content=content)))
    if missing is None:
        assert found == ()
        made = typed(campaign(message("in_app", "display video", content=content)))
        assert (made.messages[0].display, len(made.messages[0].contents[0].parts)) == ("video", 3)
    else:
        assert len(found) == 1
        assert f"`{missing}`" in found[0].message + str(found[0].help)


@pytest.mark.seed("S3-34")
def test_an_external_message_is_an_order_to_another_system(tmp_path: Path) -> None:
    more = message(
        "external", "via middleware variant app_push", "properties {\n      amount event.amount else 0\n    }"
    )
    for _ in range(2):
        with ledgered(tmp_path, campaign(more), BOUGHT) as (_, ledger):
            rows = ledger.connection.execute("SELECT customer_id, document FROM outbox").fetchall()
    [(owner, document)] = rows
    assert (owner, json.loads(document)["properties"]) == ("a", {"amount": 10})


# -------------------------------------------------------------------------------------------------- where it comes from


@pytest.mark.seed("S2-02")
def test_mail_belongs_to_a_conversation() -> None:
    assert len(codes(campaign(message("email", content=MAIL)))) == 1
    step = plan(campaign(message("email", "conversation newsletter", content=MAIL))).steps[0].model_dump(mode="json")
    sender = step["conversation"]
    assert sender["from"] if "from" in sender else sender["sender"]
    text = json.dumps(sender)
    for each in ("Stride <news@mail.footwear.example>", "hello@footwear.example", "mail.footwear.example", "s1"):
        assert each in text
    assert "DKIM_KEY" in json.dumps(CATALOG.conversations["newsletter"].model_dump(mode="json"))


@pytest.mark.seed("S2-06")
def test_content_in_a_file_or_held_by_the_provider() -> None:
    files = {"content/news.html": "<p>Hello {{ customer.first_name | default('friend') }}</p>"}
    body = 'subject "News"\n      body file "content/news.html"'
    in_file = campaign(message("email", "conversation service", "purpose transactional", content=body))
    found = both(in_file, BOUGHT, files=files)
    assert found.messages[0].parts["body"] == "<p>Hello Ada</p>"
    held = campaign(message("push", "via middleware variant app_push", content='template "a3f9c2d1"'))
    [sent] = both(held, BOUGHT).messages
    assert sent.content is not None
    assert (sent.content.provider_template, dict(sent.parts)) == ("a3f9c2d1", {})
    assert codes(in_file, files={}) != []


SEGMENTS = "everyone\n    segments {\n      gold    where tier >= gold\n      others  otherwise\n    }"


@pytest.mark.seed("S2-06", "S2-04")
def test_a_segment_without_content_is_refused() -> None:
    gold = 'content for segment gold {\n      title "Gold"\n      body "Come in"\n    }'
    others = gold.replace("gold", "others").replace("Gold", "Hello")
    assert codes(campaign(message("push", gold, others), audience=SEGMENTS)) == []
    [found] = findings(campaign(message("push", gold), audience=SEGMENTS))
    assert "others" in found.message + str(found.why)
    people = tables(
        [person("a", tier="gold"), person("b")],
        [happened(1, "2026-06-15 09:00"), happened(2, "2026-06-15 09:00", owner="b")],
    )
    sent = both(campaign(message("push", gold, others), audience=SEGMENTS), people).messages
    assert {each.effect.customer: each.parts["title"] for each in sent} == {"a": "Gold", "b": "Hello"}


@pytest.mark.seed("S2-09", "S0-04")
@pytest.mark.parametrize(
    ("kind", "lines", "content", "parts"),
    [
        (
            "email",
            ("conversation service", "purpose transactional"),
            "subject \"Hi {{ customer.first_name | default('friend') }}\"\n"
            "      body \"<p>{{ customer.first_name | default('friend') }}</p>\"",
            {"subject": "Hi <Ada> & Co", "body": "<p>&lt;Ada&gt; &amp; Co</p>"},
        ),
        ("sms", (), "text \"Hi {{ customer.first_name | default('friend') }}\"", {"text": "Hi <Ada> & Co"}),
        (
            "push",
            (),
            'title "Hi {{ customer.first_name | default(\'friend\') }}"\n      body "Come in"',
            {"title": "Hi <Ada> & Co", "body": "Come in"},
        ),
    ],
)
def test_templates_of_each_channel(kind: str, lines: tuple[str, ...], content: str, parts: dict[str, str]) -> None:
    rows = tables(
        [person("a", first_name="<Ada> & Co"), person("b", first_name=None)],
        [happened(1, "2026-06-15 09:00"), happened(2, "2026-06-15 09:00", owner="b")],
    )
    named, nameless = both(campaign(message(kind, *lines, content=content)), rows).messages
    assert dict(named.parts) == parts
    assert all("friend" in text for text in nameless.parts.values() if "Hi" in text or "<p>" in text)


@pytest.mark.seed("S2-09", "S0-04")
@pytest.mark.parametrize(
    "text",
    [
        "Hi {{ customer.first_name }}",
        "Hi {{ customer.fist_name }}",
        "Hi {{ nobody }}",
        "Hi {{ customer.first_name",
        "Hi {{ event.film }}",
    ],
)
def test_what_may_be_missing_or_is_unknown_is_refused(text: str) -> None:
    [found] = findings(campaign(message("push", content=f'title "{text}"\n      body "Come in"')))
    assert found.code.startswith(("CNT", "MSG"))
    assert found.where is not None


# ---------------------------------------------------------------------------------------------------------- languages


@pytest.mark.seed("S2-18")
def test_the_customers_language_then_its_stem_then_the_first() -> None:
    contents = "\n    ".join(
        f'content for language {language} {{\n      title "{word}"\n      body "x"\n    }}'
        for language, word in (("en", "Hello"), ("de", "Guten Tag"), ("fr", "Bonjour"))
    )
    speaks = {"en": "en", "de": "de", "austrian": "de-AT", "french": "fr-CA", "greek": "el", "silent": None}
    people = [person(key, language=language) for key, language in speaks.items()]
    rows = tables(people, [happened(n, "2026-06-15 09:00", owner=key) for n, key in enumerate(speaks)])
    found = both(campaign(message("push", contents), head="languages en, de, fr"), rows)
    assert {each.effect.customer: each.parts["title"] for each in found.messages} == {
        "en": "Hello",
        "de": "Guten Tag",
        "austrian": "Guten Tag",
        "french": "Bonjour",
        "greek": "Hello",
        "silent": "Hello",
    }
    without_french = contents[: contents.index("\n    content for language fr")]
    assert len(codes(campaign(message("push", without_french), head="languages en, de, fr"))) == 1


# ------------------------------------------------------------------------------------------------------------- quiet


@pytest.mark.seed("S2-17a")
@pytest.mark.parametrize(
    ("bought", "leaves"),
    [
        ("20:59", "2026-06-15 20:59"),
        ("21:00", "2026-06-16 08:00"),  # over midnight
        ("23:59", "2026-06-16 08:00"),
        ("00:00", "2026-06-15 08:00"),
        ("07:59", "2026-06-15 08:00"),
        ("08:00", "2026-06-15 08:00"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo", None])
def test_nothing_is_sent_at_night_where_she_is(bought: str, leaves: str, zone: str | None) -> None:
    """A customer without a zone has the campaign's, which is UTC here."""
    from zoneinfo import ZoneInfo

    here = ZoneInfo(zone or "UTC")
    moment = datetime.fromisoformat(f"2026-06-15 {bought}").replace(tzinfo=here).astimezone(UTC)
    text = campaign(message("push", "quiet from 21:00 to 08:00", content=PUSH))
    found = both(text, tables([person("a", time_zone=zone)], [happened(1, moment)]), moment)
    assert found.messages[0].delivery.at == datetime.fromisoformat(leaves).replace(tzinfo=here)


@pytest.mark.seed("S2-17a")
def test_what_has_to_wait_too_long_is_dropped() -> None:
    text = campaign(message("push", "quiet from 21:00 to 08:00", "expires after 3 hours", content=PUSH))
    early = both(text, tables([person("a")], [happened(1, "2026-06-15 05:00:01")]), at("2026-06-15 06:00"))
    late = both(text, tables([person("a")], [happened(1, "2026-06-15 05:00")]), at("2026-06-15 06:00"))
    assert (early.messages[0].delivery.dropped, late.messages[0].delivery.dropped) == (None, "expired")


@pytest.mark.seed("S2-17a")
def test_whose_quiet_hours_count() -> None:
    """The message's, else the campaign's, else the conversation's, else the workspace's."""
    sms = 'text "Hello"'
    hours = {
        "workspace": (message("push", content=PUSH), ""),
        "conversation": (message("sms", "conversation text_alerts", content=sms), ""),
        "campaign": (message("sms", "conversation text_alerts", content=sms), "quiet from 18:00 to 10:00"),
        "message": (
            message("sms", "conversation text_alerts", "quiet from 19:00 to 07:00", content=sms),
            "quiet from 18:00 to 10:00",
        ),
        "none": (message("push", "quiet none", content=PUSH), "quiet from 18:00 to 10:00"),
    }
    found = {key: typed(campaign(more, head=head)).messages[0].quiet for key, (more, head) in hours.items()}
    assert found == {
        "workspace": ("21:00", "08:00"),
        "conversation": ("20:00", "09:00"),
        "campaign": ("18:00", "10:00"),
        "message": ("19:00", "07:00"),
        "none": None,
    }


@pytest.mark.seed("S2-16")
def test_copies_for_the_seed_list_are_never_in_results() -> None:
    """One copy of each content that was used, for everybody on the list; not in the funnel, effects or budgets."""
    gold = 'content for segment gold {\n      subject "Gold"\n      body "x"\n    }'
    others = gold.replace("gold", "others").replace("Gold", "Hello")
    mail = ("email", "conversation service", "purpose transactional")
    people = [person(key, tier=tier) for key, tier in (("a", "gold"), ("b", "member"), ("c", "member"))]
    rows = tables(people, [happened(n, "2026-06-15 09:00", owner=key) for n, key in enumerate("abc")])
    parts = {"audience": SEGMENTS, "behavior": "on purchase\n    budget 3 messages"}
    with_seeds = both(campaign(message(*mail, "seeds qa", gold, others), **parts), rows)
    without = both(campaign(message(*mail, gold, others), **parts), rows)
    assert sorted((each.seed, each.parts["subject"]) for each in with_seeds.seeds) == [
        (address, title)
        for address in ("qa@footwear.example", "studio@footwear.example")
        for title in ("Gold", "Hello")
    ]
    assert without.seeds == ()
    assert [(each.effect, each.parts) for each in with_seeds.messages] == [
        (each.effect, each.parts) for each in without.messages
    ]
    assert with_seeds.effects == without.effects
    assert (with_seeds.funnel, with_seeds.spent, with_seeds.decided) == (without.funnel, without.spent, without.decided)
    assert with_seeds.funnel["decided"] == 3


# ---------------------------------------------------------------------------------------------- variants and contracts


@pytest.mark.seed("S0-10")
def test_the_template_a_payload_names(tmp_path: Path) -> None:
    more = message("external", "via braze variant triggered_mail", 'settings { braze_canvas_id "c-17" }')
    with ledgered(tmp_path, campaign(more), BOUGHT) as (result, _):
        [document] = result.samples
    assert (document["canvas_id"], document["campaign_id"]) == ("c-17", None)
    unknown = message("external", "via braze variant triggered_mial", 'settings { braze_canvas_id "c-17" }')
    [found] = findings(campaign(unknown))
    assert (found.code[:3], found.help) == ("NAM", "did you mean `triggered_mail`?")


CONTRACT = {
    "type": "object",
    "required": ["customer", "points", "bought"],
    "additionalProperties": False,
    "properties": {
        "customer": {"type": "string"},
        "points": {"type": "integer"},
        "bought": {"type": "number"},
        "film": {"type": "string"},
    },
}


def with_contract(contract: object) -> dict[str, object]:
    """The catalog in which a variant keeps a contract, and the file of the contract."""
    variants = dict(CATALOG.variants)
    variants["app_push"] = variants["app_push"].model_copy(update={"contract": "contracts/interface.json"})
    return {
        "catalog": CATALOG.model_copy(update={"variants": variants}),
        "files": {"contracts/interface.json": json.dumps(contract)},
    }


def interface(*lines: str) -> str:
    inside = "\n      ".join(lines)
    more = message("external", "via middleware variant app_push", f"properties {{\n      {inside}\n    }}")
    return text_of(outcomes="award 5 points to rewards source bonus\n    send note", more=more)


FULL = ("customer  customer.customer_id", "points    outcome.points.amount", "bought    event.amount else 0")


@pytest.mark.seed("S0-16", "S0-17")
def test_the_body_of_a_variant_carries_the_whole_contract() -> None:
    text = interface(*FULL)
    known = with_contract(CONTRACT)
    assert codes(text, **known) == []
    made = typed(text, **known)
    assert [each.name for each in made.messages[0].properties] == ["customer", "points", "bought"]
    [sent] = both(text, BOUGHT, files=known["files"]).messages
    assert dict(sent.properties) == {"customer": "a", "points": 5, "bought": 10}


@pytest.mark.seed("S0-16", "S0-17")
@pytest.mark.parametrize(
    "lines",
    [
        FULL[:2],  # a field of the contract is missing
        (*FULL, 'colour    customer.favorite_category else "red"'),  # one too many
        (FULL[0], FULL[1], 'bought    event.sku else "none"'),  # of another type
        ("customer  5", *FULL[1:]),
    ],
)
def test_a_body_that_breaks_the_contract_does_not_compile(lines: tuple[str, ...]) -> None:
    known = with_contract(CONTRACT)
    [found] = findings(interface(*lines), **known)
    assert found.where is not None
    assert typed(interface(*FULL), **known)


@pytest.mark.seed("S0-17")
def test_another_contract_breaks_the_build() -> None:
    assert codes(interface(*FULL), **with_contract(CONTRACT)) == []
    more = CONTRACT | {"required": ["customer", "points", "bought", "film"]}
    assert len(codes(interface(*FULL), **with_contract(more))) == 1
    less = CONTRACT | {"properties": {"customer": {"type": "string"}, "points": {"type": "integer"}}, "required": []}
    assert len(codes(interface(*FULL), **with_contract(less))) == 1


@pytest.mark.seed("S0-09")
def test_a_message_is_in_the_outbox_before_anybody_sends_it(tmp_path: Path) -> None:
    more = message("external", "via middleware variant app_push", "quiet none")
    with ledgered(tmp_path, campaign(more), BOUGHT) as (result, ledger):
        states = ledger.connection.execute("SELECT count(*) FROM outbox").fetchone()
    assert states == (1,)
    assert result.funnel["decided"] == 1
    assert "middleware" in said(campaign(more))
