"""What a campaign may say, and no run can give yet."""

from __future__ import annotations

from collections.abc import Iterator

from campaign_dsl.compile.plan.model import Plan, Step
from campaign_dsl.outcomes.message import MessageStep
from campaign_dsl.run.problems import GateProblem


def refuse_what_cannot_be_given(plan: Plan) -> None:
    """Stop before anything is written when part of the plan would be promised and never given.

    Raises:
        GateProblem: with the clauses, why, and what to do.
    """
    found = list(not_given(plan))
    if not found:
        return
    (where, what, help), more = found[0], len(found) - 1
    raise GateProblem(
        f"`{plan.campaign}` cannot run: {what} ({where})" + (f", and {more} more like it" if more else ""),
        help=help,
        code="GATE004",
    )


def not_given(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Each clause that no run can give: where it stands, what it is, and what to do about it."""
    for trigger in plan.triggers:
        if trigger.kind == "crossing":
            yield (
                trigger.where,
                f"nobody keeps who was in audience `{trigger.audience}` before, so nobody is seen "
                + ("entering it" if trigger.entering else "leaving it"),
                f"use the audience itself, as in `where in audience {trigger.audience}` with a limit, or a trigger on "
                "the event that makes the difference",
            )
    for step in plan.steps:
        yield from _step(step)
    messages = [step for step in plan.steps if step.kind == "message"]
    if plan.caps and messages:
        yield (
            messages[0].where,
            f"messages of all campaigns together are not counted here, as cap `{plan.caps[0].name}` asks",
            "use `limit` in the campaign, and take `caps` out of workspace.yaml",
        )


def _step(step: Step) -> Iterator[tuple[str, str, str]]:
    if step.kind == "code" and step.single_use:
        yield (
            step.where,
            f"the codes of pool `{step.pool}` are not in the ledger, so none can be claimed for one customer",
            "issue a code that everybody gets, or an offer",
        )
    if step.kind == "message" and step.type != "external":
        yield (
            step.where,
            f"message `{step.message}` is of type {step.type}, and no provider here delivers its content",
            "keep the content at a provider and send it as a message of type external, `via` one of its variants",
        )
    elif step.kind == "message" and step.provider is None:
        yield (
            step.where,
            f"message `{step.message}` names no provider, so it would wait for ever",
            "write `via` and a provider's variant",
        )
    if step.kind == "message":
        yield from _carried(step)
    if step.kind == "message" and step.seeds:
        yield (
            step.where,
            f"message `{step.message}` has seeds, and copies for them cannot be made here",
            "take `seeds` out of the message",
        )


def _carried(step: MessageStep) -> Iterator[tuple[str, str, str]]:
    from campaign_dsl.run.ledger.documents import can_write  # the ledger asks this module whether it may write

    for item in step.properties:
        if not can_write(item.source):
            yield (
                step.where,
                f"message `{step.message}` carries `{item.source}`, which the ledger does not know when it writes",
                f"leave the property `{item.name}` out",
            )
