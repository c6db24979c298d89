"""Interface contracts of receivers: JSON Schema files that the properties of a message have to fit.

At compile time types are compared with the schema: what is sent must be what is asked for, whatever the values. What
depends on a value, the length of a name say, is asked of each message before it leaves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from campaign_dsl.language.catalog.types import Type
from campaign_dsl.language.content.fitting import Misfit, additional, constant_misfit, type_misfit
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems, Span
from campaign_dsl.language.diagnostics.suggest import near

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

MAX_SCHEMA = 200_000
"""Characters of a contract."""
MAX_DEPTH = 40
MAX_NODES = 5_000
MAX_PATTERN = 200

Constant = str | int | bool | float | None


class ContractError(Exception):
    """A contract that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A JSON Schema that was found sound."""

    schema: Mapping[str, Any]

    def problems(self, payload: Mapping[str, Any]) -> tuple[str, ...]:
        """Where a payload does not fit, as paths and keywords without any values: they are about a customer."""
        found = sorted(
            self._validator().iter_errors(payload), key=lambda error: [str(part) for part in error.absolute_path]
        )
        return tuple(f"`{_path(error.absolute_path)}` does not fit `{error.validator}`" for error in found[:10])

    def _validator(self) -> Validator:
        import jsonschema

        kind = jsonschema.validators.validator_for(self.schema, default=jsonschema.Draft202012Validator)
        return kind(self.schema, format_checker=kind.FORMAT_CHECKER)


def _path(parts: Any) -> str:
    return ".".join(str(part) for part in parts) or "the payload"


def read_contract(text: str) -> Contract:
    """The contract in a JSON file.

    Raises:
        ContractError: it is no JSON, no JSON Schema, refers to elsewhere, or is too large.
    """
    if len(text) > MAX_SCHEMA:
        raise ContractError(f"it has {len(text):,} characters; at most {MAX_SCHEMA:,} are read")
    if max(_depths(text), default=0) > MAX_DEPTH:
        raise ContractError(f"it goes more than {MAX_DEPTH} levels deep")
    try:
        schema = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except ValueError as error:
        at = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise ContractError(f"it is not JSON{at}: {said[:1].lower()}{said[1:]}") from None
    if not isinstance(schema, dict):
        raise ContractError("it is not a JSON object")
    _sound(schema)
    return Contract(schema)


def _depths(text: str) -> Iterator[int]:
    """How deep brackets lie, counted without recursion; those inside strings too, which is deep enough."""
    depth = 0
    for char in text:
        if char in "[{":
            depth += 1
            yield depth
        elif char in "]}":
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"`{name}` is not a number of JSON")


def _sound(schema: dict[str, Any]) -> None:
    import jsonschema

    stack: list[Any] = [schema]
    count = 0
    while stack:
        here = stack.pop()
        count += 1
        if count > MAX_NODES:
            raise ContractError(f"it has more than {MAX_NODES:,} parts")
        if isinstance(here, list):
            stack.extend(here)
        if not isinstance(here, dict):
            continue
        for key in ("$ref", "$dynamicRef", "$recursiveRef"):
            target = here.get(key)
            if isinstance(target, str) and (key != "$ref" or not target.startswith("#/")):
                raise ContractError(f"`{key}` refers to something outside of the file; only `#/...` is followed")
        if isinstance(here.get("$id"), str) and here is not schema:
            raise ContractError("`$id` stands inside; it would change what `$ref` means")
        _regexes(here)
        stack.extend(here.values())
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        kind.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ContractError(f"it is not a JSON Schema: `{_path(error.absolute_path)}` is wrong") from None
    _references(schema)


def _regexes(here: Mapping[str, Any]) -> None:
    """A pattern that could take for ever on somebody's name is not run."""
    from re import search

    patterns = [here["pattern"]] if isinstance(here.get("pattern"), str) else []
    if isinstance(here.get("patternProperties"), dict):
        patterns += here["patternProperties"]
    for pattern in patterns:
        repeated = search(r"[*+}]\??\)+[*+{]", pattern) or search(r"\|[^()]*\)[*+{]", pattern)
        if len(pattern) > MAX_PATTERN or repeated:
            raise ContractError("a `pattern` repeats what repeats, or is too long: it could take for ever")


def _references(schema: dict[str, Any]) -> None:
    """Every `$ref` leads somewhere, and asking about one value ends soon: no circles, no twice of twice of twice."""
    stack: list[Any] = [schema]
    known: dict[int, int] = {}
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            _questions(schema, here, known, 0)
            stack.extend(here.values())
        elif isinstance(here, list):
            stack.extend(here)


_SAME_VALUE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
"""Keywords whose schemas are asked about the same value as their own."""


def _questions(root: dict[str, Any], schema: Any, known: dict[int, int], depth: int) -> int:
    """How many schemas are asked about one value."""
    if not isinstance(schema, dict):
        return 1
    if id(schema) in known:
        return known[id(schema)]
    if depth > MAX_DEPTH:
        raise ContractError("its `$ref` go in a circle, or too deep")
    inner: list[Any] = [resolved(root, schema)] if isinstance(schema.get("$ref"), str) else []
    for key in _SAME_VALUE:
        found = schema.get(key)
        inner += found if isinstance(found, list) else [] if found is None else [found]
    count = 1 + sum(_questions(root, each, known, depth + 1) for each in inner)
    if count > MAX_NODES:
        raise ContractError("its `$ref` ask the same again and again")
    known[id(schema)] = count
    return count


def resolved(root: Mapping[str, Any], schema: Any) -> Any:
    """The schema that a chain of `$ref` ends at.

    Raises:
        ContractError: it ends nowhere, or goes in a circle.
    """
    for _ in range(20):
        if not isinstance(schema, dict) or not isinstance(schema.get("$ref"), str):
            return schema
        here: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(here, dict) or key not in here:
                raise ContractError(f"`{schema['$ref']}` refers to nothing")
            here = here[key]
        schema = here
    raise ContractError("its `$ref` go in a circle")


# ---------------------------------------------------------------------------------------------------- compile time


def contract_findings(
    contract: Contract,
    properties: Mapping[str, Type],
    constants: Mapping[str, Constant],
    places: Mapping[str, Span],
    otherwise: Span,
) -> tuple[Diagnostic, ...]:
    """Where the properties of a message do not fit the contract of its variant.

    Args:
        properties: names and types of what is taken from the customer or from outcomes.
        constants: those with a fixed value.
        places: where each is written.
        otherwise: where to point when something is not written.
    """
    problems = Problems()
    for each in _misfits(contract, properties, constants):
        problems.add(
            each.code,
            each.message,
            places.get(each.name, otherwise),
            why="the receiver's contract says so, and would refuse the message" if each.why is None else each.why,
            help=each.help,
        )
    return problems.sorted()


def _misfits(contract: Contract, properties: Mapping[str, Type], constants: Mapping[str, Constant]) -> Iterator[Misfit]:
    sent = {*properties, *constants}
    for schema in _parts(contract.schema, contract.schema):
        kinds = schema.get("type", "object")
        if "object" not in ([kinds] if isinstance(kinds, str) else kinds):
            yield Misfit("", "CNT016", "the contract does not take properties", "let its `type` be `object`")
            return
        yield from _required(schema, sent)
        given = schema.get("properties", {})
        for name in sorted(sent):
            inner = given.get(name)
            if inner is None:
                inner = additional(schema, name)
            if inner is False:
                meant = near(name, given.keys() - sent, 1)
                help = f"is `{meant[0]}` meant?" if meant else "delete it, or let the receiver take it"
                yield Misfit(name, "CNT020", f"the contract has no property `{name}`", help)
            elif isinstance(inner, dict):
                yield from _fits(contract.schema, inner, name, properties, constants)


def _required(schema: Mapping[str, Any], sent: set[str]) -> Iterator[Misfit]:
    for name in schema.get("required", ()):
        if name not in sent:
            meant = near(name, sent - schema.get("properties", {}).keys(), 1)
            help = f"is `{meant[0]}` meant to be `{name}`?" if meant else f"add `{name} ...` to `properties`"
            yield Misfit(meant[0] if meant else "", "CNT019", f"the contract needs the property `{name}`", help)


def _parts(root: Mapping[str, Any], schema: Any) -> Iterator[Mapping[str, Any]]:
    """The schema and those it joins with `allOf`, references followed."""
    stack: list[tuple[Any, int]] = [(schema, 0)]
    while stack:
        found, depth = stack.pop()
        found = resolved(root, found)
        if isinstance(found, dict) and depth < MAX_DEPTH:
            yield found
            stack.extend((each, depth + 1) for each in found.get("allOf", ()))


def _fits(
    root: Mapping[str, Any],
    schema: Mapping[str, Any],
    name: str,
    properties: Mapping[str, Type],
    constants: Mapping[str, Constant],
) -> Iterator[Misfit]:
    """At most one misfit for each part of what the contract says about a property."""
    for part in _parts(root, schema):
        for way in (part.get("anyOf") or (), part.get("oneOf") or ()):
            found = [list(_fits(root, each, name, properties, constants)) for each in way if isinstance(each, dict)]
            if found and all(found):
                yield found[0][0]
        if name in constants:
            misfit = constant_misfit(constants[name], part, name)
        else:
            misfit = type_misfit(properties[name], part, name, lambda inner: resolved(root, inner))
        if misfit is not None:
            yield misfit
