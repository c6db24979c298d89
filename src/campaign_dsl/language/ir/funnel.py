"""The stages of eligibility: what a plan shows, a run counts and an explanation walks through."""

from __future__ import annotations

FUNNEL = (
    "customers",
    "readable",
    "audience",
    "behavior",
    "not_excluded",
    "not_suppressed",
    "consented",
    "not_held_out",
    "within_limits",
    "within_caps",
    "within_budget",
    "decided",
)
"""The stages, in order; each holds how many remain. Up to the audience customers are counted, then occurrences.

The last one is the new decisions.
"""

LOST_STAGES = FUNNEL[4:]
"""The stages at which an occurrence can be lost."""
