"""What a customer gets: which outcomes apply, the values they need, and what is kept for messages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import groupby

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.conditions import SEGMENT, condition
from campaign_dsl.compile.sql.predicates import Lowering
from campaign_dsl.compile.sql.stages import named_addresses
from campaign_dsl.compile.sql.triggers.scene import Scene, spoken
from campaign_dsl.language.catalog.types import TEXT, Kind, Type
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes

MOST_POINTS = 1_000_000_000
"""What a formula gives at most when the author says nothing."""
Numbered = tuple[int, ir.Outcome]


def steps(campaign: ir.Campaign, lowering: Lowering) -> exp.Expr:
    """Bit n is set when outcome n applies."""
    always = 0
    by_segment: dict[str, int] = {}
    parts: list[exp.Expr] = []
    for choice, lines in groupby(enumerate(campaign.outcomes), key=lambda line: line[1].tail.choice):
        if choice is not None:
            parts.append(_first_of(list(lines), lowering))
            continue
        for number, each in lines:
            bit, when, worth = 1 << number, each.tail.condition, _worth(each, lowering)
            if worth is not None:
                tests = [worth] if when is None else [condition(each.tail, lowering), worth]
                parts.append(_when([(exp.and_(*tests, copy=False), b.number(bit))]))
            elif when is None:
                always |= bit
            elif when.segment is not None:
                by_segment[when.segment] = by_segment.get(when.segment, 0) | bit
            else:
                parts.append(_when([(condition(each.tail, lowering), b.number(bit))]))
    if by_segment:
        segment = b.column(SEGMENT, lowering.alias)
        cases: list[tuple[exp.Expr, exp.Expr]] = [
            (exp.Literal.string(name), b.number(bits)) for name, bits in by_segment.items()
        ]
        parts.insert(0, _when(cases, segment))
    if always or not parts:
        parts.insert(0, b.number(always))
    return b.whole(reduce(b.plus, parts))


def _first_of(lines: list[Numbered], lowering: Lowering) -> exp.Expr:
    """The bit of the first line whose condition holds, whether or not that line then gives anything."""
    case = exp.Case()
    for number, each in lines:
        worth, bit = _worth(each, lowering), b.number(1 << number)
        given = bit if worth is None else _when([(worth, bit)])
        if each.tail.condition is None:
            return case.else_(given, copy=False) if case.args.get("ifs") else given
        case = case.when(condition(each.tail, lowering), given, copy=False)
    return case.else_(b.number(0), copy=False)


def _when(cases: list[tuple[exp.Expr, exp.Expr]], value: exp.Expr | None = None) -> exp.Expr:
    case = exp.Case(this=value)
    for test, bits in cases:
        case = case.when(test, bits, copy=False)
    return case.else_(b.number(0), copy=False)


def _worth(each: ir.Outcome, lowering: Lowering) -> exp.Expr | None:
    """Whether a formula comes to points that can be given; None when that is sure."""
    if isinstance(each, ir.Award) and not isinstance(each.amount, nodes.Constant):
        with lowering.shared.clause(each.tail.span):
            return exp.GT(this=b.paren(lowering.value(each.amount)), expression=b.number(0))
    return None


def computed(campaign: ir.Campaign, lowering: Lowering) -> exp.Expr:
    """JSON with the values of formulas: ``3`` for outcome 3, ``4.sku`` for a property that outcome 4 records."""
    dialect = lowering.shared.dialect
    pairs: list[tuple[str, exp.Expr, Type]] = []
    for name, value, span in _formulas(campaign):
        with lowering.shared.clause(span):
            pairs.append((name, *_written(value, lowering)))
    caps = {str(number): _most(each) for number, each in enumerate(campaign.outcomes) if isinstance(each, ir.Award)}
    for place, (name, made, type_) in enumerate(pairs):
        if name in caps:
            positive = exp.GT(this=b.paren(made), expression=b.number(0))
            least = exp.func("LEAST", made.copy(), b.number(caps[name]))
            pairs[place] = (name, exp.Case().when(positive, least, copy=False), type_)
    return dialect.json_object(pairs)


def _most(award: ir.Award) -> int:
    return MOST_POINTS if award.at_most is None else award.at_most


def _formulas(campaign: ir.Campaign) -> Iterator[tuple[str, nodes.Value, Span]]:
    for number, each in enumerate(campaign.outcomes):
        match each:
            case ir.Award(amount):
                found = [(str(number), amount)]
            case ir.SetAttribute(value=value):
                found = [(str(number), value)]
            case ir.RecordEvent(properties=properties):
                found = [(f"{number}.{name}", value) for name, value in properties]
            case _:
                found = []
        yield from ((name, value, each.tail.span) for name, value in found if not isinstance(value, nodes.Constant))


def context(scene: Scene, lowering: Lowering) -> exp.Expr:
    """JSON with what messages quote: attributes of the customer by name, and what the event says.

    Where messages go to several addresses, also each of them, as suppression lists are matched: ``@mail``.
    """
    mine: list[tuple[str, nodes.Value]] = [(each.name, each) for each in scene.campaign.context]
    said: list[tuple[str, nodes.Value]] = [(spoken(each), each) for each in scene.context if spoken(each) in scene.kept]
    pairs = [(name, *_written(value, lowering)) for name, value in (*mine, *said)]
    addresses = named_addresses(scene.campaign, lowering.alias)
    if len(addresses) > 1:
        pairs += [(f"@{name}", address, TEXT.maybe()) for name, address in addresses.items()]
    return scene.shared.dialect.json_object(pairs)


def _written(value: nodes.Value, lowering: Lowering) -> tuple[exp.Expr, Type]:
    """A value as JSON has it, and its type; an instant is a text as in RFC 3339."""
    made = lowering.value(value)
    if value.type.kind is Kind.TIMESTAMP:
        return lowering.shared.dialect.rfc3339(made), TEXT.maybe()
    return made, value.type
