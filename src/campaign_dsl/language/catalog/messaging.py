"""How customers are reached: channels, variants, conversations, seed lists."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from campaign_dsl.language.catalog.entry import ADDRESS, Entry, Inside, Name, Quiet, Secret, Text

MessageType = Literal["email", "sms", "push", "inbox", "feed", "in_app", "external"]

DOMAIN = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$"
SENDER = r"^[^\x00-\x1f\x7f<>\"]+( <[^\s<>]+>)?$"
"""A header cannot be split by what stands here."""
SELECTOR = r"^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$"

Address = Annotated[str, Field(pattern=ADDRESS, max_length=254)]


class Channel(Entry):
    """A way to reach a customer: where to, and what says that she allowed it."""

    type: MessageType = Field("external", description="which type of message it carries")
    address: Name | None = Field(None, description="attribute with the address suppression lists are matched against")
    consent: Name | None = Field(None, description="boolean attribute that says she allowed messages here")


class Variant(Entry):
    """A messaging variant: which provider is called, and which data groups of the interface contract it carries."""

    provider: Name = Field(description="a key of `providers` in workspace.yaml")
    channel: Name
    identifier: Literal["external_user_id", "email"] = "external_user_id"
    include: tuple[Literal["offer", "point_award", "event_trigger", "campaign"], ...] = ()
    requires: tuple[Name, ...] = Field((), description="properties the receiving template cannot do without")
    contract: Inside | None = Field(None, description="a JSON Schema file of the workspace that properties must fit")


class Dkim(Entry):
    """How mail is signed."""

    domain: Annotated[str, Field(pattern=DOMAIN, max_length=253)]
    selector: Annotated[str, Field(pattern=SELECTOR)]
    key: Secret = Field(description="the private key: `env: VARIABLE` or `file: path`")


class Conversation(Entry):
    """A customer space: who it is from, and what a customer subscribes to."""

    title: Text
    channel: Name
    sender: Annotated[str, Field(pattern=SENDER, max_length=320)] | None = Field(
        None, alias="from", description="who messages are from, as in `Stride <hello@footwear.example>`"
    )
    reply_to: Address | None = Field(None, description="the address that answers go to")
    dkim: Dkim | None = Field(None, description="how mail is signed")
    quiet: Quiet | None = Field(None, description="hours without messages where the customer is; default: workspace's")
    suppress: tuple[Name, ...] = Field((), description="suppression lists that always apply")

    @property
    def sender_address(self) -> str | None:
        """The address in `from`."""
        return self.sender.rpartition("<")[2].rstrip(">") if self.sender is not None else None


class SeedList(Entry):
    """People of the house who get a copy of messages, to see what customers see."""

    title: Text | None = None
    addresses: tuple[Address, ...] = Field(min_length=1, max_length=200)
