"""`catalog.yaml` and `workspace.yaml` to their models, with every problem at its place."""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from campaign_dsl.language.catalog import entry, loyalty, messaging, places, sources
from campaign_dsl.language.catalog.entry import NAME, VARIABLE, Misfit
from campaign_dsl.language.catalog.model import Catalog, WorkspaceSettings
from campaign_dsl.language.catalog.positions import Path, Positions
from campaign_dsl.language.catalog.shapes import Converter, short
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.source.yaml import read_yaml

PATTERNS = {
    NAME: "a name begins with a lower case letter and goes on with lower case letters, digits and `_`",
    r"^[0-9]+(\.[0-9]{1,2})?$": "an amount looks like `5` or `12.50`",
    r"^https://": "the link must begin with `https://`",
    r"^https?://[^\s/{}<>]+[^{}<>]*$": "the address must begin with `https://` or `http://`, as in "
    "`https://rest.iad-01.braze.com`, with every `{{placeholder}}` filled in",
    VARIABLE: "the name of a variable is upper case letters, digits and `_`, as in `BRAZE_API_KEY`",
    r"^(skip|catch up at most [1-9][0-9]? days)$": "write `skip`, or as in `catch up at most 3 days`",
    entry.TABLE: "a table is named by one to three parts with points between them, as in `orders`, `shop.orders` or "
    "`main.shop.orders`",
    entry.QUIET: 'write `none`, or hours as in `"21:00 to 08:00"`',
    entry.AMOUNT: "a number looks like `2` or `1.25`, with up to six digits after the point",
    entry.PERCENT: "a part of the whole looks like `5%` or `2.5%`",
    entry.PATH: "a path goes down from the workspace, with `/` between folders, as in `lists/vip.csv`",
    entry.ADDRESS: "an address looks like `anna@footwear.example`",
    entry.COUNTRY: "a country is two upper case letters, as in `US`",
    loyalty.CODE: "a code begins with a letter and goes on with letters, digits and `_`, as in `SUMMER26`",
    r"^[A-Z0-9]{0,12}$": "up to 12 upper case letters and digits, as in `SUMMER`",
    r"^[A-Z0-9]{2,36}$": "upper case letters and digits, as in `" + loyalty.ALPHABET + "`",
    messaging.DOMAIN: "a domain is in lower case, as in `mail.footwear.example`",
    messaging.SENDER: "a sender looks like `Stride <hello@footwear.example>`; it is one line without quotes",
    messaging.SELECTOR: "a selector is lower case letters, digits and `-`, as in `s1`",
    sources.FRESH: "an age is written as in `90 minutes`, `12 hours` or `2 days`",
    places.DEGREES: "degrees look like `42.3601` or `-71.0589`, with up to twelve digits after the point",
    r"^([A-Z]{2}|everywhere)$": "write two upper case letters of a country, as in `US`, or `everywhere`",
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
    inside = {other[:length] for other in converter.reported for length in range(1, len(other) + 1)}
    parents = {other[:-1] for other in converter.reported if other}
    for item in error.errors(include_url=False):
        if converter.enough:
            return
        path: Path = item["loc"]
        on_key = bool(path) and path[-1] == "[key]"
        path = path[:-1] if on_key else path
        if any(path[:length] in converter.reported for length in range(len(path) + 1)):
            continue
        cause = item.get("ctx", {}).get("error")
        if cause is None:
            limit = _limit(item, path)
            if limit is not None:
                number, message, help = limit
                span = positions.key(*path) if on_key else positions.value(*path)
                converter.add(number, message, span, help=help)
            continue
        own = (*path, cause.key) if isinstance(cause, Misfit) and cause.key is not None else path
        if path in parents or (own != path and own in inside):
            continue  # a rule between keys, one of which has a problem of its own
        is_entry = isinstance(item["input"], dict)
        span = positions.key(*path) if is_entry and own == path else positions.value(*own)
        advice = cause.help if isinstance(cause, Misfit) else None
        converter.add("007" if is_entry else "005", str(cause), span, help=advice)


def _limit(item: ErrorDetails, path: Path) -> tuple[str, str, str] | None:
    """Number, message and help for a value that a model's field does not allow."""
    kind, value, context = item["type"], item["input"], item.get("ctx", {})
    found = f"`{short(value)}`" if isinstance(value, str) else f"`{value}`"
    match kind:
        case "string_pattern_mismatch" if context["pattern"] == NAME:
            like = _slug(value)
            return "005", f"{found} is not a name", PATTERNS[NAME] + (f", as in `{like}`" if like else "")
        case "string_pattern_mismatch" if context["pattern"] == VARIABLE:  # perhaps the secret itself: do not repeat it
            return "005", "this is not the name of a variable", PATTERNS[VARIABLE]
        case "string_pattern_mismatch":
            pattern = str(context["pattern"])
            return "005", f"{found} does not fit here", PATTERNS.get(pattern, f"it must match {pattern}")
        case "string_too_long":
            most = context["max_length"]
            return "005", f"this text has {len(value):,} characters; at most {most:,} are allowed", "shorten it"
        case "string_too_short":
            return "009", f"`{path[-1]}` is empty", "write something"
        case "too_short" if not value:  # pydantic counts only the items that are right
            return "009", f"`{path[-1]}` is empty", "write at least one"
        case "too_short":
            return None
        case "too_long":
            most = context["max_length"]
            return "006", f"`{path[-1]}` has {len(value):,} entries; at most {most:,} are allowed", "split it"
        case "greater_than_equal":
            return "006", f"{found} is too small", f"`{path[-1]}` is at least {context['ge']:,}"
        case "less_than_equal":
            return "006", f"{found} is too large", f"`{path[-1]}` is at most {context['le']:,}"
    return "003", f"{found} does not fit here", item["msg"].lower()


def _slug(text: str) -> str | None:
    """A name like ``text``, if one is easily made."""
    slug = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
    return slug if re.fullmatch(r"[a-z][a-z0-9_]{0,62}", slug) else None
