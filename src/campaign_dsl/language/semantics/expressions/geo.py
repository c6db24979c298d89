"""Places on the map."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.expressions import kinds
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.syntax import tree as t

METRES = {"m": Decimal(1), "km": Decimal(1000), "miles": Decimal("1609.344")}
FARTHEST_M = 20_015_115
"""Half around the earth: nothing is farther away."""


def near(node: t.Near, at: Checker) -> ir.Predicate | None:
    """`home within 5 km of 42.3601, -71.0589`."""
    place = _place(node.place, at)
    # Distances are whole metres, so what lies between two of them is as good as the lower one.
    radius = int((Decimal(node.distance.text) * METRES[node.unit]).to_integral_value(ROUND_FLOOR))
    sound = True
    if not 1 <= radius < FARTHEST_M:
        at.problems.add(
            "TYP006",
            "this distance is less than a metre" if radius < 1 else "no place is farther away than that",
            node.distance.span,
            help="write a distance like `5 km`",
        )
        sound = False
    for number, most, what, help in (
        (node.latitude, 90, "latitude", "degrees north are -90 to 90, and come first"),
        (node.longitude, 180, "longitude", "degrees east are -180 to 180"),
    ):
        if abs(Decimal(number.text)) > most:
            at.problems.add("TYP014", f"there is no {what} `{number.text}`", number.span, help=help)
            sound = False
    if place is None or not sound:
        return None
    return ir.Within(place, (ir.Circle(Decimal(node.latitude.text), Decimal(node.longitude.text), radius),), None)


def in_geofence(node: t.InGeofence, at: Checker) -> ir.Predicate | None:
    """`home inside geofence boston_stores`."""
    place, circles = _place(node.place, at), geofence(node.name, at.names.catalog, at.problems)
    return None if place is None or circles is None else ir.Within(place, circles, node.name.text)


def geofence(name: t.Name, catalog: model.Catalog, problems: Problems) -> tuple[ir.Circle, ...] | None:
    """The circles of a geofence, or None after having reported that there is none of that name."""
    entry = catalog.geofences.get(name.text)
    if entry is None:
        problems.add(
            "NAM020",
            f"unknown geofence `{name.text}`",
            name.span,
            help=did_you_mean(name.text, catalog.geofences, "known geofences") or "declare it in catalog.yaml",
        )
        return None
    return tuple(ir.Circle(*circle.exact) for circle in entry.circles)


def _place(node: t.Expression, at: Checker) -> ir.Value | None:
    """A place on the map."""
    place = at.value(node)
    if place is None or place.type.kind is Kind.GEO:
        return place
    scope = at.names.rows.attributes if at.names.rows else at.names.catalog.customers.attributes
    places = [name for name, entry in scope.items() if entry.type is Kind.GEO]
    at.problems.add(
        "TYP003",
        f"a place on the map is needed here, this is {kinds.a(place.type)}",
        node.span,
        help=did_you_mean("", places, "places here") or "use an attribute of type `geo`",
    )
    return None
