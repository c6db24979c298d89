"""Interface contracts: what is read, and what properties fit."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from press import TIER

from campaign_dsl.language.catalog import types
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.content.contract import Contract, ContractError, contract_findings, read_contract
from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.source.files import SourceFile

SOURCE = SourceFile("x.campaign", "message properties")
OTHERWISE = SOURCE.span(0, 7)
PLACE = SOURCE.span(8, 18)
ITEMS = Type(Kind.LIST, element=types.TEXT)
WORK = Type(Kind.RECORD, fields=(("city", types.TEXT), ("zip", types.TEXT.maybe())))


def misfits(
    schema: dict[str, Any], properties: dict[str, Type], constants: dict[str, Any] | None = None
) -> tuple[Diagnostic, ...]:
    fixed = constants or {}
    places = dict.fromkeys((*properties, *fixed), PLACE)
    return contract_findings(read_contract(json.dumps(schema)), properties, fixed, places, OTHERWISE)


def prop(schema: Any, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": schema}, **more}


FITS: list[tuple[Any, Type]] = [
    ({"type": "string"}, types.TEXT),
    ({"type": "string", "maxLength": 3}, types.TEXT),
    ({"type": "string", "format": "email", "pattern": "^a"}, types.TEXT),
    ({"type": "string", "format": "date"}, types.DATE),
    ({"type": "string", "format": "date-time"}, types.TIMESTAMP),
    ({"type": "integer"}, types.INTEGER),
    ({"type": "number"}, types.INTEGER),
    ({"type": "number", "minimum": 3}, types.DECIMAL),
    ({"type": "boolean"}, types.BOOLEAN),
    ({"type": ["string", "null"]}, types.TEXT.maybe()),
    ({"enum": ["member", "silver", "gold", "x"]}, TIER),
    ({"enum": [True, False]}, types.BOOLEAN),
    ({"type": "string", "maxLength": 6}, TIER),
    ({"type": "array", "items": {"type": "string"}}, ITEMS),
    ({"type": "object", "properties": {"city": {"type": "string"}, "zip": {"type": ["string", "null"]}}}, WORK),
    ({"type": "object", "required": ["city"]}, WORK),
    (True, types.TEXT),
    ({}, types.TEXT.maybe()),
    ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, types.TEXT),
    ({"allOf": [{"type": "string"}, {"maxLength": 5}]}, types.TEXT),
    ({"$ref": "#/$defs/words"}, types.TEXT),
]
FITS_NOT: list[tuple[Any, Type, str]] = [
    ({"type": "integer"}, types.TEXT, "`a` is a value of type text, and the contract wants `integer`"),
    ({"type": "string"}, types.INTEGER, "`a` is a value of type integer, and the contract wants `string`"),
    ({"type": "integer"}, types.DECIMAL, "`a` is a value of type decimal, and the contract wants `integer`"),
    ({"type": ["string", "null"]}, types.BOOLEAN, "wants `string` or `null`"),
    ({"type": "string"}, types.TEXT.maybe(), "`a` may be missing, and the contract wants a value"),
    ({"enum": ["member", "gold"]}, TIER, "`a` can be `silver`, which the contract does not take"),
    ({"enum": ["x"]}, types.TEXT, "`a` can be any value of type text"),
    ({"const": "x"}, types.TEXT, "`a` can be any value of type text"),
    ({"const": True}, types.BOOLEAN, "`a` can be `false`"),
    ({"type": "string", "format": "date-time"}, types.DATE, "wants the format `date-time`"),
    ({"type": "string", "format": "date"}, types.TIMESTAMP, "wants the format `date`"),
    ({"type": "string", "format": "email"}, types.DATE, "wants the format `email`"),
    ({"type": "string", "maxLength": 5}, TIER, "`a` has 6 characters, and the contract takes 5"),
    ({"type": "string", "maxLength": 9}, types.DATE, "`a` has 10 characters"),
    ({"type": "array", "items": {"type": "integer"}}, ITEMS, "wants `integer`"),
    ({"type": "object", "required": ["town"]}, WORK, "`a` has no `town`, which the contract needs"),
    (
        {"type": "object", "properties": {"city": {}}, "additionalProperties": False},
        WORK,
        "the contract has no `zip` in `a`",
    ),
    ({"type": "object", "properties": {"zip": {"type": "string"}}}, WORK, "may be missing"),
    ({"anyOf": [{"type": "integer"}, {"type": "boolean"}]}, types.TEXT, "wants `integer`"),
    ({"oneOf": [{"$ref": "#/$defs/number"}]}, types.TEXT, "wants `number`"),
    ({"allOf": [{"type": "string"}, {"type": "integer"}]}, types.TEXT, "wants `integer`"),
    ({"$ref": "#/$defs/number"}, types.TEXT, "wants `number`"),
]
DEFS = {"words": {"type": "string"}, "number": {"type": "number"}}


@pytest.mark.parametrize(("schema", "of"), FITS, ids=[json.dumps(each[0]) for each in FITS])
def test_what_fits(schema: Any, of: Type) -> None:
    assert misfits(prop(schema, **{"$defs": DEFS}), {"a": of}) == ()


@pytest.mark.parametrize(("schema", "of", "message"), FITS_NOT, ids=[json.dumps(each[0]) for each in FITS_NOT])
def test_what_does_not_fit(schema: Any, of: Type, message: str) -> None:
    (finding,) = misfits(prop(schema, **{"$defs": DEFS}), {"a": of})
    assert finding.code == "CNT018"
    assert message in finding.message
    assert finding.where is not None
    assert finding.where.span == PLACE
    assert finding.help


FIXED = [
    ({"type": "string", "maxLength": 3}, "abc", None),
    ({"type": "string", "maxLength": 3}, "abcd", "maxLength"),
    ({"type": "integer"}, "1", "type"),
    ({"type": "integer"}, 1, None),
    ({"enum": ["a"]}, "b", "enum"),
    ({"const": 1}, True, "const"),
    ({"pattern": "^a"}, "b", "pattern"),
    ({"minimum": 3}, 2, "minimum"),
    ({"type": "string", "format": "date"}, "2026-02-30", "format"),
    ({"type": "string", "format": "date"}, "2026-02-28", None),
    ({"$ref": "#/$defs/number"}, "x", "type"),
]


@pytest.mark.parametrize(("schema", "value", "keyword"), FIXED)
def test_fixed_values_are_checked_themselves(schema: Any, value: Any, keyword: str | None) -> None:
    found = misfits(prop(schema, **{"$defs": DEFS}), {}, {"a": value})
    assert [f"`{keyword}`" in finding.message for finding in found] == ([] if keyword is None else [True])


def test_a_required_property_is_sent() -> None:
    schema = {"type": "object", "required": ["points", "first_name"], "properties": {"points": {}, "first_name": {}}}
    (finding,) = misfits(schema, {"points": types.INTEGER})
    assert (finding.code, finding.message) == ("CNT019", "the contract needs the property `first_name`")
    assert finding.where is not None
    assert finding.where.span == OTHERWISE
    (finding,) = misfits(schema, {"points": types.INTEGER, "firstname": types.TEXT})
    assert finding.help == "is `firstname` meant to be `first_name`?"
    assert finding.where is not None
    assert finding.where.span == PLACE


def test_a_property_that_the_contract_does_not_have() -> None:
    schema = {"type": "object", "properties": {"points": {}}, "additionalProperties": False}
    (finding,) = misfits(schema, {"point": types.INTEGER})
    assert (finding.code, finding.help) == ("CNT020", "is `points` meant?")
    assert misfits(schema | {"patternProperties": {"^po": {}}}, {"point": types.INTEGER}) == ()
    assert [
        each.code for each in misfits(schema | {"additionalProperties": {"type": "string"}}, {"x": types.INTEGER})
    ] == ["CNT018"]


def test_parts_that_are_joined_are_all_asked() -> None:
    schema = {"allOf": [{"required": ["a"]}, {"$ref": "#/$defs/more"}], "$defs": {"more": {"required": ["b"]}}}
    assert [each.code for each in misfits(schema, {})] == ["CNT019", "CNT019"]


def test_a_contract_takes_an_object() -> None:
    assert [each.code for each in misfits({"type": "array"}, {})] == ["CNT016"]


UNUSABLE = [
    ("", "not JSON"),
    ("[1]", "not a JSON object"),
    ('{"a": 1, "a": 2}', "a key is there twice"),
    ('{"minimum": NaN}', "`NaN` is not a number"),
    ('{"type": "strnig"}', "not a JSON Schema"),
    ('{"properties": 3}', "not a JSON Schema"),
    ('{"$ref": "https://evil.example/x.json"}', "outside of the file"),
    ('{"properties": {"a": {"$ref": "file:///etc/passwd"}}}', "outside of the file"),
    ('{"$ref": "other.json#/a"}', "outside of the file"),
    ('{"$ref": "#"}', "outside of the file"),
    ('{"$dynamicRef": "#a"}', "outside of the file"),
    ('{"$ref": "#/$defs/x"}', "refers to nothing"),
    ('{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}', "circle"),
    ('{"properties": {"a": {"anyOf": [{"$ref": "#/properties/a"}]}}}', "circle"),
    ('{"$defs": {"a": {"$id": "https://x.example/"}}}', "`$id` stands inside"),
    ('{"properties": {"a": {"pattern": "(a+)+$"}}}', "for ever"),
    ('{"properties": {"a": {"pattern": "(a|aa)+$"}}}', "for ever"),
    ('{"patternProperties": {"(a*)*": {}}}', "for ever"),
    ('{"pattern": "' + "a" * 300 + '"}', "for ever"),
    ('{"not": ' * 50 + "{}" + "}" * 50, "levels deep"),
    ("[" * 100_000, "levels deep"),
    ('{"enum": [' + ", ".join(str(n) for n in range(6_000)) + "]}", "more than 5,000 parts"),
    ('{"description": "' + "x" * 200_001 + '"}', "at most 200,000"),
    (
        json.dumps(
            {"$defs": {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(20)} | {"d20": {}}}
        )
        .replace('"d20": {}', '"x": {}')
        .replace('{"$defs": {', '{"$defs": {"d20": {}, '),
        "again and again",
    ),
]


@pytest.mark.parametrize(("text", "message"), UNUSABLE, ids=[each[0][:50] for each in UNUSABLE])
def test_contracts_that_cannot_be_used(text: str, message: str) -> None:
    with pytest.raises(ContractError, match=re.escape(message)):
        read_contract(text)


@pytest.mark.seed("S0-17")
def test_messages_are_asked_before_they_leave() -> None:
    contract = read_contract(json.dumps(prop({"type": "string", "maxLength": 3}, required=["a"])))
    assert contract.problems({"a": "abc"}) == ()
    assert contract.problems({"a": "abcd"}) == ("`a` does not fit `maxLength`",)
    assert contract.problems({}) == ("`the payload` does not fit `required`",)
    assert "secret" not in str(contract.problems({"a": "secret value"}))


SCHEMAS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(
            ["string", "integer", "number", "boolean", "null", ["string", "null"], ["integer", "string"]]
        ),
        "enum": st.lists(
            st.one_of(st.sampled_from(["member", "silver", "gold"]), st.integers(0, 3), st.booleans()),
            min_size=1,
            unique_by=repr,
        ),
        "const": st.sampled_from(["gold", 1, True]),
    },
)
SAMPLES: list[tuple[Type, list[Any]]] = [
    (TIER, list(TIER.values)),
    (types.BOOLEAN, [True, False]),
    (types.INTEGER, [0, 1, -5, 10**9]),
    (types.TEXT, ["", "gold", "x"]),
    (types.TEXT.maybe(), ["gold", None]),
]


@given(SCHEMAS, st.sampled_from(SAMPLES))
def test_what_fits_at_compile_time_fits_each_message(schema: dict[str, Any], sample: tuple[Type, list[Any]]) -> None:
    of, possible = sample
    whole = prop(schema)
    if misfits(whole, {"a": of}) == ():
        contract = Contract(whole)
        if of.nullable and "type" not in schema:
            possible = [each for each in possible if each is not None]
        assert [contract.problems({"a": each}) for each in possible] == [()] * len(possible)
