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
  review    2027-01-15
  languages en, de-AT
  quiet     none
  data { season "summer" }
  variants {
    a  50%
    b  50%
  }

  audience {
    where status = good   # who is meant
      and (tier in [gold, platinum] or not everyone)
      and did purchase where amount >= 100.50 and sku starts with "A" ignoring case
            at least 3 times in last 90 days
      and average of purchase.amount since 2026-01-01 09:00 > -5 + age * 2
      and in audience helpers
      and (amount / 3 round half up to 2 > 5 or length of first_name = 3 or signup_at + 30 days < now)
      and (visits between 2026-01-01 and today or seen < 90 days ago or seen > 2 calendar weeks from now)
      and email matches "a.c" ignoring case and interests contains any of ["a", "b"] and interests is not empty
      and (any of addresses where city = "Boston") and (number of children where it > 3) >= 2
      and (exists orders where status = open) and time of day in zone "America/New_York" >= 09:00
      and first did purchase this month and stopped doing purchase last week
      and resumed doing purchase in last 30 days after 180 days
      and doing purchase in each of last 6 calendar months
      and did (add_to_cart as cart then no purchase where sku = cart.sku for 2 days) since 2026-01-01 until today
      and top 10% by sum of purchase.amount in last 365 days and quintile of (recency of purchase) >= 4
      and anniversary of birth_date in next 7 calendar days and tier unchanged for 90 days
      and home within 5 km of 42.3601, -71.0589 and home inside geofence boston
      and has tag vip and has no tag of [a, b] and points in rewards > 3 and has offer half
      and redeemed offer half ever and subscribed to news and received campaign once_more ever
      and opened message note of campaign everything at least 2 times in last 7 days
      and in list vip and in random sample of 10% salt "s"
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
    on holiday easter in US, 1 day after, at 09:00
    on purchase where amount > 5 at least 3 times within 14 days
    on code SUMMER26
    on subscribe to news
    on leaving audience helpers
    every month on last friday at 10:00
    every 5th purchase where amount > 1
    once at 2026-11-27 09:00
    all of within 30 days {
      purchase  where sku in ["muffin", "bagel"]
                  and time of day between 06:00 and 11:00
                at least 3 times within 14 days
      any of {
        check_in  at geofence boston
        app_open
      }
    }
    sequence within 7 days {
      add_to_cart  where amount > 1 as cart
      then no purchase where sku = cart.sku for 4 hours
    }
    progress each step
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
    untag gift
    set tier to gold when variant a
    subscribe to news
    record entry with store = event.store and source = "app"
    first of {
      award 5 * event.amount round half up to 0 points to rewards source x, at most 50, after 2 hours when tier = gold
      issue reward coffee otherwise
    }
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
  message note3 email {
    conversation news
    purpose transactional
    display graphic
    visible for 7 days
    seeds qa, legal
    content { subject "Hello \\"you\\"" }
    content for segment gold, language de-AT, variant a {
      body file "a.html"
    }
    content for language en { template "x1" }
  }
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
  review: 2027-01-15
  languages: en, de-AT
  quiet: none
  data: {season: summer}
  variants:
    a: 50%
    b: 50%
  audience:
    where: |2
       status = good   # who is meant
         and (tier in [gold, platinum] or not everyone)
         and did purchase where amount >= 100.50 and sku starts with "A" ignoring case
               at least 3 times in last 90 days
         and average of purchase.amount since 2026-01-01 09:00 > -5 + age * 2
         and in audience helpers
         and (amount / 3 round half up to 2 > 5 or length of first_name = 3 or signup_at + 30 days < now)
         and (visits between 2026-01-01 and today or seen < 90 days ago or seen > 2 calendar weeks from now)
         and email matches "a.c" ignoring case and interests contains any of ["a", "b"] and interests is not empty
         and (any of addresses where city = "Boston") and (number of children where it > 3) >= 2
         and (exists orders where status = open) and time of day in zone "America/New_York" >= 09:00
         and first did purchase this month and stopped doing purchase last week
         and resumed doing purchase in last 30 days after 180 days
         and doing purchase in each of last 6 calendar months
         and did (add_to_cart as cart then no purchase where sku = cart.sku for 2 days) since 2026-01-01 until today
         and top 10% by sum of purchase.amount in last 365 days and quintile of (recency of purchase) >= 4
         and anniversary of birth_date in next 7 calendar days and tier unchanged for 90 days
         and home within 5 km of 42.3601, -71.0589 and home inside geofence boston
         and has tag vip and has no tag of [a, b] and points in rewards > 3 and has offer half
         and redeemed offer half ever and subscribed to news and received campaign once_more ever
         and opened message note of campaign everything at least 2 times in last 7 days
         and in list vip and in random sample of 10% salt "s"
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
    "on":
      - anniversary of birth_date, 7 days before, at 09:00
      - holiday easter in US, 1 day after, at 09:00
      - purchase where amount > 5 at least 3 times within 14 days
      - code SUMMER26
      - subscribe to news
      - leaving audience helpers
    every:
      - month on last friday at 10:00
      - 5th purchase where amount > 1
    once: at 2026-11-27 09:00
    all of within 30 days:
      - purchase where sku in ["muffin", "bagel"]
        and time of day between 06:00 and 11:00
        at least 3 times within 14 days
      - any of:
          - check_in at geofence boston
          - app_open
    sequence within 7 days:
      - add_to_cart where amount > 1 as cart
      - then: no purchase where sku = cart.sku for 4 hours
    progress: each step
    limit: [once per year, 3 per 30 days, 1 per customer]
    budget:
      - "2_000 points, 5 offers approved by \\"jo\\""
      - 1 points
  outcomes:
    - award 1000 points to rewards source birthday, expires after 30 days as big when segment gold
    - issue: offer half, expires after 2 weeks when tier = gold
    - tag gift for 30 days as t
    - untag gift
    - set tier to gold when variant a
    - subscribe to news
    - record entry with store = event.store and source = "app"
    - first of:
        - award 5 * event.amount round half up to 0 points to rewards source x, at most 50, after 2 hours
            when tier = gold
        - issue reward coffee otherwise
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
  message note3 email:
    conversation: news
    purpose: transactional
    display: graphic
    visible: for 7 days
    seeds: qa, legal
    content: {subject: Hello "you"}
    content for segment gold, language de-AT, variant a:
      body: file "a.html"
    content for language en:
      template: x1
"""
