"""Runs a campaign's query once and splits its answer: the totals, and the stream of candidates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from campaign_dsl.run.engines.protocol import DECISION_COLUMNS, TOTAL_COLUMNS, Engine
from campaign_dsl.run.problems import DataProblem

if TYPE_CHECKING:
    import pyarrow as pa


class Answer:
    """The answer of one query, asked when it is first needed.

    Args:
        query: gives SQL that yields the totals on every row beside the candidate, or NULLs where nobody is due; and
            relations that it reads.
    """

    def __init__(self, engine: Engine, query: Callable[[], tuple[str, Mapping[str, pa.Table] | None]]) -> None:
        self._engine = engine
        self._query = query
        self._totals: dict[str, int] | None = None
        self._batches: Iterator[pa.RecordBatch] = iter(())
        self._schema: pa.Schema | None = None

    def totals(self) -> Mapping[str, int]:
        """Customers, readable ones, and those in the audience.

        Raises:
            DataProblem, EnvironmentProblem: as the engine.
        """
        if self._totals is None:
            self._ask()
        assert self._totals is not None
        return self._totals

    def candidates(self) -> pa.RecordBatchReader:
        """The candidates, columns `DECISION_COLUMNS`. A stream: it can be read once."""
        import pyarrow as pa

        self.totals()
        return pa.RecordBatchReader.from_batches(self._schema, self._batches)

    def _ask(self) -> None:
        import pyarrow as pa

        query, relations = self._query()
        reader = self._engine.read(query, relations) if relations else self._engine.read(query)
        names = reader.schema.names
        self._schema = pa.schema([reader.schema.field(names.index(name)) for name in DECISION_COLUMNS])
        batches = (batch for batch in reader if batch.num_rows)
        first = next(batches, None)
        if first is None:
            raise DataProblem("the audience query gave no totals")
        self._totals = {name: int(first.column(names.index(name))[0].as_py()) for name in TOTAL_COLUMNS}
        self._batches = self._rows(first, batches)

    def _rows(self, first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow.compute as pc

        def kept(batch: pa.RecordBatch) -> pa.RecordBatch:
            chosen = batch.select(list(DECISION_COLUMNS))
            return chosen.filter(pc.is_valid(chosen.column(0)))

        yield kept(first)
        for batch in rest:
            yield kept(batch)
