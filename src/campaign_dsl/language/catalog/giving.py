"""Names in what customers can be given: rewards, codes, tiers."""

from __future__ import annotations

from campaign_dsl.language.catalog.loyalty import CodePool, PromoCode
from campaign_dsl.language.catalog.naming import Checker
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.diagnostics.model import Label
from campaign_dsl.language.diagnostics.suggest import did_you_mean


def check_giving(checker: Checker) -> None:
    """Every name in rewards, codes and tiers that does not exist or does not fit."""
    catalog = checker.catalog
    for name, reward in catalog.rewards.items():
        checker.named("CAT028", "point account", reward.account, "point_accounts", "rewards", name, "account")
        if reward.offer is not None:
            checker.named("CAT030", "offer", reward.offer, "offers", "rewards", name, "offer")
    for name, code in catalog.promo_codes.items():
        _carried(checker, code, "promo_codes", name)
    for name, pool in catalog.code_pools.items():
        _carried(checker, pool, "code_pools", name)
    _look_alike_codes(checker)
    _tiers(checker)


def _carried(checker: Checker, code: PromoCode | CodePool, *path: str) -> None:
    """What a code carries."""
    if code.points is not None:
        account = checker.named(
            "CAT028", "point account", code.points.account, "point_accounts", *path, "points", "account"
        )
        if account is not None and code.points.source not in account.sources:
            checker.add(
                "CAT029",
                f"`{code.points.account}` has no source `{code.points.source}`",
                checker.positions.value(*path, "points", "source"),
                help=did_you_mean(code.points.source, account.sources, "its sources"),
                see_also=(Label(checker.positions.key("point_accounts", code.points.account), "the account"),),
            )
    for index, offer in enumerate(code.offers):
        checker.named("CAT030", "offer", offer, "offers", *path, "offers", index)
    for index, tag in enumerate(code.tags):
        checker.named("CAT031", "tag", tag, "tags", *path, "tags", index)


def _look_alike_codes(checker: Checker) -> None:
    """Customers type codes in any case."""
    first: dict[str, str] = {}
    for code in checker.catalog.promo_codes:
        other = first.setdefault(code.upper(), code)
        if other != code:
            checker.add(
                "CAT040",
                f"`{code}` and `{other}` differ in upper and lower case only",
                checker.positions.key("promo_codes", code),
                why="customers type codes in any case",
                help="give one of them another name",
                see_also=(Label(checker.positions.key("promo_codes", other), "the other one"),),
            )


def _tiers(checker: Checker) -> None:
    tiers = checker.catalog.tiers
    if tiers is None:
        return
    attribute = checker.attribute(tiers.attribute, (Kind.ENUM,), "tiers", "attribute")
    if attribute is None:
        return
    words = Label(checker.positions.key("customers", "attributes", tiers.attribute), "the levels")
    for level in attribute.values:
        if level not in tiers.multipliers:
            checker.add(
                "CAT033",
                f"level `{level}` has no multiplier",
                checker.positions.key("tiers", "multipliers"),
                help=f"add `{level}: 1`",
                see_also=(words,),
            )
    for level in tiers.multipliers:
        if level not in attribute.values:
            checker.add(
                "CAT033",
                f"there is no level `{level}`",
                checker.positions.key("tiers", "multipliers", level),
                help=did_you_mean(level, attribute.values, "levels"),
                see_also=(words,),
            )
