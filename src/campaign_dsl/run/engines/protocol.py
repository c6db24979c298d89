"""What an engine is: something that runs SQL it is handed and answers in Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

    from campaign_dsl.language.catalog.engines import EngineSettings
    from campaign_dsl.language.catalog.stored import Inventory

DECISION_COLUMNS = (
    "customer_id",  # text
    "occurrence",  # text: the occurrence key
    "occurrence_day",  # text, ISO date: the local calendar day of the occurrence
    "occurrence_time",  # text, HH:MM: its local time where the calendar says it, else null
    "occurred_at",  # timestamp: its instant where an event says it, else null
    "zone",  # text: the customer's zone, valid
    "segment",  # text or null
    "arm",  # text or null: her arm of the A/B test
    "language",  # text or null: the language messages are written in
    "lost",  # text or null: the first stage of eligibility this customer did not reach
    "steps",  # integer: bit n is set when step n applies
    "address",  # text or null: the message address, normalised (trimmed, lower case)
    "context",  # text: JSON object of what messages quote of her and of the triggering event; missing ones left out
    "computed",  # text or null: JSON object of what formulas give her, by the number of the step
)
"""Columns of the candidates an audience query yields, in order. All engines, all campaigns."""

TOTAL_COLUMNS = ("customers", "readable", "audience")
"""Columns of the totals row: how many customers there are, could be read, and match the audience."""


class Engine(Protocol):
    """Runs SQL it is handed. It builds none, and knows nothing of campaigns."""

    name: ClassVar[str]
    dialect: ClassVar[str]

    @classmethod
    def of(cls, settings: EngineSettings, root: Path) -> Self:
        """The engine that the settings of a target describe; paths are relative to ``root``, the workspace.

        Raises:
            EnvironmentProblem: it cannot be opened.
        """
        ...

    def read(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.RecordBatchReader:
        """Run one query and stream its rows.

        Args:
            relations: rows of our own that the query reads as tables of these names; nobody else sees them, and they
                are gone when the stream has been read. A name is in lower case, and no table of the database has it.

        Raises:
            DataProblem: the tables are not as the catalog says.
            EnvironmentProblem: the database is missing, locked, refused the query, ran out of something, or the query
                was cancelled.
        """
        ...

    def tables(self) -> Inventory:
        """The tables and views that can be asked, as the engine describes them: no row is read.

        Raises:
            EnvironmentProblem: as of `read`.
        """
        ...

    def close(self) -> None: ...
