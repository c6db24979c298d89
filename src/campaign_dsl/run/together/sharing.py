"""The audiences of campaigns that run together: found when the first of them is needed, handed out one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa

from campaign_dsl.compile.together.atoms import Asked
from campaign_dsl.compile.together.planner import Together
from campaign_dsl.compile.together.queries import CUSTOMER_ID
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.run.together.evaluate import Members, Question, members, plan_together

if TYPE_CHECKING:
    from campaign_dsl.run.engines.protocol import Engine


class Sharing:
    """Audiences of campaigns at one T. They have to be asked for in the order of the campaigns."""

    def __init__(self, engine: Engine, catalog: Catalog, as_of: datetime, campaigns: Sequence[ir.Campaign]) -> None:
        self.question = Question(engine, catalog, as_of)
        self._campaigns = campaigns

    @cached_property
    def plan(self) -> Together:
        """How they are found."""
        return plan_together(self.question, [Asked.of(each) for each in self._campaigns], weigh=True)

    @cached_property
    def _found(self) -> Iterator[Members]:
        return members(self.question, self.plan, ask_alone=False)

    def of(self, name: str) -> pa.Table | None:
        """The members of a campaign's audience; None when its own query has to find them.

        That is so when nothing is gained by finding them together, and for customers with two rows of which only one is
        in the audience: a list of keys cannot say which.
        """
        if len(self._campaigns) < 2 or not self.plan.together:
            return None
        found = next(each for each in self._found if each.name == name)
        if found.ids is None or not found.one_answer:
            return None
        return pa.table({CUSTOMER_ID: found.ids})
