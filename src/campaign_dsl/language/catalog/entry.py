"""What every entry of `catalog.yaml` and `workspace.yaml` is made of: names, texts, exact numbers, secrets."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from campaign_dsl.language.catalog.zones import known_zone, zone_names
from campaign_dsl.language.diagnostics.suggest import did_you_mean

NAME = r"^[a-z][a-z0-9_]*$"
Name = Annotated[str, Field(pattern=NAME, max_length=63)]
"""A name users may say in a campaign: lower case letters, digits and underscores."""

Column = Annotated[str, Field(min_length=1, max_length=128)]
TABLE = r"^[^.]+(\.[^.]+){0,2}$"
Table = Annotated[str, Field(min_length=1, max_length=128, pattern=TABLE)]
"""A table as engines call it: alone, below its schema, or below catalog and schema."""

Text = Annotated[str, Field(min_length=1, max_length=4000)]


class Misfit(ValueError):
    """A rule of an entry does not hold.

    Args:
        message: one sentence, lower case.
        key: the key of the entry that the message is about; the entry itself when None.
        help: what to write instead.
    """

    def __init__(self, message: str, key: str | None = None, help: str | None = None) -> None:
        super().__init__(message)
        self.key = key
        self.help = help


def _zone(name: str) -> str:
    if not known_zone(name):
        help = did_you_mean(name, zone_names()) or "zones look like `America/New_York`"
        raise Misfit(f"`{name}` is not a zone of the tz database", help=help)
    return name


Zone = Annotated[str, AfterValidator(_zone)]

QUIET = r"^(none|([01][0-9]|2[0-3]):[0-5][0-9] to ([01][0-9]|2[0-3]):[0-5][0-9])$"
Quiet = Annotated[str, Field(pattern=QUIET)]
"""Hours without messages where the customer is: `none`, or `21:00 to 08:00`."""

AMOUNT = r"^[0-9]{1,12}(\.[0-9]{1,6})?$"
Amount = Annotated[str, Field(pattern=AMOUNT)]
"""An exact decimal, kept as it is written."""

PERCENT = r"^[0-9]{1,3}(\.[0-9]{1,3})?%$"


def _percent(text: str) -> str:
    if not 0 < Decimal(text.removesuffix("%")) < 100:
        raise Misfit(f"`{text}` is not a part of the whole", help="write more than `0%` and less than `100%`")
    return text


Percent = Annotated[str, Field(pattern=PERCENT), AfterValidator(_percent)]
"""A part of all, as in `2.5%`."""

PATH = r"^[^/\\\x00-\x1f]+(/[^/\\\x00-\x1f]+)*$"


def _inside(path: str) -> str:
    if any(part in (".", "..") for part in path.split("/")):
        raise Misfit(f"`{path}` may lie outside of the workspace", help="write where it is below `workspace.yaml`")
    return path


Inside = Annotated[str, Field(pattern=PATH, max_length=500), AfterValidator(_inside)]
"""A file of the workspace, relative to `workspace.yaml`."""

ADDRESS = r"^[^\s@<>,;:\"()\[\]\\]+@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$"
"""An e-mail address as people have it; its domain in lower case."""

LANGUAGE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
"""A language code as in BCP 47: language, script and region, `de`, `zh-Hant`, `pt-BR`."""

COUNTRY = r"^[A-Z]{2}$"


class Entry(BaseModel):
    """Base of every catalog and workspace entry: frozen, strict, closed.

    Attributes:
        SHORT: the key that a single word stands for, as in `of: text` for `of: {type: text}`; None when there is none.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", populate_by_name=True, defer_build=True)

    SHORT: ClassVar[str | None] = None

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        made = handler(core)
        if cls.SHORT is None:
            return made
        entries = handler.resolve_ref_schema(made)
        whole = dict(entries)
        short = whole["properties"][cls.SHORT]
        entries.clear()
        entries |= {"anyOf": [{key: short[key] for key in ("type", "enum") if key in short}, whole]}
        return made


VARIABLE = r"^[A-Z][A-Z0-9_]*$"


class Secret(Entry):
    """A reference to a secret; never the secret itself."""

    env: str | None = Field(None, pattern=VARIABLE, description="name of an environment variable")
    file: str | None = Field(None, min_length=1, description="a file that holds it, relative to the workspace")

    @model_validator(mode="after")
    def _one_place(self) -> Secret:
        if (self.env is None) == (self.file is None):
            raise Misfit(
                "give exactly one of `env` and `file`", help="name the variable or the file that holds the secret"
            )
        return self


def is_name(text: str) -> bool:
    """Whether ``text`` may be a name in a campaign."""
    return re.fullmatch(NAME, text) is not None


def is_inside(path: str) -> bool:
    """Whether ``path`` names a file below the folder it begins in, whatever is there."""
    return re.fullmatch(PATH, path) is not None and not {".", ".."} & set(path.split("/"))


def is_language(text: str) -> bool:
    """Whether ``text`` is a language code."""
    return re.fullmatch(LANGUAGE, text) is not None
