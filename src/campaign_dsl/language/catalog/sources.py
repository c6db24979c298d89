"""Where rows come from: customers, events, related tables, dimensions, and lists kept in tables or files."""

from __future__ import annotations

from pydantic import Field, model_validator

from campaign_dsl.language.catalog.attributes import Attribute
from campaign_dsl.language.catalog.entry import Column, Entry, Inside, Misfit, Name, Table, Text


class Customers(Entry):
    """The table of customers."""

    table: Table
    key: Name = Field(description="the attribute that identifies a customer; never missing, never twice")
    time_zone: Name | None = Field(None, description="the attribute that holds the customer's tz database zone")
    birth_date: Name | None = Field(None, description="the date attribute that `age` is counted from")
    language: Name | None = Field(None, description="the attribute with the customer's language, as in `de` or `de-AT`")
    country: Name | None = Field(None, description="the attribute with her country, two letters as in ISO 3166")
    attributes: dict[Name, Attribute]


class Discriminator(Entry):
    """Which rows of a shared event table belong to an event."""

    column: Column
    equals: Text


class Accuracy(Entry):
    """How exactly a place is known."""

    property: Name = Field(description="the number property that holds the radius of uncertainty, in metres")
    at_most_m: int | None = Field(
        None, ge=1, le=100_000, description="events that are less exact are nowhere; default: any accuracy will do"
    )


FRESH = r"^[1-9][0-9]{0,3} (minute|hour|day)s?$"
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}


class Event(Entry):
    """An event that happens to a customer at an instant."""

    table: Table
    kind: Discriminator | None = Field(None, description="which rows of a shared table are meant")
    id: Column = Field("event_id", description="column of the event id; duplicates count once")
    customer: Column = Field("customer_id", description="column that points to the customer's key")
    occurred_at: Column = Field("occurred_at", description="column of the instant it happened")
    received_at: Column | None = Field(None, description="column of the instant it arrived")
    fresh_within: str | None = Field(
        None,
        pattern=FRESH,
        description="how old the newest one may be, as in `2 days` or `90 minutes`; `campaign check --target` looks",
    )
    place: Name | None = Field(None, description="the geo property that says where it happened, for `at geofence`")
    accuracy: Accuracy | None = Field(None, description="how exactly the place is known")
    properties: dict[Name, Attribute] = Field(default_factory=dict)
    title: Text | None = None

    @property
    def fresh_seconds(self) -> int | None:
        """``fresh_within`` in seconds."""
        if self.fresh_within is None:
            return None
        number, _, unit = self.fresh_within.partition(" ")
        return int(number) * _SECONDS[unit.removesuffix("s")]

    @model_validator(mode="after")
    def _accuracy_of_something(self) -> Event:
        if self.accuracy is not None and self.place is None:
            raise Misfit(
                "`accuracy` without `place`", "accuracy", "add `place:` with the geo property that it is about"
            )
        return self


class Dimension(Entry):
    """A table of things that attributes and properties point to, one row for each."""

    table: Table
    key: Name = Field(description="the attribute that identifies a row; what points to it has the same type")
    attributes: dict[Name, Attribute]
    title: Text | None = None

    @property
    def key_column(self) -> str:
        return self.attributes[self.key].column_of(self.key) if self.key in self.attributes else self.key


class Relation(Entry):
    """A table of rows that belong to a customer as they are now: orders, pets, cards."""

    table: Table
    kind: Discriminator | None = Field(None, description="which rows of a shared table are meant")
    id: Column | None = Field(None, description="column of a row's id; duplicates count once; default: all rows count")
    customer: Column = Field("customer_id", description="column that points to the customer's key")
    attributes: dict[Name, Attribute]
    title: Text | None = None


class AddressList(Entry):
    """A suppression list: addresses never contacted under any circumstances."""

    table: Table
    address: Column = "address"
    where: Discriminator | None = None


class CustomerList(Entry):
    """A static list of customers, kept in a file: one key a line."""

    file: Inside = Field(description="the file, relative to the workspace")
    title: Text | None = None
