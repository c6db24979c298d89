"""Builds tree nodes while the parser reduces, so that no second pass and no recursion is needed.

The range of every node is exactly its text: from its first token to its last, parentheses around it included.
"""

from __future__ import annotations

from campaign_dsl.language.syntax.building.clauses import Clauses
from campaign_dsl.language.syntax.building.places import MAX_EXPRESSION_DEPTH, MAX_JOINED, GluedWords

__all__ = ["MAX_EXPRESSION_DEPTH", "MAX_JOINED", "Builder", "GluedWords"]


class Builder(Clauses):
    """Has a method for each rule of the grammar: called with what the rule's parts became, it returns the node."""
