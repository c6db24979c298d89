"""From keys to rows: many of them, spread out, alike, unknown, twice."""

from __future__ import annotations

import uuid
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from campaign_dsl.run.together import bitmaps
from campaign_dsl.run.together.fingerprints import fingerprints
from campaign_dsl.run.together.keys import NOWHERE, Keys
from campaign_dsl.run.together.repeats import Noticed
from campaign_dsl.run.together.unable import Unable

RANDOM = Random(7)
SPREAD = [RANDOM.randrange(-(2**63), 2**63) for _ in range(20_000)]
UUIDS = [str(uuid.UUID(int=RANDOM.getrandbits(128))) for _ in range(20_000)]
UNEVEN = ["x" * (number % 70) + str(number) for number in range(20_000)]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (list(range(1000, 21_000)), pa.int64()),
        (list(range(-10_000, 10_000)), pa.int32()),
        (SPREAD, pa.int64()),
        ([each + 2**63 for each in SPREAD], pa.uint64()),
        (UUIDS, pa.string()),
        (UUIDS, pa.large_string()),
        (UNEVEN, pa.string()),
        (UNEVEN, pa.string_view()),
    ],
)
def test_every_key_has_its_row(values: list[Any], kind: pa.DataType) -> None:
    keys = Keys(pa.array(values, kind))
    places = list(range(len(values)))
    RANDOM.shuffle(places)
    assert keys.rows(pa.array([values[place] for place in places], kind)).tolist() == places
    # A slice begins somewhere inside of its buffers.
    assert keys.rows(pa.array(values, kind)[17:1234]).tolist() == list(range(17, 1234))
    assert not len(keys.doubled[0])


@pytest.mark.parametrize(("known", "others"), [(UUIDS, UNEVEN), (UNEVEN, UUIDS), (["", "a"], ["b", "a\0", " "])])
def test_others_have_none(known: list[str], others: list[str]) -> None:
    assert set(Keys(pa.array(known)).rows(pa.array(others)).tolist()) == {NOWHERE}


def test_integers_beyond_the_table_have_none() -> None:
    keys = Keys(pa.array([5, 6, 8]))
    assert keys.rows(pa.array([4, 5, 7, 8, 9, 2**40, -(2**40)])).tolist() == [-1, 0, -1, 2, -1, -1, -1]


def test_one_row_stands_for_a_customer_with_two() -> None:
    for keys in (Keys(pa.array([1, 2, 1, 3, 1])), Keys(pa.array(["a", "b", "a", "c", "a"]))):
        others, first = keys.doubled
        assert len(others) == 2
        assert len(set(first.tolist())) == 1
        assert {*others.tolist(), *first.tolist()} == {0, 2, 4}


@pytest.mark.parametrize("kind", [pa.float64(), pa.date32(), pa.decimal128(10, 0), pa.binary(4)])
def test_other_kinds_of_keys_are_refused(kind: pa.DataType) -> None:
    with pytest.raises(Unable):
        Keys(pa.array([], kind))


def test_keys_of_two_kinds_are_not_compared() -> None:
    with pytest.raises(Unable):
        Keys(pa.array(["1"])).rows(pa.array([1]))
    with pytest.raises(Unable):
        Keys(pa.array([1])).rows(pa.array([1], pa.uint64()))


def test_texts_that_differ_anywhere_have_other_fingerprints() -> None:
    texts = ["", "\0", "\0\0", "a", "a\0", *("b" * length for length in range(1, 40)), *UUIDS, *UNEVEN]
    assert len(set(fingerprints(pa.array(texts)).tolist())) == len(set(texts))


@pytest.mark.parametrize(("values", "kind"), [(list(range(30_000)), pa.int64()), (UUIDS, pa.string())])
def test_ids_that_come_twice_are_noticed(values: list[Any], kind: pa.DataType) -> None:
    noticed = Noticed(len(values))
    for first in range(0, len(values), 1000):
        noticed.take(pa.array(values[first : first + 1000], kind))
    clean = noticed.ids()
    assert clean is None or clean.num_rows < len(values) // 20
    noticed.take(pa.array([values[3], values[-1], values[-1]], kind))
    table = noticed.ids()
    assert table is not None
    assert {values[3], values[-1]} <= set(table.column("id").to_pylist())


def test_consecutive_integers_are_never_taken_for_each_other() -> None:
    noticed = Noticed(200_000)
    noticed.take(pa.array(np.arange(10**9, 10**9 + 200_000)))
    assert noticed.ids() is None


def test_rows_get_the_answers_of_others() -> None:
    bits = bitmaps.of_places(np.array([1, 9]), 12)
    bitmaps.copied(bits, np.array([0, 8, 9, 11]), np.array([1, 1, 2, 9]))
    assert bitmaps.places(bits).tolist() == [0, 1, 8, 11]
