"""What customers can be given: points, offers, rewards, codes, tags; and what their tier is worth."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from campaign_dsl.language.catalog.entry import Amount, Entry, Misfit, Name, Text


class PointAccount(Entry):
    """A currency of loyalty points, and the sources that may credit it."""

    title: Text
    sources: tuple[Name, ...] = Field(min_length=1)
    active: bool = True


class Bought(Entry):
    """What has to be bought for an offer."""

    quantity: int = Field(1, ge=1, le=1000)
    item: Text | None = Field(None, description="sku or group of what counts; default: anything")


class Gotten(Entry):
    """What an offer then gives."""

    quantity: int = Field(1, ge=1, le=1000)
    item: Text | None = Field(None, description="sku or group of what it is; default: what was bought")
    percent: int = Field(100, ge=1, le=100, description="how much of its price is taken off; 100: it is free")


class Offer(Entry):
    """An item of value that a customer can be given."""

    title: Text
    form: Literal[
        "percentage_off_check",
        "percentage_off_item",
        "amount_off_check",
        "amount_off_item",
        "buy_x_get_y",
    ]
    percent: int | None = Field(None, ge=1, le=100)
    amount: str | None = Field(None, pattern=r"^[0-9]+(\.[0-9]{1,2})?$")
    buy: Bought | None = Field(None, description="of `buy_x_get_y`: what has to be bought")
    get: Gotten | None = Field(None, description="of `buy_x_get_y`: what is given then")
    description: Text | None = None
    terms_and_conditions: Text | None = None
    logo: Annotated[str, Field(pattern=r"^https://")] | None = None
    pos_discount_id: Text | None = None
    active: bool = True
    valid_until: date | None = None

    @model_validator(mode="after")
    def _form_has_its_number(self) -> Offer:
        wants = {"percentage_off_check": "percent", "percentage_off_item": "percent"} | {
            "amount_off_check": "amount",
            "amount_off_item": "amount",
        }
        for field in ("percent", "amount"):
            given = getattr(self, field) is not None
            if given != (wants.get(self.form) == field):
                if given:
                    raise Misfit(f"`form: {self.form}` takes no `{field}`", field, "delete it, or change `form`")
                raise Misfit(f"`form: {self.form}` needs `{field}`", "form", f"add `{field}: 10`")
        for field, other in (("buy", "get"), ("get", "buy")):
            if getattr(self, field) is None:
                continue
            if self.form != "buy_x_get_y":
                raise Misfit(f"`form: {self.form}` takes no `{field}`", field, "delete it, or write `buy_x_get_y`")
            if getattr(self, other) is None:
                raise Misfit(f"`{field}` without `{other}`", field, f"add `{other}: {{quantity: 1}}`")
        return self


class Tag(Entry):
    """A word that can be put on a profile."""

    title: Text | None = None


class Reward(Entry):
    """Something that customers buy with points."""

    title: Text
    cost: int = Field(ge=1, le=1_000_000_000, description="its price in points")
    account: Name = Field(description="the point account it is paid from")
    offer: Name | None = Field(None, description="the offer that is put into the wallet")
    active: bool = True


class Tiers(Entry):
    """What the levels of the loyalty programme are worth."""

    attribute: Name = Field(description="the ordered enum attribute with the customer's tier")
    multipliers: dict[Text, Amount] = Field(
        min_length=1, description="for each level, by how much points are multiplied, as in `1.25`"
    )

    @property
    def exact(self) -> dict[str, Decimal]:
        """The multiplier of each level."""
        return {level: Decimal(text) for level, text in self.multipliers.items()}


# ------------------------------------------------------------------------------------------------------------ codes

CODE = r"^[A-Za-z][A-Za-z0-9_]*$"
Code = Annotated[str, Field(pattern=CODE, max_length=32)]
"""A promo code as customers type it."""

LOOK_ALIKES = (("0", "O"), ("1", "I"), ("1", "L"), ("I", "L"))
"""Pairs that are mistaken for each other on paper and on the phone."""
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LEAST_BITS = 50
"""As unguessable is a single-use code at least: with a million codes in circulation, one guess in a thousand million
hits one."""


class CarriedPoints(Entry):
    """Points that a code is worth."""

    account: Name
    source: Name
    amount: int = Field(ge=1, le=1_000_000_000)


class PromoCode(Entry):
    """A code that everybody may use: on posters, in newsletters. What it carries can be given by a campaign."""

    title: Text | None = None
    points: CarriedPoints | None = None
    offers: tuple[Name, ...] = ()
    tags: tuple[Name, ...] = ()
    active: bool = True
    valid_until: date | None = None


class CodePool(Entry):
    """Single-use codes: made at random, each claimed once."""

    title: Text
    prefix: str = Field("", pattern=r"^[A-Z0-9]{0,12}$", description="what every code begins with")
    length: int = Field(12, ge=4, le=32, description="how many random characters follow")
    alphabet: str = Field(
        ALPHABET, pattern=r"^[A-Z0-9]{2,36}$", description="the characters they are drawn from, without look-alikes"
    )
    points: CarriedPoints | None = None
    offers: tuple[Name, ...] = ()
    tags: tuple[Name, ...] = ()
    active: bool = True

    @model_validator(mode="after")
    def _unguessable(self) -> CodePool:
        letters = set(self.alphabet)
        if len(letters) != len(self.alphabet):
            twice = next(letter for letter in self.alphabet if self.alphabet.count(letter) > 1)
            raise Misfit(f"`{twice}` is twice in the alphabet", "alphabet", "delete one of them")
        for one, other in LOOK_ALIKES:
            if {one, other} <= letters:
                raise Misfit(f"`{one}` and `{other}` look alike", "alphabet", f"delete one, or use `{ALPHABET}`")
        if self.length * math.log2(len(letters)) < LEAST_BITS:
            need = math.ceil(LEAST_BITS / math.log2(len(letters)))
            raise Misfit(
                f"codes of {self.length} characters out of {len(letters)} can be guessed",
                "length" if "length" in self.model_fields_set else "alphabet",
                f"write `length: {need}` or more" if need <= 32 else "use a larger alphabet",
            )
        return self
