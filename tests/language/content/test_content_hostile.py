"""Templates that would take long, take memory or get out of the sandbox: refused before anything is rendered."""

from __future__ import annotations

import pytest
from press import LINE, MAIL, TEXT, codes, said, values

from campaign_dsl.language.content import limits
from campaign_dsl.language.content.rendering import ContentError, compile_template

HUGE = {
    "range": "{% for a in range(999999999) %}x{% endfor %}",
    "range in range": "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "repeat": "{{ 'a' * 900000000 }}",
    "repeat a list": "{{ [1] * 900000000 }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "center": "{{ 'a' | center(900000000) }}",
    "center called": "{{ 'a'.center(900000000) }}",
    "ljust": "{{ 'a'.ljust(900000000) }}",
    "zfill": "{{ 'a'.zfill(900000000) }}",
    "indent": "{{ 'a' | indent(900000000, true) }}",
    "format": "{{ '%1000000000d' % 1 }}",
    "format filter": "{{ '%1000000000d' | format(1) }}",
    "join": "{{ range(99999999) | join('aaaaaaaaaa') }}",
    "replace": "{{ 'aaaa' | replace('a', 'bbbbbbbb') | replace('b', 'cccccccc') }}",
    "doubling": "{% set n = namespace(s='a') %}{% for i in range(40) %}{% set n.s = n.s ~ n.s %}{% endfor %}{{ n.s }}",
    "lipsum": "{{ lipsum(n=100000) }}",
    "batch": "{{ 'a' | batch(900000000, 'x') | list }}",
    "wordwrap": "{{ 'a' | wordwrap(1, wrapstring='x' * 99999999) }}",
    "parentheses": "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "brackets": "{{ " + "[" * 5_000 + "]" * 5_000 + " }}",
    "sums": "{{ " + "+".join(["1"] * 5_000) + " }}",
    "nots": "{% if " + "not " * 5_000 + "customer.fan %}x{% endif %}",
    "minuses": "{{ " + "-" * 5_000 + "1 }}",
    "ands": "{% if " + " and ".join(["customer.fan"] * 5_000) + " %}x{% endif %}",
    "filters": "{{ customer.last_name" + " | upper" * 5_000 + " }}",
    "attributes": "{{ customer" + ".a" * 5_000 + " }}",
    "tildes": "{{ " + "~".join(["'a'"] * 5_000) + " }}",
    "choices": "{{ " + "'a' if customer.fan else " * 5_000 + "'b' }}",
    "ifs": "{% if customer.fan %}" * 500 + "{% endif %}" * 500,
    "fors": "{% for a in customer.items %}" * 500 + "{% endfor %}" * 500,
    "elifs": "{% if customer.fan %}" + "{% elif customer.fan %}" * 5_000 + "{% endif %}",
    "three fors": "{% for a in customer.items %}" * 3 + "x" + "{% endfor %}" * 3,
    "values": "{{ customer.last_name }}" * 5_000,
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a list of words": "{% if customer.tier in [" + ", ".join(["'gold'"] * 5_000) + "] %}x{% endif %}",
    "products": "{{ " + "*".join(["customer.age"] * 40) + " }}",
    "a long number": "{{ 1" + "0" * 5_000 + " }}",
    "size": "x" * (limits.MAX_TEMPLATE + 1),
    "open braces": "{{" * 50_000,
    "open tags": "{%" * 50_000,
    "open comments": "{#" * 50_000,
    "a raw that never ends": "{% raw %}" + "{{" * 50_000,
}
OUT = {
    "class": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "class by key": "{{ ''['__class__'] }}",
    "attr": "{{ '' | attr('__class__') }}",
    "format_map": "{{ '{0.__class__}'.format_map({}) }}",
    "format": "{{ '{0.__class__.__init__.__globals__}' | format(customer) }}",
    "map": "{{ [''] | map(attribute='__class__') | list }}",
    "self": "{{ self.__init__.__globals__ }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "joiner": "{{ joiner.__init__.__globals__ }}",
    "lipsum": "{{ lipsum.__globals__['os'] }}",
    "namespace": "{{ namespace.__init__ }}",
    "request": "{{ request.application }}",
    "config": "{{ config }}",
    "loop": "{% for a in customer.items %}{{ loop.__init__ }}{% endfor %}",
    "loop changed": "{% for a in customer.items %}{{ loop.changed(a) }}{% endfor %}",
    "loop cycle": "{% for a in customer.items %}{{ loop.cycle('a') }}{% endfor %}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}",
    "own filters": "{{ 'x' | own }}",
    "the meter": "{{ the meter }}",
    "a method of a mapping": "{{ customer.values() }}",
    "a method as a field": "{{ customer.keys }}",
    "a method of a text": "{{ customer.last_name.encode }}",
    "debug": "{% debug %}",
    "extension": "{% do customer.clear() %}",
    "safe": "{{ customer.last_name | safe }}",
    "autoescape off": "{% autoescape false %}{{ customer.last_name }}{% endautoescape %}",
    "tojson": "{{ customer | tojson }}",
    "pprint": "{{ customer | pprint }}",
    "xmlattr": "{{ customer | xmlattr }}",
    "dict": "{{ dict(a=1) }}",
}


@pytest.mark.parametrize("name", [*HUGE, *OUT])
@pytest.mark.parametrize("kind", [TEXT, MAIL], ids=["text", "page"])
def test_hostile_templates_are_refused(name: str, kind: object) -> None:
    assert codes((HUGE | OUT)[name], kind) != []  # type: ignore[arg-type]


NEVER_COMPILED = [name for name in [*HUGE, *OUT] if name not in ("a list of words", "products")]


@pytest.mark.parametrize("name", NEVER_COMPILED)
def test_a_plan_that_was_edited_brings_nothing_in_either(name: str) -> None:
    """Types are not checked again when a plan is run; what is allowed is, and names lead to keys only."""
    text = (HUGE | OUT)[name]
    with pytest.raises(ContentError):
        compile_template(text, TEXT).render(values())


def test_a_field_with_the_name_of_a_method_is_a_field() -> None:
    assert said('{{ customer.items | join("+") }}') == "a+b"


def test_limits_allow_what_people_write() -> None:
    many = "{% if customer.first_name %}" * 9 + "{{ customer.first_name }}" + "{% endif %}" * 9
    assert said(many) == "Ada"
    assert said("{{ " + "(" * 12 + "customer.age" + ")" * 12 + " }}") == "36"
    assert said("{{ customer.age" + " + 1" * 8 + " }}") == "44"


def test_rendering_stops_where_loops_go_round_too_often() -> None:
    text = (
        "{% for a in customer.items %}{% for b in customer.items %}{% if a == b %}.{% endif %}{% endfor %}{% endfor %}"
    )
    assert codes(text) == []
    with pytest.raises(ContentError, match="too often"):
        compile_template(text, MAIL).render(values(items=["x"] * 2_000))


def test_rendering_stops_where_text_grows_too_large() -> None:
    text = "{% for a in customer.items %}{{ customer.last_name }}{% endfor %}"
    with pytest.raises(ContentError, match="grew beyond"):
        compile_template(text, MAIL).render(values(items=["x"] * 1_000, last_name="y" * 2_000))
    with pytest.raises(ContentError, match="one value has more"):
        compile_template("{{ customer.last_name }}", MAIL).render(values(last_name="y" * 20_001))
    subject = compile_template("{{ customer.last_name }}", LINE)
    with pytest.raises(ContentError, match="at most 250 arrive"):
        subject.render(values(last_name="y" * 251))
