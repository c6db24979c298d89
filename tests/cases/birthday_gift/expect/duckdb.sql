WITH "zone" /* zones of the tz database, and the day it is there */ AS (
  SELECT
    "name",
    CAST($as_of AT TIME ZONE "name" AS DATE) AS "_today"
  FROM PG_TIMEZONE_NAMES()
  WHERE
    NOT LIST_CONTAINS(
      STRING_SPLIT(
        'ACT AET AGT ART AST BET BST CAT CNT CST CTT Canada/East-Saskatchewan EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST SystemV/AST4 SystemV/AST4ADT SystemV/CST6 SystemV/CST6CDT SystemV/EST5 SystemV/EST5EDT SystemV/HST10 SystemV/MST7 SystemV/MST7MDT SystemV/PST8 SystemV/PST8PDT SystemV/YST9 SystemV/YST9YDT US/Pacific-New VST',
        ' '
      ),
      "name"
    )
), "customer" AS NOT MATERIALIZED (
  SELECT
    "c"."customer_id",
    "c"."birth_date",
    "c"."email",
    "c"."email_consent",
    "c"."favorite_category",
    "c"."first_name",
    "c"."is_employee",
    "c"."status",
    "c"."tier",
    "zone"."name" AS "_zone",
    "zone"."_today"
  FROM "customers" AS "c"
  LEFT JOIN "zone"
    ON "zone"."name" = COALESCE("c"."time_zone", 'America/New_York')
), "audience" /* birthday_gift.campaign:14 */ AS (
  SELECT
    "customer"."customer_id",
    "customer"."email",
    "customer"."email_consent",
    "customer"."favorite_category",
    "customer"."first_name",
    "customer"."is_employee",
    "customer"."tier",
    "customer"."birth_date",
    "customer"."_zone"
  FROM "customer"
  WHERE
    "customer"."customer_id" IS NOT NULL
    AND "customer"."_zone" IS NOT NULL
    AND "customer"."status" = 'good'
    AND "customer"."birth_date" + INTERVAL '13' YEAR <= "customer"."_today"
    AND "customer"."birth_date" IS NOT NULL
), "occurrence" /* what falls on the day of the run */ AS (
  SELECT
    "o"."month_day",
    "o"."occurrence",
    "o"."occurrence_day"
  FROM (
    $occurrences
  ) AS "o"
), "due" /* birthday_gift.campaign:27 */ AS (
  SELECT
    "audience"."customer_id",
    "audience"."email",
    "audience"."email_consent",
    "audience"."favorite_category",
    "audience"."first_name",
    "audience"."is_employee",
    "audience"."tier",
    "audience"."_zone",
    "occurrence"."occurrence" AS "_occurrence",
    "occurrence"."occurrence_day" AS "_occurrence_day",
    CASE WHEN "audience"."tier" IN ('gold', 'platinum') THEN 'gold' ELSE 'others' END AS "_segment"
  FROM "audience"
  JOIN "occurrence"
    ON EXTRACT(MONTH FROM "audience"."birth_date") * 100 + EXTRACT(DAY FROM "audience"."birth_date") = "occurrence"."month_day"
), "eligibility" /* the first stage that stops them */ AS (
  SELECT
    CAST("due"."customer_id" AS TEXT) AS "customer_id",
    "due"."_occurrence" AS "occurrence",
    "due"."_occurrence_day" AS "occurrence_day",
    "due"."_zone" AS "zone",
    "due"."_segment" AS "segment",
    CASE
      WHEN "due"."is_employee"
      THEN 'not_excluded' /* birthday_gift.campaign:17 */
      WHEN LOWER(TRIM("due"."email")) IN (
        SELECT
          LOWER(TRIM("s"."address")) AS "address"
        FROM "suppressions" AS "s"
        WHERE
          "s"."address" IS NOT NULL
      )
      THEN 'not_suppressed' /* global_suppression */
      WHEN NOT COALESCE("due"."email_consent", FALSE)
      THEN 'consented' /* birthday_gift.campaign:40 */
      WHEN CAST('0x' || LEFT(MD5('holdout/birthday_gift:' || CAST("due"."customer_id" AS TEXT)), 7) AS BIGINT) < 13421772
      THEN 'not_held_out' /* 5% */
    END AS "lost",
    CAST(28 + CASE "due"."_segment" WHEN 'gold' THEN 1 WHEN 'others' THEN 2 ELSE 0 END AS BIGINT) AS "steps",
    LOWER(TRIM("due"."email")) AS "address",
    CAST(JSON_MERGE_PATCH(
      '{}',
      JSON_OBJECT('email', "due"."email", 'favorite_category', "due"."favorite_category", 'first_name', "due"."first_name")
    ) AS TEXT) AS "context"
  FROM "due"
), "totals" AS (
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
  "eligibility"."zone",
  "eligibility"."segment",
  "eligibility"."lost",
  "eligibility"."steps",
  "eligibility"."address",
  "eligibility"."context"
FROM "totals"
LEFT JOIN "eligibility"
  ON TRUE
