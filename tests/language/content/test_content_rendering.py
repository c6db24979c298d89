"""What templates say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from press import LINK, MAIL, TEXT, codes, said, values

from campaign_dsl.language.content.parts import (
    allowed_address,
    one_line,
    part_kind,
    plain_text,
    single_address,
)
from campaign_dsl.language.content.rendering import ContentError, compile_template

SAYS = [
    ('Hi {{ customer.first_name | default("friend") }},', {}, "Hi Ada,"),
    ('Hi {{ customer.first_name | default("friend") }},', {"first_name": None}, "Hi friend,"),
    ('Hi {{ customer.first_name | default("friend") }},', {"first_name": "  "}, "Hi friend,"),
    ("{% if customer.first_name %}a{% else %}b{% endif %}", {"first_name": ""}, "b"),
    ("{% if customer.first_name is known %}a{% else %}b{% endif %}", {"first_name": " \t"}, "b"),
    ("{% if customer.visits is missing %}a{% else %}b{% endif %}", {"visits": 0}, "b"),
    ("{% if customer.fan %}a{% else %}b{% endif %}", {"fan": None}, "b"),
    ("{% if not customer.fan %}a{% else %}b{% endif %}", {"fan": None}, "a"),
    ("{% if customer.visits != 3 %}a{% else %}b{% endif %}", {"visits": None}, "b"),
    ("{% if not customer.visits == 3 %}a{% else %}b{% endif %}", {"visits": None}, "a"),
    ("{% if customer.visits < 3 %}a{% else %}b{% endif %}", {"visits": 0}, "a"),
    ("{% if customer.visits >= 3 or customer.age > 30 %}a{% endif %}", {}, "a"),
    ('{% if customer.tier in ["silver", "gold"] %}a{% endif %}', {}, "a"),
    ('{% if customer.tier not in ["silver", "gold"] %}a{% else %}b{% endif %}', {}, "b"),
    ('{% if "b" in customer.items %}a{% endif %}', {}, "a"),
    ('{% if "b" in customer.interests %}a{% else %}b{% endif %}', {"interests": None}, "b"),
    ('{% if "ove" in customer.last_name %}a{% endif %}', {}, "a"),
    ('{% if customer.enrolled > "2024-02-28" %}a{% endif %}', {}, "a"),
    ('{% if customer.enrolled in ["2024-02-29"] %}a{% endif %}', {}, "a"),
    ("{% if customer.spent == 1234.50 %}a{% endif %}", {}, "a"),
    ("{% if 0.1 + 0.2 == 0.3 %}a{% endif %}", {}, "a"),
    ("{{ customer.spent }} {{ customer.spent + 1 }} {{ 0.10 * 3 }} {{ -customer.age }}", {}, "1234.5 1235.5 0.3 -36"),
    ("{{ customer.spent }}", {"spent": Decimal("5E+3")}, "5000"),
    ("{{ customer.spent }}", {"spent": Decimal("1E-9")}, "0.000000001"),
    ("{{ customer.age + 1 }}", {"age": 2**63 - 1}, "9223372036854775808"),
    ("{{ customer.spent * customer.spent }}", {"spent": Decimal("1" * 38)}, str(int("1" * 38) ** 2)),
    ("{{ (customer.visits | default(9)) + 1 }}", {"visits": 4}, "5"),
    ("{{ (customer.visits + 1) | default(9) }}", {"visits": None}, "9"),
    ("{{ customer.work.city }} {{ customer.home.city | default('-') }}", {}, "Boston -"),
    (
        "{{ customer.items | join('; ') }} {{ customer.items | length }} {{ customer.last_name | length }}",
        {},
        "a; b 2 8",
    ),
    ("{{ customer.items | first | default('x') }}{{ customer.items | last | default('x') }}", {"items": []}, "xx"),
    ("{% for i in customer.items %}{{ loop.index }}{{ i }}{{ '' if loop.last else ',' }}{% endfor %}", {}, "1a,2b"),
    ("{% for i in customer.items %}{{ i }}{% else %}none{% endfor %}", {"items": []}, "none"),
    ('{% for i in customer.items if i != "a" %}{{ i }}{{ loop.length }}{% endfor %}', {}, "b1"),
    ("{% for i in customer.items | limit(1) %}{{ i }}{% endfor %}", {}, "a"),
    ("{{ customer.last_name | upper }} {{ customer.last_name | lower }}", {}, "LOVELACE lovelace"),
    ("{{ customer.last_name | title }}", {"last_name": "anna-maria o'neil (jr)"}, "Anna-Maria O'neil (Jr)"),
    ("{{ customer.last_name | truncate(12) }}", {"last_name": "one two three four"}, "one two…"),
    ("{{ customer.last_name | truncate(8) }}", {"last_name": "one two three"}, "one two…"),
    ("{{ customer.last_name | truncate(4) }}", {"last_name": "abcdefgh"}, "abc…"),
    ("{{ customer.last_name | truncate(8) }}", {"last_name": "abcdefgh"}, "abcdefgh"),
    ("{{ customer.last_name | urlencode }}", {"last_name": "a b/&ü"}, "a%20b%2F%26%C3%BC"),
    ("{{ customer.spent | round }} {{ customer.spent | round(0, 'half even') }}", {}, "1235 1234"),
    ("{{ customer.spent | round(1, 'down') }}", {"spent": Decimal("-2.59")}, "-2.5"),
    ("{{ customer.spent | round(1, 'up') }}", {"spent": Decimal("-2.51")}, "-2.6"),
    ("{{ customer.spent | number }} {{ customer.spent | number(2) }}", {}, "1,234.5 1,234.50"),
    ("{{ customer.spent | number(0) }}", {"spent": Decimal("-0.4")}, "0"),
    ("{{ customer.spent | money('USD') }} {{ customer.spent | money('JPY') }}", {}, "$1,234.50 ¥1,235"),
    ("{{ customer.spent | money('USD') }}", {"spent": Decimal("-2.345")}, "-$2.35"),
    (
        "{{ customer.enrolled }} {{ customer.enrolled | date('%-d %B %Y, %A') }}",
        {},
        "2024-02-29 29 February 2024, Thursday",
    ),
    ("{{ customer.enrolled | date('%d.%m.%Y %-m %%') }}", {}, "29.02.2024 2 %"),
    ("{{ customer.seen | date('%d %B') | default('never') }}", {"seen": None}, "never"),
    ("{{ customer.seen | datetime('%-I:%M %p') | default('never') }}", {}, "6:30 AM"),
    ("{{ customer.seen | datetime('%H:%M', 'America/New_York') | default('never') }}", {}, "01:30"),
    ("a {# not this #}b{%- if customer.employee %} c{% endif %} d", {}, "a b d"),
    ("{{ '{{' }} {{ \"it's\" ~ 1 }}", {}, "{{ it's1"),
]


@pytest.mark.parametrize(("text", "customer", "expected"), SAYS, ids=[each[0][:60] for each in SAYS])
def test_what_is_said(text: str, customer: dict[str, object], expected: str) -> None:
    assert said(text, TEXT, values(**customer)) == expected


IN = [
    ("de", "{{ customer.spent | money('EUR') }}", "1.234,50\u00a0€"),
    ("de-AT", "{{ customer.enrolled | date('%-d. %B %Y') }}", "29. Februar 2024"),
    ("fr", "{{ customer.spent | number(1) }}", "1\u00a0234,5"),
    ("es", "{{ customer.spent | number }}", "1234,5"),
    ("nl", "{{ customer.spent | money('EUR') }}", "€\u00a01.234,50"),
    ("en", "{{ customer.spent | money('CHF') }}", "CHF\u00a01,234.50"),
    ("ja", "{{ customer.spent | number(2) }}", "1,234.50"),
]


@pytest.mark.parametrize(("language", "text", "expected"), IN)
def test_numbers_and_days_in_a_language(language: str, text: str, expected: str) -> None:
    assert said(text, TEXT, language=language) == expected


def test_instants_are_said_where_the_customer_is() -> None:
    text = "{{ offer.expires_at | date('%-d %B') }} {{ campaign.runtime | datetime('%Y %H:%M') }}"
    assert said(text, zone="America/New_York") == "30 June 2025 19:00"
    assert said(text, zone="Asia/Tokyo") == "1 July 2026 09:00"


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_the_calendar(year: int) -> None:
    moment = datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, 23 if year != 1 else 0, tzinfo=UTC)
    zone = "America/New_York" if year == 1 else "Asia/Tokyo"
    text = "{{ customer.seen | date('%Y') | default('') }}"
    assert said(text, TEXT, values(seen=moment), zone=zone) == f"{year:04}"


PAGES = [
    ("<p>{{ customer.last_name }}</p>", "<p>&lt;b&gt; &amp; &#34;x&#34; &#39;y&#39;</p>"),
    ('<p title="{{ customer.last_name }}">', '<p title="&lt;b&gt; &amp; &#34;x&#34; &#39;y&#39;">'),
    ('{{ "<i>" }}', "&lt;i&gt;"),
    ('<p>{{ customer.last_name ~ "<i>" }}</p>', "<p>&lt;b&gt; &amp; &#34;x&#34; &#39;y&#39;&lt;i&gt;</p>"),
    (
        '<a href="https://x.example/?q={{ customer.last_name }}">',
        '<a href="https://x.example/?q=%3Cb%3E%20%26%20%22x%22%20%27y%27">',
    ),
    (
        '<a href="https://x.example/{{ customer.last_name | urlencode }}">',
        '<a href="https://x.example/%3Cb%3E%20%26%20%22x%22%20%27y%27">',
    ),
    ('<a href="{{ links.unsubscribe }}&amp;z={{ customer.age }}">', '<a href="https://u.example/x?y=1&amp;z=36">'),
    ('<img src="{{ offer.logo }}">', '<img src="https://cdn.example/x.png">'),
    ("<textarea>{{ customer.last_name }}</textarea>", "<textarea>&lt;b&gt; &amp; &#34;x&#34; &#39;y&#39;</textarea>"),
]


@pytest.mark.parametrize(("text", "expected"), PAGES)
def test_values_in_pages_are_escaped(text: str, expected: str) -> None:
    assert said(text, MAIL, values(last_name="<b> & \"x\" 'y'")) == expected


def test_values_in_text_are_not() -> None:
    assert said("{{ customer.last_name }}", TEXT, values(last_name="<b> & 'y'")) == "<b> & 'y'"


WRONG = [
    {"customer": {}},
    {"customer": None},
    {"customer": {"last_name": None, "age": 1}},
    {"customer": {"last_name": "x", "age": "1"}},
    {"customer": {"last_name": True, "age": 1}},
    {"customer": {"last_name": b"x", "age": 1}},
    {"customer": {"last_name": ["x"], "age": 1}},
    {"customer": {"last_name": float("nan"), "age": 1}},
    {},
]


@pytest.mark.parametrize("data", WRONG)
def test_values_that_the_context_did_not_promise_stop_one_message(data: dict[str, object]) -> None:
    with pytest.raises(ContentError):
        compile_template("{{ customer.last_name }}{{ customer.age + 1 }}", TEXT).render(data)


def test_an_error_says_nothing_about_the_customer() -> None:
    with pytest.raises(ContentError) as caught:
        compile_template("{{ customer.age + 1 }}", TEXT).render({"customer": {"age": "secret"}})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "bad", ["javascript:alert(1)", "http://x.example/", "//x.example", "data:text/html,x", "https://", ""]
)
@pytest.mark.seed("S3-33")
def test_a_whole_address_has_an_allowed_scheme(bad: str) -> None:
    data = values()
    data["links"]["unsubscribe"] = bad
    for text, kind in (('<a href="{{ links.unsubscribe }}">', MAIL), ("{{ links.unsubscribe }}", LINK)):
        assert codes(text, kind) == []
        with pytest.raises(ContentError, match="scheme"):
            compile_template(text, kind).render(data)


def test_links_of_apps_are_declared() -> None:
    text = "stride://offers/{{ customer.last_name }}"
    assert codes(text, LINK) == ["CNT012"]
    assert codes(text, LINK, schemes=["stride"]) == []
    assert compile_template(text, LINK, ["stride"]).render(values(last_name="a/b?c")) == "stride://offers/a%2Fb%3Fc"
    assert codes("javascript:{{ customer.last_name }}", LINK, schemes=["javascript"]) == ["CNT012"]


# --------------------------------------------------------------------------------------------------------- one line

HEADERS = [("email", "subject"), ("email", "preheader"), ("push", "title"), ("sms", "text"), ("inbox", "header")]
ANYTHING = st.text(
    st.one_of(st.characters(), st.sampled_from("\r\n\t\0\x0b\x0c\x1c\x85\u2028\u2029\u202e\x7f: ,;<>")), max_size=60
)


@given(ANYTHING, ANYTHING)
def test_nothing_breaks_out_of_a_line(name: str, other: str) -> None:
    for part in HEADERS:
        kind = part_kind(*part)
        text = compile_template('A {{ customer.last_name }}\nb {{ customer.first_name | default("x") }}\n', kind)
        line = text.render({"customer": {"last_name": name, "first_name": other}})
        assert len(line.splitlines()) == 1
        assert not any(char < " " or "\x7f" <= char <= "\x9f" for char in line)
        assert line.startswith("A ")
        line.encode()


@given(ANYTHING)
def test_text_has_one_kind_of_line_break(text: str) -> None:
    made = plain_text(text)
    assert made.splitlines() == [] or len(made.split("\n")) - made.endswith("\n") == len(made.splitlines())
    assert not any((char < " " and char not in "\n\t") or "\x7f" <= char <= "\x9f" for char in made)
    made.encode()
    assert plain_text(made) == made
    assert one_line(one_line(text)) == one_line(text)


GOOD_ADDRESSES = ["ada@x.example", "a.b+c@x-y.example", " ada@X.Example ", "o'neil@x.example", "1@2.example"]
BAD_ADDRESSES = [
    "a@x.com, evil@y.com",
    "a@x.com; evil@y.com",
    "a@x.com evil@y.com",
    "Ada <a@x.com>",
    "<a@x.com>",
    "a@x.com\r\nBcc: evil@y.com",
    "a@x.com\n",
    "a@x.com\0",
    '"a b"@x.com',
    "a(comment)@x.com",
    "a@b@x.com",
    "a@x",
    "a@",
    "@x.com",
    "a@[127.0.0.1]",
    "a@-x.com",
    "a@x..com",
    ".a@x.com",
    "a.@x.com",
    "a..b@x.com",
    "ä@x.com",
    "a@x.com\u2028",
    "a@ｘ.com",
    "x" * 65 + "@x.com",
    "a@" + "x." * 130 + "com",
    "",
    "undisclosed-recipients:;",
    "group: a@x.com;",
]


@pytest.mark.parametrize("text", GOOD_ADDRESSES)
def test_addresses(text: str) -> None:
    assert single_address(text) == text.strip().partition("@")[0] + "@" + text.strip().partition("@")[2].lower()


@pytest.mark.parametrize("text", BAD_ADDRESSES)
def test_what_is_not_exactly_one_address(text: str) -> None:
    assert single_address(text) is None


@given(ANYTHING)
def test_an_address_is_one_recipient(text: str) -> None:
    from email.message import EmailMessage

    found = single_address(f"a{text}@x.example")
    if found is not None:
        message = EmailMessage()
        message["To"] = found
        assert [each.addr_spec for each in message["To"].addresses] == [found]


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://x.example", True),
        ("https://x.example:8443/a?b=c#d", True),
        ("https://x.example?b=c", True),
        ("HTTPS://X.example/", True),
        ("https://user@x.example/", False),
        ("https://x.example\\@evil.example/", False),
        ("https:///x", False),
        ("https:x.example", False),
        ("https://x.example/ a", False),
        ("https://x.example/\n", False),
        ("https://x.example/ü", False),
        ("https://.example/", False),
        ("https://x.example/" + "a" * 4_000, False),
        ("stride://a", True),
        ("stride:", False),
        ("javascript:x", False),
        ("x.example", False),
    ],
)
def test_allowed_addresses(url: str, fine: bool) -> None:
    assert allowed_address(url, frozenset(("https", "stride", "javascript"))) is fine


def test_a_day_is_not_an_instant() -> None:
    assert said("{{ customer.enrolled | date('%d') }}", TEXT, values(enrolled=date(2026, 1, 2))) == "02"
