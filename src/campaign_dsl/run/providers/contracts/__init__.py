"""What providers promise and demand, as JSON Schemas (draft 2020-12), and the check against them.

Each schema names its sources in ``$comment``. Two keywords are ours; other validators ignore them:

- ``x-max-bytes``: the compact UTF-8 JSON text of the value may not be longer, in bytes;
- ``x-unique-by``: in an array, the first of the named members that an item has may not repeat within the array.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

_SUFFIX = ".schema.json"
_MOST_PROBLEMS = 20


@cache
def names() -> tuple[str, ...]:
    """The names `validate` knows, sorted."""
    found = (entry.name for entry in files(__package__).iterdir() if entry.name.endswith(_SUFFIX))
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found))


def validate(name: str, document: Any) -> list[str]:
    """What in ``document`` breaks the contract called ``name``; empty when nothing does.

    The problems come in the document's order, at most 20 of them, each with the place as a path of keys
    (``recipients/0/email``). They never quote a value: documents hold personal data, and problems end in logs.

    Args:
        name: one of `names`.
        document: anything that `json.loads` yields.

    Raises:
        ValueError: no such contract.
    """
    if name not in names():
        raise ValueError(f"no contract is called `{name}`; there are {', '.join(names())}")
    try:
        errors = sorted(_validator(name).iter_errors(document), key=lambda error: [str(key) for key in error.path])
    except RecursionError:
        return ["the document is nested too deeply"]
    return list(dict.fromkeys(f"{_place(error.path)}{_wrong(error)}" for error in errors))[:_MOST_PROBLEMS]


def compact(value: Any) -> bytes:
    """The compact UTF-8 JSON text of a value: what is sent, and what sizes are measured on.

    Raises:
        ValueError: it holds what JSON cannot say: infinities, NaN, half characters (lone surrogates).
        TypeError: it holds objects that are not JSON at all.
    """
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


@cache
def _validator(name: str) -> Validator:
    schema = json.loads((files(__package__) / (name + _SUFFIX)).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    extend: Any = validators.extend  # untyped in the stubs
    own = {"properties": _properties, "x-max-bytes": _max_bytes, "x-unique-by": _unique_by}
    checker: Validator = extend(Draft202012Validator, own)(schema, format_checker=FormatChecker())
    return checker


def _properties(
    validator: Validator, properties: Mapping[str, Any], value: Any, _: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """As in the standard, but a property that may not be there (schema `false`) is named in the error."""
    if not isinstance(value, dict):
        return
    descend: Any = validator.descend  # type: ignore[attr-defined]  # not in the protocol, but of every validator
    for name, schema in properties.items():
        if name not in value:
            continue
        if schema is False:
            yield ValidationError("is not allowed here", path=[name])
        else:
            yield from descend(value[name], schema, path=name, schema_path=name)


def _max_bytes(_: Validator, most: int, value: Any, __: Mapping[str, Any]) -> Iterator[ValidationError]:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > most:
        yield ValidationError(f"has {size} bytes, at most {most} are allowed")


def _unique_by(_: Validator, members: Sequence[str], items: Any, __: Mapping[str, Any]) -> Iterator[ValidationError]:
    if not isinstance(items, list):
        return
    first: dict[tuple[str, str], int] = {}
    for position, item in enumerate(items):
        member = next((name for name in members if isinstance(item, dict) and name in item), None)
        if member is None:
            continue
        earlier = first.setdefault((member, json.dumps(item[member], sort_keys=True)), position)
        if earlier != position:
            yield ValidationError(f"item {position} repeats the {member} of item {earlier}")


def _place(path: Iterable[str | int]) -> str:
    keys = "/".join(str(key) for key in path)
    return f"{keys}: " if keys else ""


def _wrong(error: ValidationError) -> str:
    """The problem in words of the schema alone; jsonschema's own message would quote the value."""
    limit: Any = error.validator_value
    value: Any = error.instance
    schema: Any = error.schema
    match error.validator:
        case "x-max-bytes" | "x-unique-by" | "properties":
            return error.message
        case "required":
            return "lacks " + _listed(name for name in limit if name not in value)
        case "additionalProperties":
            return "has the unknown key " + _listed(key for key in value if key not in schema["properties"])
        case "type":
            return "must be " + (limit if isinstance(limit, str) else " or ".join(limit))
        case "const":
            return f"must be {json.dumps(limit)}"
        case "enum":
            return "must be one of " + ", ".join(json.dumps(each) for each in limit)
        case "pattern" | "format":
            return f"does not fit the {error.validator} {limit}"
        case "minLength" | "minItems" | "minProperties" | "minimum":
            return f"is too small, at least {limit}"
        case "maxLength" | "maxItems" | "maxProperties" | "maximum":
            return f"is too large, at most {limit}"
        case "oneOf" | "anyOf":
            return _alternatives(error)
        case other:
            return f"breaks `{other}`"


def _alternatives(error: ValidationError) -> str:
    """What would have done: for alternatives that differ in their keys, the keys."""
    options: Any = error.validator_value
    keys = [name for option in options for name in option.get("required", ())]
    if not keys:
        return "fits none of the allowed forms" if error.context else "fits more than one form"
    return f"needs exactly one of {_listed(dict.fromkeys(keys))}"


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key[:60]}`" for key in islice(keys, 8))
