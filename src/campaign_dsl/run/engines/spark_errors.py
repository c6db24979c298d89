"""What Spark says went wrong, as what it means here: the cause, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from campaign_dsl.run.problems import DataProblem, EnvironmentProblem, tables_differ, unreadable

_CONDITION = re.compile(r"\[([A-Z][A-Z0-9_.]+)\]\s*(.*)", re.DOTALL)
_END = re.compile(r"\s*(?:SQLSTATE: \w+.*|;\s*line \d+.*|== SQL.*)\Z", re.DOTALL)
_UNREADABLE = (
    "CAST_INVALID_INPUT", "CAST_OVERFLOW", "NUMERIC_VALUE_OUT_OF_RANGE", "NUMERIC_OUT_OF_SUPPORTED_RANGE",
    "CANNOT_PARSE_TIMESTAMP", "INVALID_TIMEZONE", "ARITHMETIC_OVERFLOW", "INCONSISTENT_BEHAVIOR_CROSS_VERSION",
)  # fmt: skip
_FILES = ("FAILED_READ_FILE", "PATH_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA", "FILE_NOT_EXIST")
_MEMORY = ("OutOfMemoryError", "UNABLE_TO_ACQUIRE_MEMORY", "GC overhead limit")
_ENDED = ("SparkContext was shut down", "Cannot call methods on a stopped SparkContext", "SparkPlan.session()")
_LOST = ("ExecutorLostFailure", "Master removed our application", "StackOverflowError")


@contextmanager
def explained() -> Iterator[None]:
    """Problems instead of Spark's exceptions."""
    from py4j.protocol import Py4JError, Py4JNetworkError
    from pyspark.errors import PySparkException

    try:
        yield
    except Py4JNetworkError as error:
        raise _ended() from error
    except (PySparkException, Py4JError) as error:
        try:
            found = _problem(error)
        except (Py4JError, OSError):  # what it says is asked of Java, which is not there any more
            found = _ended()
        raise found from error
    except (ConnectionError, EOFError) as error:
        raise _ended() from error


def _ended() -> EnvironmentProblem:
    return EnvironmentProblem(
        "the query failed: Spark's Java process has ended",
        help="perhaps the machine ran out of memory: give it less with `spark.driver.memory`, or more machine",
        code="ENV004",
    )


def _problem(error: Exception) -> EnvironmentProblem:
    from pyspark.errors import AnalysisException, ParseException

    texts = list(_texts(error))
    whole = "\n".join(texts)
    condition, said = _said(texts)
    if any(each in whole for each in _MEMORY):
        return EnvironmentProblem(
            "the query failed: Spark ran out of memory",
            help="give it more with `spark.driver.memory` (this machine) or `spark.executor.memory` (a cluster) under"
            " `engine: settings:` in workspace.yaml",
            code="ENV004",
        )
    if any(each in whole for each in _ENDED):
        return _ended()
    if condition.startswith(_FILES) or "FileNotFoundException" in whole:
        return DataProblem(
            f"the files of the lake are not as the catalog says: {said}",
            help="compare catalog.yaml with the files; or they were replaced during the query: then run it again",
            code="DAT002",
        )
    if condition.startswith(_UNREADABLE):
        return unreadable(said)
    if isinstance(error, AnalysisException) and not isinstance(error, ParseException):
        return tables_differ(said)
    if "cancel" in said.lower():
        return EnvironmentProblem("the query was cancelled", help="run it again", code="ENV004")
    lost = next((each for each in _LOST if each in whole), None)
    help = "look at the logs of the cluster's workers, then run it again" if lost else None
    return EnvironmentProblem(f"the query failed: {said}", help=help, code="ENV004")


def _texts(error: Exception) -> Iterator[str]:
    """What an exception says, and what caused it says, inside Java, too."""
    yield str(error)
    java = getattr(error, "java_exception", None) or getattr(error, "_origin", None)
    for _ in range(20):
        if java is None:
            return
        yield str(java.toString())
        java = java.getCause()


def _said(texts: list[str]) -> tuple[str, str]:
    """The condition that Spark names, and one line about it."""
    for text in reversed(texts):
        found = _CONDITION.search(text)
        if found is not None and not found[1].startswith(("INTERNAL_ERROR", "PYTHON")):
            return found[1], _line(found[2])
    return "", _line(texts[-1])


def first_line(error: Exception) -> str:
    """One line about what went wrong."""
    return _said(list(_texts(error)))[1]


def _line(text: str) -> str:
    text = _END.sub("", text.strip())
    first: Any = text.split("\n", 1)[0]
    found = re.sub(r"^(?:[\w$]+\.)+[\w$]+: ", "", str(first))
    return found.rstrip(" .") or "no reason given"
