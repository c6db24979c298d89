"""What passes the check renders, whatever the data: random templates over random customers."""

from __future__ import annotations

import string
from datetime import UTC
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from press import CONTEXT, LINE, MAIL, TEXT, checked

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.content.filters import FILTERS
from campaign_dsl.language.content.parts import PartKind
from campaign_dsl.language.content.rendering import compile_template

# --------------------------------------------------------------------------------------------------------- templates

_EXAMPLES = [
    "upper", "lower", "title", "capitalize", "trim", "truncate(5)", "urlencode", 'date("%d %B %Y")', 'date("%A %-d")',
    'datetime("%H:%M")', 'datetime("%I %p", "Asia/Kathmandu")', "number", "number(2)", 'money("USD")', 'money("JPY")',
    "round", "round(3)", 'round(1, "up")', 'join("-")', "join", "first", "last", "limit(2)", "length", 'default("x")',
    "default(1)", "default(1.5)", "default(customer.age)",
]  # fmt: skip
_NAMES = [*CONTEXT.names, "x", "x.title", "x.description", "x.logo", "x.expires_at", "y", "loop.index", "loop.last"]
_CONSTANTS = ["1", "0", "2.50", '"gold"', '"silver"', '"a"', '""', '"2024-02-29"', "true", "false"]


def _expressions() -> st.SearchStrategy[str]:
    plain = st.sampled_from([*_NAMES, *_NAMES, *_CONSTANTS])
    return st.recursive(
        plain,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(_EXAMPLES)).map(lambda both: f"({both[0]}) | {both[1]}"),
            st.tuples(inner, st.sampled_from(["+", "-", "*", "~"]), inner).map(
                lambda all: f"({all[0]}) {all[1]} ({all[2]})"
            ),
            st.tuples(inner, _conditions(plain), inner).map(lambda all: f"({all[0]}) if {all[1]} else ({all[2]})"),
        ),
        max_leaves=4,
    )


def _conditions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    atoms = st.one_of(
        inner,
        st.tuples(inner, st.sampled_from(["== ", "!=", "<", "<=", ">", ">=", "in", "not in"]), inner).map(" ".join),
        inner.map(lambda name: f"{name} is known"),
        inner.map(lambda name: f"{name} is missing"),
        inner.map(lambda name: f'{name} in ["gold", "a"]'),
    )
    return st.one_of(
        atoms,
        atoms.map(lambda one: f"not ({one})"),
        st.tuples(atoms, st.sampled_from(["and", "or"]), atoms).map(lambda all: f"({all[0]}) {all[1]} ({all[2]})"),
    )


def _templates() -> st.SearchStrategy[str]:
    said = _expressions().map(lambda expression: "{{ " + expression + " }}")
    # Most random expressions are refused; these mostly are not.
    guarded = st.sampled_from(_NAMES).map(lambda name: "{% if " + name + " is known %}{{ " + name + " }}{% endif %}")
    fallen_back = st.sampled_from(_NAMES).map(lambda name: "{{ " + name + ' | default("-") }}')
    piece = st.one_of(st.text(string.ascii_letters + " <&\n", max_size=5), said, guarded, fallen_back)
    return st.recursive(
        piece,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map("".join),
            st.tuples(_conditions(_expressions()), inner, inner).map(
                lambda all: f"{{% if {all[0]} %}}{all[1]}{{% else %}}{all[2]}{{% endif %}}"
            ),
            st.tuples(st.sampled_from(["wallet.offers", "customer.items", "customer.items | limit(1)"]), inner).map(
                lambda all: f"{{% for x in {all[0]} %}}{all[1]}{{% endfor %}}"
            ),
            inner.map(lambda body: "{% for y in customer.items if y %}" + body + "{% else %}none{% endfor %}"),
        ),
        max_leaves=4,
    )


# -------------------------------------------------------------------------------------------------------------- data

_TEXTS = st.text(st.characters(), max_size=12)
_VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.one_of(_TEXTS, st.sampled_from(["", " ", "a", "<b>", "{{ x }}", "None", "\r\n"])),
    Kind.INTEGER: st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-3, 3)),
    Kind.DECIMAL: st.decimals(-(10**26), 10**26, allow_nan=False, allow_infinity=False, places=12),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.dates(),
    Kind.TIMESTAMP: st.datetimes(timezones=st.just(UTC)),
}


def _of(kind: Type) -> st.SearchStrategy[Any]:
    match kind.kind:
        case Kind.ENUM:
            known = st.sampled_from(kind.values)
        case Kind.LIST:
            assert kind.element is not None
            known = st.lists(_of(kind.element), max_size=4)
        case Kind.RECORD:
            known = st.fixed_dictionaries({name: _of(inner) for name, inner in kind.fields})
        case _:
            known = _VALUES[kind.kind]
    return st.one_of(st.none(), known) if kind.nullable else known


def _data() -> st.SearchStrategy[dict[str, Any]]:
    flat = st.fixed_dictionaries({name: _of(entry.type) for name, entry in CONTEXT.entries.items()})
    return flat.map(_nested)


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in flat.items():
        *groups, last = name.split(".")
        here = found
        for group in groups:
            here = here.setdefault(group, {})
        here[last] = value
    return found


PASSED = {"sound": 0, "refused": 0}


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    _templates(),
    _data(),
    st.sampled_from([TEXT, MAIL, LINE]),
    st.sampled_from(["en", "de", "fr", "ja", None]),
    st.sampled_from(["UTC", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu"]),
)
@pytest.mark.seed("S2-09")
def test_what_passes_the_check_renders(
    template: str, data: dict[str, Any], kind: PartKind, language: str | None, zone: str
) -> None:
    found = checked(template, PartKind(kind.form, 1_000_000))
    PASSED["refused" if found.findings else "sound"] += 1
    if found.findings:
        assert all(finding.where is not None and finding.help for finding in found.findings)
        return
    made = compile_template(template, PartKind(kind.form, 1_000_000)).render(data, language=language, zone=zone)
    made.encode()
    for root in found.uses:
        assert root in CONTEXT.entries


def test_many_of_them_pass() -> None:
    assert PASSED["sound"] >= 50
    assert PASSED["refused"] >= 50


_PIECES = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "-",
    "if",
    "for",
    "in",
    "endif",
    "endfor",
    "else",
    "elif",
    " ",
    "|",
    "(",
    ")",
]
_PIECES += [
    "[",
    "]",
    ".",
    ",",
    "'",
    '"',
    "==",
    "not",
    "and",
    "or",
    "is",
    "known",
    "default",
    "customer",
    "first_name",
    "1",
]
_PIECES += [
    "wallet.offers",
    "x",
    "<",
    ">",
    "<a href=",
    "<script>",
    "<!--",
    "-->",
    "\n",
    "\r\n",
    "é",
    "${",
    "}",
    "{",
    "\\",
    "`",
]


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join), st.text(max_size=60)))
def test_any_text_ends_in_a_finding_or_a_template(text: str) -> None:
    for kind in (TEXT, MAIL):
        found = checked(text, kind)
        for finding in found.findings:
            assert finding.where is not None
            assert 0 <= finding.where.span.start <= finding.where.span.end <= len(text)
            assert finding.help
        if not found.findings:
            compile_template(text, kind)


def test_the_table_of_filters_is_all_tried() -> None:
    tried = {example.partition("(")[0] for example in _EXAMPLES}
    assert tried == set(FILTERS)
