"""Whether values of a type fit a JSON Schema, whatever the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaign_dsl.language.catalog.types import Kind, Type

JSON_TYPES: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("string",),
    Kind.ENUM: ("string",),
    Kind.DATE: ("string",),
    Kind.TIMESTAMP: ("string",),
    Kind.INTEGER: ("integer", "number"),
    Kind.DECIMAL: ("number",),
    Kind.BOOLEAN: ("boolean",),
    Kind.LIST: ("array",),
    Kind.RECORD: ("object",),
}
"""What a value becomes in JSON, and what takes it."""
_FORMATS = {Kind.DATE: "date", Kind.TIMESTAMP: "date-time"}
_TIMES = ("date", "date-time", "time", "duration")
_WRITTEN = {Kind.DATE: len("2026-11-27"), Kind.TIMESTAMP: len("2026-11-27T09:00:00Z")}


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that does not fit.

    Attributes:
        name: the property; empty when it is none of those that are sent.
    """

    name: str
    code: str
    message: str
    help: str
    why: str | None = None


def additional(schema: Mapping[str, Any], name: str) -> Any:
    """What a schema says about a property that `properties` does not name: True, False or a schema."""
    for pattern, inner in schema.get("patternProperties", {}).items():
        if re.search(pattern, name):
            return inner
    return schema.get("additionalProperties", True)


def type_misfit(of: Type, schema: Mapping[str, Any], name: str, resolve: Callable[[Any], Any]) -> Misfit | None:
    """Why values of a type do not fit one part of a schema; None when they do."""
    wanted = _types(schema)
    if wanted is not None:
        if of.nullable and "null" not in wanted:
            return _misfit(
                name, f"`{name}` may be missing, and the contract wants a value", 'write `else "..."` behind it'
            )
        if not set(JSON_TYPES.get(of.kind, ())) & set(wanted):
            return _misfit(
                name, f"`{name}` is a value of type {of}, and the contract wants {_or(wanted)}", "send another value"
            )
    return (
        _words_misfit(of, schema, name)
        or _format_misfit(of, schema, name)
        or _length_misfit(of, schema, name)
        or _inside_misfit(of, schema, name, resolve)
    )


def _types(schema: Mapping[str, Any]) -> list[str] | None:
    wanted = schema.get("type")
    if wanted is None:
        return None
    return [wanted] if isinstance(wanted, str) else list(wanted)


def _words_misfit(of: Type, schema: Mapping[str, Any], name: str) -> Misfit | None:
    allowed = schema.get("enum")
    if "const" in schema:
        allowed = [schema["const"]]
    if allowed is None:
        return None
    can_be: tuple[Any, ...] | None = of.values if of.kind is Kind.ENUM else None
    if of.kind is Kind.BOOLEAN:
        can_be = (True, False)
    if can_be is None:
        return _misfit(
            name,
            f"`{name}` can be any value of type {of.kind.value}, and the contract takes only {_shown(allowed)}",
            "let the catalog say which values there are: `{type: enum, values: [...]}`",
        )
    strange = [each for each in can_be if not any(_same(each, one) for one in allowed)]
    if strange:
        return _misfit(
            name, f"`{name}` can be {_shown(strange)}, which the contract does not take", f"it takes {_shown(allowed)}"
        )
    return None


def _format_misfit(of: Type, schema: Mapping[str, Any], name: str) -> Misfit | None:
    wanted = schema.get("format")
    written = _FORMATS.get(of.kind)
    if wanted is None or wanted == written or (written is None and wanted not in _TIMES):
        return None
    if of.kind is Kind.ENUM and wanted not in _TIMES:
        return None
    if of.kind is Kind.TEXT or JSON_TYPES.get(of.kind) != ("string",):
        return None  # a text can be anything, and formats ask nothing of numbers
    return _misfit(
        name, f"`{name}` is a value of type {of}, and the contract wants the format `{wanted}`", "send another value"
    )


def _length_misfit(of: Type, schema: Mapping[str, Any], name: str) -> Misfit | None:
    longest = schema.get("maxLength")
    if not isinstance(longest, int):
        return None
    needed = max((len(word) for word in of.values), default=0) if of.kind is Kind.ENUM else _WRITTEN.get(of.kind, 0)
    if needed <= longest:
        return None
    return _misfit(
        name, f"`{name}` has {needed} characters, and the contract takes {longest}", "send something shorter"
    )


def _inside_misfit(of: Type, schema: Mapping[str, Any], name: str, resolve: Callable[[Any], Any]) -> Misfit | None:
    """What lists and records hold."""
    if of.kind is Kind.LIST and of.element is not None:
        inner = resolve(schema.get("items"))
        return type_misfit(of.element, inner, f"{name}[]", resolve) if isinstance(inner, dict) else None
    if of.kind is not Kind.RECORD:
        return None
    fields = dict(of.fields)
    lacking = next((each for each in schema.get("required", ()) if each not in fields), None)
    if lacking is not None:
        return _misfit(name, f"`{name}` has no `{lacking}`, which the contract needs", "let the catalog have it")
    for each, kind in fields.items():
        inner = resolve(schema.get("properties", {}).get(each, additional(schema, each)))
        if inner is False:
            return _misfit(name, f"the contract has no `{each}` in `{name}`", "let the receiver take it")
        found = type_misfit(kind, inner, f"{name}.{each}", resolve) if isinstance(inner, dict) else None
        if found is not None:
            return Misfit(name, found.code, found.message, found.help)
    return None


# -------------------------------------------------------------------------------------------------------- constants

_KEYWORDS = ("type", "enum", "const", "format", "maxLength", "minLength", "pattern", "minimum", "maximum")


def constant_misfit(value: Any, schema: Mapping[str, Any], name: str) -> Misfit | None:
    """Why a fixed value does not fit one part of a schema."""
    import jsonschema

    asked = {key: schema[key] for key in _KEYWORDS if key in schema}
    kind = jsonschema.Draft202012Validator
    error = next(iter(kind(asked, format_checker=kind.FORMAT_CHECKER).iter_errors(value)), None)
    if error is None and asked.get("format") == "date" and isinstance(value, str) and not _is_day(value):
        return _misfit(name, f"`{name}` does not fit `format` of the contract", "write a day as in 2026-11-27")
    if error is None:
        return None
    keyword = str(error.validator)
    return _misfit(name, f"`{name}` does not fit `{keyword}` of the contract", f"it wants {_wanted(keyword, asked)}")


def _wanted(keyword: str, asked: Mapping[str, Any]) -> str:
    value = asked[keyword]
    if keyword == "type":
        return _or([value] if isinstance(value, str) else value)
    if keyword in ("enum", "const"):
        return _shown(value if isinstance(value, list) else [value])
    return f"`{keyword}` {value}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _shown(values: Any) -> str:
    shown = [f"`{json_text(each)}`" for each in list(values)[:6]]
    return ", ".join(shown) + (" ..." if len(values) > 6 else "")


def json_text(value: Any) -> str:
    """A value of a schema for a message."""
    return (
        {True: "true", False: "false", None: "null"}.get(value, str(value)[:60])
        if not isinstance(value, list | dict)
        else "..."
    )


def _or(words: Any) -> str:
    return " or ".join(f"`{word}`" for word in words)


def _misfit(name: str, message: str, help: str) -> Misfit:
    return Misfit(name.partition("[")[0].partition(".")[0], "CNT018", message, help)
