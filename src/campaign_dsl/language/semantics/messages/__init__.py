"""What a campaign tells customers: where messages go, what they say, and what may be missing."""

from campaign_dsl.language.semantics.messages.all import Messages, Telling, messages

__all__ = ["Messages", "Telling", "messages"]
