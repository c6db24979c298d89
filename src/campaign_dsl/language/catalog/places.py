"""Places on the map, and days of the year."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from campaign_dsl.language.catalog.entry import COUNTRY, Entry, Misfit, Name, Text

DEGREES = r"^-?[0-9]{1,3}(\.[0-9]{1,12})?$"


def _latitude(text: str) -> str:
    if abs(Decimal(text)) > 90:
        raise Misfit(f"there is no latitude `{text}`", help="degrees north are -90 to 90; `longitude` is the other one")
    return text


def _longitude(text: str) -> str:
    if abs(Decimal(text)) > 180:
        raise Misfit(f"there is no longitude `{text}`", help="degrees east are -180 to 180")
    return text


Latitude = Annotated[str, Field(pattern=DEGREES), AfterValidator(_latitude)]
Longitude = Annotated[str, Field(pattern=DEGREES), AfterValidator(_longitude)]


class Circle(Entry):
    """A circle on the map."""

    latitude: Latitude = Field(description="degrees north of its centre")
    longitude: Longitude = Field(description="degrees east of its centre")
    radius_m: int = Field(ge=1, le=1_000_000, description="its radius in metres")

    @property
    def exact(self) -> tuple[Decimal, Decimal, int]:
        """Degrees north, degrees east, metres."""
        return Decimal(self.latitude), Decimal(self.longitude), self.radius_m


class Geofence(Entry):
    """An area on the map: one or more circles."""

    title: Text | None = None
    circles: tuple[Circle, ...] = Field(min_length=1, max_length=500)


class GeofenceEvents(Entry):
    """How the catalog's event of crossing a geofence says which one, and in which direction."""

    event: Name = Field(description="the event")
    geofence: Name = Field(description="its text property with the name of the geofence")
    direction: Name = Field(description="its property that says whether she came or went")
    entering: Text = Field("enter", description="what `direction` says when she came")
    leaving: Text = Field("leave", description="what `direction` says when she went")

    @model_validator(mode="after")
    def _two_directions(self) -> GeofenceEvents:
        if self.entering == self.leaving:
            raise Misfit("`entering` and `leaving` are the same word", "leaving", "write what is said when she went")
        return self


# ------------------------------------------------------------------------------------------------------- holidays


class HolidayDay(Entry):
    """Which day it is each year: by a rule, by a name that the `holidays` library knows, or by Easter."""

    rrule: Text | None = Field(None, description="RFC 5545, once a year: `FREQ=YEARLY;BYMONTH=5;BYDAY=2SU`")
    holiday: Text | None = Field(None, description="its name in the `holidays` library; of several days the first")
    country: Annotated[str, Field(pattern=COUNTRY)] | None = Field(
        None, description="of `holiday`: whose calendar; default: the country that the rule is for"
    )
    subdivision: Text | None = Field(None, description="of `holiday`: the state or province, as the library has it")
    category: Text | None = Field(None, description="of `holiday`: its category in the library; default: any")
    easter: int | None = Field(None, ge=-75, le=200, description="days after Easter Sunday; negative: before it")
    calendar: Literal["western", "orthodox"] = Field("western", description="of `easter`: whose Easter")

    @model_validator(mode="after")
    def _one_way(self) -> HolidayDay:
        ways = [key for key in ("rrule", "holiday", "easter") if getattr(self, key) is not None]
        if len(ways) != 1:
            raise Misfit(
                "give exactly one of `rrule`, `holiday` and `easter`",
                ways[1] if ways else None,
                "a rule of the calendar, a name, or days after Easter",
            )
        for key, way in (
            ("country", "holiday"),
            ("subdivision", "holiday"),
            ("category", "holiday"),
            ("calendar", "easter"),
        ):
            if key in self.model_fields_set and ways[0] != way:
                raise Misfit(f"`{key}` belongs to `{way}` only", key, "delete it")
        return self


class HolidayRule(HolidayDay):
    """Which day it is in a country, and where it moves when that day is taken, as in France by Pentecost."""

    unless: HolidayDay | None = Field(None, description="a day that it never falls on")
    instead: HolidayDay | None = Field(None, description="the day it is on in years in which it would")

    @model_validator(mode="after")
    def _moves_somewhere(self) -> HolidayRule:
        for key, other in (("unless", "instead"), ("instead", "unless")):
            if getattr(self, key) is not None and getattr(self, other) is None:
                raise Misfit(f"`{key}` without `{other}`", key, f"add `{other}:` with a day, or delete it")
        return self


EVERYWHERE = "everywhere"


class Holiday(Entry):
    """A feast, and on which day it is celebrated in which country."""

    title: Text
    rules: dict[Annotated[str, Field(pattern=r"^([A-Z]{2}|everywhere)$")], HolidayRule] = Field(
        min_length=1, max_length=300, description="for each country, or `everywhere` for those without one of their own"
    )

    def rule_of(self, country: str | None) -> HolidayRule | None:
        """The rule for a country; None when it is not celebrated there."""
        return self.rules.get(country or EVERYWHERE, self.rules.get(EVERYWHERE))
