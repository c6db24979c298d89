"""AUD: who a campaign is for."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code

AUDIENCES = (
    Code(
        "AUD001",
        "nobody says who it is for",
        "An empty audience never means everyone: a forgotten line must not write to every customer.",
        "Add `where ...`; or `everyone`, when every customer is really meant.",
        "audience {\n}\n",
        "audience {\n  everyone\n}\n",
        "campaign",
    ),
    Code(
        "AUD002",
        "`where` and `everyone` together",
        "Either everyone is meant or some are.",
        "Keep one of the two.",
        "audience {\n  where age >= 18\n  everyone\n}\n",
        "audience {\n  where age >= 18\n}\n",
        "campaign",
    ),
    Code(
        "AUD003",
        "two segments with one name",
        "Outcomes name the segment they are for; with two of one name nobody knows who gets what.",
        "Join their conditions with `or`, or give one of them another name.",
        "segments {\n  best  where tier = gold\n  best  where tier = platinum\n  others  otherwise\n}\n",
        "segments {\n  best  where tier = gold or tier = platinum\n  others  otherwise\n}\n",
        "campaign",
    ),
    Code(
        "AUD004",
        "a segment after `otherwise`",
        "A customer falls into the first segment that holds, and `otherwise` always holds: what follows stays empty.",
        "Put `otherwise` last.",
        "segments {\n  others  otherwise\n  gold    where tier = gold\n}\n",
        "segments {\n  gold    where tier = gold\n  others  otherwise\n}\n",
        "campaign",
    ),
    Code(
        "AUD005",
        "segments without `otherwise`",
        "Customers in no segment would silently get neither outcome nor content.",
        "Add a last line like `others  otherwise`, even if it gets nothing.",
        "segments {\n  gold  where tier = gold\n}\n",
        "segments {\n  gold    where tier = gold\n  others  otherwise\n}\n",
        "campaign",
    ),
    Code(
        "AUD006",
        "a holdout that is not a share",
        "With all customers held out nobody gets the campaign; with none nothing is measured.",
        "Write more than 0% and less than 100%, with at most three decimals.",
        "holdout 100%\n",
        "holdout 10%\n",
        "campaign",
    ),
    Code(
        "AUD007",
        "an audience that is defined by itself",
        "To know who is in it one would have to know who is in it.",
        "Break the circle that the message shows.",
        "audience loyal {\n  where in audience loyal\n}\n",
        "audience loyal {\n  where did purchase in last 365 days\n}\n",
        "campaign",
    ),
    Code(
        "AUD008",
        "an audience that grows beyond measure",
        "Audiences that name each other can say in ten lines what would be a query of millions of conditions, which "
        "no engine runs and no reviewer foresees.",
        "Make the named audiences simpler, or name fewer of them.",
        None,
        None,
        "campaign",
    ),
    Code(
        "AUD009",
        "a suppression list that can suppress nothing",
        "Lists hold addresses. A campaign whose messages go to no address compares nothing with the list, so people "
        "who asked not to be contacted would not be left out.",
        "Leave `suppress` out when the campaign writes to nobody; otherwise give the channel an `address` in "
        "catalog.yaml.",
        'campaign gift {\n  kind promotion\n  timezone "America/New_York"\n  audience {\n    everyone\n'
        "    suppress global_suppression\n  }\n  behavior { on anniversary of birth_date, at 09:00 }\n"
        "  outcomes { tag birthday_gift for 30 days }\n}\n",
        'campaign gift {\n  kind promotion\n  timezone "America/New_York"\n  audience {\n    everyone\n  }\n'
        "  behavior { on anniversary of birth_date, at 09:00 }\n  outcomes { tag birthday_gift for 30 days }\n}\n",
        "campaign",
    ),
)
