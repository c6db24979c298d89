"""YAML nodes to plain values, as the models want them. The model's field decides what a scalar means.

Anything that does not fit is noted as a problem and left out, so that one pass finds every problem of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from campaign_dsl.language.catalog.entry import Entry, Secret
from campaign_dsl.language.catalog.positions import Path
from campaign_dsl.language.catalog.types import COMPUTED
from campaign_dsl.language.diagnostics.model import Label, Problems, Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.source.yaml import YamlList, YamlMap, YamlNode, YamlScalar

MAX_DIGITS = 18
MAX_PROBLEMS = 200
"""So many problems of one file are reported."""

_INTEGER = re.compile(r"-?[0-9]+(_[0-9]+)*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_SPACE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*:[^\s:/][^\s]*")
_BOOLEANS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
_NOTHING = object()
"""Stands for a value that had a problem."""


class Converter:
    """Converts one file, and collects what does not fit.

    Args:
        prefix: of the codes, `CAT` or `WSP`.
        whole: what messages call the file's outermost entries, as in "the catalog".
    """

    def __init__(self, prefix: str, whole: str, problems: Problems) -> None:
        self.prefix = prefix
        self.whole = whole
        self.problems = problems
        self.reported: set[Path] = set()
        """Paths that have been complained about, so that nobody does again."""

    def convert(self, node: YamlNode, model: type[BaseModel], span: Span) -> Any:
        """Plain values that ``model`` can validate; None when there is nothing to validate."""
        value = self._model(node, model, (), span)
        return None if value is _NOTHING else value

    # ------------------------------------------------------------------------------------------- collections

    def _value(self, node: YamlNode, wanted: Any, path: Path, span: Span) -> Any:
        wanted = _without_none(wanted)
        origin = get_origin(wanted)
        if origin is dict:
            return self._dict(node, get_args(wanted)[1], path, span)
        if origin is tuple:
            return self._tuple(node, get_args(wanted)[0], path, span)
        if isinstance(wanted, type) and issubclass(wanted, BaseModel):
            return self._model(node, wanted, path, span)
        return self._scalar(node, wanted, path, span)

    def _model(self, node: YamlNode, model: type[BaseModel], path: Path, span: Span) -> Any:
        fields = _keys(model)
        if short_form(model) is not None and isinstance(node, YamlScalar) and not node.is_empty:
            return self._short(node, model, path)
        if _is_blank(node) and path and not any(field.is_required() for field in fields.values()):
            return {}
        if not isinstance(node, YamlMap):
            return self._no_entries(node, path, span, model)
        values: dict[str, Any] = {}
        for key, value in node.entries:
            name = key.value
            if name not in fields:
                self.reported.add((*path, name))
                if not self.enough:
                    help = did_you_mean(name, fields, "its keys") or "its keys are " + _listed(fields)
                    self.add("001", f"`{short(name)}` is not a key of {self._named(path)}", key.span, help=help)
                continue
            converted = self._value(value, fields[name].annotation, (*path, name), key.span)
            if converted is not _NOTHING:
                values[name] = converted
        for name, field in fields.items():
            if field.is_required() and node.get(name) is None:
                self.reported.add((*path, name))
                about = f" ({field.description})" if field.description else ""
                self.add(
                    "002",
                    f"{self._named(path)} has no `{name}`",
                    span,
                    help=f"add `{name}:{_example(field.annotation)}`{about}",
                )
        return values

    def _short(self, node: YamlScalar, model: type[BaseModel], path: Path) -> Any:
        """One word for an entry whose other keys have their defaults."""
        key = short_form(model)
        assert key is not None
        value = self._scalar(node, _without_none(model.model_fields[key].annotation), path, node.span)
        return _NOTHING if value is _NOTHING else {key: value}

    def _dict(self, node: YamlNode, wanted: Any, path: Path, span: Span) -> Any:
        if _is_blank(node):
            return {}
        if not isinstance(node, YamlMap):
            return self._no_entries(node, path, span, None)
        values = {key.value: self._value(value, wanted, (*path, key.value), key.span) for key, value in node.entries}
        return {name: value for name, value in values.items() if value is not _NOTHING}

    def _tuple(self, node: YamlNode, wanted: Any, path: Path, span: Span) -> Any:
        if not isinstance(node, YamlList):
            help = f"write `[{node.value}]`" if isinstance(node, YamlScalar) and node.value else "write `[one, two]`"
            return self._wrong("a list", node, path, help, span)
        seen: dict[str, Span] = {}
        values = []
        for index, item in enumerate(node.items):
            value = self._value(item, wanted, (*path, index), item.span)
            if isinstance(item, YamlScalar) and item.value in seen:
                self.add(
                    "008",
                    f"`{short(item.value)}` is listed twice",
                    item.span,
                    help="delete one of the two",
                    see_also=(Label(seen[item.value], "first listed here"),),
                )
                self.reported.add((*path, index))
            elif isinstance(item, YamlScalar):
                seen[item.value] = item.span
            values.append(value)
        if _NOTHING in values:
            self.reported.add(path)
            return _NOTHING
        return tuple(values)

    def _no_entries(self, node: YamlNode, path: Path, span: Span, model: type[BaseModel] | None) -> Any:
        if model is Secret:  # whatever stands here may be the secret: do not repeat it
            self.add(
                "003",
                f"{self._named(path)} must say where the secret is kept",
                span,
                why="everyone who can read the repository knows what stands here; replace a secret that did",
                help="write `env: NAME_OF_A_VARIABLE` or `file: path` below it",
            )
            self.reported.add(path)
            return _NOTHING
        help = "write `key: value` lines below it"
        if isinstance(node, YamlScalar) and _NO_SPACE.fullmatch(node.value):
            key, _, value = node.value.partition(":")
            help = f"write `{key}: {value}`, with a space after the colon"
        elif model is not None:
            help += "; its keys are " + _listed(_keys(model))
        return self._wrong("entries", node, path, help, span)

    # ----------------------------------------------------------------------------------------------- scalars

    def _scalar(self, node: YamlNode, wanted: Any, path: Path, span: Span) -> Any:
        words = _words(wanted)
        if not isinstance(node, YamlScalar):
            help = "write one value; put a text that begins with `[` or `{` in quotes"
            return self._wrong(_kind(wanted), node, path, help, span)
        if node.style == "plain" and node.value in ("", "~", "null", "Null", "NULL"):
            what = f"`{path[-1]}` has no value" if node.is_empty else f"`{node.value}` is not a value here"
            more = "" if node.is_empty else "; put it in quotes to mean the word"
            help = (f"write one of {_listed(words)}" if words else "write a value") + ", or delete the line" + more
            return self._say("009", what, node.span, path, help)
        if words:
            return self._word(node, wanted, words, path)
        if wanted is int:
            return self._integer(node, path)
        if wanted is bool:
            return self._boolean(node, path)
        if wanted is date:
            return self._date(node, path)
        assert wanted is str, wanted
        return node.value

    def _word(self, node: YamlScalar, wanted: Any, words: list[str], path: Path) -> Any:
        if node.value in words:
            return node.value if get_origin(wanted) is Literal else wanted(node.value)
        if self.enough:
            self.reported.add(path)
            return _NOTHING
        help = did_you_mean(node.value, words, "known words") or "known words are " + _listed(words)
        return self._say(
            "004", f"`{short(node.value)}` is not a known word for `{_field(path)}`", node.span, path, help
        )

    def _integer(self, node: YamlScalar, path: Path) -> Any:
        text = node.value
        if not _INTEGER.fullmatch(text):
            return self._wrong("an integer", node, path, "write digits only, as in `1_000_000`")
        if node.style != "plain":
            return self._wrong("an integer", node, path, f"remove the quotes: `{short(text)}`")
        digits = text.lstrip("-").replace("_", "")
        if len(digits) > 1 and digits.startswith("0"):
            why = "other YAML readers take a leading zero for an octal number"
            plain = digits.lstrip("0") or "0"
            return self._wrong("an integer", node, path, f"write `{short(plain)}`", why=why)
        if len(digits) > MAX_DIGITS:
            return self._say("006", f"this number has {len(digits):,} digits", node.span, path, "write a smaller one")
        return int(text)

    def _boolean(self, node: YamlScalar, path: Path) -> Any:
        if node.style == "plain" and node.value in ("true", "false"):
            return node.value == "true"
        meant = _BOOLEANS.get(node.value.casefold())
        help = f"write `{meant}`" if meant else "write `true` or `false`"
        if meant and node.style != "plain":
            help = f"remove the quotes: `{meant}`"
        return self._wrong("`true` or `false`", node, path, help)

    def _date(self, node: YamlScalar, path: Path) -> Any:
        if not _DATE.fullmatch(node.value):
            return self._wrong("a date", node, path, "write year, month and day, as in `2026-12-31`")
        try:
            return date.fromisoformat(node.value)
        except ValueError:
            return self._say("003", f"`{node.value}` is not a day of the calendar", node.span, path, "check the day")

    # ---------------------------------------------------------------------------------------------- problems

    def _wrong(
        self,
        wanted: str,
        node: YamlNode,
        path: Path,
        help: str | None,
        span: Span | None = None,
        why: str | None = None,
    ) -> Any:
        where = span or node.span
        found = "entries" if isinstance(node, YamlMap) else "a list" if isinstance(node, YamlList) else "nothing"
        if isinstance(node, YamlScalar) and not node.is_empty:
            where = node.span
            found = f"`{short(node.value)}`" + ("" if node.style == "plain" else " in quotes")
        return self._say("003", f"expected {wanted}, found {found}", where, path, help, why)

    def _say(self, number: str, message: str, span: Span, path: Path, help: str | None, why: str | None = None) -> Any:
        self.add(number, message, span, help=help, why=why)
        self.reported.add(path)
        return _NOTHING

    def add(
        self,
        number: str,
        message: str,
        span: Span,
        *,
        help: str | None,
        why: str | None = None,
        see_also: tuple[Label, ...] = (),
    ) -> None:
        """Note a problem, unless there are enough."""
        if not self.enough:
            self.problems.add(self.prefix + number, message, span, help=help, why=why, see_also=see_also)

    @property
    def enough(self) -> bool:
        """Whether so many problems were found that more would not help."""
        return len(self.problems) >= MAX_PROBLEMS

    def _named(self, path: Path) -> str:
        return f"`{'.'.join(map(str, path))}`" if path else self.whole


@cache
def _keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model, by the key that stands for them in the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def short_form(model: type[BaseModel]) -> str | None:
    """The key of a model that a single word stands for."""
    return model.SHORT if issubclass(model, Entry) else None


def _without_none(wanted: Any) -> Any:
    """``X`` for ``X | None`` and for ``Annotated[X, ...]``."""
    while True:
        origin = get_origin(wanted)
        if origin is Annotated:
            wanted = get_args(wanted)[0]
        elif origin in (Union, UnionType):
            (wanted,) = (option for option in get_args(wanted) if option is not NoneType)
        else:
            return wanted


def _words(wanted: Any) -> list[str]:
    if get_origin(wanted) is Literal:
        return [str(word) for word in get_args(wanted)]
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return [str(member.value) for member in wanted if member not in COMPUTED]
    return []


def _kind(wanted: Any) -> str:
    names = {int: "an integer", bool: "`true` or `false`", date: "a date"}
    return names.get(wanted, "a word" if _words(wanted) else "a text")


def _example(wanted: Any) -> str:
    wanted = _without_none(wanted)
    words = _words(wanted)
    if words:
        return " " + words[0]
    if get_origin(wanted) is tuple:
        return " [...]"
    if get_origin(wanted) is dict or (isinstance(wanted, type) and issubclass(wanted, BaseModel)):
        return ""
    return " " + {int: "1", bool: "true", date: "2026-12-31"}.get(wanted, "...")


def _field(path: Path) -> str:
    """The name of the key that ``path`` belongs to, the list's for an item."""
    return next((str(part) for part in reversed(path) if isinstance(part, str)), "")


def _is_blank(node: YamlNode) -> bool:
    return isinstance(node, YamlScalar) and node.is_empty


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def short(text: str) -> str:
    """``text`` on one line of a message."""
    text = text.strip().replace("\n", " ")
    return text if len(text) <= 40 else text[:39] + "…"
