"""One campaign with every clause there is, in both spellings. Sound as to syntax; its names mean nothing."""

from __future__ import annotations

DSL = """\
# A file with everything.
audience helpers {
  where is_employee or tier = gold and age between 18 and 30
  exclude audience others
  exclude where country is missing
}
audience all_of_them { everyone }

campaign everything {
  title     "All \\"clauses\\""
  kind      promotion
  owner     "jo@example.com"
  priority  1_0
  runs      from 2026-01-01 until 2026-12-31
  timezone  customer else "America/New_York"
  leap_day  mar_1
  misfire   catch up at most 3 days
  formerly  once, upon
  formerly  a_time

  audience {
    where status = good   # who is meant
      and (tier in [gold, platinum] or not everyone)
      and did purchase where amount >= 100.50 and sku starts with "A" ignoring case
            at least 3 times in last 90 days
      and average of purchase.amount since 2026-01-01 09:00 > -5 + age * 2
      and in audience helpers
    exclude audience employees
    exclude where tier = member
    suppress one, two
    suppress three
    segments {
      gold    where tier >= gold
      others  otherwise
    }
    holdout 5.5%
  }

  behavior {
    on anniversary of birth_date, 7 days before, at 09:00
    limit once per year
    limit 3 per 30 days
    limit 1 per customer
    budget 2_000 points, 5 offers approved by "jo"
    budget 1 points
  }

  outcomes {
    award 1000 points to rewards source birthday, expires after 30 days as big when segment gold
    issue offer half, expires after 2 weeks when tier = gold
    tag gift for 30 days as t
    send note when segment others
    send note2
  }

  message note external {
    via braze variant birthday
    settings { braze_campaign_id "a3f9" }
    quiet from 21:00 to 08:00
    expires after 3 days
    properties {
      first_name  customer.first_name else "friend"
      points      outcome.points.amount
      constant    5
    }
  }
  message note2 external { quiet none }
}
"""

YAML = """\
# A file with everything.
audience helpers:
  where: is_employee or tier = gold and age between 18 and 30
  exclude:
    - audience others
    - where country is missing
audience all_of_them:
  everyone:

campaign everything:
  title: All "clauses"
  kind: promotion
  owner: 'jo@example.com'
  priority: 1_0
  runs: from 2026-01-01 until 2026-12-31
  timezone: customer else "America/New_York"
  leap_day: "mar_1"
  misfire: catch up at
    most 3 days
  formerly: ["once, upon", a_time]
  audience:
    where: |2
       status = good   # who is meant
         and (tier in [gold, platinum] or not everyone)
         and did purchase where amount >= 100.50 and sku starts with "A" ignoring case
               at least 3 times in last 90 days
         and average of purchase.amount since 2026-01-01 09:00 > -5 + age * 2
         and in audience helpers
    exclude:
      - audience employees
      - >-
        where
        tier = member
    suppress: ["one, two", three]
    segments:
      gold: "where
        tier >= gold"
      others: otherwise
    holdout: 5.5%
  behavior:
    "on": anniversary of birth_date, 7 days before, at 09:00
    limit: [once per year, 3 per 30 days, 1 per customer]
    budget:
      - "2_000 points, 5 offers approved by \\"jo\\""
      - 1 points
  outcomes:
    - award 1000 points to rewards source birthday, expires after 30 days as big when segment gold
    - issue: offer half, expires after 2 weeks when tier = gold
    - tag gift for 30 days as t
    - 'send note when segment others'
    - send note2
  message note external:
    via: braze variant birthday
    settings:
      braze_campaign_id: a3f9
    quiet: from 21:00 to 08:00
    expires: after 3 days
    properties:
      first_name: customer.first_name else "friend"
      points: outcome.points.amount
      constant: 5
  message note2 external: {quiet: none}
"""
