"""Places on the map."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.values import surely
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering

EARTH_M = Decimal("6371008.8")
"""Mean radius of the earth."""
_METRES_A_DEGREE = Decimal(111_195)
"""Of latitude, a little less than there are: 111,195.08."""


def within(low: Lowering, node: ir.Within, close: bool) -> exp.Expr:
    """Whether a place lies in one of some circles."""
    assert isinstance(node.place, ir.Attribute | ir.Property)
    latitude, longitude = low.value(node.place), low.longitude(node.place)
    test: exp.Expr = exp.or_(*(_in_circle(latitude, longitude, circle) for circle in node.circles), copy=False)
    if node.name is not None:
        test = b.comment(exp.paren(test, copy=False), f"geofence {node.name}")
    return surely(test) if close else test


def _in_circle(latitude: exp.Expr, longitude: exp.Expr, circle: ir.Circle) -> exp.Expr:
    """The distance is only computed where the latitude allows it, and for places that there are."""
    reach = Decimal(circle.radius_m + 1) / _METRES_A_DEGREE
    south, north = max(Decimal(-90), circle.latitude - reach), min(Decimal(90), circle.latitude + reach)
    distance = _distance(latitude.copy(), longitude.copy(), circle)
    return exp.and_(
        exp.Between(this=latitude.copy(), low=_degrees(south), high=_degrees(north)),
        exp.Between(this=longitude.copy(), low=_degrees(Decimal(-180)), high=_degrees(Decimal(180))),
        exp.LTE(this=exp.Anonymous(this="ROUND", expressions=[distance]), expression=b.number(circle.radius_m)),
        copy=False,
    )


def _distance(latitude: exp.Expr, longitude: exp.Expr, circle: ir.Circle) -> exp.Expr:
    """The haversine formula, in metres. Rounding may lift what is under the root over 1."""
    north = _square(_sin(_half_radians(exp.Sub(this=_double(latitude), expression=_number(circle.latitude)))))
    east = _square(_sin(_half_radians(exp.Sub(this=_double(longitude), expression=_number(circle.longitude)))))
    here = exp.Anonymous(this="COS", expressions=[_radians(_double(latitude.copy()))])
    there = exp.Anonymous(this="COS", expressions=[_radians(_number(circle.latitude))])
    inside = b.plus(north, exp.Mul(this=exp.Mul(this=here, expression=there), expression=east))
    root = exp.Anonymous(this="SQRT", expressions=[exp.Anonymous(this="LEAST", expressions=[b.number(1), inside])])
    return exp.Mul(this=b.number(2 * EARTH_M), expression=exp.Anonymous(this="ASIN", expressions=[root]))


def _half_radians(degrees: exp.Expr) -> exp.Expr:
    return exp.Div(this=_radians(degrees), expression=b.number(2), typed=False, safe=False)


def _radians(degrees: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="RADIANS", expressions=[degrees])


def _sin(angle: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="SIN", expressions=[angle])


def _square(value: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="POWER", expressions=[value, b.number(2)])


def _double(value: exp.Expr) -> exp.Expr:
    return exp.cast(value, exp.DType.DOUBLE)


def _number(value: Decimal) -> exp.Expr:
    return _double(b.number(value))


def _degrees(value: Decimal) -> exp.Expr:
    return b.number(round(value, 6))
