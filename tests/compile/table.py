"""Short ways to write small scenes, and to ask SQL and the interpreter about them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
from warehouse import left_out_if_lacking
from wide_world import COLUMNS, Scene, answers, asked, computed, no_list, own

from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.review.reference.judge import members
from campaign_dsl.review.reference.world import Clock

T = datetime(2026, 6, 15, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


def _rows(table: str, rows: Iterable[Mapping[str, Any]], **usual: Any) -> list[dict[str, Any]]:
    nothing = dict.fromkeys(COLUMNS[table])
    made = [{**nothing, **usual, **row} for row in rows]
    assert all(set(row) == set(nothing) for row in made), "a column that is none"
    lists = [name for name, kind in COLUMNS[table].items() if pa.types.is_list(kind)]
    return [{**row, **{name: no_list() for name in lists if row[name] is None}} for row in made]


def scene(
    customers: Mapping[str, Mapping[str, Any]],
    events: Iterable[Mapping[str, Any]] = (),
    orders: Iterable[Mapping[str, Any]] = (),
    stores: Iterable[Mapping[str, Any]] = (),
    now: datetime = T,
    leap_day: str = "feb_28",
) -> Scene:
    """Customers by id, in UTC unless they say otherwise; events are numbered purchases unless they say otherwise."""
    numbered = [{"event_id": number, **row} for number, row in enumerate(events)]
    rows = {
        "customers": _rows("customers", [{"id": key, **row} for key, row in customers.items()]),
        "events": _rows("events", numbered, kind="pur'chase", customer_id="a", occurred_at=now),
        "orders": _rows("orders", orders, owner="a"),
        "stores": _rows("stores", stores),
    }
    return Scene(rows, Clock(now, ZoneRule(own("zone"), "UTC"), leap_day))


def value(about: Scene, node: ir.Value) -> Any:
    """What a value is for customer `a`: SQL and the interpreter agree about everybody."""
    left_out_if_lacking(node)
    found = answers(about, node)
    assert found == computed(about, node)
    return found["a"]


def who(about: Scene, node: ir.Predicate) -> str:
    """For whom a predicate holds, as `a b`: SQL and the interpreter agree, and `not` gives the others."""
    left_out_if_lacking(node)
    about.load()
    found = asked(node, about.clock)
    assert found == members(node, about.world(), about.clock)
    assert sorted(found + asked(ir.Negate(node), about.clock)) == about.everyone()
    return " ".join(found)


def apart(values: Sequence[Any], column: str) -> dict[str, dict[str, Any]]:
    """Customers `a`, `b`, ... with one value each."""
    return {chr(97 + number): {column: each} for number, each in enumerate(values)}
