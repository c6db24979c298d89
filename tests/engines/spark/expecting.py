"""Ways to ask, and to expect problems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pytest

from campaign_dsl.run.engines.spark import SparkEngine
from campaign_dsl.run.problems import EnvironmentProblem


@contextmanager
def problem(code: str, *words: str) -> Iterator[None]:
    """A problem of this code, in one line with these words, that says nothing of Java or Python."""
    with pytest.raises(EnvironmentProblem) as raised:
        yield
    said = f"{raised.value.message} | {raised.value.help or ''}"
    assert raised.value.code == code, said
    assert [word for word in words if word not in said] == [], said
    assert [each for each in ("\n", "SQLSTATE", "Traceback", "py4j", "java.") if each in said] == [], said


LONG = "SELECT COUNT(*) FROM RANGE(100000000) AS a JOIN RANGE(100000) AS b ON a.id % 7 <> b.id % 5"
"""A query that takes hours."""


def read(engine: SparkEngine, query: str) -> pa.Table:
    return engine.read(query).read_all()
