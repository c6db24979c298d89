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
    "c"."home_latitude" AS "home",
    "c"."status",
    "c"."home_longitude" AS "_longitude_of_home",
    "zone"."name" AS "_zone",
    "zone"."_today"
  FROM "customers" AS "c"
  LEFT JOIN "zone"
    ON "zone"."name" = COALESCE("c"."time_zone", 'America/New_York')
), "dimension_stores" /* one row for each key, sunday_regulars.campaign:10 */ AS (
  SELECT
    "d"."store_id" AS "_key",
    MIN("d"."city") AS "city"
  FROM "stores" AS "d"
  WHERE
    "d"."store_id" IS NOT NULL
  GROUP BY
    "d"."store_id"
), "average_of_purchase_amount_in_last_90_days" /* purchase events, each id once, sunday_regulars.campaign:10 */ AS (
  SELECT
    "summed"."customer_id",
    CAST(CAST(CAST(TRY_CAST("summed"."total" AS DECIMAL(25, 12)) * 1000000000000 AS INT128) * 10000000 // NULLIF(CAST("summed"."known" AS INT128) * 1000000000000, 0) AS DECIMAL(38, 0)) * 0.0000001 AS DECIMAL(38, 6)) AS "value"
  FROM (
    SELECT
      "once"."customer_id",
      SUM("once"."value") AS "total",
      COUNT("once"."value") AS "known"
    FROM (
      SELECT
        "e"."customer_id",
        MIN("e"."amount") AS "value"
      FROM "events" AS "e"
      WHERE
        "e"."kind" = 'purchase'
        AND "e"."customer_id" IS NOT NULL
        AND "e"."event_id" IS NOT NULL
        AND "e"."occurred_at" <= $as_of
        AND (
          "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
        )
        AND "e"."occurred_at" > $as_of_minus_7776000
      GROUP BY
        "e"."customer_id",
        "e"."event_id"
    ) AS "once"
    GROUP BY
      "once"."customer_id"
  ) AS "summed"
), "sum_of_purchase_amount_in_last_365_days" /* purchase events, each id once, audiences.campaign:17 */ AS (
  SELECT
    "once"."customer_id",
    SUM("once"."value") AS "value"
  FROM (
    SELECT
      "e"."customer_id",
      MIN("e"."amount") AS "value"
    FROM "events" AS "e"
    WHERE
      "e"."kind" = 'purchase'
      AND "e"."customer_id" IS NOT NULL
      AND "e"."event_id" IS NOT NULL
      AND "e"."occurred_at" <= $as_of
      AND (
        "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
      )
      AND "e"."occurred_at" > $as_of_minus_31536000
    GROUP BY
      "e"."customer_id",
      "e"."event_id"
  ) AS "once"
  GROUP BY
    "once"."customer_id"
), "largest_by_sum_of_purchase_amount_in_last_365_days" /* the place among all, audiences.campaign:17 */ AS (
  SELECT
    "v"."customer_id",
    ROW_NUMBER() OVER (ORDER BY "v"."value" DESC, "v"."customer_id" ASC) AS "place",
    COUNT(*) OVER () AS "total"
  FROM (
    SELECT
      "customer"."customer_id",
      "sum_of_purchase_amount_in_last_365_days"."value"
    FROM "customer"
    LEFT JOIN "sum_of_purchase_amount_in_last_365_days"
      ON "sum_of_purchase_amount_in_last_365_days"."customer_id" = "customer"."customer_id"
    WHERE
      "customer"."customer_id" IS NOT NULL AND "customer"."_zone" IS NOT NULL
  ) AS "v"
  WHERE
    "v"."value" IS NOT NULL
), "most_frequent_of_purchase_category_in_last_84_days" /* purchase events, each id once, sunday_regulars.campaign:10 */ AS (
  SELECT
    "placed"."customer_id",
    "placed"."value"
  FROM (
    SELECT
      "once"."customer_id",
      "once"."value",
      ROW_NUMBER() OVER (PARTITION BY "once"."customer_id" ORDER BY COUNT(*) DESC, "once"."value" ASC) AS "place"
    FROM (
      SELECT
        "e"."customer_id",
        MIN("e"."category") AS "value"
      FROM "events" AS "e"
      WHERE
        "e"."kind" = 'purchase'
        AND "e"."customer_id" IS NOT NULL
        AND "e"."event_id" IS NOT NULL
        AND "e"."occurred_at" <= $as_of
        AND (
          "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
        )
        AND "e"."occurred_at" > $as_of_minus_7257600
      GROUP BY
        "e"."customer_id",
        "e"."event_id"
    ) AS "once"
    WHERE
      "once"."value" IS NOT NULL
    GROUP BY
      "once"."customer_id",
      "once"."value"
  ) AS "placed"
  WHERE
    "placed"."place" = 1
), "did_purchase_matching_in_last_56_days" /* purchase events, sunday_regulars.campaign:10 */ AS (
  SELECT
    "e"."customer_id"
  FROM "events" AS "e"
  JOIN "customer"
    ON "customer"."customer_id" = "e"."customer_id"
  WHERE
    "e"."kind" = 'purchase'
    AND "e"."customer_id" IS NOT NULL
    AND "e"."event_id" IS NOT NULL
    AND "e"."occurred_at" <= $as_of
    AND (
      "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
    )
    AND "e"."occurred_at" > $as_of_minus_4838400
    AND LOWER(DAYNAME(CAST(CAST("e"."occurred_at" AS TIMESTAMPTZ) AT TIME ZONE "customer"."_zone" AS DATE))) IN ('saturday', 'sunday')
), "last_of_purchase_city" /* purchase events, each id once, sunday_regulars.campaign:10 */ AS (
  SELECT
    "placed"."customer_id",
    "placed"."value"
  FROM (
    SELECT
      "once"."customer_id",
      "once"."value",
      ROW_NUMBER() OVER (
        PARTITION BY "once"."customer_id"
        ORDER BY "once"."occurred_at" DESC, "once"."id" DESC, "once"."value" ASC
      ) AS "place"
    FROM (
      SELECT
        "e"."customer_id",
        "lookup_stores"."city" AS "value",
        "e"."occurred_at",
        "e"."event_id" AS "id",
        ROW_NUMBER() OVER (
          PARTITION BY "e"."customer_id", "e"."event_id"
          ORDER BY "e"."occurred_at" ASC, "lookup_stores"."city" ASC
        ) AS "version"
      FROM "events" AS "e"
      LEFT JOIN "dimension_stores" AS "lookup_stores"
        ON "lookup_stores"."_key" = "e"."store_id"
      WHERE
        (
          (
            "e"."kind" = 'purchase'
            AND "e"."customer_id" IS NOT NULL
            AND "e"."event_id" IS NOT NULL
            AND "e"."occurred_at" <= $as_of
            AND (
              "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
            )
          )
          AND "lookup_stores"."city" IS NOT NULL
        )
        AND "e"."customer_id" IN (
          SELECT
            "customer_id"
          FROM "did_purchase_matching_in_last_56_days"
        )
    ) AS "once"
    WHERE
      "once"."version" = 1
  ) AS "placed"
  WHERE
    "placed"."place" = 1
), "did_purchase_matching_2_times_this_month" /* purchase events, each id once, sunday_regulars.campaign:10 */ AS (
  SELECT
    "e"."customer_id"
  FROM "events" AS "e"
  JOIN "customer"
    ON "customer"."customer_id" = "e"."customer_id"
  WHERE
    (
      "e"."kind" = 'purchase'
      AND "e"."customer_id" IS NOT NULL
      AND "e"."event_id" IS NOT NULL
      AND "e"."occurred_at" <= $as_of
      AND (
        "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
      )
      AND "e"."occurred_at" > $as_of_minus_2851200
      AND CAST(CAST("e"."occurred_at" AS TIMESTAMPTZ) AT TIME ZONE "customer"."_zone" AS DATE) >= CAST(DATE_TRUNC('month', "customer"."_today") AS DATE)
      AND TRY(CAST(CAST("e"."occurred_at" AS TIMESTAMPTZ) AT TIME ZONE "customer"."_zone" AS TIME)) BETWEEN CAST('06:00:00' AS TIME) AND CAST('11:00:00' AS TIME)
    )
    AND "e"."customer_id" IN (
      SELECT
        "customer_id"
      FROM "did_purchase_matching_in_last_56_days"
    )
  GROUP BY
    "e"."customer_id"
  HAVING
    COUNT(DISTINCT "e"."event_id") >= 2
), "recency_of_purchase" /* purchase events, each id once, sunday_regulars.campaign:19 */ AS (
  SELECT
    "e"."customer_id",
    (
      EPOCH_US($as_of) - EPOCH_US(CAST(MAX("e"."occurred_at") AS TIMESTAMPTZ))
    ) // 86400000000 AS "value"
  FROM "events" AS "e"
  WHERE
    "e"."kind" = 'purchase'
    AND "e"."customer_id" IS NOT NULL
    AND "e"."event_id" IS NOT NULL
    AND "e"."occurred_at" <= $as_of
    AND (
      "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
    )
  GROUP BY
    "e"."customer_id"
), "first_app_open_in_last_7_days" /* app_open events, each id once, sunday_regulars.campaign:17 */ AS (
  SELECT
    "once"."customer_id"
  FROM (
    SELECT
      "e"."customer_id",
      MIN("e"."occurred_at") AS "occurred_at"
    FROM "events" AS "e"
    WHERE
      "e"."kind" = 'app_open'
      AND "e"."customer_id" IS NOT NULL
      AND "e"."event_id" IS NOT NULL
      AND "e"."occurred_at" <= $as_of
      AND (
        "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
      )
    GROUP BY
      "e"."customer_id"
  ) AS "once"
  WHERE
    "once"."occurred_at" > $as_of_minus_604800
), "sum_of_purchase_amount_in_last_30_days" /* purchase events, each id once, sunday_regulars.campaign:31 */ AS (
  SELECT
    "once"."customer_id",
    SUM("once"."value") AS "value"
  FROM (
    SELECT
      "e"."customer_id",
      MIN("e"."amount") AS "value"
    FROM "events" AS "e"
    WHERE
      "e"."kind" = 'purchase'
      AND "e"."customer_id" IS NOT NULL
      AND "e"."event_id" IS NOT NULL
      AND "e"."occurred_at" <= $as_of
      AND (
        "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
      )
      AND "e"."occurred_at" > $as_of_minus_2592000
    GROUP BY
      "e"."customer_id",
      "e"."event_id"
  ) AS "once"
  GROUP BY
    "once"."customer_id"
), "audience" /* sunday_regulars.campaign:10 */ AS (
  SELECT
    "customer"."customer_id",
    "customer"."_zone"
  FROM "customer"
  LEFT JOIN "average_of_purchase_amount_in_last_90_days"
    ON "average_of_purchase_amount_in_last_90_days"."customer_id" = "customer"."customer_id"
  LEFT JOIN "largest_by_sum_of_purchase_amount_in_last_365_days"
    ON "largest_by_sum_of_purchase_amount_in_last_365_days"."customer_id" = "customer"."customer_id"
  LEFT JOIN "most_frequent_of_purchase_category_in_last_84_days"
    ON "most_frequent_of_purchase_category_in_last_84_days"."customer_id" = "customer"."customer_id"
  LEFT JOIN "last_of_purchase_city"
    ON "last_of_purchase_city"."customer_id" = "customer"."customer_id"
  WHERE
    "customer"."customer_id" IS NOT NULL
    AND "customer"."_zone" IS NOT NULL
    AND "customer"."status" = 'good'
    AND (
      "average_of_purchase_amount_in_last_90_days"."value" >= 40
      OR (
        (
          "largest_by_sum_of_purchase_amount_in_last_365_days"."place" - 1
        ) * 100 < "largest_by_sum_of_purchase_amount_in_last_365_days"."total" * 10
      ) /* audience top_tenth, audiences.campaign:17 */
    )
    AND "most_frequent_of_purchase_category_in_last_84_days"."value" = 'running'
    AND CONTAINS(LOWER("last_of_purchase_city"."value"), LOWER('ton'))
    AND "customer"."customer_id" IN (
      SELECT
        "customer_id"
      FROM "did_purchase_matching_2_times_this_month"
    )
    AND "customer"."customer_id" IN (
      SELECT
        "customer_id"
      FROM "did_purchase_matching_in_last_56_days"
    )
    AND (
      "customer"."home" BETWEEN 42.315125 AND 42.405075
      AND "customer"."_longitude_of_home" BETWEEN -180.000000 AND 180.000000
      AND ROUND(
        12742017.6 * ASIN(
          SQRT(
            LEAST(
              1,
              POWER(SIN(RADIANS(CAST("customer"."home" AS DOUBLE) - CAST(42.3601 AS DOUBLE)) / 2), 2) + COS(RADIANS(CAST("customer"."home" AS DOUBLE))) * COS(RADIANS(CAST(42.3601 AS DOUBLE))) * POWER(SIN(RADIANS(CAST("customer"."_longitude_of_home" AS DOUBLE) - CAST(-71.0589 AS DOUBLE)) / 2), 2)
            )
          )
        )
      ) <= 5000
    )
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
), "due" /* sunday_regulars.campaign:26 */ AS (
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
), "classified" /* the groups they fall into */ AS (
  SELECT
    "due"."customer_id",
    "due"."_zone",
    "due"."_occurrence",
    "due"."_occurrence_day",
    "due"."_occurrence_time",
    "due"."_occurred_at",
    CASE
      WHEN "recency_of_purchase"."value" <= 14
      THEN 'often' /* sunday_regulars.campaign:19 */
      ELSE 'others' /* sunday_regulars.campaign:20 */
    END AS "_segment"
  FROM "due"
  LEFT JOIN "recency_of_purchase"
    ON "recency_of_purchase"."customer_id" = "due"."customer_id"
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
      WHEN "classified"."customer_id" IN (
        SELECT
          "customer_id"
        FROM "first_app_open_in_last_7_days"
      )
      OR CAST('0x' || LEFT(MD5('sample/quiet:' || CAST("classified"."customer_id" AS TEXT)), 7) AS BIGINT) < 26843546
      THEN 'not_excluded' /* sunday_regulars.campaign:17 */
      WHEN CAST('0x' || LEFT(MD5('holdout/sunday_regulars:' || CAST("classified"."customer_id" AS TEXT)), 7) AS BIGINT) < 6710887
      THEN 'not_held_out' /* 2.5%, sunday_regulars.campaign:22 */
    END AS "lost",
    CAST(CASE "classified"."_segment" WHEN 'often' THEN 2 ELSE 0 END + CASE
      WHEN TRY(
        CAST(ROUND_EVEN(
          CAST(CAST(CAST(TRY_CAST("sum_of_purchase_amount_in_last_30_days"."value" AS DECIMAL(25, 12)) * 1000000000000 AS INT128) * 10000000000000 // NULLIF(CAST(TRY_CAST(10 AS DECIMAL(25, 12)) * 1000000000000 AS INT128), 0) AS DECIMAL(38, 0)) * 0.0000000000001 AS DECIMAL(38, 12)),
          0
        ) AS BIGINT)
      ) > 0
      THEN 1
      ELSE 0
    END AS BIGINT) AS "steps", /* 1: sunday_regulars.campaign:31; 2: sunday_regulars.campaign:32 */
    CAST(NULL AS TEXT) AS "address",
    '{}' AS "context",
    '{' || CONCAT_WS(
      ',',
      '"0":' || CAST(TO_JSON(
        CASE
          WHEN TRY(
            CAST(ROUND_EVEN(
              CAST(CAST(CAST(TRY_CAST("sum_of_purchase_amount_in_last_30_days"."value" AS DECIMAL(25, 12)) * 1000000000000 AS INT128) * 10000000000000 // NULLIF(CAST(TRY_CAST(10 AS DECIMAL(25, 12)) * 1000000000000 AS INT128), 0) AS DECIMAL(38, 0)) * 0.0000000000001 AS DECIMAL(38, 12)),
              0
            ) AS BIGINT)
          ) > 0
          THEN LEAST(
            TRY(
              CAST(ROUND_EVEN(
                CAST(CAST(CAST(TRY_CAST("sum_of_purchase_amount_in_last_30_days"."value" AS DECIMAL(25, 12)) * 1000000000000 AS INT128) * 10000000000000 // NULLIF(CAST(TRY_CAST(10 AS DECIMAL(25, 12)) * 1000000000000 AS INT128), 0) AS DECIMAL(38, 0)) * 0.0000000000001 AS DECIMAL(38, 12)),
                0
              ) AS BIGINT)
            ),
            200
          )
        END
      ) AS TEXT)
    ) || '}' AS "computed"
  FROM "classified"
  LEFT JOIN "sum_of_purchase_amount_in_last_30_days"
    ON "sum_of_purchase_amount_in_last_30_days"."customer_id" = "classified"."customer_id"
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
