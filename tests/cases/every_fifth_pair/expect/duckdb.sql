WITH "zone" /* zones of the tz database */ AS (
  SELECT
    "name"
  FROM PG_TIMEZONE_NAMES()
  WHERE
    NOT LIST_CONTAINS(
      STRING_SPLIT(
        'ACT AET AGT ART AST BET BST CAT CNT CST CTT Canada/East-Saskatchewan EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST SystemV/AST4 SystemV/AST4ADT SystemV/CST6 SystemV/CST6CDT SystemV/EST5 SystemV/EST5EDT SystemV/HST10 SystemV/MST7 SystemV/MST7MDT SystemV/PST8 SystemV/PST8PDT SystemV/YST9 SystemV/YST9YDT US/Pacific-New VST',
        ' '
      ),
      "name"
    )
), "customer" /* customers, each with the zone she lives in */ AS NOT MATERIALIZED (
  SELECT
    "c"."customer_id",
    "c"."is_employee",
    "c"."status",
    "c"."tier",
    "zone"."name" AS "_zone"
  FROM "customers" AS "c"
  LEFT JOIN "zone"
    ON "zone"."name" = COALESCE("c"."time_zone", 'America/New_York')
), "audience" /* every_fifth_pair.campaign:13 */ AS (
  SELECT
    "customer"."customer_id",
    "customer"."is_employee",
    "customer"."tier",
    "customer"."_zone"
  FROM "customer"
  WHERE
    "customer"."customer_id" IS NOT NULL
    AND "customer"."_zone" IS NOT NULL
    AND "customer"."status" = 'good'
), "numbered_purchase" /* those who have a new one, all of theirs in order */ AS (
  SELECT
    "e"."customer_id",
    ROW_NUMBER() OVER (PARTITION BY "e"."customer_id" ORDER BY MIN(CAST("e"."occurred_at" AS TIMESTAMPTZ)), "e"."event_id") AS "_ordinal",
    MIN(CAST("e"."occurred_at" AS TIMESTAMPTZ)) AS "_occurred_at",
    MAX(
      MIN(
        GREATEST(
          CAST("e"."occurred_at" AS TIMESTAMPTZ),
          COALESCE(CAST("e"."received_at" AS TIMESTAMPTZ), CAST("e"."occurred_at" AS TIMESTAMPTZ))
        )
      )
    ) OVER (PARTITION BY "e"."customer_id" ORDER BY MIN(CAST("e"."occurred_at" AS TIMESTAMPTZ)), "e"."event_id") AS "_seen_at",
    MIN("e"."amount") AS "event.amount"
  FROM "events" AS "e"
  WHERE
    "e"."kind" = 'purchase'
    AND "e"."customer_id" IS NOT NULL
    AND "e"."event_id" IS NOT NULL
    AND "e"."occurred_at" <= $as_of
    AND (
      "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
    )
    AND "e"."occurred_at" >= CAST('2026-01-01 05:00:00+00:00' AS TIMESTAMPTZ)
    AND "e"."amount" > 0
    AND "e"."customer_id" IN (
      SELECT
        "e"."customer_id"
      FROM "events" AS "e"
      WHERE
        "e"."kind" = 'purchase'
        AND "e"."customer_id" IS NOT NULL
        AND "e"."event_id" IS NOT NULL
        AND "e"."occurred_at" <= $as_of
        AND (
          "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
        )
        AND "e"."occurred_at" >= CAST('2026-01-01 05:00:00+00:00' AS TIMESTAMPTZ)
        AND GREATEST(
          CAST("e"."occurred_at" AS TIMESTAMPTZ),
          COALESCE(CAST("e"."received_at" AS TIMESTAMPTZ), CAST("e"."occurred_at" AS TIMESTAMPTZ))
        ) > $since
    )
  GROUP BY
    "e"."customer_id",
    "e"."event_id"
), "every_purchase" /* every_fifth_pair.campaign:21 */ AS (
  SELECT
    "numbered_purchase"."customer_id",
    'purchase#/' || CAST("numbered_purchase"."_ordinal" AS TEXT) AS "_occurrence",
    "numbered_purchase"."_occurred_at",
    "numbered_purchase"."event.amount",
    (
      "numbered_purchase"."_ordinal" - 1
    ) % 5 + 1 AS "goal.step",
    5 AS "goal.target",
    "numbered_purchase"."_ordinal" % 5 = 0 AS "goal.completed"
  FROM "numbered_purchase"
  WHERE
    "numbered_purchase"."_seen_at" > $since
), "due" /* every_fifth_pair.campaign:21 */ AS (
  SELECT
    "audience"."customer_id",
    "audience"."is_employee",
    "audience"."tier",
    "audience"."_zone",
    "every_purchase"."_occurrence",
    CAST(CAST("every_purchase"."_occurred_at" AT TIME ZONE "audience"."_zone" AS DATE) AS TEXT) AS "_occurrence_day",
    CAST(NULL AS TEXT) AS "_occurrence_time",
    "every_purchase"."_occurred_at",
    "every_purchase"."event.amount",
    "every_purchase"."goal.completed",
    "every_purchase"."goal.step",
    "every_purchase"."goal.target"
  FROM "audience"
  JOIN "every_purchase"
    ON "every_purchase"."customer_id" = "audience"."customer_id"
), "classified" /* the groups they fall into */ AS (
  SELECT
    "due"."customer_id",
    "due"."is_employee",
    "due"."tier",
    "due"."_zone",
    "due"."_occurrence",
    "due"."_occurrence_day",
    "due"."_occurrence_time",
    "due"."_occurred_at",
    "due"."event.amount",
    "due"."goal.completed",
    "due"."goal.step",
    "due"."goal.target",
    CASE
      WHEN "due"."tier" IN ('gold', 'platinum')
      THEN 'gold' /* every_fifth_pair.campaign:16 */
      ELSE 'others' /* every_fifth_pair.campaign:17 */
    END AS "_segment",
    CASE
      WHEN CAST('0x' || LEFT(MD5('variant/every_fifth_pair:' || CAST("due"."customer_id" AS TEXT)), 7) AS BIGINT) < 134217728
      THEN 'a' /* every_fifth_pair.campaign:9 */
      ELSE 'b' /* every_fifth_pair.campaign:10 */
    END AS "_arm"
  FROM "due"
), "eligibility" /* the first stage that stops them, and what they get */ AS (
  SELECT
    CAST("classified"."customer_id" AS TEXT) AS "customer_id",
    "classified"."_occurrence" AS "occurrence",
    "classified"."_occurrence_day" AS "occurrence_day",
    "classified"."_occurrence_time" AS "occurrence_time",
    "classified"."_occurred_at" AS "occurred_at",
    "classified"."_zone" AS "zone",
    "classified"."_segment" AS "segment",
    "classified"."_arm" AS "arm",
    CAST(NULL AS TEXT) AS "language",
    CASE WHEN "classified"."is_employee" THEN 'not_excluded' /* every_fifth_pair.campaign:14 */ END AS "lost",
    CAST(CASE
      WHEN TRY(CAST(ROUND(TRY("classified"."event.amount" * CAST(1 AS DECIMAL(19, 0)) * 2), 0) AS BIGINT)) > 0
      THEN 1
      ELSE 0
    END + CASE WHEN "classified"."goal.completed" THEN 2 WHEN "classified"."_arm" = 'a' THEN 4 ELSE 8 END AS BIGINT) AS "steps", /* 1: every_fifth_pair.campaign:26; 2: every_fifth_pair.campaign:28; 4: every_fifth_pair.campaign:29; 8: every_fifth_pair.campaign:30 */
    CAST(NULL AS TEXT) AS "address",
    '{' || CONCAT_WS(
      ',',
      '"goal.completed":' || CAST(TO_JSON("classified"."goal.completed") AS TEXT),
      '"goal.step":' || CAST(TO_JSON("classified"."goal.step") AS TEXT),
      '"goal.target":' || CAST(TO_JSON("classified"."goal.target") AS TEXT)
    ) || '}' AS "context",
    '{' || CONCAT_WS(
      ',',
      '"0":' || CAST(TO_JSON(
        CASE
          WHEN TRY(CAST(ROUND(TRY("classified"."event.amount" * CAST(1 AS DECIMAL(19, 0)) * 2), 0) AS BIGINT)) > 0
          THEN LEAST(TRY(CAST(ROUND(TRY("classified"."event.amount" * CAST(1 AS DECIMAL(19, 0)) * 2), 0) AS BIGINT)), 500)
        END
      ) AS TEXT)
    ) || '}' AS "computed"
  FROM "classified"
), "totals" /* how many there are, can be judged, and match */ AS (
  SELECT
    COUNT(*) AS "customers",
    COUNT(CASE WHEN "customer"."customer_id" IS NOT NULL AND "customer"."_zone" IS NOT NULL THEN 1 END) AS "readable",
    (
      SELECT
        COUNT(*)
      FROM "audience"
    ) AS "audience"
  FROM "customer"
)
SELECT
  "totals"."customers",
  "totals"."readable",
  "totals"."audience",
  "eligibility"."customer_id",
  "eligibility"."occurrence",
  "eligibility"."occurrence_day",
  "eligibility"."occurrence_time",
  "eligibility"."occurred_at",
  "eligibility"."zone",
  "eligibility"."segment",
  "eligibility"."arm",
  "eligibility"."language",
  "eligibility"."lost",
  "eligibility"."steps",
  "eligibility"."address",
  "eligibility"."context",
  "eligibility"."computed"
FROM "totals"
LEFT JOIN "eligibility"
  ON TRUE
