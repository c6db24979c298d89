"""Zone names: the tz database that decides is the bundled `tzdata` package, whose version a plan records."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@cache
def zone_names() -> frozenset[str]:
    """Every zone name of the bundled tz database."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


def known_zone(name: str) -> bool:
    return name in zone_names()


@cache
def zone(name: str) -> ZoneInfo:
    """The rules of zone ``name``.

    Raises:
        ZoneInfoNotFoundError: the name is not in the tz database.
    """
    if not known_zone(name):
        raise ZoneInfoNotFoundError(name)
    area, _, leaf = name.rpartition("/")
    package = "tzdata.zoneinfo" + ("." + area.replace("/", ".") if area else "")
    with files(package).joinpath(leaf).open("rb") as handle:
        return ZoneInfo.from_file(handle, key=name)


def tz_version() -> str:
    """Version of the tz database, as in `2026.1`."""
    return version("tzdata")
