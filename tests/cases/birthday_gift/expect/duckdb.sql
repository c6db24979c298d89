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
), "customer" /* customers, each with the zone she lives in */ AS NOT MATERIALIZED (
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
), "occurrence" /* what falls on the days of the run */ AS (
  SELECT
    "o"."trigger",
    "o"."month_day",
    "o"."country",
    "o"."occurrence",
    "o"."occurrence_day",
    "o"."occurrence_time"
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
    "occurrence"."occurrence_time" AS "_occurrence_time",
    CAST(NULL AS TIMESTAMPTZ) AS "_occurred_at"
  FROM "audience"
  JOIN "occurrence"
    ON EXTRACT(MONTH FROM "audience"."birth_date") * 100 + EXTRACT(DAY FROM "audience"."birth_date") = "occurrence"."month_day"
), "classified" /* the groups they fall into */ AS (
  SELECT
    "due"."customer_id",
    "due"."email",
    "due"."email_consent",
    "due"."favorite_category",
    "due"."first_name",
    "due"."is_employee",
    "due"."tier",
    "due"."_zone",
    "due"."_occurrence",
    "due"."_occurrence_day",
    "due"."_occurrence_time",
    "due"."_occurred_at",
    CASE
      WHEN "due"."tier" IN ('gold', 'platinum')
      THEN 'gold' /* birthday_gift.campaign:20 */
      ELSE 'others' /* birthday_gift.campaign:21 */
    END AS "_segment"
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
    CAST(NULL AS TEXT) AS "arm",
    CAST(NULL AS TEXT) AS "language",
    CASE
      WHEN "classified"."is_employee"
      THEN 'not_excluded' /* birthday_gift.campaign:17 */
      WHEN LOWER(TRIM("classified"."email")) IN (
        SELECT
          LOWER(TRIM("s"."address")) AS "address"
        FROM "suppressions" AS "s"
        WHERE
          "s"."address" IS NOT NULL
      )
      THEN 'not_suppressed' /* global_suppression, birthday_gift.campaign:18 */
      WHEN NOT COALESCE("classified"."email_consent", FALSE)
      THEN 'consented' /* birthday_gift.campaign:40 */
      WHEN CAST('0x' || LEFT(MD5('holdout/birthday_gift:' || CAST("classified"."customer_id" AS TEXT)), 7) AS BIGINT) < 13421773
      THEN 'not_held_out' /* 5%, birthday_gift.campaign:23 */
    END AS "lost",
    CAST(28 + CASE "classified"."_segment" WHEN 'gold' THEN 1 WHEN 'others' THEN 2 ELSE 0 END AS BIGINT) AS "steps", /* 1: birthday_gift.campaign:33; 2: birthday_gift.campaign:34; 4: birthday_gift.campaign:35; 8: birthday_gift.campaign:36; 16: birthday_gift.campaign:37 */
    LOWER(TRIM("classified"."email")) AS "address",
    '{' || CONCAT_WS(
      ',',
      '"email":' || CAST(TO_JSON("classified"."email") AS TEXT),
      '"favorite_category":' || CAST(TO_JSON("classified"."favorite_category") AS TEXT),
      '"first_name":' || CAST(TO_JSON("classified"."first_name") AS TEXT)
    ) || '}' AS "context",
    '{}' AS "computed"
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
