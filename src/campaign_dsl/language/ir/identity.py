"""What an outcome is, within its campaign: the part of its idempotency key that says what is given."""

from __future__ import annotations

from campaign_dsl.language.ir import campaign as ir


def outcome_identity(each: ir.Outcome) -> str:
    """The identity of an outcome: ``kind/what``, and ``/alias`` where it has one.

    It does not depend on the place in the file, the amount, the expiry or the condition: editing those never gives
    anything again.
    """
    alias = each.tail.alias
    return "/".join((*_given(each), alias) if alias else _given(each))


def _given(each: ir.Outcome) -> tuple[str, ...]:
    match each:
        case ir.Award():
            return "points", each.account, each.source
        case ir.Issue():
            return "offer", each.offer
        case ir.IssueCode():
            return "code", each.pool
        case ir.IssueReward():
            return "reward", each.reward
        case ir.TagFor():
            return "tag", each.tag
        case ir.Untag():
            return "untag", each.tag
        case ir.SetAttribute():
            return "attribute", each.attribute.name
        case ir.Subscribe():
            return "subscription", each.conversation
        case ir.RecordEvent():
            return "event", each.event
        case ir.Send():
            return "message", each.message
