"""The ledger in PostgreSQL: servers, users and disks as they should not be, and what two do at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from postgres_server import Server, server
from stores import postgres
from worlds import (
    AS_OF,
    RUN_DAY,
    STEPS,
    budget,
    candidate,
    crowd,
    dump,
    execute,
    in_staging,
    plan,
    reader,
    run,
    sql,
    totals,
)

from campaign_dsl.run.ledger import Ledger, PostgresPlace, Suppressions, preview_run
from campaign_dsl.run.ledger.store import SCHEMA_VERSION
from campaign_dsl.run.problems import DataProblem, EnvironmentProblem

NUMBERS = iter(range(1, 10_000))


@pytest.fixture
def place() -> PostgresPlace:
    """A schema that nobody has used."""
    return postgres(f"new_{next(NUMBERS)}")


@pytest.fixture
def ledger(place: PostgresPlace) -> Iterator[Ledger]:
    with Ledger.open(place) as opened:
        yield opened


def problem(place: PostgresPlace, **options: Any) -> EnvironmentProblem:
    with pytest.raises(EnvironmentProblem) as caught:
        Ledger.open(place, **options)
    return caught.value


def asked(place: PostgresPlace, *statements: str) -> None:
    with server().connect(place.database) as connection:
        for each in statements:
            connection.execute(each.encode())


# ------------------------------------------------------------------------------------------------- opening it


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"host": "/nowhere"}, "LED014", "is its socket in the folder"),
        ({"host": "127.0.0.1", "port": 1}, "LED014", "is the server running"),
        ({"host": "no.such.host.invalid"}, "LED014", "check `ledger: host:`"),
        ({"database": "no_such"}, "LED014", "check `ledger: database:`"),
        ({"user": "nobody_here"}, "LED014", "check `ledger: user:`"),
        ({"sslmode": "require", "host": "127.0.0.1", "port": 1}, "LED014", "is the server running"),
    ],
    ids=str,
)
def test_a_server_that_cannot_be_reached(place: PostgresPlace, change: dict[str, Any], code: str, said: str) -> None:
    found = problem(replace(place, password="hunter2-is-secret", **change))
    assert found.code == code
    assert said in (found.help or "")
    assert "hunter2" not in f"{found.message} {found.help}"


@pytest.mark.parametrize("password", [None, "wrong-and-secret"])
def test_a_wrong_password_is_refused_and_not_shown(place: PostgresPlace, password: str | None) -> None:
    Ledger.open(place).close()
    with server().guarded(place.database, "keeper", "right"):
        found = problem(replace(place, user="keeper", password=password))
        assert found.code == "LED014"
        assert "password" in (found.help or "")
        assert "secret" not in f"{found.message} {found.help}"
        assert "secret" not in repr(replace(place, password=password))
        assert problem(replace(place, user="keeper", password="right"), create=False).code == "LED005"


def test_a_missing_ledger_is_made_only_when_asked(place: PostgresPlace) -> None:
    assert problem(place, create=False).code == "LED001"
    Ledger.open(place).close()
    Ledger.open(place, create=False).close()


def test_an_empty_schema_is_taken(place: PostgresPlace) -> None:
    asked(place, f"CREATE SCHEMA {place.schema}")
    assert problem(place, create=False).code == "LED001"
    Ledger.open(place).close()


@pytest.mark.parametrize("table", ["meta (key text, value text)", "customers (id int)"])
def test_tables_of_something_else_are_not_touched(place: PostgresPlace, table: str) -> None:
    asked(place, f"CREATE SCHEMA {place.schema}", f"CREATE TABLE {place.schema}.{table}")
    assert problem(place).code == "LED002"
    with server().connect(place.database) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'", (place.schema,)
        )
        assert found.fetchone() == (1,)


@pytest.mark.parametrize(("version", "code"), [(SCHEMA_VERSION + 1, "LED003"), (SCHEMA_VERSION - 1, "LED013")])
def test_another_version_is_refused(place: PostgresPlace, version: int, code: str) -> None:
    with Ledger.open(place) as ledger:
        execute(ledger, "UPDATE meta SET value = ? WHERE key = 'schema_version'", (str(version),))
    assert problem(place).code == code


def test_many_create_it_at_once(place: PostgresPlace) -> None:
    with ThreadPoolExecutor(4) as threads:
        for each in threads.map(lambda _: Ledger.open(place), range(4)):
            each.close()


def test_who_may_only_read_can_report_and_preview(ledger: Ledger, place: PostgresPlace) -> None:
    from campaign_dsl.run.report import report

    run(ledger, crowd(3))
    reading = replace(place, user="reader_of_it")
    asked(
        place,
        "CREATE ROLE reader_of_it LOGIN",
        f"GRANT USAGE ON SCHEMA {place.schema} TO reader_of_it",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {place.schema} TO reader_of_it",
    )
    before = dump(place)
    with Ledger.open(reading, create=False) as opened:
        assert report(opened)["campaigns"][0]["decisions"] == 3
        with pytest.raises(EnvironmentProblem) as caught:
            run(opened, crowd(4), as_of=AS_OF + timedelta(hours=1))
        assert caught.value.code == "LED005"
    shown = preview_run(
        reading, plan(title="x"), as_of=AS_OF, run_day=RUN_DAY, totals=totals([]), candidates=reader(crowd(5))
    )
    assert shown.funnel["decided"] == 2
    assert dump(place) == before
    asked(place, "DROP OWNED BY reader_of_it", "DROP ROLE reader_of_it")


def test_a_read_only_database_is_a_problem(ledger: Ledger) -> None:
    execute(ledger, "SET default_transaction_read_only = on")
    with pytest.raises(EnvironmentProblem) as caught:
        run(ledger, crowd(3))
    assert caught.value.code == "LED010"


def test_a_statement_timeout_is_a_problem(ledger: Ledger) -> None:
    execute(ledger, "SET statement_timeout = '1ms'")
    with pytest.raises(EnvironmentProblem) as caught:
        run(ledger, crowd(2_000))
    assert caught.value.code == "LED016"
    execute(ledger, "SET statement_timeout = 0")
    assert run(ledger, crowd(5)).funnel["decided"] == 5


# ------------------------------------------------------------------------------------------------- promises


def test_settings_that_promises_depend_on(ledger: Ledger) -> None:
    names = ("synchronous_commit", "search_path", "transaction_isolation", "TimeZone")
    found = [sql(ledger, f"SHOW {name}")[0][0] for name in names]
    assert found == ["on", f'"{ledger.place.schema}", pg_temp', "read committed", "UTC"]


def test_no_table_that_only_grows_can_be_emptied(ledger: Ledger) -> None:
    from campaign_dsl.run.ledger.store import ConstraintError

    run(ledger, crowd(3))
    for table in (
        "run",
        "plan",
        "step",
        "decision",
        "effect",
        "point_transfer",
        "wallet_offer",
        "tag_change",
        "message",
    ):
        with pytest.raises(ConstraintError):
            execute(ledger, f"TRUNCATE {table} CASCADE")


def test_every_identity_goes_on_without_gaps(ledger: Ledger) -> None:
    from campaign_dsl.run.ledger.statements import statements_of

    identities = sql(
        ledger,
        """SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = ?::regnamespace AND a.attidentity <> '' AND c.relname <> 'package'""",
        ledger.place.schema,
    )
    assert len(identities) == 7
    text = statements_of("postgres")["go_on_with_ids"].sql
    assert all(f"'{table}', '{column}'" in text for table, column in identities)
    run(ledger, crowd(3))
    with pytest.raises(DataProblem):
        run(ledger, [*crowd(5), candidate("X", lost="tired")], as_of=AS_OF + timedelta(hours=1))
    run(ledger, crowd(6), as_of=AS_OF + timedelta(hours=1))
    assert [n for (n,) in sql(ledger, "SELECT decision_id FROM decision ORDER BY 1")] == list(range(1, 10))
    assert sql(ledger, "SELECT max(run_id) FROM run") == [(2,)]


@pytest.mark.parametrize("key", ["", "message gift points/a 2 C1 2026", "ü✓ 日本", "x" * 3_000])
def test_both_stores_hash_keys_alike(ledger: Ledger, tmp_path: Path, key: str) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as other:
        assert sql(ledger, "SELECT key_hash(?)", key) == sql(other, "SELECT key_hash(?)", key)


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        ("?*@?*", "a@b", True), ("?*@?*", "@b", False), ("*@*@*", "a@b@c", True), ("*[ \t\n]*", "a\tb", True),
        ("*[ \t\n]*", "ab", False), ("[0-9]-?", "7-x", True), ("[0-9]-?", "77-x", False), ("a.b", "axb", False),
        ("a+(b)", "a+(b)", True), ("*", "", True), ("*x*", "line\nx\nline", True),
    ],
)  # fmt: skip
def test_patterns_mean_what_they_mean_in_sqlite(ledger: Ledger, pattern: str, value: str, fits: bool) -> None:
    import sqlite3

    assert sql(ledger, "SELECT glob(?, ?)", pattern, value) == [(fits,)]
    assert sqlite3.connect(":memory:").execute("SELECT glob(?, ?)", (pattern, value)).fetchone() == (int(fits),)


def test_a_text_that_postgres_cannot_keep(ledger: Ledger) -> None:
    with pytest.raises(DataProblem, match="cannot be kept"):
        run(ledger, [candidate("A", segment="a\x00b")])
    assert in_staging(ledger) == []
    assert sql(ledger, "SELECT count(*) FROM run") == [(0,)]


@pytest.mark.parametrize("name", ["\\u0000", "\\ud800"])
@pytest.mark.parametrize("column", ["context", "computed"])
def test_json_that_cannot_be_read_again_is_refused_before_anything_is_frozen(
    ledger: Ledger, column: str, name: str
) -> None:
    """A decision with it could never be finished, and would stop the campaign for ever."""
    bad = candidate("A", **{column: f'{{"first_name": "a{name}b"}}'})
    with pytest.raises(DataProblem, match="`A`") as problem:
        run(ledger, [bad, candidate("B")])
    assert problem.value.code == "DAT012"
    assert sql(ledger, "SELECT count(*) FROM run") == [(0,)]
    assert run(ledger, [candidate("B")]).funnel["behavior"] == 1


# ------------------------------------------------------------------------------------------------- at once


def at_once(place: PostgresPlace, count: int, work: Callable[[Ledger, int], Any]) -> list[Any]:
    """What several do at the same moment, each with a connection of its own."""
    ready = threading.Barrier(count)

    def each(number: int) -> Any:
        with Ledger.open(place) as ledger:
            ready.wait()
            return work(ledger, number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(each, range(count)))


def test_the_same_run_at_once_gives_once(ledger: Ledger, place: PostgresPlace) -> None:
    results = at_once(place, 4, lambda each, _: run(each, crowd(200)))
    assert sum(result.funnel["decided"] for result in results) == 200
    assert sql(ledger, "SELECT count(*) FROM effect") == [(4 * 200,)]
    assert in_staging(ledger) == []


def test_runs_at_once_never_exceed_a_budget(ledger: Ledger, place: PostgresPlace) -> None:
    limited = plan(budgets=[budget("points", 100_000), budget("offers", 333)], limits=[])

    def give(each: Ledger, number: int) -> Any:
        rows = [candidate(f"W{number}-{n:04}") for n in range(120)]
        return run(each, rows, limited, AS_OF + timedelta(hours=number))

    results = at_once(place, 4, give)
    decided = [sum(part.funnel["decided"] for part in (result, *result.finished_first)) for result in results]
    assert sum(decided) >= 200
    assert dict(sql(ledger, "SELECT unit, used FROM budget WHERE ceiling IS NOT NULL")) == {
        "points": 100_000,
        "offers": 200,
    }
    assert sql(ledger, "SELECT count(*), count(DISTINCT effect_id), max(effect_id) FROM effect") == [(800, 800, 800)]


def test_campaigns_at_once(ledger: Ledger, place: PostgresPlace) -> None:
    steps = [step | {"number": number} for number, step in enumerate(STEPS[1:])]
    at_once(place, 3, lambda each, n: run(each, crowd(100), plan(campaign=f"c{n}", steps=steps)))
    assert sql(ledger, "SELECT count(*) FROM run WHERE state = 'done'") == [(3,)]
    assert sql(ledger, "SELECT max(decision_id) FROM decision") == [(300,)]


def test_lists_are_brought_up_to_date_at_once(ledger: Ledger, place: PostgresPlace) -> None:
    from campaign_dsl.run.ledger.result import silent
    from campaign_dsl.run.ledger.suppression import sync_suppressed

    def sync(each: Ledger, number: int) -> None:
        addresses = [f"{n}@example.com" for n in range(500)]
        sync_suppressed(
            each, Suppressions.of({"a": addresses if number % 2 else addresses[::-1], "b": addresses}), silent
        )

    at_once(place, 4, sync)
    assert sql(ledger, "SELECT list, count(*) FROM suppressed GROUP BY list ORDER BY list") == [("a", 500), ("b", 500)]


def test_a_run_waits_for_another_one_only_so_long(place: PostgresPlace) -> None:
    with Ledger.open(place) as other, Ledger.open(place, busy_timeout=0.05) as ledger:
        with other.writing(), pytest.raises(EnvironmentProblem) as caught:
            run(ledger, crowd(3))
        assert caught.value.code == "LED007"
        assert run(ledger, crowd(3)).funnel["decided"] == 3


def test_nobody_waits_for_a_preview(ledger: Ledger, place: PostgresPlace) -> None:
    """Not even while it asks its engine: by then it has read what it needs, and holds nothing."""
    run(ledger, crowd(3))

    def slowly() -> pa.RecordBatchReader:
        with Ledger.open(place, busy_timeout=0.05) as other:
            run(other, crowd(5), as_of=AS_OF + timedelta(hours=1))
        return reader(crowd(9))()

    shown = preview_run(
        place, plan(title="x"), as_of=AS_OF, run_day=RUN_DAY, totals=totals(crowd(9)), candidates=slowly
    )
    # The run that came in between is left out with all it decided.
    assert shown.funnel["decided"] == 6


# ------------------------------------------------------------------------------------------------- what is left


def test_what_killed_sessions_left_is_removed_and_nothing_else(ledger: Ledger, place: PostgresPlace) -> None:
    staging = f"{place.schema}_staging"
    asked(place, f"CREATE UNLOGGED TABLE {staging}.candidates_0000002a (a text)")
    with server().connect(place.database) as living:
        living.execute("SELECT pg_advisory_lock(%s, %s)", (0x43444C53, 0x2B))
        asked(place, f"CREATE UNLOGGED TABLE {staging}.candidates_0000002b (a text)")
        run(ledger, crowd(2))
        assert in_staging(ledger) == ["candidates_0000002b"]
    run(ledger, crowd(3), as_of=AS_OF + timedelta(hours=1))
    assert in_staging(ledger) == []


# ------------------------------------------------------------------------------------------------- a server that goes


@pytest.fixture(scope="module")
def mortal() -> Iterator[Server]:
    """A server of its own, because it is stopped."""
    made = Server()
    made.database("ledgers")
    yield made
    made.end()


@pytest.mark.parametrize("name", ["add_run", "freeze", "run_is_decided", "add_effects", "add_messages", "run_is_done"])
def test_a_server_that_is_killed_in_the_middle_loses_nothing(mortal: Server, name: str) -> None:
    """At once, as a power cut does it: what was committed is there, and nothing of what was not."""
    there = PostgresPlace(str(mortal.host), "ledgers", mortal.port, "postgres", schema=f"killed_{name}")
    with Ledger.open(there) as ledger:
        ask = ledger.run

        def kill(statement: str, values: Any) -> Any:
            if statement == name:
                mortal.stop("immediate")
            return ask(statement, values)

        ledger.run = kill  # type: ignore[method-assign]
        with pytest.raises(EnvironmentProblem) as caught:
            run(ledger, crowd(50))
    assert caught.value.code == "LED015"
    assert "run the same command again" in (caught.value.help or "")
    assert problem(there).code == "LED014"
    mortal.start()
    with Ledger.open(there) as ledger:
        states = sql(ledger, "SELECT state FROM run")
        frozen = name in ("add_effects", "add_messages", "run_is_done")
        assert states == ([("decided",)] if frozen else [])
        assert sql(ledger, "SELECT count(*) FROM effect") == [(0,)]
        result = run(ledger, crowd(50))
        assert (result.funnel["decided"], result.resumed) == (50, frozen)
        assert in_staging(ledger) == []
        content = dump(ledger)
    whole = replace(there, schema=f"whole_{name}")
    with Ledger.open(whole) as ledger:
        run(ledger, crowd(50))
        assert dump(ledger) == content


def test_a_run_whose_commit_nobody_saw_is_not_done_again(mortal: Server) -> None:
    """The connection breaks right after the server has committed: the next run finds out by what is there."""
    there = PostgresPlace(str(mortal.host), "ledgers", mortal.port, "postgres", schema="unseen")
    with Ledger.open(there) as ledger:
        ask = ledger.connection.execute

        def vanish(statement: Any, *values: Any) -> Any:
            answer = ask(statement, *values)
            if statement == "COMMIT" and ask("SELECT state FROM run").fetchall() == [("done",)]:
                ledger.close()
                return ask(statement)
            return answer

        ledger.connection.execute = vanish
        with pytest.raises(EnvironmentProblem) as caught:
            run(ledger, crowd(7))
    assert caught.value.code == "LED015"
    with Ledger.open(there) as ledger:
        content = dump(ledger)
        assert len(content["effect"]) == 28
        assert run(ledger, crowd(7)).already_done
        assert dump(ledger) == content
