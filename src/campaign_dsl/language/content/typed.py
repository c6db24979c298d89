"""What the type checker of content knows about a place and about an expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from campaign_dsl.language.catalog.types import Type
from campaign_dsl.language.content.narrowing import NOTHING, Facts


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds where an expression stands.

    Attributes:
        facts: names that have a value here.
        variables: those of the loops around it.
        counting: whether the innermost loop has begun, so that there is a `loop`.
    """

    facts: Facts = NOTHING
    variables: Mapping[str, Type] = field(default_factory=dict)
    counting: bool = True

    def knowing(self, facts: Facts) -> Scope:
        """Where names have a value, and so have the records they are in."""
        around = (name.rsplit(".", count)[0] for name in facts for count in range(1, name.count(".") + 1))
        return replace(self, facts=self.facts.union(facts, around))

    def looping(self, name: str, element: Type) -> Scope:
        """Inside a loop. What was known about an outer loop's variable of the same name is forgotten."""
        facts = frozenset(each for each in self.facts if each.partition(".")[0] not in (name, "loop"))
        return Scope(facts, dict(self.variables) | {name: element})


@dataclass(frozen=True, slots=True)
class Typed:
    """The type of an expression; None when something is wrong with it that has been reported.

    Attributes:
        reason: why it may be missing.
        url: whether it is a whole address that the workspace declared.
        constant: its value, when it is written in the template.
    """

    type: Type | None
    reason: str | None = None
    url: bool = False
    constant: Any = None


WRONG = Typed(None)
