"""What makes a campaign happen, as relations: one file for each family of triggers."""

from __future__ import annotations

from campaign_dsl.compile.sql.triggers.crossing import crossing
from campaign_dsl.compile.sql.triggers.events import every_nth, on
from campaign_dsl.compile.sql.triggers.goal import goal
from campaign_dsl.compile.sql.triggers.scene import Relation, Scene
from campaign_dsl.compile.sql.triggers.sequence import sequence
from campaign_dsl.language.ir import campaign as ir

AtInstants = ir.On | ir.EveryNth | ir.Goal | ir.SequenceOf | ir.Crossing


def relation(scene: Scene, trigger: AtInstants, where: str) -> Relation:
    """The occurrences of a trigger that happens at instants.

    Args:
        where: what the comment says about it.
    """
    match trigger:
        case ir.On():
            return on(scene, trigger, where)
        case ir.EveryNth():
            return every_nth(scene, trigger, where)
        case ir.Goal():
            return goal(scene, trigger, where)
        case ir.SequenceOf():
            return sequence(scene, trigger, where)
        case ir.Crossing():
            return crossing(scene, trigger, where)
