"""Dispatch: take what is due out of the outbox and hand it to providers, each message at most once where it matters."""

from campaign_dsl.run.dispatch.dispatcher import dispatch
from campaign_dsl.run.dispatch.retry import Policy
from campaign_dsl.run.dispatch.summary import DispatchReport

__all__ = ["DispatchReport", "Policy", "dispatch"]
