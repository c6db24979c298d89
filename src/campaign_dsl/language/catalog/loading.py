"""`catalog.yaml` and `workspace.yaml` to their models, with every problem at its place."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from campaign_dsl.language.catalog.model import NAME, QUIET, VARIABLE, Catalog, Misfit, WorkspaceSettings
from campaign_dsl.language.catalog.positions import Path, Positions
from campaign_dsl.language.catalog.shapes import Converter
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.source.yaml import read_yaml

PATTERNS = {
    NAME: "a name begins with a lower case letter and goes on with lower case letters, digits and `_`",
    r"^[0-9]+(\.[0-9]{1,2})?$": "an amount looks like `5` or `12.50`",
    r"^https://": "the link must begin with `https://`",
    r"^https?://[^\s/]+": "the address must begin with `https://` or `http://`, as in `https://rest.iad-01.braze.com`",
    VARIABLE: "the name of a variable is upper case letters, digits and `_`, as in `BRAZE_API_KEY`",
    r"^(skip|catch up at most [1-9][0-9]? days)$": "write `skip`, or as in `catch up at most 3 days`",
    QUIET: 'write `none`, or hours as in `"21:00 to 08:00"`',
}
"""What the patterns of the models ask for, in words."""

Model = TypeVar("Model", bound=BaseModel)


def load_catalog(source: SourceFile) -> tuple[Catalog | None, Positions, tuple[Diagnostic, ...]]:
    """Read `catalog.yaml`. The catalog is None when anything in the file is wrong."""
    return _load(source, Catalog, "CAT", "the catalog")


def load_workspace_settings(
    source: SourceFile,
) -> tuple[WorkspaceSettings | None, Positions, tuple[Diagnostic, ...]]:
    """Read `workspace.yaml`. The settings are None when anything in the file is wrong."""
    return _load(source, WorkspaceSettings, "WSP", "the workspace")


def _load(
    source: SourceFile, model: type[Model], prefix: str, whole: str
) -> tuple[Model | None, Positions, tuple[Diagnostic, ...]]:
    root, yaml_problems = read_yaml(source)
    positions = Positions(source, root)
    problems = Problems()
    problems.extend(yaml_problems)
    loaded: Model | None = None
    if root is not None:
        converter = Converter(prefix, whole, problems)
        values = converter.convert(root, model, positions.key())
        if values is not None:
            try:
                loaded = model.model_validate(values)
            except ValidationError as error:
                _translate(error, converter, positions)
    return None if problems.has_errors else loaded, positions, problems.sorted()


def _translate(error: ValidationError, converter: Converter, positions: Positions) -> None:
    """Note what the models' own rules found, unless the reason has been noted already."""
    for item in error.errors(include_url=False):
        path: Path = item["loc"]
        on_key = bool(path) and path[-1] == "[key]"
        path = path[:-1] if on_key else path
        if any(path[:length] in converter.reported for length in range(len(path) + 1)):
            continue
        context: dict[str, Any] = item.get("ctx", {})
        kind = item["type"]
        value = item["input"]
        found = f"`{value}`" if isinstance(value, str | int) else f"`{path[-1]}`" if path else "this"
        span = positions.key(*path) if on_key else positions.value(*path)
        number, help = "005", None
        if kind == "string_pattern_mismatch":
            pattern = str(context["pattern"])
            message = f"{found} is not a name" if pattern == NAME else f"{found} does not fit here"
            if pattern == VARIABLE:
                message = "this is not the name of a variable"  # perhaps the secret itself: do not repeat it
            help = PATTERNS.get(pattern, f"it must match {pattern}")
            if pattern == NAME and (slug := _slug(str(value))):
                help += f", as in `{slug}`"
        elif kind == "string_too_long":
            message = f"this text has {len(value):,} characters; at most {context['max_length']:,} are allowed"
            help = "shorten it"
        elif kind == "too_short" and len(value) >= context["min_length"]:
            continue  # pydantic counts only the items that are right
        elif kind in ("string_too_short", "too_short"):
            number, message = "009", f"`{path[-1]}` is empty"
            help = "write something" if kind == "string_too_short" else "write at least one"
        elif kind in ("greater_than_equal", "less_than_equal"):
            at_least = kind == "greater_than_equal"
            limit = context["ge"] if at_least else context["le"]
            number, message = "006", f"{found} is too {'small' if at_least else 'large'}"
            help = f"`{path[-1]}` is at {'least' if at_least else 'most'} {limit:,}"
        else:
            cause = context.get("error")
            key = cause.key if isinstance(cause, Misfit) else None
            own = (*path, key) if key is not None else path
            if any(other[:-1] == path or other[: len(own)] == own for other in converter.reported if other):
                continue  # a rule between keys, one of which has a problem of its own
            message = str(cause) if cause else item["msg"].lower()
            help = cause.help if isinstance(cause, Misfit) else None
            if isinstance(value, dict):
                number = "007"
                span = positions.value(*own) if key is not None and key in value else positions.key(*path)
        converter.problems.add(converter.prefix + number, message, span, help=help)


def _slug(text: str) -> str | None:
    """A name like ``text``, if one is easily made."""
    slug = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
    return slug if re.fullmatch(r"[a-z][a-z0-9_]{0,62}", slug) else None
