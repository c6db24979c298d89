"""The keys of `catalog.yaml` and `workspace.yaml`, `docs/language/catalog.md`, from the models that load them.

`python -m campaign_dsl.doors.site.entries` writes it, `--check` says whether it is what it would write.
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

import campaign_dsl.doors.cli
from campaign_dsl.doors.site.tables import DOCS, cell, code, table, write_or_check
from campaign_dsl.language.catalog.model import Catalog, WorkspaceSettings

PAGE = DOCS / "language" / "catalog.md"
_COMMAND = "python -m campaign_dsl.doors.site.entries"
_SKELETON = Path(campaign_dsl.doors.cli.__file__).parent / "skeleton"

SAME_EVERYWHERE = {
    "active": "`false`: no campaign may give it any more",
    "addresses": "who gets a copy",
    "channel": "the channel it goes through",
    "column": "the column that is looked at",
    "description": "what customers read about it",
    "kind": "what it is",
    "offers": "offers that it is worth",
    "sources": "what may credit it, by name",
    "table": "the table, with its schema if need be",
    "tags": "tags that it is worth",
    "title": "what people call it",
    "valid_until": "the last day on which it may be given",
}
"""Keys that mean the same wherever they stand."""

OF_AN_ENTRY = {
    ("AddressList", "address"): "column of the address",
    ("AddressList", "where"): "which rows are meant; default: all of them",
    ("Customers", "attributes"): "what is known of her, by the name campaigns say",
    ("Dimension", "attributes"): "what is known of it, by the name campaigns say",
    ("Relation", "attributes"): "what is known of a row, by the name campaigns say",
    ("CarriedPoints", "account"): "the account they go to",
    ("CarriedPoints", "amount"): "how many",
    ("CarriedPoints", "source"): "the source they come from",
    ("Bought", "quantity"): "how many of it",
    ("Gotten", "quantity"): "how many of it",
    ("Discriminator", "equals"): "what it holds in the rows that are meant",
    ("Dkim", "domain"): "the domain that signs",
    ("Dkim", "selector"): "which of its keys",
    ("EngineSettings", "threads"): "how many it may use; default: as many as there are processors",
    ("Event", "properties"): "its values, by the name campaigns say",
    ("Offer", "amount"): "of the two `amount_off` forms: what is taken off, in the shop's currency",
    ("Offer", "form"): "what it takes off: a percentage or an amount, of the whole check or of an item; or a gift",
    ("Offer", "logo"): "the address of its picture",
    ("Offer", "percent"): "of the two `percentage_off` forms: how much is taken off",
    ("Offer", "pos_discount_id"): "what the tills call it",
    ("Offer", "terms_and_conditions"): "the small print",
    ("ProviderSettings", "canvas_properties"): "under which name Braze wants the properties of a canvas",
    ("ProviderSettings", "max_attempts"): "so often is a message tried",
    ("ProviderSettings", "timeout_seconds"): "so long is an answer waited for",
    ("SandboxSettings", "port"): "the port it listens on, on this machine only",
    ("Variant", "identifier"): "by what the provider knows a customer",
    ("Variant", "include"): "groups of data that go with every message",
    ("WorkspaceSettings", "catalog"): "the file of the catalog",
    ("WorkspaceSettings", "default_target"): "the target of commands that name none",
    ("WorkspaceSettings", "name"): "the name of the workspace",
}
"""Keys whose meaning their model leaves to the eye."""


def sections(model: type[BaseModel]) -> Iterator[str]:
    """One table for each entry of a file, in the order in which they first come up."""
    seen: set[type[BaseModel]] = set()
    queue: list[tuple[str, type[BaseModel]]] = [("", model)]
    while queue:
        path, entry = queue.pop(0)
        if entry in seen:
            continue
        seen.add(entry)
        if path:
            yield f"### `{path}`\n"
        yield f"{_about(entry)}\n"
        yield table(("key", "meaning", "needed"), (_row(entry, *each) for each in fields(entry)))
        below = [
            (f"{path}.{name}{suffix}".lstrip("."), found)
            for name, field in fields(entry)
            for suffix, found in inner(field.annotation)
        ]
        queue = below + queue if path else [*queue, *below]


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            "# The catalog and the workspace\n",
            f"<!-- Generated from the models of both files by `{_COMMAND}`. Do not edit. -->\n",
            "Two files stand beside the campaigns. Each key that they may have is below; one that is not is an error, "
            "with the nearest that there is. Names are lower case letters, digits and underscores; `NAME` stands for "
            "one of yours. Editors complete and check both files with the schemas in [schemas](../schemas).\n",
            "## `catalog.yaml`\n",
            "What there is: everything that a campaign may name. `campaign init` begins with the one below; the "
            "[sample's](../../campaigns/catalog.yaml) has something of everything.\n",
            _example("catalog.yaml"),
            *sections(Catalog),
            "## `workspace.yaml`\n",
            "Where things run, and the choices on which products differ. `campaign init` begins with this one:\n",
            _example("workspace.yaml"),
            *sections(WorkspaceSettings),
        ]
    )


def _example(name: str) -> str:
    return f"```{name}\n{(_SKELETON / name).read_text('utf-8')}```\n"


def fields(entry: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """The keys of an entry, as they are written."""
    return [(field.alias or name, field) for name, field in entry.model_fields.items()]


def _about(entry: type[BaseModel]) -> str:
    """The first paragraph of a docstring."""
    return " ".join((inspect.getdoc(entry) or "").partition("\n\n")[0].split())


def _row(entry: type[BaseModel], name: str, field: FieldInfo) -> tuple[str, str, str]:
    return code(name), cell(meaning(entry, name, field)), "yes" if field.is_required() else ""


def meaning(entry: type[BaseModel], name: str, field: FieldInfo) -> str:
    """What a key is for: its own description, else that of what stands under it."""
    below = next((_about(found) for _, found in inner(field.annotation)), "")
    said = (
        field.description
        or next(
            (OF_AN_ENTRY[each.__name__, name] for each in entry.__mro__ if (each.__name__, name) in OF_AN_ENTRY), ""
        )
        or below
        or SAME_EVERYWHERE.get(name, "")
    )
    default = field.default
    words = [word for word in _words(field.annotation) if f"`{word}`" not in said and word not in said]
    if words:
        said = f"{said.rstrip('.')}: {', '.join(f'`{word}`' for word in words)}"
    if isinstance(default, bool):
        default = str(default).lower()
    if isinstance(default, str | int) and default != "" and "default" not in said:
        said = f"{said.rstrip('.')}; default: `{default}`"
    return said


def inner(annotation: object) -> Iterator[tuple[str, type[BaseModel]]]:
    """The entries below a key, and what stands between: `.NAME` in a mapping, `[]` in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield "", annotation
        return
    origin, inside = typing.get_origin(annotation), typing.get_args(annotation)
    for part in inside:
        for suffix, found in inner(part):
            yield (".NAME" if origin is dict else "[]" if origin is tuple else "") + suffix, found


def _words(annotation: object) -> tuple[str, ...]:
    """The words that a key may hold, when they are few and fixed."""
    if typing.get_origin(annotation) is typing.Literal:
        return typing.get_args(annotation)
    return next((found for part in typing.get_args(annotation) if (found := _words(part))), ())


if __name__ == "__main__":
    write_or_check(PAGE, page(), _COMMAND, check="--check" in sys.argv[1:])
