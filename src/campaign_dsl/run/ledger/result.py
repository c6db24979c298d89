"""What a run answers, and what it is given: plain values, no database in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[str, int, "int | None"], None]
"""Called as ``progress(stage, done, total)``; ``total`` is None while it is not known."""

Candidates = Callable[[], "pa.RecordBatchReader"]
"""Runs the audience query and streams its rows, columns `DECISION_COLUMNS`. Called only when a run evaluates."""

Totals = Mapping[str, int] | Callable[[], Mapping[str, int]]
"""The totals row (`TOTAL_COLUMNS`), or what computes it. Any other key counts rows set aside for that reason."""

MAX_ITEMS: Mapping[str, int] = {"braze": 50, "webhook": 1}
"""Messages one request may carry, by kind of provider. A provider not named in the map gets 1."""


def silent(stage: str, done: int, total: int | None) -> None:
    """The progress of someone who does not look."""


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The present content of suppression lists, in full.

    Args:
        lists: the lists this is about; what the ledger knew of them is replaced, an empty list included.
        read: streams rows with the text columns ``list`` and ``address``; addresses normalised exactly as the
            audience query normalises the addresses of candidates.
    """

    lists: tuple[str, ...]
    read: Callable[[], pa.RecordBatchReader]

    @classmethod
    def of(cls, addresses: Mapping[str, Sequence[str]]) -> Suppressions:
        """Small lists held in memory, as in tests and in workspaces that keep them in a file."""

        def read() -> pa.RecordBatchReader:
            import pyarrow as pa

            rows = [(name, address) for name, held in addresses.items() for address in held]
            columns = {"list": [name for name, _ in rows], "address": [address for _, address in rows]}
            schema = pa.schema([("list", pa.string()), ("address", pa.string())])
            return pa.table(columns, schema=schema).to_reader()

        return cls(tuple(addresses), read)


@dataclass(frozen=True, slots=True)
class Given:
    """What one kind of outcome amounts to. ``sum`` is points for points, and equal to ``count`` for the others."""

    count: int
    sum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a run did, or what a preview says it would do.

    Attributes:
        as_of: the instant everything was evaluated at, UTC.
        run_day: the calendar day of the run in the campaign's zone.
        funnel: how many remain at each stage of `FUNNEL`, in that order; what a stage lost is the difference.
            ``decided`` counts the new decisions of this call, so it is 0 when ``already_done``.
        outcomes: by kind of outcome (points, offer, tag, message), what this call gave.
        messages: by name of the message, how many were put into the outbox.
        set_aside: why customers could not be read, and how many; the sum is ``customers`` minus ``readable``.
        already_done: this campaign, instant and plan had run to its end before; nothing was evaluated.
        resumed: this run had been interrupted after its decisions were frozen, and was finished from them.
        finished_first: interrupted runs of the same campaign (other instant or plan) that were finished on the way.
        samples: documents of the first messages, in the order of the outbox.
    """

    campaign: str
    as_of: datetime
    run_day: date
    digest: str
    funnel: dict[str, int]
    outcomes: dict[str, Given] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)
    set_aside: dict[str, int] = field(default_factory=dict)
    already_done: bool = False
    resumed: bool = False
    finished_first: tuple[RunResult, ...] = ()
    samples: tuple[dict[str, Any], ...] = ()
