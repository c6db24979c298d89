"""What a campaign gives: each outcome by itself, and whether they can be told apart."""

from campaign_dsl.language.semantics.outcomes.all import Given, given
from campaign_dsl.language.semantics.outcomes.exclusive import exclusive
from campaign_dsl.language.semantics.outcomes.tails import Surroundings

__all__ = ["Given", "Surroundings", "exclusive", "given"]
