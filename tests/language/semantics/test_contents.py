"""What messages say: parts, files, values, and that everybody is told exactly one thing."""

from __future__ import annotations

import pytest
from brand import FILES, check, refused, sound, text_of
from texts import marked

from campaign_dsl.language.ir import campaign as ir

ARMS = "variants {\n a 50%\n b 50%\n}"
SEGMENTS = "everyone\n segments {\n gold where tier = gold\n others otherwise\n}"
PUSH = 'title "Hello"\n body "There"'
AWARD = "award 5 points to rewards source purchase"


def parts_of(contents: str, type_: str = "push", more: str = "", **parts: str) -> dict[str, str]:
    message = f"message note {type_} {{\n {more}\n {contents}\n}}"
    return {"outcomes": "tag gift\n send note", "more": message} | parts


def content(inside: str, type_: str = "push", more: str = "", **parts: str) -> ir.Content:
    campaign = sound(**parts_of(f"content {{\n {inside}\n}}", type_, more, **parts))
    (found,) = campaign.messages[0].contents
    return found


def wrong(inside: str, type_: str = "push", more: str = "", **parts: str) -> list[tuple[str, str]]:
    return refused(**parts_of(f"content {{\n {inside}\n}}", type_, more, **parts))


def test_parts() -> None:
    found = content(PUSH)
    assert [(each.name, each.template, each.html, each.path) for each in found.parts] == [
        ("title", "Hello", False, None),
        ("body", "There", False, None),
    ]
    mail = content('subject "Hi"\n body file "content/hello.html"', "email", "conversation news")
    assert [(each.name, each.html, each.path) for each in mail.parts] == [
        ("subject", False, None),
        ("body", True, "content/hello.html"),
    ]
    assert mail.parts[1].template == FILES["content/hello.html"]


@pytest.mark.parametrize(
    ("type_", "more", "inside", "wanted"),
    [
        ("push", "", 'title "x"', [("MSG023", "content {")]),
        ("push", "", f'{PUSH}\n subject "x"', [("MSG023", "subject")]),
        ("push", "", f'{PUSH}\n link "app"', None),
        ("inbox", "", 'body "x"', [("MSG023", "content {")]),
        ("inbox", "", 'header "x"', [("MSG023", "content {")]),
        ("sms", "", 'body "x"', [("MSG023", "body"), ("MSG023", "content {")]),
        ("feed", "visible for 7 days", 'header "x"\n body "y"\n image "https://x.example/y.png"', []),
        (
            "in_app",
            "display graphic",
            'video "https://x.example/y.mp4"',
            [("MSG023", "content {"), ("MSG023", "video")],
        ),
        ("in_app", "display video", 'video "https://x.example/y.mp4"', [("MSG023", "content {")] * 2),
        ("in_app", "display graphic", 'image "https://x.example/y.png"\n link "https://x.example"', []),
        ("in_app", "display graphic", 'image "javascript:alert(1)"', None),
        ("email", "conversation news", 'subject "x"', [("MSG023", "content {")]),
        ("email", "conversation news", 'subject mjml "x.mjml"\n body "x"', [("MSG023", '"x.mjml"')]),
        ("email", "conversation news", 'subject "x"\n body file "../x.html"', [("MSG024", '"../x.html"')]),
        ("email", "conversation news", 'subject "x"\n body file "/etc/passwd"', [("MSG024", '"/etc/passwd"')]),
        (
            "email",
            "conversation news",
            'subject "x"\n body file "content/no.html"',
            [("MSG024", '"content/no.html"')],
        ),
        ("push", "", f'template "abc"\n {PUSH}', [("MSG023", "title"), ("MSG023", '"abc"')]),
        ("push", "", 'template "abc"', [("MSG023", '"abc"')]),
        ("push", "via braze", 'template "abc"', []),
        ("push", "via braze", 'template " "', [("MSG023", '" "')]),
        ("external", "via braze variant plain", 'title "x"', [("MSG023", "title")]),
        ("external", "via braze variant plain", 'template "abc"', []),
    ],
)
def test_which_parts_there_are(type_: str, more: str, inside: str, wanted: list[tuple[str, str]] | None) -> None:
    more = more + '\n settings { braze_campaign_id "x" }' if "via" in more else more
    if wanted == []:
        assert content(inside, type_, more)
        return
    found = wrong(inside, type_, more)
    assert found
    if wanted is not None:
        assert sorted((code, text.split("\n")[0]) for code, text in found) == sorted(wanted)


def test_a_message_says_something() -> None:
    assert refused(**parts_of("")) == [("MSG021", "note")]


# ----------------------------------------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("customer.surname", None),
        ("customer.name", "MSG012"),
        ('customer.name | default("friend")', None),
        ("customer.nobody", "MSG011 NAM001"),
        ("campaign.title", None),
        ("campaign.data.season", None),
        ("campaign.data.weather", "MSG011"),
        ("occurrence.key", None),
        ("event.sku", "MSG012"),
        ("event.amount", None),
        ("purchase.amount", "MSG020"),
        ("event.price", "MSG011"),
        ("event.reason", "MSG011"),
        ("goal.step", "MSG020"),
        ("outcome.points.amount", "MSG013"),
        ("offer.title", "MSG013"),
        ("outcome.code.code", "MSG013"),
        ("reward.title", "MSG013"),
        ("wallet.points.rewards", None),
        ("wallet.available_points", None),
        ("segment", "MSG020"),
        ("variant", "MSG020"),
        ("language", "MSG020"),
    ],
)
@pytest.mark.parametrize("where", ["content", "properties"])
def test_values(value: str, wanted: str | None, where: str) -> None:
    head = 'data {\n season "summer"\n}'
    if where == "content":
        parts = parts_of(f'content {{\n title "x"\n body "{{{{ {value} }}}}"\n}}'.replace('"friend"', "'friend'"))
    else:
        said = value.replace(" | default(", " else ").removesuffix(")") if "|" in value else value
        parts = parts_of(f"properties {{\n p {said}\n}}\n content {{\n {PUSH}\n}}")
    if wanted is None:
        assert sound(**parts, head=head)
    else:
        found = refused(**parts, head=head)
        assert found[0][0] in wanted.split()
        assert len(found) == 1
        assert found[0][1] in (value, value.partition(".")[2], value.rpartition(".")[2])


@pytest.mark.parametrize(
    ("outcomes", "value", "wanted"),
    [
        (f"{AWARD}\n send note", "outcome.points.amount", None),
        (f"{AWARD} when vip\n send note", "outcome.points.amount", "MSG012"),
        (f"{AWARD} when variant a\n send note", "outcome.points.amount", "MSG012"),
        (f"{AWARD} when variant a\n {AWARD} when variant b\n send note", "outcome.points.amount", None),
        (f"{AWARD} when variant a\n send note when variant a", "outcome.points.amount", None),
        (f"{AWARD}, after 2 hours\n send note", "outcome.points.amount", "MSG019"),
        (f"{AWARD}, after 2 hours\n send note, after 2 hours", "outcome.points.amount", None),
        (f"{AWARD}, after 2 hours\n send note, after 1 day", "outcome.points.amount", None),
        ("award event.pieces points to rewards source purchase\n send note", "outcome.points.amount", "MSG012"),
        ("issue code from summer\n send note", "outcome.code.code", None),
        ("issue code from summer\n send note", "outcome.code.expires_at", "MSG012"),
        ("issue code from summer, expires after 3 days\n send note", "outcome.code.expires_at", None),
        ("issue code from summer\n issue code SUMMER26\n send note", "outcome.code.code", "MSG014"),
        ("issue reward mug\n send note", "reward.title", None),
        (f"first of {{\n {AWARD} when vip\n issue offer half otherwise\n}}\n send note", "offer.title", "MSG012"),
        (f"first of {{\n {AWARD} when vip\n {AWARD} otherwise\n}}\n send note", "outcome.points.amount", None),
        (
            f"first of {{\n {AWARD} when vip\n tag gift otherwise\n}}\n send note when vip",
            "outcome.points.amount",
            None,
        ),
    ],
)
def test_what_is_quoted_is_given(outcomes: str, value: str, wanted: str | None) -> None:
    written = f'{value} | date("D MMMM")' if value.endswith("_at") and wanted is None else value
    written = written.replace('"', '\\"')
    for contents in (
        f'content {{\n title "x"\n body "{{{{ {written} }}}}"\n}}',
        f"properties {{\n p {value}\n}}\n content {{\n {PUSH}\n}}",
    ):
        parts = parts_of(contents) | {"outcomes": outcomes, "head": ARMS}
        if wanted is None:
            assert sound(**parts)
        else:
            assert [code for code, _ in refused(**parts)] == [wanted]


def test_an_outcome_with_an_error_says_nothing_about_messages() -> None:
    parts = parts_of('content {\n title "{{ offer.title }}"\n body "x"\n}') | {
        "outcomes": "issue offer halff\n send note"
    }
    assert refused(**parts) == [("NAM007", "halff")]
    about = parts_of('content {\n title "{{ event.sku }}"\n body "x"\n}', behavior="on buy")
    assert refused(**about) == [("NAM003", "buy")]


def test_places_inside_of_files_and_texts() -> None:
    _, found = check(
        text_of(**parts_of('content {\n subject "x"\n body file "content/bad.html"\n}', "email", "conversation news"))
    )
    ((code, path, text),) = [(each.code, each.where.span.source.path, marked(each)) for each in found if each.where]
    assert (code, path) == ("MSG011", "content/bad.html")
    assert "nobody" in text
    escaped = wrong('title "a \\"b\\" \\\\ {{ customer.nobody }}"\n body "x"')
    assert len(escaped) == 1
    assert "nobody" in escaped[0][1]
    assert "\\" not in escaped[0][1]


def test_what_has_to_be_known_to_write_a_message() -> None:
    campaign = sound(
        **parts_of(
            'properties {\n p customer.surname\n q event.amount\n r event.sku else "-"\n}\n content {\n'
            ' title "{{ customer.words | length if customer.words is known else 0 }}"\n'
            " body \"{{ event.pieces }} {{ event.occurred_at | datetime('HH:mm') }}\"\n}"
        )
    )
    assert [each.name for each in campaign.context] == ["surname", "words"]
    assert {(each.alias, each.name) for each in campaign.event_context} == {
        ("event", "amount"),
        ("event", "sku"),
        ("event", "pieces"),
        ("event", "occurred_at"),
    }


def test_a_variant_that_carries_the_event_freezes_all_of_it() -> None:
    more = 'via braze variant noted\n settings { braze_campaign_id "x" }'
    campaign = sound(**parts_of("", "external", more))
    assert {each.name for each in campaign.event_context} == {"sku", "amount", "pieces", "store", "occurred_at"}
    placed = sound(**parts_of("", "external", more, behavior="on visit"))
    assert {each.name for each in placed.event_context} == {"exact", "occurred_at"}


# ----------------------------------------------------------------------------------------------------------- matrix


def contents(*heads: str) -> str:
    return "\n".join(f"content {head} {{\n {PUSH}\n}}" for head in heads)


@pytest.mark.parametrize(
    ("heads", "wanted"),
    [
        (("",), []),
        (("for segment gold", ""), []),
        (("for segment gold", "for segment others"), []),
        (("for segment gold",), ["MSG025"]),
        (("for segment gold, language de", "for segment gold", "for segment others"), []),
        (("for segment gold", "for language de", ""), ["MSG026"]),
        (("for segment gold", "for language de", "for segment gold, language de", ""), []),
        (("", ""), ["MSG026"]),
        (("for variant a", "for variant b"), []),
        (("for variant a",), ["MSG025"]),
        (("for segment silver", ""), ["MSG022"]),
        (("for language fr", ""), ["MSG022"]),
        (("for variant c", ""), ["MSG022"]),
        (("for language en", "for language de"), []),
    ],
)
def test_everybody_is_told_one_thing(heads: tuple[str, ...], wanted: list[str]) -> None:
    parts = parts_of(contents(*heads), head=f"languages en, de\n {ARMS}", audience=SEGMENTS)
    if wanted:
        assert [code for code, _ in refused(**parts)] == wanted
    else:
        assert len(sound(**parts).messages[0].contents) == len(heads)


def test_content_is_for_those_who_get_the_message() -> None:
    parts = parts_of(contents("for segment gold"), audience=SEGMENTS)
    assert sound(**parts | {"outcomes": "tag gift\n send note when segment gold"})
    assert [code for code, _ in refused(**parts | {"outcomes": "tag gift\n send note when vip"})] == ["MSG025"]
    both = {"outcomes": "tag gift\n send note when segment gold\n send note as x when segment others"}
    assert [code for code, _ in refused(**parts | both)] == ["MSG025"]


def test_where_there_is_nothing_to_choose_by() -> None:
    for head in ("for segment gold", "for language en", "for variant a"):
        assert [code for code, _ in refused(**parts_of(contents(head)))] == ["MSG022"]


# ------------------------------------------------------------------------------------------------ pages and contracts


def test_mjml_becomes_a_page() -> None:
    found = content('subject "x"\n body mjml "content/page.mjml"', "email", "conversation news")
    body = found.parts[1]
    assert (body.html, body.path) == (True, "content/page.mjml")
    assert "<html" in body.template
    assert "{{ customer.surname }}" in body.template


@pytest.mark.parametrize(
    ("properties", "wanted"),
    [
        ('name customer.name else "friend"\n visits customer.visits', []),
        ("name customer.surname", []),
        ("visits customer.visits", ["CNT019"]),
        ("name customer.surname\n visit customer.visits", ["CNT020"]),
        ("name customer.visits", ["CNT018"]),
        ("name 5", ["CNT018"]),
    ],
)
def test_contracts(properties: str, wanted: list[str]) -> None:
    parts = parts_of(f"properties {{\n {properties}\n}}", "external", "via middleware variant strict")
    if wanted:
        assert [code for code, _ in refused(**parts)] == wanted
    else:
        assert sound(**parts)


def test_a_contract_that_cannot_be_used() -> None:
    assert refused(**parts_of("", "external", "via middleware variant lost")) == [("MSG027", "lost")]
