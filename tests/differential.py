"""Cases on which an engine and the interpreter differed: written down when they are found, tried again ever after.

A generated test hands its comparison to `compared`. When it fails, what it was about is written to
`tests/cases/differential/TEST.ENGINE.json`; Hypothesis tries the smallest failing example last, so that is the one that
stays. Give the file a name that tells what was wrong and commit it with the mend: `test_differential_cases.py` tries
every file there on every engine.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from warehouse import CHOSEN

from campaign_dsl.language.source.files import SourceFile

CASES = Path(__file__).parent / "cases" / "differential"
Comparison = Callable[..., None]


def compared(comparison: Comparison, *arguments: Any) -> None:
    """Runs a comparison, a function of a module of tests, and writes down on what it fails."""
    try:
        comparison(*arguments)
    except Exception:
        CASES.mkdir(exist_ok=True)
        case = {"module": comparison.__module__, "comparison": comparison.__name__, "arguments": written(arguments)}
        file = CASES / f"{comparison.__module__}.{comparison.__name__}.{CHOSEN[0]}.json"
        file.write_text(json.dumps(case, indent=1, ensure_ascii=False) + "\n", "utf-8")
        raise


def tried(file: Path) -> None:
    """Runs the comparison of a case again."""
    case = json.loads(file.read_text("utf-8"))
    comparison: Comparison = getattr(importlib.import_module(case["module"]), case["comparison"])
    comparison(*read(case["arguments"]))


def written(value: Any) -> Any:
    """A value as JSON has it: nodes, rows, and everything that stands in them."""
    match value:
        case None | bool() | int() | str():
            found: Any = value if not isinstance(value, Enum) else {"of": _place(type(value)), "member": value.name}
        case Enum():
            found = {"of": _place(type(value)), "member": value.name}
        case float():
            found = {"float": repr(value)}
        case Decimal():
            found = {"decimal": str(value)}
        case datetime():
            found = {"datetime": value.isoformat()}
        case date():
            found = {"date": value.isoformat()}
        case time():
            found = {"time": value.isoformat()}
        case timedelta():
            found = {"microseconds": value // timedelta(microseconds=1)}
        case tuple():
            found = {"tuple": [written(each) for each in value]}
        case frozenset():
            found = {"frozenset": [written(each) for each in sorted(value)]}
        case list():
            found = [written(each) for each in value]
        case Mapping():
            found = {"mapping": [[written(key), written(each)] for key, each in value.items()]}
        case SourceFile():
            found = {"source": value.path}
        case BaseModel():
            names = [name for name in type(value).model_fields if name in value.model_fields_set]
            found = {"made": _place(type(value)), "of": {name: written(getattr(value, name)) for name in names}}
        case _ if is_dataclass(value):
            names = [each.name for each in fields(value) if each.init]
            found = {"made": _place(type(value)), "of": {name: written(getattr(value, name)) for name in names}}
        case _:
            raise TypeError(f"{value!r} cannot be written down")
    return found


_READ: dict[str, Callable[[Any], Any]] = {
    "float": float,
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "microseconds": lambda said: timedelta(microseconds=said),
    "tuple": lambda said: tuple(read(each) for each in said),
    "source": lambda said: SourceFile(said, ""),
    "frozenset": lambda said: frozenset(read(each) for each in said),
    "mapping": lambda said: {read(key): read(each) for key, each in said},
}


def read(said: Any) -> Any:
    """What `written` made into JSON."""
    if isinstance(said, list):
        return [read(each) for each in said]
    if not isinstance(said, dict):
        return said
    if "member" in said:
        return _found(said["of"])[said["member"]]
    if "made" in said:
        return _found(said["made"])(**{name: read(each) for name, each in said["of"].items()})
    ((kind, inner),) = said.items()
    return _READ[kind](inner)


def _place(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _found(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
