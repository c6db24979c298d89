"""Types of values in templates: what is refused, what is known where, and what is said about it."""

from __future__ import annotations

import pytest
from press import CONTEXT, TEXT, checked, codes

SOUND = [
    "{{ customer.last_name }} {{ customer.age }} {{ customer.spent }} {{ customer.enrolled }} {{ customer.tier }}",
    '{{ customer.first_name | default("friend") }}',
    "{{ customer.first_name | default(customer.last_name) }}",
    "{% if customer.first_name %}{{ customer.first_name }}{% endif %}",
    "{% if customer.first_name is known %}{{ customer.first_name }}{% else %}you{% endif %}",
    "{% if customer.first_name is missing %}you{% else %}{{ customer.first_name }}{% endif %}",
    "{% if not customer.first_name %}you{% else %}{{ customer.first_name }}{% endif %}",
    "{% if customer.first_name is missing %}a{% elif customer.age > 3 %}{{ customer.first_name }}{% endif %}",
    "{% if customer.first_name and customer.born is known %}{{ customer.first_name ~ customer.born }}{% endif %}",
    "{% if customer.first_name is missing or customer.fan %}x{% else %}{{ customer.first_name }}{% endif %}",
    '{{ customer.first_name if customer.first_name else "you" }}',
    '{% if customer.first_name == "Ada" %}{{ customer.first_name }}{% endif %}',
    "{% if customer.visits > 3 %}{{ customer.visits + 1 }}{% endif %}",
    "{% if customer.first_name | length > 3 %}{{ customer.first_name | upper }}{% endif %}",
    '{% if customer.tier in ["gold", "silver"] and "a" in customer.items %}x{% endif %}',
    "{% if customer.home %}{{ customer.home.city }}{% endif %}",
    '{{ customer.home.city | default("home") }} {{ customer.work.city }} {{ customer["last_name"] }}',
    "{% if customer.home.street %}{{ customer.home.street }} {{ customer.home.city }}{% endif %}",
    "{% for item in customer.items %}{{ loop.index }}: {{ item }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for o in wallet.offers if o.description %}{{ o.title }}: {{ o.description }}{% else %}nothing{% endfor %}",
    "{% for o in wallet.offers | limit(2) %}{% for i in customer.items %}{{ o.title ~ i }}{% endfor %}{% endfor %}",
    "{% if customer.interests %}{% for i in customer.interests %}{{ i }}{% endfor %}{% endif %}",
    '{{ customer.items | first | default("none") }} {{ customer.items | join(", ") }} {{ customer.items | length }}',
    '{{ customer.born | date("%d %B") | default("soon") }} {{ offer.expires_at | datetime("%H:%M", "Europe/Berlin") }}',
    '{{ customer.spent | money("EUR") }} {{ customer.spent | number(2) }} {{ customer.spent | round(1, "half even") }}',
    "{{ customer.age * 2 - 1 + 0.5 }} {{ -customer.age }}",
    '{{ "yes" if customer.employee and not customer.fan else "no" }}',
    '{% if customer.enrolled > "2024-01-01" and customer.enrolled <= occurrence.date %}x{% endif %}',
    '{% if segment == "gold" and language != "de" and goal.completed == false %}x{% endif %}',
    '{{ customer.shoe_size | default("your size") }}',
    "{{ customer.last_name | lower | title | trim | truncate(10) | urlencode }}",
]


@pytest.mark.parametrize("text", SOUND)
def test_what_is_sound(text: str) -> None:
    assert codes(text) == []


MISSING = [
    ("{{ customer.first_name }}", "customer.first_name"),
    ("{{ customer.first_name | upper }}", "customer.first_name"),
    ("{{ customer.first_name ~ customer.last_name }}", "customer.first_name"),
    ("{{ customer.visits + 1 }}", "customer.visits"),
    ("{% if customer.last_name %}{{ customer.first_name }}{% endif %}", "customer.first_name"),
    ("{% if customer.first_name %}x{% else %}{{ customer.first_name }}{% endif %}", "customer.first_name"),
    ("{% if customer.first_name %}x{% endif %}{{ customer.first_name }}", "customer.first_name"),
    ("{% if customer.first_name or customer.fan %}{{ customer.first_name }}{% endif %}", "customer.first_name"),
    ("{% if not (customer.first_name and customer.fan) %}{{ customer.first_name }}{% endif %}", "customer.first_name"),
    ('{% if not customer.first_name == "x" %}{{ customer.first_name }}{% endif %}', "customer.first_name"),
    ('{% if customer.first_name | default("x") %}{{ customer.first_name }}{% endif %}', "customer.first_name"),
    ("{{ customer.first_name if customer.fan else customer.last_name }}", "customer.first_name"),
    ("{{ customer.last_name | default(customer.first_name) }}", "customer.first_name"),
    ("{{ customer.home.city }}", "customer.home.city"),
    ("{% if customer.home %}{{ customer.home.street }}{% endif %}", "customer.home.street"),
    ("{% for i in customer.interests %}{{ i }}{% endfor %}", "customer.interests"),
    ("{{ customer.items | first }}", "customer.items"),
    ("{% for o in wallet.offers %}{{ o.description }}{% endfor %}", "o.description"),
    (
        "{% for o in wallet.offers if o.logo %}x{% else %}{{ offer.pos_discount_id }}{% endfor %}",
        "offer.pos_discount_id",
    ),
    (
        "{% for o in wallet.offers %}{% if o.logo %}"
        "{% for o in wallet.offers %}{{ o.logo }}{% endfor %}{% endif %}{% endfor %}",
        "o.logo",
    ),
    ("{{ outcome.points.expires_at | date('%d %B') }}", "outcome.points.expires_at"),
]


@pytest.mark.parametrize(("text", "what"), MISSING)
def test_what_may_be_missing(text: str, what: str) -> None:
    (finding,) = checked(text).findings
    assert finding.code == "MSG012"
    assert finding.where is not None
    assert text[finding.where.span.start :].startswith(what)


def test_a_fall_back_is_shown_for_the_value() -> None:
    (finding,) = checked("Hi {{ customer.first_name }},").findings
    assert finding.message == "`customer.first_name` may be missing, and nothing stands in for it"
    assert finding.help == (
        'write `customer.first_name | default("...")`, or put it inside `{% if customer.first_name %}`'
    )


REFUSED = [
    ("{{ custmer.age }}", "MSG011", "did you mean `customer.age`?"),
    ("{{ first_name }}", "MSG011", "did you mean `customer.first_name`?"),
    ("{{ customer }}", "MSG011", "write `customer."),
    ("{{ customer.last_name.upper }}", "MSG011", "write `customer.last_name | upper`"),
    ("{{ customer.items.items }}", "MSG011", "`customer.items | first`"),
    ("{{ customer.work.town }}", "MSG011", "fields of `customer.work` are"),
    ("{{ loop.index }}", "MSG011", "delete it"),
    ("{% for i in customer.items %}{{ loop.depth }}{% endfor %}", "MSG011", "`loop.index`"),
    ("{% for i in customer.items if loop.first %}{{ i }}{% endfor %}", "MSG011", "delete it"),
    ("{{ none }}", "MSG011", "is missing"),
    ("{{ reward.title }}", "MSG013", "add what gives it"),
    ("{{ customer.age.real }}", "MSG011", "write `customer.age`"),
    ("{{ customer.__class__ }}", "MSG011", ""),
    ("{{ customer.last_name | shout }}", "CNT004", "filters are"),
    ("{{ customer.last_name | safe }}", "CNT004", "values are escaped"),
    ("{{ customer.last_name | uper }}", "CNT004", "did you mean `upper`?"),
    ("{{ customer.items | map('upper') }}", "CNT004", "write a `for`"),
    ("{% if customer.first_name is defined %}x{% endif %}", "CNT004", "write `is known`"),
    ("{% if customer.first_name is none %}x{% endif %}", "CNT004", "write `is missing`"),
    ("{% if customer.age is divisibleby 3 %}x{% endif %}", "CNT004", "content asks"),
    ("{{ customer.age | upper }}", "CNT005", "`upper` takes text"),
    ("{{ customer.last_name | round }}", "CNT005", "`round` takes decimal or integer"),
    ("{{ customer.last_name | truncate }}", "CNT005", "write `truncate(40)`"),
    ("{{ customer.last_name | truncate(length=4) }}", "CNT005", "write `truncate(40)`"),
    ("{{ customer.last_name | truncate('4') }}", "CNT005", "write `truncate(40)`"),
    ("{{ customer.last_name | truncate(true) }}", "CNT005", "write `truncate(40)`"),
    ("{{ customer.last_name | truncate(0) }}", "CNT005", "write 1 to 10,000"),
    ("{{ customer.last_name | truncate(customer.age) }}", "CNT005", "write `truncate(40)`"),
    ("{{ customer.last_name | upper(1) }}", "CNT005", "write `upper`"),
    ("{{ customer.enrolled | datetime('%H:%M') }}", "CNT005", "a day has no time"),
    ("{{ customer.enrolled | date('%Q') }}", "CNT005", "fields are"),
    ("{{ customer.enrolled | date('%H') }}", "CNT005", "fields are"),
    ("{{ customer.spent | money('DOLLAR') }}", "CNT005", "write a code"),
    ("{{ customer.spent | round(2, 'bankers') }}", "CNT005", "write `half up`"),
    ("{{ campaign.runtime | datetime('%H:%M', 'Mars/Olympus') }}", "CNT005", "America/New_York"),
    ("{{ wallet.offers | join(', ') }}", "CNT005", "write a `for`"),
    ("{{ customer.last_name | default('x', true) }}", "CNT005", 'write `default("friend")`'),
    ("{{ customer.last_name | default }}", "CNT005", 'write `default("friend")`'),
    ("{% if customer.age == '3' %}x{% endif %}", "CNT006", "text stands in double quotes"),
    ("{% if customer.tier == 'diamond' %}x{% endif %}", "CNT006", "values are"),
    ("{% if customer.tier in ['gold', 'platinum'] %}x{% endif %}", "CNT006", ""),
    ("{% if customer.tier > 'silver' %}x{% endif %}", "CNT006", "write `in"),
    ("{% if customer.last_name < 'm' %}x{% endif %}", "CNT006", "write `in"),
    ("{% if customer.enrolled == 'yesterday' %}x{% endif %}", "CNT006", "2026-11-27"),
    ("{% if customer.enrolled == customer.last_name %}x{% endif %}", "CNT006", "2026-11-27"),
    ("{% if 3 in customer.items %}x{% endif %}", "CNT006", ""),
    ("{% if 'x' in customer.age %}x{% endif %}", "CNT006", "it takes a list"),
    ("{% if customer.employee > 1 %}x{% endif %}", "CNT006", ""),
    ("{{ customer.last_name + 'x' }}", "CNT006", "`~` puts texts together"),
    ("{{ customer.employee + 1 }}", "CNT006", "only numbers"),
    ("{% for x in customer.age %}x{% endfor %}", "CNT006", "a `for` goes over a list"),
    ("{% if customer.age %}x{% endif %}", "CNT007", "write `customer.age > 0`"),
    ("{{ customer.first_name or 'you' }}", "CNT007", "default"),
    ("{{ customer.items if customer.fan else customer.age }}", "CNT007", "both have to be"),
    ("{{ customer.employee }}", "CNT008", '"yes" if customer.employee'),
    ("{{ customer.items }}", "CNT008", "for x in customer.items"),
    ("{{ customer.work }}", "CNT008", "`customer.work.city`"),
    ("{{ campaign.runtime }}", "CNT008", "date("),
    ("{{ customer.age > 3 }}", "CNT008", ""),
    ("{{ customer.first_name.upper() }}", "CNT002", "write `customer.first_name | upper`"),
    ("{{ range(3) }}", "CNT002", "write a name"),
    ("{{ customer.items[0] }}", "CNT002", "first"),
    ("{{ customer.items[:2] }}", "CNT002", "limit"),
    ("{{ customer.age / 2 }}", "CNT002", "let the campaign"),
    ("{{ customer.age ** 2 }}", "CNT002", "let the campaign"),
    ("{{ customer.age % 2 }}", "CNT002", "let the campaign"),
    ("{{ customer.age // 2 }}", "CNT002", "let the campaign"),
    ("{{ [1, 2] }}", "CNT002", "write `x in"),
    ("{{ {'a': 1} }}", "CNT002", "write `x in"),
    ("{% if 1 < customer.age < 3 %}x{% endif %}", "CNT002", "a < b and b < c"),
    ("{% for a, b in customer.items %}x{% endfor %}", "CNT002", "for offer in"),
    ("{% for customer in wallet.offers %}x{% endfor %}", "CNT002", "take another name"),
    ("{% for loop in wallet.offers %}x{% endfor %}", "CNT002", "take another name"),
    ("{% for x in customer.items recursive %}x{% endfor %}", "CNT002", "delete `recursive`"),
    ("{{ 'x' if customer.fan }}", "CNT001", "else"),
    ("{% if customer.age in [customer.age] %}x{% endif %}", "CNT003", "compare with a list"),
]


@pytest.mark.parametrize(("text", "code", "help"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_is_refused(text: str, code: str, help: str) -> None:
    findings = checked(text).findings
    assert {finding.code for finding in findings} == {code}
    assert help in (findings[0].help or "")
    assert all(finding.where is not None for finding in findings)


def test_several_mistakes_are_all_said() -> None:
    text = "{{ customer.first_name }} {{ custmer.age }} {% if customer.age %}{{ customer.items }}{% endif %}"
    assert codes(text) == ["MSG012", "MSG011", "CNT007", "CNT008"]


def test_uses_are_names_and_types() -> None:
    text = "{{ customer.work.city }}{% for o in wallet.offers %}{{ o.title }}{{ loop.index }}{% endfor %}{{ segment }}"
    found = checked(text).uses
    assert list(found) == ["customer.work", "segment", "wallet.offers"]
    assert found["customer.work"] == CONTEXT.entries["customer.work"].type


def test_months_need_a_language_that_has_words() -> None:
    text = '{{ customer.enrolled | date("%d %B") }}'
    assert codes(text, TEXT, languages=("en", "de-AT", "fr")) == []
    (finding,) = checked(text, languages=("en", "ja")).findings
    assert (finding.code, "`ja`" in finding.message) == ("CNT005", True)
    assert codes('{{ customer.enrolled | date("%Y-%m-%d") }}', TEXT, languages=("ja",)) == []


def test_a_part_has_a_longest_length() -> None:
    assert codes("x" * 1_001) == ["CNT017"]
    assert codes("x" * 1_000) == []
    assert codes("{{ segment }}" + "x" * 1_001) == ["CNT017"]
    assert codes("{% if customer.fan %}" + "x" * 1_001 + "{% endif %}") == []
