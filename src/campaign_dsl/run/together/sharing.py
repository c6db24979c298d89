"""The audiences of campaigns that run together: found when the first of them is needed, handed out one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from campaign_dsl.compile.sql.campaign import MEMBERS, PART
from campaign_dsl.compile.together.atoms import Asked
from campaign_dsl.compile.together.planner import Forced, Together
from campaign_dsl.compile.together.queries import CUSTOMER_ID
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.run.together.evaluate import Members, Question, members, plan_together

if TYPE_CHECKING:
    from campaign_dsl.run.engines.protocol import Engine


@dataclass(frozen=True, slots=True)
class Known:
    """What was found of the customers of one campaign, each a column of keys.

    Attributes:
        parts: by exclusion or segment, those of the audience for whom it holds.
    """

    members: pa.Table
    parts: Mapping[nodes.Predicate, pa.Table]

    @property
    def names(self) -> dict[nodes.Predicate, str]:
        """The relations that a query reads these from."""
        return {each: f"{PART}{number}" for number, each in enumerate(self.parts, 1)}

    @property
    def relations(self) -> dict[str, pa.Table]:
        """All that a query reads."""
        return {MEMBERS: self.members} | {name: self.parts[each] for each, name in self.names.items()}


class Sharing:
    """Audiences of campaigns at one T, and what of them is excluded and in which segments they are.

    They have to be asked for in the order of the campaigns.
    """

    def __init__(
        self,
        engine: Engine,
        catalog: Catalog,
        as_of: datetime,
        campaigns: Sequence[ir.Campaign],
        forced: Forced | None = None,
    ) -> None:
        self.question = Question(engine, catalog, as_of)
        self._campaigns = campaigns
        self._forced = forced

    @cached_property
    def plan(self) -> Together:
        """How they are found."""
        asked = [each for campaign in self._campaigns for each in (Asked.of(campaign), *Asked.parts(campaign).values())]
        return plan_together(self.question, asked, self._forced, weigh=True)

    @cached_property
    def _found(self) -> Iterator[Members]:
        return members(self.question, self.plan, ask_alone=False)

    def of(self, campaign: ir.Campaign) -> Known | None:
        """What is known of a campaign's customers; None when its own query has to find them.

        That is so when nothing is gained by finding them together, and for customers with two rows of which only one is
        in the audience: a list of keys cannot say which.
        """
        if len(self._campaigns) < 2 or not self.plan.together:
            return None
        members = self._next(campaign.name)
        parts = {predicate: self._next(asked.name) for predicate, asked in Asked.parts(campaign).items()}
        if members is None:
            return None
        return Known(members, {predicate: rows for predicate, rows in parts.items() if rows is not None})

    def _next(self, name: str) -> pa.Table | None:
        found = next(each for each in self._found if each.name == name)
        if found.ids is None or not found.one_answer:
            return None
        return pa.table({CUSTOMER_ID: pc.unique(found.ids)})
