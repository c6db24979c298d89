"""Writes SQL for ClickHouse: every node that queries share, in the words that mean here what they mean everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import ClassVar

from sqlglot import exp, generator
from sqlglot.dialects.clickhouse import ClickHouse as SqlglotClickHouse
from sqlglot.generators.clickhouse import ClickHouseGenerator

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.clickhouse_functions import DECIMAL, FUNCTIONS, LOWER, call
from campaign_dsl.compile.sql.dialects.writing import Readable

INSTANT = "DateTime64(6, 'UTC')"
TYPES: Mapping[exp.DType, str] = {
    exp.DType.TEXT: "String",
    exp.DType.VARCHAR: "String",
    exp.DType.BIGINT: "Int64",
    exp.DType.BOOLEAN: "Bool",
    exp.DType.DATE: "Date32",  # `Date` begins in 1970
    exp.DType.DECIMAL: DECIMAL,
    exp.DType.DOUBLE: "Float64",
    exp.DType.INTERVAL: "IntervalMicrosecond",
    exp.DType.TIME: "String",  # HH:MM:SS.ffffff
    exp.DType.TIMESTAMPTZ: INSTANT,
}
MEANING: Mapping[str, int | str] = {
    "join_use_nulls": 1,  # what a LEFT JOIN does not find is NULL, not 0 or ''
    "aggregate_functions_null_for_empty": 1,  # so is the sum of nothing
    "cast_keep_nullable": 1,  # NULL stays NULL
    "transform_null_in": 0,
    "prefer_column_name_to_alias": 1,
    "enable_materialized_cte": 1,
    "max_recursive_cte_evaluation_depth": 1_000_000,
    "count_distinct_implementation": "uniqExact",
    "output_format_json_escape_forward_slashes": 0,
    "session_timezone": "UTC",
}
"""Settings without which a query means something else. They are part of its text, so that it means the same wherever
it is run."""
_LENGTHS = {"SECOND": 1_000_000, "MICROSECOND": 1}
_PARTS = {"YEAR": "toYear", "MONTH": "toMonth", "DAY": "toDayOfMonth"}
_PARAMETERS = {"as_of_key": "String", "members_before": "Nullable(String)", "occurrences": "Identifier"}


class _Generator(Readable, ClickHouseGenerator):
    TRANSFORMS: ClassVar = {
        kind: how
        for kind, how in generator.Generator.TRANSFORMS.items()
        if kind is not exp.AutoRefreshProperty  # of another engine
    }

    def preprocess(self, expression: exp.Expr) -> exp.Expr:
        made = super().preprocess(expression)
        if isinstance(made, exp.Query) and made.parent is None:
            _columns_named(made)
            _computed_once(made)
            _with_functions(made)
        return made

    def generate(self, expression: exp.Expr, copy: bool = True) -> str:
        text = super().generate(expression, copy)
        if not isinstance(expression, exp.Query):
            return text
        said = [f"{name} = {repr(value) if isinstance(value, str) else value}" for name, value in MEANING.items()]
        separator = ",\n  " if self.pretty else ", "
        return text + (self.seg("SETTINGS") + ("\n  " if self.pretty else " ")) + separator.join(said)

    # ---- types and literals

    def cast_sql(self, expression: exp.Cast, safe_prefix: str | None = None) -> str:
        value, to = expression.this, expression.to.this
        if isinstance(value, exp.Null):
            return f"CAST(NULL AS Nullable({TYPES[to]}))"
        if value.is_string:
            if to is exp.DType.TIMESTAMPTZ:  # literals are in UTC
                there = datetime.fromisoformat(value.name).astimezone(UTC).replace(tzinfo=None)
                value = exp.Literal.string(there.isoformat(" ", "microseconds"))
            if to is exp.DType.TIME:
                return self.sql(exp.Literal.string(time.fromisoformat(value.name).isoformat("microseconds")))
            if to in (exp.DType.TEXT, exp.DType.VARCHAR):
                return self.sql(value)
        return f"CAST({self.sql(value)} AS {TYPES[to]})"

    def trycast_sql(self, expression: exp.TryCast) -> str:
        # CAST of what is too large wraps around. A total is a decimal, of which this would fail.
        value = self.sql(expression, "this")
        value = f"toInt256({value})" if isinstance(expression.this, exp.Sum) else value
        return f"accurateCastOrNull({value}, '{TYPES[expression.to.this]}')"

    def literal_sql(self, expression: exp.Literal) -> str:
        if not expression.is_string:
            return str(expression.this)
        text = expression.name.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0")
        return f"'{self._kept(text)}'"

    def identifier_sql(self, expression: exp.Identifier) -> str:
        text = expression.name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}"' if expression.args.get("quoted") or self.identify else text

    def _kept(self, text: str) -> str:
        """Line breaks in a text stay where they are when the query is laid out."""
        return text.replace("\n", self.SENTINEL_LINE_BREAK) if self.pretty else text

    def placeholder_sql(self, expression: exp.Placeholder) -> str:
        name = expression.name
        kind = next((kind for prefix, kind in _PARAMETERS.items() if name.startswith(prefix)), INSTANT)
        return f"{{{name}: {kind}}}"

    def array_sql(self, expression: exp.Array) -> str:
        return f"[{self.format_args(*expression.expressions)}]"

    # ---- calculations

    def interval_sql(self, expression: exp.Interval) -> str:
        assert expression.unit is not None
        return f"toIntervalMicrosecond({int(expression.name) * _LENGTHS[expression.unit.name]})"

    def add_sql(self, expression: exp.Add) -> str:
        return self._years(expression, "addYears") or self.binary(expression, "+")

    def sub_sql(self, expression: exp.Sub) -> str:
        return self._years(expression, "subtractYears") or self.binary(expression, "-")

    def _years(self, expression: exp.Add | exp.Sub, function: str) -> str | None:
        """Years before or after a day."""
        count = expression.expression
        if not isinstance(count, exp.Interval) or count.unit is None or count.unit.name != "YEAR":
            return None
        return f"{function}({self.sql(expression, 'this')}, {count.name})"

    def extract_sql(self, expression: exp.Extract) -> str:
        return f"{_PARTS[expression.name.upper()]}({self.sql(expression, 'expression')})"

    def intdiv_sql(self, expression: exp.IntDiv) -> str:
        return f"intDiv({self.sql(expression, 'this')}, {self.sql(expression, 'expression')})"

    def div_sql(self, expression: exp.Div) -> str:
        return self.binary(expression, "/")

    def mod_sql(self, expression: exp.Mod) -> str:
        return self.binary(expression, "%")

    def anonymous_sql(self, expression: exp.Anonymous) -> str:
        if expression.name == "ROUND":  # of binary floats: `round` would take halves to the even neighbour
            return f"floor({self.sql(expression.expressions[0])} + 0.5)"
        return super().anonymous_sql(expression)

    # ---- texts

    def lower_sql(self, expression: exp.Lower) -> str:
        return self.sql(call(LOWER, expression.this))

    def length_sql(self, expression: exp.Length) -> str:
        return f"lengthUTF8({self.sql(expression, 'this')})"

    def trim_sql(self, expression: exp.Trim, *_: str) -> str:
        return f"trimBoth({self.sql(expression, 'this')})"

    def dpipe_sql(self, expression: exp.DPipe) -> str:
        return self.binary(expression, "||")

    # ---- the shape of a query

    def ordered_sql(self, expression: exp.Ordered) -> str:
        direction = " DESC" if expression.args.get("desc") else ""
        nulls = "FIRST" if expression.args.get("nulls_first") else "LAST"
        return f"{self.sql(expression, 'this')}{direction} NULLS {nulls}"

    def values_sql(self, expression: exp.Values, values_as_table: bool = True) -> str:
        rows = self.expressions(sqls=[self.sql(each) for each in expression.expressions], flat=True, sep=",\n  ")
        return f"(VALUES\n  {rows}) AS {self.sql(expression.args['alias'])}"


class Written(SqlglotClickHouse):
    """ClickHouse's SQL as it is written here."""

    Generator = _Generator


# ------------------------------------------------------------------------------------------------------ common tables


def _ctes(query: exp.Expr) -> list[exp.CTE]:
    within = query.args.get("with_")
    return [] if within is None else list(within.expressions)


def _reads(node: exp.Expr, name: str) -> int:
    """How often a common table is read."""
    return sum(1 for each in node.find_all(exp.Table) if each.name == name and each.meta.get(b.CTE))


def _columns_named(query: exp.Query) -> None:
    """Of joined tables that both have it a column `a.x` would be called that, and not `x`."""
    outputs = {cte.alias: {each.alias_or_name for each in _first(cte.this).expressions} for cte in _ctes(query)}
    for select in query.find_all(exp.Select):
        joins = [each.this for each in select.args.get("joins") or ()]
        if joins:
            tables = {each.alias_or_name: outputs.get(each.name) for each in (select.args["from_"].this, *joins)}
            select.set("expressions", [_under_its_name(each, tables) for each in select.expressions])


def _first(query: exp.Expr) -> exp.Expr:
    """The query, or the first branch of the union, that says what columns are called."""
    while isinstance(query, exp.SetOperation):
        query = query.this
    return query


def _under_its_name(value: exp.Expr, tables: Mapping[str, set[str] | None]) -> exp.Expr:
    """A column with its name, unless it is known that no other table has one of that name."""
    if not isinstance(value, exp.Column):
        return value
    others = [names for alias, names in tables.items() if alias != value.table]
    sure = all(names is not None and value.name not in names for names in others)
    return value if sure else exp.alias_(value, value.name, quoted=True)


def _computed_once(query: exp.Query) -> None:
    """ClickHouse puts a common table wherever it is read; those that are read more than once are kept instead."""
    ctes = _ctes(query)
    recursive = bool(ctes) and query.args["with_"].recursive  # then none can be kept
    main = query.copy()
    main.set("with_", None)
    tested = _read_by_tests(query)
    times: dict[str, int] = {}
    bodies: list[tuple[exp.Expr, int]] = [(main, 1)]
    for cte in reversed(ctes):
        name = cte.alias
        times[name] = sum(_reads(body, name) * often for body, often in bodies)
        # What has a test inside cannot stand behind an `IN` unless it is kept; wide ones are cheaper to read again.
        several = times[name] > 1 and cte.args.get("materialized") is not False
        kept = not recursive and name not in tested and (several or cte.this.find(exp.Exists) is not None)
        cte.set("materialized", True if kept else None)
        bodies.append((cte.this, 1 if kept else times[name]))


def _read_by_tests(query: exp.Query) -> set[str]:
    """The common tables that an `EXISTS` reads, and those that they read: none of them can be kept."""
    found = {each.name for test in query.find_all(exp.Exists) for each in test.find_all(exp.Table)}
    for cte in reversed(_ctes(query)):
        if cte.alias in found:
            found |= {each.name for each in cte.this.find_all(exp.Table)}
    return found


def _with_functions(query: exp.Query) -> None:
    """The functions that the query calls and ClickHouse does not have, each said once at its beginning."""
    called = {LOWER if isinstance(each, exp.Lower) else each.name for each in query.find_all(exp.Anonymous, exp.Lower)}
    wanted = [name for name in FUNCTIONS if name in called]
    if not wanted:
        return
    said = [exp.CTE(this=FUNCTIONS[name].copy(), alias=exp.to_identifier(name), scalar=True) for name in wanted]
    within = query.args.get("with_")
    if within is None:
        query.set("with_", exp.With(expressions=said))
    else:
        within.set("expressions", [*said, *within.expressions])
