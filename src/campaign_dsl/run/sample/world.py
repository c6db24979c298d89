"""A believable world for a footwear retailer, made from a seed: what `campaign init` puts into a new workspace.

The content is a pure function of the arguments: the same seed gives the same rows on every machine, with any number of
threads and any supported version of DuckDB. Chance comes from MD5 digests of seed and row number, times are UTC.
All work is set-based SQL, in the ``.sql`` files beside this module; Python only hands it small tables and settings.

Tables: ``customers``, ``events``, ``activity`` (events of other feeds), ``stores``, ``products``, ``suppressions``,
``orders``, ``support_cases``, and the facets of profiles, with the names and types of ``schema.sql``.
``events.event_id`` is a BIGINT. Every edge case the language promises to handle is there by construction:
:data:`campaign_dsl.run.sample.special.SPECIAL` says under which customer ids.
"""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from secrets import token_hex
from typing import Any

import duckdb

from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.sample.names import POOLS, names
from campaign_dsl.run.sample.places import CINEMAS, PLACES, STORES, home_of
from campaign_dsl.run.sample.shoes import CAFE, CATEGORIES, MODELS_PER_CATEGORY, products
from campaign_dsl.run.sample.special import RESERVED, Member, special_members, special_suppressions
from campaign_dsl.run.sample.words import INTERESTS, WORDS

DEFAULT_CUSTOMERS = 120_000
DEFAULT_EVENTS = 1_600_000
DEFAULT_SEED = 20260115
DEFAULT_TODAY = date(2026, 6, 15)

DAYS = 730
"""How many days before ``today`` events begin."""
ODDITIES = 60
"""Events that contradict themselves: a third each dated in the future, dated after their arrival, and of a customer
who does not exist (:data:`UNKNOWN_CUSTOMER`). Their ids follow those of ordinary events, in turn."""
UNKNOWN_CUSTOMER = "M0000000"
MAX_CUSTOMERS = 9_999_999
"""Ids have seven digits."""

_MEMORY_LIMIT = "1200MB"
_LINKS = [
    "https://footwear.example/new",
    "https://footwear.example/sale",
    "https://footwear.example/running",
    "https://footwear.example/kids?back=school&size=3",
    "https://footwear.example/rewards",
    "https://footwear.example/birthday",
    "https://footwear.example/search?q=%22red%20shoes%22",
    "https://footwear.example/café",
    "https://footwear.example/stores/boston",
]

Progress = Callable[[str, float], None]
"""Told what is done next, and which share of the work (0 to 1) is behind."""


@dataclass(frozen=True)
class WorldSummary:
    """How many rows each table has."""

    customers: int
    events: int
    stores: int
    products: int
    suppressions: int
    activity: int
    orders: int
    support_cases: int
    customer_tags: int
    point_balances: int
    wallet: int
    subscriptions: int
    subscription_changes: int
    message_events: int
    campaign_decisions: int
    code_entries: int


def generate_world(
    database: Path,
    *,
    customers: int = DEFAULT_CUSTOMERS,
    events: int = DEFAULT_EVENTS,
    seed: int = DEFAULT_SEED,
    today: date = DEFAULT_TODAY,
    progress: Progress | None = None,
    threads: int | None = None,
) -> WorldSummary:
    """Write the sample world to the DuckDB file ``database``, all of it or nothing.

    A DuckDB database already there is replaced. The file appears under its name only when complete: until then it
    grows as a hidden ``.partial`` file beside it, which is removed on any failure or interruption, short of the process
    being killed.

    Args:
        database: the file; its folder is created.
        customers: number of customers, 200 to 9,999,999. The first 200 numbers are kept for the special ones.
        events: number of ordinary events, 0 or more. There are slightly more rows: one event in 200 is delivered
            twice, and :data:`ODDITIES` are added.
        seed: any whole number; changes all that is drawn, and nothing of the special members.
        today: the day the world is at. Its events begin 730 days earlier and end at noon UTC of this day.
        progress: told about each step as it begins, and at the end with 1.0.
        threads: number of threads; by default, one for each processor. Does not change the content.

    Raises:
        ValueError: a number is out of its range.
        EnvironmentProblem: the file cannot be written: no permission, no space, another process has it open, or there
            is something under that name that is no DuckDB database.
    """
    if not RESERVED <= customers <= MAX_CUSTOMERS:
        raise ValueError(f"customers must be from {RESERVED} to {MAX_CUSTOMERS:_}, not {customers}")
    if events < 0:
        raise ValueError(f"events must not be negative, not {events}")
    if not 1970 <= today.year <= 9000:
        raise ValueError(f"today must be in the years 1970 to 9000, not {today}")
    report = progress or _ignore
    config: dict[str, Any] = {"enable_external_access": False, "memory_limit": _MEMORY_LIMIT}
    if threads is not None:
        config["threads"] = threads
    with _writing(database) as partial, duckdb.connect(str(partial), config=config) as connection:
        summary = _fill(connection, customers, events, seed, today, report)
        report("Saving", 0.95)
        connection.execute("CHECKPOINT")
    report("Done", 1.0)
    return summary


def _ignore(step: str, done: float) -> None:
    """Nobody asked to be told."""


def _fill(
    connection: duckdb.DuckDBPyConnection, customers: int, events: int, seed: int, today: date, report: Progress
) -> WorldSummary:
    report("Opening shops", 0.0)
    connection.execute("SET TimeZone = 'UTC'")
    # The joins are written in the order to do them in, small tables on the right. Left to choose, DuckDB 2.0.0 builds a
    # hash table from the result of another join where few events meet many customers, and fails with an internal error
    # ("dict-surviving join", https://github.com/duckdb/duckdb/issues/24807).
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    for name, value in _settings(customers, events, seed, today).items():
        connection.execute(f"SET VARIABLE {name} = $value", {"value": value})
    connection.execute(_sql("schema"))
    _load(connection, "stores", [*STORES, *CINEMAS])
    _load(connection, "products", products())
    _load(
        connection,
        "places",
        [(number, *place[:-1], list(place.stores), *home_of(place)) for number, place in enumerate(PLACES)],
    )
    _load(connection, "names", _name_rows())
    _load(connection, "interest_sets", _interest_sets())
    columns = [field.name for field in fields(Member)]
    _load(
        connection,
        "special_members",
        [tuple(getattr(member, column) for column in columns) for member in special_members(today)],
    )
    _load(connection, "special_suppressions", special_suppressions(today))
    report("Enrolling customers", 0.02)
    connection.execute(_sql("members"))
    connection.execute(_sql("details"))
    connection.execute(_sql("suppressions"))
    report("Recording events", 0.25)
    connection.execute(_sql("events"))
    connection.execute(_sql("activity"))
    report("Filling profiles", 0.85)
    connection.execute(_sql("profile"))
    counts = {field.name: _count(connection, field.name) for field in fields(WorldSummary)}
    return WorldSummary(**counts)


def _settings(customers: int, events: int, seed: int, today: date) -> dict[str, Any]:
    """The variables that the SQL reads."""
    first_birth = date(today.year - 96, 1, 1)
    first_second = _epoch(today - timedelta(days=DAYS))
    last_second = _epoch(today) + 12 * 3600
    return {
        "seed": str(seed),
        "customers": customers,
        "events": events,
        "oddities": ODDITIES,
        "reserved": RESERVED,
        "today": today,
        "days": DAYS,
        "first_second": first_second,
        "last_second": last_second,
        "seconds": last_second - first_second,
        "first_birth": first_birth,
        "birth_days": (date(today.year - 5, 1, 1) - first_birth).days,
        "rank_step": _coprime_step(customers),
        "rank_start": seed % customers,
        "categories": list(CATEGORIES),
        "models": MODELS_PER_CATEGORY,
        "links": _LINKS,
        "first_of_cafe": len(CATEGORIES) * MODELS_PER_CATEGORY,
        "cafe": len(CAFE),
        **WORDS,
    }


def _coprime_step(count: int) -> int:
    """A step that visits all of ``count`` places before it returns, far apart from one to the next (golden ratio)."""
    return next(step for step in range(int(count * 0.618), count) if math.gcd(step, count) == 1)


def _epoch(day: date) -> int:
    """Midnight UTC as seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _name_rows() -> list[tuple[Any, ...]]:
    rows = [
        (pool, is_last, name.text, name.handle)
        for pool, listings in POOLS.items()
        for is_last, listing in zip((False, True), listings, strict=True)
        for name in names(listing)
    ]
    return [(number, *row) for number, row in enumerate(rows)]


def _interest_sets() -> list[tuple[int, list[str]]]:
    """Every set of interests, by the bits that stand for its members."""
    return [(bits, [word for n, word in enumerate(INTERESTS) if bits >> n & 1]) for bits in range(1 << len(INTERESTS))]


def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _load(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows column by column: one statement, not one for each row."""
    types = [row[1] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    values = ", ".join(f"unnest(CAST(? AS {type_}[]))" for type_ in types)
    connection.execute(f"INSERT INTO {table} SELECT {values}", [list(column) for column in zip(*rows, strict=True)])


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


# ------------------------------------------------------------------------------------------------ all or nothing


@contextmanager
def _writing(database: Path) -> Iterator[Path]:
    """A name to write to that becomes ``database`` if the block succeeds, and is removed if it does not."""
    # Where a link points to, so that the link stays and the file is put together on the same disk.
    target = Path(os.path.realpath(database))
    partial = target.with_name(f".{target.name}.{token_hex(4)}.partial")
    with _explained(database):
        target.parent.mkdir(parents=True, exist_ok=True)
        _refuse_unless_free(target)
    try:
        try:
            yield partial
        except (duckdb.OperationalError, duckdb.FatalException) as error:
            # What is the world's doing. Other errors of DuckDB would be ours, in the SQL, and should look like it.
            raise _problem(database, str(error)) from error
        except RuntimeError as error:
            if "interrupted" in str(error).lower():  # DuckDB's word for Ctrl-C during a query
                raise KeyboardInterrupt from error
            raise
        with _explained(database):
            # Asked again, for generating takes seconds: a process that has the old file open would go on with it.
            _refuse_unless_free(target)
            os.replace(partial, target)
    finally:
        for leftover in (partial, partial.with_name(partial.name + ".wal")):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


@contextmanager
def _explained(database: Path) -> Iterator[None]:
    """Say plainly what the operating system has against the files."""
    try:
        yield
    except OSError as error:
        raise _problem(database, error.strerror or str(error), error.errno) from error


def _refuse_unless_free(database: Path) -> None:
    """See that ``database`` may be replaced: it is absent, or a DuckDB database that nobody has open.

    DuckDB itself is asked, for only it knows its locks and formats. That also folds a left-over write-ahead log into
    the old file, which would otherwise be taken for the new one's.
    """
    if not database.exists():
        return
    if not database.is_file():
        raise EnvironmentProblem(f"`{database}` is not a file", help="name a file for the database")
    try:
        duckdb.connect(str(database)).close()
    except duckdb.Error as error:
        raise _problem(database, str(error)) from error


def _problem(database: Path, reason: str, number: int | None = None) -> EnvironmentProblem:
    """Say in one sentence why ``database`` cannot be written, from what the system or DuckDB said."""
    said = reason.lower()
    # First, because DuckDB's advice about locks mentions read-only mode.
    if "set lock" in said or "different configuration" in said:
        return EnvironmentProblem(
            f"`{database}` is open in another program", help="close the program that uses the database and repeat"
        )
    if number == errno.ENOSPC or "no space left" in said:
        return EnvironmentProblem(f"the disk is full: cannot write `{database}`", help="free some space and repeat")
    if number in (errno.EACCES, errno.EPERM, errno.EROFS) or "permission denied" in said:
        return EnvironmentProblem(f"no permission to write `{database}`", help="choose a folder that you may write to")
    if "not a valid duckdb" in said:
        return EnvironmentProblem(
            f"`{database}` is not a DuckDB database, so it is left alone", help="move it away, or name another file"
        )
    return EnvironmentProblem(f"cannot write `{database}`: {' '.join(reason.split())}")
