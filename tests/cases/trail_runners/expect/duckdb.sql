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
    "c"."address",
    "c"."children",
    "c"."email",
    "c"."interests",
    "zone"."name" AS "_zone"
  FROM "customers" AS "c"
  LEFT JOIN "zone"
    ON "zone"."name" = 'America/New_York'
), "audience" /* trail_runners.campaign:9 */ AS (
  SELECT
    "customer"."customer_id",
    "customer"."_zone"
  FROM "customer"
  WHERE
    "customer"."customer_id" IS NOT NULL
    AND "customer"."_zone" IS NOT NULL
    AND LIST_HAS_ANY("customer"."interests", ['run', 'trail'])
    AND NOT COALESCE(LIST_HAS_ALL("customer"."interests", ['golf', 'tennis']), FALSE)
    AND LEN(LIST_FILTER("customer"."children", LAMBDA "it" : "it"['birth_date'] >= CAST('2015-01-01' AS DATE))) > 0
    AND LEN("customer"."children") >= 1
    AND "customer"."address"['city'] IS NOT NULL
    AND REGEXP_MATCHES("customer"."email", '@example[.]com$', 's')
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
), "due" /* trail_runners.campaign:18 */ AS (
  SELECT
    "audience"."customer_id",
    "audience"."_zone",
    "occurrence"."occurrence" AS "_occurrence",
    "occurrence"."occurrence_day" AS "_occurrence_day",
    "occurrence"."occurrence_time" AS "_occurrence_time",
    CAST(NULL AS TIMESTAMPTZ) AS "_occurred_at"
  FROM "audience"
  JOIN "occurrence"
    ON TRUE
), "eligibility" /* the first stage that stops them, and what they get */ AS (
  SELECT
    CAST("due"."customer_id" AS TEXT) AS "customer_id",
    "due"."_occurrence" AS "occurrence",
    "due"."_occurrence_day" AS "occurrence_day",
    "due"."_occurrence_time" AS "occurrence_time",
    "due"."_occurred_at" AS "occurred_at",
    "due"."_zone" AS "zone",
    CAST(NULL AS TEXT) AS "segment",
    CAST(NULL AS TEXT) AS "arm",
    CAST(NULL AS TEXT) AS "language",
    CAST(NULL AS TEXT) AS "lost",
    CAST(1 AS BIGINT) AS "steps", /* 1: trail_runners.campaign:22 */
    CAST(NULL AS TEXT) AS "address",
    '{}' AS "context",
    '{}' AS "computed"
  FROM "due"
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
