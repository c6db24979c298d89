"""Functions that queries for ClickHouse bring along, as nodes: each is defined in a query that calls it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

DAY, EXACT = "exact_day", "exact_decimal"
LOWER = "simple_lower"
DECIMAL = "Decimal(76, 38)"
"""38 digits on either side of the point hold every decimal there is."""
MOST_DIVIDED = 10**13
_SCALES = ((26, 12), (12, 26), (19, 19))
"""Digits after the point of two factors whose product has 38 of them."""


def call(name: str, *values: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(values))


def text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


def of_type(value: exp.Expr, type_: str) -> exp.Expr:
    """`CAST` to a type of ClickHouse that no other engine has."""
    return call("CAST", value, text(type_))


def inside(value: exp.Expr, low: exp.Expr, high: exp.Expr) -> exp.Expr:
    """``value``, or NULL when it is not between two others; they themselves are outside. It is said once."""
    held = call("greatest", call("least", value, high), low)
    return call("nullIf", call("nullIf", held, high.copy()), low.copy())


def narrowed(value: exp.Expr) -> exp.Expr:
    """A whole number of any size as an integer; NULL when it is none of 64 bits."""
    return exp.TryCast(this=value, to=exp.DataType.build("BIGINT"))


def _name(name: str) -> exp.Expr:
    return exp.Column(this=exp.to_identifier(name))


def _function(parameters: str, body: exp.Expr) -> exp.Expr:
    return exp.Lambda(this=body, expressions=[exp.to_identifier(each) for each in parameters.split()])


def _of_integers(kind: type[exp.Binary]) -> exp.Expr:
    """In 64 bits `+`, `-` and `*` wrap around without a word."""
    made = kind(this=call("toInt128", _name("a")), expression=call("toInt128", _name("b")))
    return _function("a b", narrowed(made))


def _of_decimals(kind: type[exp.Binary]) -> exp.Expr:
    """NULL when there are more than 38 digits before the point."""
    most = [exp.Mul(this=of_type(text(sign + "1" + "0" * 37), DECIMAL), expression=number(10)) for sign in ("-", "")]
    return _function("a b", inside(kind(this=_name("a"), expression=_name("b")), *most))


def _product() -> exp.Expr:
    """The exact product of two decimals; NULL when it has more than 38 digits before or after the point.

    ClickHouse adds up the digits after the point of both factors, and what is too large wraps around without a word.
    So the factors are first cut to 38 digits between them, where nothing is lost by it.
    """
    x, y = _name("x"), _name("y")
    size = call("abs", exp.Mul(this=call("toFloat64", x), expression=call("toFloat64", y)))
    cases: list[exp.Expr] = [exp.GTE(this=size, expression=exp.Literal.number("1e38")), exp.null()]
    for one, other in _SCALES:
        cut = [of_type(x.copy(), f"Decimal(76, {one})"), of_type(y.copy(), f"Decimal(76, {other})")]
        same = [exp.EQ(this=x.copy(), expression=cut[0]), exp.EQ(this=y.copy(), expression=cut[1])]
        cases += [exp.and_(*same, copy=False), exp.Mul(this=cut[0].copy(), expression=cut[1].copy())]
    # A lambda with a name is put in wherever it is called, with its arguments; that of `arrayMap` is a function.
    pairs = [exp.Array(expressions=[_name(name)]) for name in ("a", "b")]
    called = call("arrayMap", _function("x y", call("multiIf", *cases, exp.null())), *pairs)
    return _function("a b", call("arrayElement", called, number(1)))


def _quotient() -> exp.Expr:
    """With 25 digits after the point. Both sides are rounded to 12 before; NULL by zero, or when one is too large."""
    most = [of_type(text(sign + str(MOST_DIVIDED)), DECIMAL) for sign in ("-", "")]
    sides = [
        inside(call("round", of_type(_name(name), DECIMAL), number(12)), *(each.copy() for each in most))
        for name in ("a", "b")
    ]
    dividend, divisor = of_type(sides[0], "Decimal(76, 25)"), of_type(sides[1], "Decimal(76, 12)")
    return _function(
        "a b", exp.Div(this=dividend, expression=call("nullIf", divisor, number(0)), typed=False, safe=False)
    )


def _in_zone(format_: str, made: str | None) -> exp.Expr:
    """Of the functions that know zones only `formatDateTime` takes one of each row."""
    zone = _name("time_zone")
    there = call("formatDateTime", _name("moment"), text(format_), exp.func("COALESCE", zone, text("UTC")))
    value = there if made is None else of_type(there, made)
    known = exp.Is(this=zone.copy(), expression=exp.null(), negate=True)
    return _function("moment time_zone", exp.Case().when(known, value, copy=False))


def _lower() -> exp.Expr:
    """Each character for itself: `lowerUTF8` makes two of `İ`, and looks at what stands around a sigma."""
    value = call("replaceAll", call("replaceAll", _name("x"), text("İ"), text("i")), text("Σ"), text("σ"))
    return _function("x", call("lowerUTF8", value))


def _strictly(type_: str) -> exp.Expr:
    """What a column holds as a type that it may have to be made. Of a text that may be missing `CAST` makes NULL where
    it cannot be read; of one that is there it is an error."""
    made = of_type(call("assumeNotNull", _name("x")), type_)
    return call("if", call("isNull", _name("x")), exp.null(), made)


def _exact() -> exp.Expr:
    """What a column holds as a decimal. Of binary floats it is what they are written as: `CAST` of 9.5 is a little less
    than that. ClickHouse knows the type beforehand, so that this costs nothing where a column has decimals."""
    floats = exp.GT(this=call("position", call("toTypeName", _name("x")), text("Float")), expression=number(0))
    written = of_type(call("toString", _name("x")), DECIMAL)
    return _function("x", call("if", floats, written, _strictly(DECIMAL)))


FUNCTIONS: Mapping[str, exp.Expr] = {
    EXACT: _exact(),
    DAY: _function("x", _strictly("Date32")),
    "integer_sum": _of_integers(exp.Add),
    "integer_difference": _of_integers(exp.Sub),
    "integer_product": _of_integers(exp.Mul),
    "decimal_sum": _of_decimals(exp.Add),
    "decimal_difference": _of_decimals(exp.Sub),
    "decimal_product": _product(),
    "decimal_quotient": _quotient(),
    "local_day": _in_zone("%F", "Nullable(Date32)"),
    LOWER: _lower(),
    "local_time": _in_zone("%T.%f", None),
}
"""By name. They are lambdas: `(a, b) -> ...`."""
