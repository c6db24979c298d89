"""What tests of ClickHouse expect of problems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pytest

from campaign_dsl.run.engines.clickhouse import ClickHouseEngine
from campaign_dsl.run.problems import EnvironmentProblem


@contextmanager
def problem(code: str, *words: str) -> Iterator[None]:
    """A problem of this code, in one line with these words, that says nothing of the driver or Python."""
    with pytest.raises(EnvironmentProblem) as raised:
        yield
    said = f"{raised.value.message} | {raised.value.help or ''}"
    assert raised.value.code == code, said
    assert [word for word in words if word not in said] == [], said
    assert [each for each in ("\n", "DB::", "Traceback", "HTTPDriver", "s3cret", "seven") if each in said] == [], said


LONG = "SELECT COUNT(*) FROM numbers(100000000000) AS a WHERE cityHash64(number) = 1"
"""A query that takes hours."""


UNSTOPPABLE = "SELECT editDistance(repeat('ab', 30000 + number), repeat('ba', 30000)) AS n FROM numbers(32)"
"""A minute or two in one block, from which ClickHouse does not look up."""


def read(engine: ClickHouseEngine, query: str, **relations: pa.Table) -> list[dict[str, object]]:
    found: list[dict[str, object]] = engine.read(query, relations).read_all().to_pylist()
    return found


TABLES = (
    "CREATE TABLE customers (id String, points Nullable(Int32), number String, born Nullable(String)) "
    "ENGINE = MergeTree ORDER BY id",
    "INSERT INTO customers VALUES ('a', 1, '7', '2000-02-29'), ('b', NULL, 'seven', 'unknown')",
)
