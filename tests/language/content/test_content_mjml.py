"""MJML becomes a page when a campaign is compiled, and what Jinja does passes through."""

from __future__ import annotations

import builtins
from typing import Any

import pytest
from press import CONTEXT, MAIL, values

from campaign_dsl.language.content.checking import check_template
from campaign_dsl.language.content.mjml import page_of
from campaign_dsl.language.content.rendering import compile_template
from campaign_dsl.language.source.files import Snippet, SourceFile

WHOLE = """<mjml>
  <mj-body>
    {% if customer.fan %}
    <mj-section><mj-column><mj-text>Dear fan</mj-text></mj-column></mj-section>
    {% endif %}
    <mj-section>
      <mj-column>
        <mj-text>Hi {{ customer.first_name | default("friend") }} &amp; co,
          {% if segment == "gold" %}gold{% endif %}</mj-text>
        {% for o in wallet.offers %}
        <mj-text>{{ o.title }}</mj-text>
        {% endfor %}
        <mj-button href="https://x.example/{{ customer.age }}">Go</mj-button>
        <mj-image src="{{ offer.logo }}" alt="logo" />{# not this #}
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""


def snippet(text: str) -> Snippet:
    source = SourceFile("x.mjml", text)
    return Snippet.of(source, 0, len(text))


def body(inside: str) -> str:
    return f"<mjml>\n<mj-body><mj-section><mj-column>{inside}</mj-column></mj-section></mj-body></mjml>"


def test_a_page_of_mjml() -> None:
    page = page_of(snippet(WHOLE))
    assert page.findings == ()
    assert page.html is not None
    assert check_template(page.html, CONTEXT, MAIL).findings == ()
    made = compile_template(page.html.text, MAIL).render(values(first_name="<Ada>", fan=True))
    assert made.startswith("<!doctype html>")
    assert "Hi &lt;Ada&gt; &amp; co, gold" in " ".join(made.split())
    assert made.index("Dear fan") < made.index("Half price") < made.index("Free coffee")
    assert 'href="https://x.example/36"' in made
    assert 'src="https://cdn.example/x.png"' in made
    assert [each for each in ("jinja", "{{", "{%", "not this", "mj-raw") if each in made] == []
    assert "Dear fan" not in compile_template(page.html.text, MAIL).render(values(fan=None))


def test_places_are_those_of_the_mjml() -> None:
    text = body("<mj-text>é Hi {{ customer.first_name }} {{ customer.agee }}</mj-text>")
    page = page_of(snippet(text))
    assert page.html is not None
    found = check_template(page.html, CONTEXT, MAIL).findings
    assert [text[each.where.span.start : each.where.span.end] for each in found if each.where] == [
        "customer.first_name",
        "customer.agee",
    ]
    assert {each.where.span.line for each in found if each.where} == {2}


def test_where_a_value_is_not_safe() -> None:
    page = page_of(snippet(body('<mj-text color="{{ customer.last_name }}">x</mj-text>')))
    assert page.html is not None
    (finding, *_) = check_template(page.html, CONTEXT, MAIL).findings
    assert finding.code == "CNT011"


WRONG = [
    ("hello", "CNT014", "this is not MJML"),
    ("<html></html>", "CNT014", "this is not MJML"),
    (body("<mj-text>x"), "CNT014", "this is not MJML"),
    (body("<mj-text>{{ customer.age }</mj-text>"), "CNT001", "one"),
    (body('<mj-include path="/etc/passwd" />'), "CNT014", "this is not MJML"),
    (body("<mj-text>" + "<div>" * 300 + "</div>" * 300 + "</mj-text>"), "CNT003", "inside each other"),
    (body("<mj-text>" + "<b title='</b>'>" * 30_000), "CNT003", ""),
    (body("<mj-text>jinja0000mark</mj-text>"), "CNT014", "cannot be made"),
    (body("{% if customer.fan %}<mj-text>x</mj-text>"), "CNT001", "no `endif`"),
]


@pytest.mark.parametrize(("text", "code", "message"), WRONG, ids=[each[0][:60] for each in WRONG])
def test_what_is_not_mjml(text: str, code: str, message: str) -> None:
    page = page_of(snippet(text))
    assert page.html is None
    assert [finding.code for finding in page.findings] == [code]
    assert message in page.findings[0].message
    assert page.findings[0].where is not None
    assert page.findings[0].help


def test_a_tag_that_mjml_would_move_is_refused() -> None:
    def loses(text: str) -> str:
        return text.replace("jinja0001mark", "")

    page = page_of(snippet(body("{% if customer.fan %}<mj-text>x</mj-text>{% endif %}")), loses)
    assert [finding.code for finding in page.findings] == ["CNT014"]
    assert "does not keep this tag" in page.findings[0].message


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "mjml":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    page = page_of(snippet(WHOLE))
    (finding,) = page.findings
    assert finding.code == "CNT015"
    assert finding.help == 'install it: `pip install "campaign-dsl[mjml]"`'
