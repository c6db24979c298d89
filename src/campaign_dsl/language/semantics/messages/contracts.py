"""The interface contract of a variant: what a message carries fits the receiver's JSON Schema."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from campaign_dsl.language.catalog import model
from campaign_dsl.language.content.contract import Constant, ContractError, contract_findings, read_contract
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.semantics.messages.quoting import Quotable
from campaign_dsl.language.semantics.world import ReadText
from campaign_dsl.language.syntax import tree as t


def check_contract(
    node: t.Message,
    variant: model.Variant,
    carried: tuple[ir.MessageProperty, ...],
    may: Quotable,
    read: ReadText,
    problems: Problems,
) -> None:
    """Reports where the properties of a message do not fit the contract of its variant."""
    if variant.contract is None:
        return
    assert node.via is not None
    assert node.via.variant is not None
    name = node.via.variant.text
    try:
        file = read(variant.contract)
        if isinstance(file, Diagnostic):
            raise ContractError(file.message)
        contract = read_contract(file.text)
    except ContractError as error:
        problems.add(
            "MSG027",
            f"the contract of variant `{name}` cannot be used: {error}",
            node.via.variant.span,
            why=f"catalog.yaml says that it is `{variant.contract}`",
            help="mend that file, or take `contract` out of the variant",
        )
        return
    types = {}
    for each in carried:
        entry = may.context.find(each.source) if each.source is not None else None
        if entry is not None:
            types[each.name] = replace(entry.type, nullable=entry.type.nullable and each.fallback is None)
    constants = {each.name: _sent(each.fallback) for each in carried if each.source is None}
    places = {each.name.text: each.span for each in node.properties}
    problems.extend(contract_findings(contract, types, constants, places, node.via.variant.span))


def _sent(value: str | int | Decimal | bool | None) -> Constant:
    """A constant as it travels: exact decimals are text, since readers of JSON make binary floats of numbers."""
    return str(value) if isinstance(value, Decimal) else value
