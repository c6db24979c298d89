"""Triggers as their author put them, in the canonical layout: what plans and messages call them."""

from __future__ import annotations

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.printing.bodies import body, head


def trigger(node: t.Trigger) -> str:
    """`every 2 weeks on friday at 10:00 from 2026-01-02`, `on code SUMMER26`; a group in parentheses."""
    match node:
        case t.Group(whole, within, parts):
            said = "; ".join(trigger(part) if isinstance(part, t.Group) else body(part).flat for part in parts)
            return f"{'all' if whole else 'any'} {head('all', (within,))} ({said})"
        case t.SequenceBlock(within, steps):
            lasting = "" if within is None else f" {head('sequence', within)}"
            return f"sequence{lasting} ({' then '.join(body(step).flat for step in steps)})"
        case t.Schedule(month=None) | t.EveryNth():
            return f"every {body(node).flat}"
        case t.Once():
            return f"once {body(node).flat}"
    return f"on {body(node).flat}"
