"""Values in pages: where they may stand, and that no value changes what the page is."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from press import MAIL, checked, codes, values

from campaign_dsl.language.content.alternative import text_alternative
from campaign_dsl.language.content.rendering import compile_template

UNSAFE = [
    ("<p title={{ customer.last_name }}>", "CNT011", "in an attribute without quotes"),
    ("<p title=a{{ customer.last_name }}>", "CNT011", "in the middle of an attribute without quotes"),
    ("<p {{ customer.last_name }}>", "CNT011", "between the attributes of a tag"),
    ("<p a{{ customer.last_name }}='x'>", "CNT011", "in the name of an attribute"),
    ("<p a {{ customer.last_name }}>", "CNT011", "behind the name of an attribute"),
    ("<{{ customer.last_name }}>x", "CNT011", "at the beginning of a tag"),
    ("<p{{ customer.last_name }}>x", "CNT011", "in the name of a tag"),
    ("</{{ customer.last_name }}>x", "CNT011", "at the beginning of a tag"),
    ("<!-- {{ customer.last_name }} -->", "CNT011", "in a comment"),
    ("<!doctype {{ customer.last_name }}>", "CNT011", "in a declaration"),
    ("<script>x = '{{ customer.last_name }}'</script>", "CNT011", "in `<script>`"),
    ("<style>a { color: {{ customer.last_name }} }</style>", "CNT011", "in `<style>`"),
    ("<SCRIPT>{{ customer.last_name }}</SCRIPT >", "CNT011", "in `<script>`"),
    ("<iframe>{{ customer.last_name }}</iframe>", "CNT011", "in `<iframe>`"),
    ("<p onclick='{{ customer.last_name }}'>", "CNT011", "in `onclick`"),
    ("<p style='color: {{ customer.last_name }}'>", "CNT011", "in `style`"),
    ("<iframe srcdoc='{{ customer.last_name }}'></iframe>", "CNT011", "in `srcdoc`"),
    ("<meta http-equiv='refresh' content='{{ customer.last_name }}'>", "CNT011", "in `content`"),
    ("<!--[if mso]><p title={{ customer.last_name }}><![endif]-->", "CNT011", "in an attribute without quotes"),
    ("<a href='{{ customer.last_name }}'>", "CNT012", "this address begins with a value"),
    ("<a href=' {{ customer.last_name }}'>", "CNT012", "this address begins with a value"),
    ("<a href='{{ customer.last_name }}://x.example/'>", "CNT012", "this address begins with a value"),
    ("<a href='https://{{ customer.last_name }}/'>", "CNT012", "the host of this address comes from a value"),
    ("<a href='https://x.example{{ customer.last_name }}/'>", "CNT012", "the host of this address comes from a value"),
    ("<a href='java{{ customer.last_name }}'>", "CNT012", "the host of this address comes from a value"),
    ("<a href='javascript:{{ customer.last_name }}'>", "CNT012", ""),
    ("<a href='&#106;avascript:{{ customer.last_name }}'>", "CNT012", ""),
    ("<img src='{{ customer.last_name }}'>", "CNT012", "this address begins with a value"),
    ("<form action='{{ customer.last_name }}'>", "CNT012", "this address begins with a value"),
    ("<svg><a xlink:href='{{ customer.last_name }}'>", "CNT012", "this address begins with a value"),
    ("<a href='javascript:alert(1)'>", "CNT012", "addresses of the scheme `javascript:` are not allowed"),
    ("<a href=javascript:alert(1)>", "CNT012", "addresses of the scheme `javascript:` are not allowed"),
    ("<a href='JaVaScRiPt:alert(1)'>", "CNT012", "addresses of the scheme `javascript:` are not allowed"),
    ("<a href='&#x6A;avascript:alert(1)'>", "CNT012", "addresses of the scheme `javascript:` are not allowed"),
    ("<a href='http://x.example/'>", "CNT012", "addresses of the scheme `http:` are not allowed"),
    ("<a href='/x'>", "CNT012", "this address has no scheme"),
    ("<a href='https://'>", "CNT012", "this address has no host"),
    ("<p", "CNT013", "the page ends in the name of a tag"),
    ("<p title='x", "CNT013", "the page ends in a quoted attribute"),
    ("<!-- x", "CNT013", "the page ends in a comment"),
    ("<script>x", "CNT013", "the page ends in an element"),
    ("{% if customer.fan %}<p {% endif %}>", "CNT013", "the branches of this block end in different places"),
    ("<p {% if customer.fan %}title='{% endif %}x'>", "CNT013", "the branches of this block end in different places"),
    ("{% if customer.fan %}<!--{% endif %} x", "CNT013", "the branches of this block end in different places"),
    ("{% for i in customer.items %}<p {% endfor %}>", "CNT013", "the branches of this block end in different places"),
    ("<a href='{% if customer.fan %}https://x.example/{% endif %}{{ customer.age }}'>", "CNT013", "the branches"),
]


@pytest.mark.parametrize(("text", "code", "message"), UNSAFE, ids=[each[0] for each in UNSAFE])
def test_places_where_values_are_not_safe(text: str, code: str, message: str) -> None:
    finding = checked(text, MAIL).findings[0]
    assert finding.code == code
    assert message in finding.message
    assert finding.help


SAFE = [
    "<p class='a' title=\"x {{ customer.last_name }}\" data-x='{{ customer.age }}'>{{ customer.last_name }}</p>",
    "<title>{{ customer.last_name }}</title><textarea>{{ customer.last_name }}</textarea>",
    "<style>a { color: red }</style><script>if (a < b) { x('</p>') }</script>{{ customer.last_name }}",
    "<a href='https://x.example/{{ customer.last_name }}?a={{ customer.age }}#{{ customer.age }}'>x</a>",
    "<a href='https://x.example'>x</a><a href='#top'>x</a><a href=''>x</a><a href='mailto:a@x.example'>x</a>",
    "<a href='tel:+1{{ customer.age }}'>x</a><img src='cid:logo'><a name='x'>y</a>",
    "<a href=https://x.example/a>x</a>{{ customer.last_name }}",
    "<a href='{{ links.unsubscribe }}'>x</a><img src=\"{{ offer.logo }}\" alt='{{ offer.title }}'>",
    "<a href='{% if customer.fan %}https://x.example/{% else %}https://y.example/{% endif %}{{ customer.age }}'>x</a>",
    "<p {% if customer.fan %}title='x'{% else %}title='y'{% endif %}>x</p>",
    "{% if customer.fan %}<p>x</p>{% else %}<b>y</b>{% endif %}{% for i in customer.items %}<i>{{ i }}</i>{% endfor %}",
    "<!--[if mso | IE]><table width='{{ customer.age }}'><tr><![endif]--><p/><!--[if mso]></tr></table><![endif]-->",
    "<!--[if !mso]><!--><p>{{ customer.age }}</p><!--<![endif]--><!-- {# no #} --><!----><!-->{{ customer.age }}",
    "a < b {{ customer.age }} <3 & 1<2 </ x>{{ customer.age }}",
    "<br/><br /><img alt=''/>{{ customer.age }}<p/title='{{ customer.age }}'>",
    "<p\ntitle\n=\n'{{ customer.age }}'\n>",
]


@pytest.mark.parametrize("text", SAFE)
def test_places_where_values_are_safe(text: str) -> None:
    assert codes(text, MAIL) == []


def test_the_value_is_marked() -> None:
    text = "<p title={{ customer.last_name | upper }}>"
    (finding,) = checked(text, MAIL).findings
    assert finding.where is not None
    assert text[finding.where.span.start : finding.where.span.end] == "customer.last_name | upper"
    assert finding.help == 'write quotes around it: `title="..."`'


# ---------------------------------------------------------------------------------------------------- hostile values

SLOTS = """<!doctype html><html><head><title>{{ customer.last_name }}</title></head>
<body class="{{ customer.last_name }}">
<p title="{{ customer.last_name }}" data-a='{{ customer.last_name }}'>{{ customer.last_name }}</p>
<a href="https://x.example/{{ customer.last_name }}?q={{ customer.last_name }}#{{ customer.last_name }}">x</a>
{% for i in customer.items %}<li>{{ i }}</li>{% endfor %}<textarea>{{ customer.last_name | upper }}</textarea>
<!--[if mso]><td width="{{ customer.last_name }}"></td><![endif]-->
<img alt='{{ "a" ~ customer.last_name }}' src="cid:a">
{{ customer.last_name | truncate(20) }}{% if customer.last_name %}<b>{{ customer.last_name }}</b>{% endif %}
<form><input value="{{ customer.last_name }}"><select><option>{{ customer.last_name | title }}</option></select></form>
</body></html>"""

BREAKS = [
    "<",
    ">",
    '"',
    "'",
    "`",
    "&",
    "=",
    "/",
    "\\",
    "\0",
    "\r",
    "\n",
    "\t",
    "\x0b",
    "\u2028",
    "{{",
    "}}",
    "{%",
    "-->",
    "--!>",
    "]]>",
]
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus="',
    "</title><script>",
    "</textarea><script>",
    "</style><script>",
    "<!--",
    "-->",
    "--><script>",
    "--!><img>",
    "<![CDATA[",
    "]]>",
    "<![endif]--><p>",
    "<?php",
    "javascript:alert(1)",
    "data:text/html,x",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "&quot;",
    "&amp",
    "<a href='x'>",
    "</a>",
    "</p></body></html>",
    "<base href=x>",
    "<meta http-equiv=refresh>",
    "<iframe srcdoc='x'>",
    "\u003cscript\u003e",
    "<\u0000script>",
    "<scr\0ipt>",
    "＜script＞",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "${7*7}",
    "#{7*7}",
    "%3Cscript%3E",
    "../../x",
    "//evil.example",
    "\\\\evil",
    "?a=b&c=d#e",
    "@evil.example",
    ":8080",
    "x" * 300,
    "\u202egnp",
    "\ud83d",
    "🎂",
    "e\u0301",
    "\ufeff",
    "<%= x %>",
    "[[x]]",
    "<a\n>",
]
HOSTILE = ATTACKS + [f"{one}{other}" for one in BREAKS for other in BREAKS[:8]]


class Shape(HTMLParser):
    """What a page is made of: tags, names of attributes, and what their addresses begin with."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        leads = [value.partition("?")[0].split("/")[:3] for name, value in attrs if name in ("href", "src") and value]
        queries = [
            (value.count("?"), value.count("#"), value.count("/")) for name, value in attrs if name == "href" and value
        ]
        self.seen.append((tag, [name for name, _ in attrs], leads, queries))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(tag)

    def handle_comment(self, data: str) -> None:
        inner = Shape()
        inner.feed(data.removeprefix("[if mso]>").removesuffix("<![endif]"))
        self.seen.append(("comment", inner.seen))

    def handle_decl(self, decl: str) -> None:
        self.seen.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.seen.append(("instruction", data))


def shape(page: str) -> list[object]:
    reader = Shape()
    reader.feed(page)
    reader.close()
    return reader.seen


RENDERED = compile_template(SLOTS, MAIL)
BENIGN = shape(RENDERED.render(values(last_name="Ada", items=["Ada"])))


def test_there_are_two_hundred_hostile_values() -> None:
    assert codes(SLOTS, MAIL) == []
    assert len(set(HOSTILE)) >= 200
    assert len(BENIGN) >= 20


@pytest.mark.parametrize("value", sorted(set(HOSTILE)), ids=ascii)
def test_hostile_values_change_nothing_of_a_page(value: str) -> None:
    assert shape(RENDERED.render(values(last_name=value, items=[value]))) == BENIGN


@given(st.text(st.one_of(st.sampled_from("".join(BREAKS)), st.characters()), min_size=1, max_size=30))
def test_no_value_changes_anything_of_a_page(value: str) -> None:
    if value.strip():
        assert shape(RENDERED.render(values(last_name=value, items=[value]))) == BENIGN


# ------------------------------------------------------------------------------------------------- what a page says


def test_the_text_of_a_page() -> None:
    page = """<html><head><title>no</title><style>no</style></head><body>
    <h1>Happy   birthday,
      Ada &amp; Bob</h1><p>A gift<br>for you: <a href="https://x.example/a?b=1&amp;c=2"><b>see</b> it</a>,
      <a href="https://y.example">https://y.example</a> <a href="mailto:a@x.example">write</a></p>
    <ul><li>one</li><li>two</li></ul><img src="x" alt="A cake"><script>no()</script>
    <table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table><hr><p></p><p></p>bye</body></html>"""
    assert text_alternative(page) == (
        "Happy birthday, Ada & Bob\n\nA gift\nfor you: see it (https://x.example/a?b=1&c=2), "
        "https://y.example write\n\n"
        "- one\n- two\n\nA cake\n\na b\nc\n\n---\n\nbye\n"
    )


@pytest.mark.parametrize(
    "page", ["<style>a", "<p", "<!--", "</p></div>", "<svg><style></svg>x", "&#0;&#x202e;\0", "<a>x</a>"]
)
def test_any_page_has_a_text(page: str) -> None:
    text = text_alternative(page)
    assert text.endswith("\n")
    assert "\0" not in text
    assert "\u202e" not in text
