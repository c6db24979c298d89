"""What a message may quote: values of the customer, of what happened, and of what the campaign gave her."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.content import context as c
from campaign_dsl.language.diagnostics.model import Label, Problems, Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.identity import outcome_identity
from campaign_dsl.language.ir.nodes import Constant
from campaign_dsl.language.semantics.behavior.scope import Scope
from campaign_dsl.language.semantics.campaign.head import Head
from campaign_dsl.language.semantics.expressions.names import EVENT, GOAL, OCCURRED_AT
from campaign_dsl.language.semantics.outcomes import Given, exclusive

_EVERY = "*"
Expiring = ir.Award | ir.Issue | ir.IssueCode | ir.IssueReward


@dataclass(frozen=True, slots=True)
class Effect:
    """Values that come from the ledger row of an outcome.

    Attributes:
        kind: the outcome.
        verb: what a campaign has to do for it.
        thing: what one outcome gives; two of them for one customer could both be meant.
    """

    kind: type[Expiring]
    verb: str
    thing: Callable[[Expiring], str]
    entries: Callable[[tuple[Expiring, ...], str | None], dict[str, c.Entry]]


def _ends(outcomes: Iterable[Expiring]) -> bool:
    return all(each.expires_after_seconds is not None for each in outcomes)


def _offer(outcomes: tuple[Expiring, ...], missing: str | None) -> dict[str, c.Entry]:
    terms = [each.terms for each in outcomes if isinstance(each, ir.Issue)]
    has = [name for name in c.OFFER_TERMS if all(getattr(each, name) is not None for each in terms)]
    return c.offer_entries(has=has, expires=_ends(outcomes), missing=missing)


EFFECTS: dict[str, Effect] = {
    "outcome.points": Effect(
        ir.Award,
        "awards points",
        lambda each: "points",
        lambda all, missing: c.points_entries(expires=_ends(all), missing=missing),
    ),
    "offer": Effect(ir.Issue, "issues an offer", lambda each: getattr(each, "offer", ""), _offer),
    "outcome.code": Effect(
        ir.IssueCode,
        "issues a code",
        lambda each: getattr(each, "pool", ""),
        lambda all, missing: c.code_entries(expires=_ends(all), missing=missing),
    ),
    "reward": Effect(
        ir.IssueReward,
        "issues a reward",
        lambda each: getattr(each, "reward", ""),
        lambda all, missing: c.reward_entries(expires=_ends(all), missing=missing),
    ),
}
"""By what their values begin with."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a group of values cannot be quoted.

    Attributes:
        code: of the finding.
        message: with `{path}` for the value.
        place: what is wrong, when it is not the quoting.
    """

    code: str
    message: str
    help: str
    why: str | None = None
    see_also: tuple[Label, ...] = ()
    place: Span | None = None


@dataclass(frozen=True, slots=True)
class Quotable:
    """What one message may quote.

    Attributes:
        refused: by what values begin with, why they are not there.
    """

    context: c.Context
    refused: Mapping[str, Refusal]

    def report_absent(self, path: str, span: Span, problems: Problems) -> bool:
        """Whether a value exists in other campaigns but not here; reports why."""
        reason = self.context.absent.get(path) or self.context.absent.get(path.partition(".")[0])
        if reason is None:
            return False
        refusal = self.refused.get(group_of(path))
        if refusal is None:
            help = did_you_mean(path, self.context.names) or "leave it out"
            problems.add("MSG020", f"`{path}` is not there in this campaign", span, why=reason, help=help)
            return True
        message, also = refusal.message.format(path=path), refusal.see_also
        if refusal.place is not None:
            span, also = refusal.place, (Label(span, "quoted here"),)
        problems.add(refusal.code, message, span, help=refusal.help, why=refusal.why, see_also=also)
        return True


def group_of(path: str) -> str:
    """`outcome.points` of `outcome.points.amount`, `offer` of `offer.title`."""
    first, _, rest = path.partition(".")
    return f"outcome.{rest.partition('.')[0]}" if first == "outcome" else first


def customer_types(catalog: model.Catalog) -> dict[str, Type]:
    """Attributes that can be frozen with a decision."""
    return {
        name: entry.value_type for name, entry in catalog.customers.attributes.items() if entry.type is not Kind.GEO
    }


def quotable(
    message: str, given: Given, head: Head, segments: tuple[str, ...], scope: Scope, catalog: model.Catalog
) -> Quotable:
    """What the message called ``message`` may quote."""
    groups = [
        c.customer_entries(customer_types(catalog)),
        c.campaign_entries(dict(head.data)),
        c.occurrence_entries(),
        c.choice_entries(segments, head.arm_names, head.languages),
        c.wallet_entries(catalog.point_accounts),
    ]
    absent = dict(_undeclared(segments, head))
    for row, properties in scope.rows.items():
        told = {name: each for name, each in properties.items() if each.type.kind is not Kind.GEO}
        if row in catalog.events and row not in scope.steps:
            absent |= dict.fromkeys((row, *(f"{row}.{name}" for name in told)), "here it is called `event`")
        else:
            groups.append({f"{row}.{name}": c.Entry(each.type) for name, each in told.items()})
    for name, reason in scope.absent.items():
        absent |= dict.fromkeys(c.goal_entries() if name == GOAL else (name,), reason)
    for name in {OCCURRED_AT, *(name for event in catalog.events.values() for name in event.properties)}:
        why = scope.why_not(EVENT, name)
        absent |= {} if why is None else {f"{EVENT}.{name}": why}
    refused: dict[str, Refusal] = {}
    for prefix, effect in EFFECTS.items():
        made = tuple(each for each in given.outcomes if isinstance(each, effect.kind))
        if not given.complete:  # what is wrong with an outcome has been said
            groups.append(effect.entries((), None))
            continue
        refusal = _refused(effect, made, message, given)
        entries = effect.entries(made, _why_missing(made, message, given, segments, head, prefix))
        if refusal is None:
            groups.append(entries)
        else:
            refused[prefix] = refusal
            absent |= dict.fromkeys(entries, refusal.why or refusal.message)
    merged = c.context_of(*groups)
    return Quotable(c.Context(merged.entries, absent), refused)


def _undeclared(segments: tuple[str, ...], head: Head) -> Iterable[tuple[str, str]]:
    if not segments:
        yield "segment", "the audience has no `segments`"
    if not head.arms:
        yield "variant", "the campaign has no `variants`"
    if not head.languages:
        yield "language", "the campaign does not say its `languages`"


# -------------------------------------------------------------------------------------------- what can be missing


def _refused(effect: Effect, made: tuple[Expiring, ...], message: str, given: Given) -> Refusal | None:
    """Why values of an effect cannot be quoted at all."""
    if not made:
        return Refusal(
            "MSG013",
            "`{path}` promises what no outcome gives",
            f"add an outcome that {effect.verb}, or leave this out",
            "a message that quotes what is given is built from that very effect",
        )
    things = sorted({effect.thing(each) for each in made})
    if len(things) > 1:
        return Refusal(
            "MSG014",
            "`{path}` could mean " + " or ".join(f"`{name}`" for name in things),
            "quote it only in campaigns that give one",
            see_also=tuple(Label(each.tail.span, "one of them") for each in made[:3]),
        )
    for index, each in enumerate(made):
        other = next((earlier for earlier in made[:index] if not exclusive(each, earlier)), None)
        if other is not None:
            return Refusal(
                "MSG014",
                "`{path}` could mean either of two outcomes that one customer can get",
                "leave it out, or make the outcomes exclusive with `when segment` or `first of`",
                see_also=(Label(other.tail.span, "one of them"), Label(each.tail.span, "the other")),
            )
    sends = [each for each in given.outcomes if isinstance(each, ir.Send) and each.message == message]
    late = next((each for each in made for send in sends if each.tail.delay_seconds > send.tail.delay_seconds), None)
    if late is not None:
        return Refusal(
            "MSG019",
            f"`{outcome_identity(late)}` is given after the message that quotes it goes out",
            "send the message later, with `after`, or give this earlier",
            "what a message promises must have been given",
            place=late.tail.span,
        )
    return None


def _why_missing(
    made: tuple[Expiring, ...], message: str, given: Given, segments: tuple[str, ...], head: Head, prefix: str
) -> str | None:
    """Why the values can be missing for somebody who gets the message; None when they cannot."""
    reached = _reach(made, given, segments, head.arm_names)
    for send in given.outcomes:
        if isinstance(send, ir.Send) and send.message == message:
            wanted = _reach((send,), given, segments, head.arm_names)
            if _EVERY not in reached and not wanted <= reached:
                return f"not everybody who gets the message gets the {prefix.removeprefix('outcome.')}"
    for each in made:
        if isinstance(each, ir.Award) and not _positive(each):
            return "the formula can give nothing"
    return None


def _positive(award: ir.Award) -> bool:
    return isinstance(award.amount, Constant)


def _reach(
    outcomes: Iterable[ir.Outcome], given: Given, segments: tuple[str, ...], arms: tuple[str, ...]
) -> frozenset[str]:
    """Whom outcomes reach: `*` for everybody, else segments, arms, conditions, lines of choices.

    All segments together are everybody, and so are all arms, and all lines of a choice.
    """
    found: set[str] = set()
    lines: dict[int, list[ir.Outcome]] = {}
    for each in given.outcomes:
        if each.tail.choice is not None:
            lines.setdefault(each.tail.choice, []).append(each)
    for each in outcomes:
        condition, choice = each.tail.condition, each.tail.choice
        if choice is None:
            found.add(condition.says if condition is not None else _EVERY)
            continue
        found.add(f"choice {choice} line {lines[choice].index(each)}")
        if lines[choice].index(each) == 0 and condition is not None:
            found.add(condition.says)
    for names, word in ((segments, "segment"), (arms, "variant")):
        if names and all(f"{word} {name}" in found for name in names):
            found.add(_EVERY)
    for choice, members in lines.items():
        if all(f"choice {choice} line {number}" in found for number in range(len(members))):
            found.add(_EVERY)
    return frozenset(found)
