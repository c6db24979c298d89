"""Templates that cannot be read: what is said about them, and where."""

from __future__ import annotations

import pytest
from press import CONTEXT, MAIL, TEXT, checked, codes

from campaign_dsl.language.content.checking import check_template
from campaign_dsl.language.content.report import normalized
from campaign_dsl.language.source.files import Snippet, SourceFile

UNREADABLE = [
    ("Hi {{ customer.first_name }", "}", "`{{` is closed by two braces, and here is one", "write `}}`"),
    ("Hi {{ customer.first_name", "{{", "this `{{` is never closed", "add `}}` where it ends"),
    ("{{ customer.first name }}", "name", "`customer.first name` has a space in it", "write `customer.first_name`"),
    ("{{ }}", "}}", "there is nothing between these braces", "write a name"),
    ("{{ customer.age + }}", "}}", "something is missing before `}}`", "finish the expression"),
    ("{{ customer.age = 3 }}", "=", "`=` does not compare in content", "write `==`"),
    ("{% if customer.fan || customer.employee %}x{% endif %}", "|", "`||` is not a word of content", "write `or`"),
    ("{% if customer.fan && customer.employee %}x{% endif %}", "&", "`&` does not belong inside", "write `and`"),
    ("{{ (customer.age }}", "(", "this `(` is never closed", "close it"),
    ("{% if customer.fan %}x", "if", "this `if` has no `endif`", "add `{% endif %}`"),
    ("{% for x in customer.items %}x", "for", "this `for` has no `endfor`", "add `{% endfor %}`"),
    ("x{% endif %}", "endif", "no `if` begins before this `endif`", "delete it"),
    (
        "{% if customer.fan %}{% endfor %}",
        "endfor",
        "`endfor` stands inside a `if` that has not",
        "write `{% endif %}`",
    ),
    ("{% %}", "{%", "`{%` begins no tag here", "write `{% if"),
    ("a {# b", "{#", "this `{#` is never closed", "close it"),
    ("{{ 1e400 }}", "1e400", "`1e400` is not a number that content can have", "write digits"),
    ("{{ 0x1F }}", "0x1F", "`0x1F` is not a number that content can have", "write digits"),
    ("{{ " + "9" * 5_000 + " }}", "9", "is not a number that content can have", "write digits"),
    ('{{ "\\x00" }}', '"\\x00"', "this text holds a character that no message may carry", "write it without"),
    ('{{ "\\ud800" }}', '"\\ud800"', "this text holds a character that no message may carry", "write it without"),
]


@pytest.mark.parametrize(("text", "where", "message", "help"), UNREADABLE, ids=[each[2][:40] for each in UNREADABLE])
def test_what_cannot_be_read(text: str, where: str, message: str, help: str) -> None:
    (finding,) = checked(text).findings
    assert finding.code == "CNT001"
    assert message in finding.message
    assert help in (finding.help or "")
    assert finding.where is not None
    span = finding.where.span
    assert text[span.start :].startswith(where)


FOREIGN = [
    ("{{api_trigger_properties.${offer_id}}}", "Braze", "{{ offer.id }}"),
    ("Hi {{${first_name}}}", "Braze", "{{ customer.first_name }}"),
    ("Hi {{ ${first_name} | default: 'you' }}", "Braze", "{{ customer.first_name }}"),
    ("Hi {{${first_name}", "Braze", "{{ customer.first_name }}"),
    ("Hi {{ customer.first_name | default: 'you' }}", "Liquid", 'default("friend")'),
    ("{% assign x = 1 %}", "Liquid", "{% if"),
    ("{% unless customer.fan %}x{% endunless %}", "Liquid", "{% if"),
    ("{% connected_content https://x %}", "Liquid", "{% if"),
    ("{{{ first_name }}}", "Handlebars", "{{ customer.first_name }}"),
    ("{{#if fan}}x{{/if}}", "Handlebars", "{% if"),
    ("Hi *|FNAME|*", "Mailchimp", "{{ customer.first_name }}"),
    ("Hi %%first_name%%", "Salesforce", "{{ customer.first_name }}"),
    ("Hi %%=Points=%%", "Salesforce", "{{ outcome.points.amount }}"),
]


@pytest.mark.parametrize(("text", "whose", "help"), FOREIGN)
def test_placeholders_of_other_products(text: str, whose: str, help: str) -> None:
    findings = checked(text).findings
    assert {finding.code for finding in findings} == {"CNT010"}
    assert whose in findings[0].message
    assert help in (findings[0].help or "")


def test_one_brace_is_not_a_placeholder() -> None:
    (finding,) = checked("Hi {customer.first_name}").findings
    assert (finding.code, finding.help) == ("CNT001", "write `{{ customer.first_name }}`")


def test_braces_of_style_sheets_are_text() -> None:
    assert codes("<style>@media screen{a{color:red}} .x{width:100%}</style>", MAIL) == []
    assert codes("100% of it, {really}, for $5 ${") == []


TAGS = ["set x = 1", "macro m()", "call m()", "include 'x'", "import 'x' as x", "from 'x' import y", "extends 'x'"]
TAGS += [
    "block x",
    "filter upper",
    "with x = 1",
    "autoescape false",
    "raw",
    "do x",
    "break",
    "trans",
    "debug",
    "elsif x",
]


@pytest.mark.parametrize("tag", TAGS)
def test_tags_that_content_does_not_have(tag: str) -> None:
    name = tag.partition(" ")[0]
    text = "{% " + tag + " %}" + ("x{% endraw %}" if tag == "raw" else "")
    (finding,) = checked(text).findings
    assert finding.code == "CNT002"
    assert f"`{name}`" in finding.message


def test_places_are_those_of_the_file() -> None:
    source = SourceFile("x.html", "<p>\r\n  Hi {{ customer.frist_name }},\r\n</p>\r\n{{ customer.agee }}\r\n")
    found = check_template(Snippet.of(source, 0, len(source.text)), CONTEXT, MAIL).findings
    places = [(each.where.span.line, each.where.span.column) for each in found if each.where]
    assert places == [(2, 9), (4, 4)]
    assert [source.text[each.where.span.start : each.where.span.end] for each in found if each.where] == [
        "customer.frist_name",
        "customer.agee",
    ]


def test_places_inside_an_escaped_text() -> None:
    source = SourceFile("x.campaign", r'subject "Say \"Hi\" {{ custom.age }}"')
    text = 'Say "Hi" {{ custom.age }}'
    offsets, ends, place = [], [], 9
    for char in text:
        offsets.append(place)
        place += 2 if char == '"' else 1
        ends.append(place)
    found = check_template(Snippet(source, text, 9, [*offsets, place], ends), CONTEXT, TEXT).findings
    (finding,) = found
    assert finding.where is not None
    assert source.text[finding.where.span.start : finding.where.span.end] == "custom.age"


def test_spaces_that_a_tag_takes_away_move_no_place() -> None:
    text = "a   \n\n {{- customer.age -}}   \n b {%- if custom.x -%} c {%- endif -%}"
    (finding,) = checked(text).findings
    assert finding.where is not None
    assert text[finding.where.span.start : finding.where.span.end] == "custom.x"


def test_line_ends_keep_their_places() -> None:
    snippet = normalized(Snippet.of(SourceFile("x", "a\r\nb\rc"), 0, 6))
    assert snippet.text == "a\nb\rc"
    assert (snippet.span(1, 2).start, snippet.span(1, 2).end) == (2, 3)
    assert snippet.whole.end == 6


def test_plain_text_needs_no_jinja() -> None:
    import subprocess
    import sys

    program = (
        "import sys\n"
        "from campaign_dsl.language.content.checking import check_template\n"
        "from campaign_dsl.language.content.context import Context\n"
        "from campaign_dsl.language.content.parts import part_kind\n"
        "from campaign_dsl.language.content.report import loose\n"
        "from campaign_dsl.language.content import mjml, contract, matrix, rendering\n"
        "assert check_template(loose('Happy birthday'), Context({}), part_kind('push', 'title')).findings == ()\n"
        "assert 'jinja2' not in sys.modules and 'jsonschema' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
