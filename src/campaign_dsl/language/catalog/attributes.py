"""Typed values: what customers, events, related rows and dimension rows are described with."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, WithJsonSchema, model_validator

from campaign_dsl.language.catalog.entry import Column, Entry, Misfit, Name, Text
from campaign_dsl.language.catalog.types import COMPUTED, Kind, Type

MAX_NESTING = 4
"""So deep may lists and records lie inside each other."""

DECLARED = tuple(kind for kind in Kind if kind not in COMPUTED)
"""Kinds that a catalog may say."""

Declared = Annotated[Kind, WithJsonSchema({"type": "string", "enum": [kind.value for kind in DECLARED]})]


class Shape(Entry):
    """The type of a value, and what it is made of."""

    type: Declared = Field(description="text, integer, decimal, boolean, date, timestamp, enum, list, record or geo")
    values: tuple[str, ...] = Field((), description="the words of an enum, in order when `ordered`")
    ordered: bool = Field(False, description="whether the words of an enum can be compared with < and >=")
    of: Element | None = Field(None, description="what a list holds: a type, or its entries")
    fields: dict[Name, Part] = Field(default_factory=dict, description="what a record is made of")

    @model_validator(mode="after")
    def _made_of_the_right_things(self) -> Shape:
        if self.type in COMPUTED:
            raise Misfit(f"nothing in the catalog is a {self.type}", "type", "only expressions have it")
        for key, kind, example in (
            ("values", Kind.ENUM, "add its words, as in `values: [small, large]`"),
            ("of", Kind.LIST, "say what it holds, as in `of: text`"),
            ("fields", Kind.RECORD, "say what it is made of, as in `fields: {city: text}`"),
        ):
            given = bool(getattr(self, key))
            article = "an" if kind is Kind.ENUM else "a"
            if self.type is kind and not given:
                raise Misfit(f"{article} {kind} needs `{key}`", "type", example)
            if self.type is not kind and given:
                raise Misfit(f"`{key}` belongs to `type: {kind}` only", key, f"delete it, or write `type: {kind}`")
        if self.ordered and self.type is not Kind.ENUM:
            raise Misfit("`ordered` belongs to `type: enum` only", "ordered", "delete it")
        if len(set(self.values)) != len(self.values):
            raise Misfit("the words of an enum must differ", "values")
        if self.of is not None and self.of.type is Kind.LIST:
            raise Misfit("a list cannot hold lists", "of", "put the inner list into a record")
        if Kind.GEO in {part.type for part in (self.of, *self.fields.values()) if part is not None}:
            raise Misfit(
                "a place on the map cannot be inside of something else",
                "of" if self.of is not None else "fields",
                "make it an attribute of its own, with `latitude` and `longitude`",
            )
        if self.depth > MAX_NESTING:
            raise Misfit(f"lists and records are more than {MAX_NESTING} deep", None, "make it flatter")
        return self

    @property
    def depth(self) -> int:
        """How many lists and records lie inside each other here."""
        inner = [part.depth for part in (self.of, *self.fields.values()) if part is not None]
        return 1 + max(inner) if inner else 0

    def type_with(self, nullable: bool) -> Type:
        """The type of the language that this describes."""
        return Type(
            self.type,
            nullable,
            self.values,
            self.ordered,
            self.of.value_type if self.of is not None else None,
            tuple((name, part.value_type) for name, part in self.fields.items()),
        )


class Element(Shape):
    """What a list holds."""

    SHORT: ClassVar[str | None] = "type"

    nullable: bool = Field(False, description="whether an element may be missing")

    @property
    def value_type(self) -> Type:
        return self.type_with(self.nullable)


class Part(Shape):
    """A field of a record."""

    SHORT: ClassVar[str | None] = "type"

    nullable: bool = Field(True, description="whether the field may be missing")

    @property
    def value_type(self) -> Type:
        return self.type_with(self.nullable)


class Attribute(Shape):
    """A typed value of a customer, an event, a related row or a dimension row."""

    nullable: bool = Field(True, description="whether the value may be missing")
    column: Column | None = Field(None, description="the column behind it; default: the attribute's own name")
    latitude: Column | None = Field(None, description="of a place on the map: the column of its degrees north")
    longitude: Column | None = Field(None, description="of a place on the map: the column of its degrees east")
    dimension: Name | None = Field(None, description="the dimension whose row the value is the key of")
    changed_at: Column | None = Field(None, description="of a customer: the column of the instant it last changed")
    writable: bool = Field(False, description="of a customer: whether campaigns may `set` it")
    pii: bool = Field(False, description="whether it is personal data, masked in plans and reports")
    title: Text | None = Field(None, description="what reports call it")

    @model_validator(mode="after")
    def _where_it_is(self) -> Attribute:
        if self.type is Kind.GEO:
            if self.column is not None:
                raise Misfit("a place on the map has two columns", "column", "write `latitude` and `longitude` instead")
            for key in ("latitude", "longitude"):
                if getattr(self, key) is None:
                    raise Misfit(f"a place on the map needs `{key}`", "type", f"add `{key}:` with the column of it")
            if self.latitude == self.longitude:
                raise Misfit("`latitude` and `longitude` are one column", "longitude", "name the other column")
            return self
        for key in ("latitude", "longitude"):
            if getattr(self, key) is not None:
                raise Misfit(f"`{key}` belongs to `type: geo` only", key, "delete it, or write `type: geo`")
        if self.dimension is not None and self.type not in (Kind.TEXT, Kind.INTEGER):
            raise Misfit(
                f"a {self.type} cannot be the key of a dimension", "dimension", "keys are texts or integers; delete it"
            )
        return self

    @property
    def value_type(self) -> Type:
        return self.type_with(self.nullable)

    def column_of(self, name: str) -> str:
        """The column behind the attribute called ``name``; of a place on the map the one of the latitude."""
        return self.latitude or self.column or name


for _model in (Element, Part, Attribute):  # their fields name each other, which could only be read now
    _model.model_rebuild()
