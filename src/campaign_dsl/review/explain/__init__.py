"""A campaign in plain English, for people who do not read campaign files."""

from campaign_dsl.review.explain.campaign import explain

__all__ = ["explain"]
