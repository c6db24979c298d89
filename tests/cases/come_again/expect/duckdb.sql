WITH RECURSIVE "zone" /* zones of the tz database */ AS (
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
    "c"."enrolled_on",
    "c"."is_employee",
    "c"."status",
    "zone"."name" AS "_zone"
  FROM "customers" AS "c"
  LEFT JOIN "zone"
    ON "zone"."name" = COALESCE("c"."time_zone", 'America/New_York')
), "audience" /* come_again.campaign:7 */ AS (
  SELECT
    "customer"."customer_id",
    "customer"."enrolled_on",
    "customer"."_zone"
  FROM "customer"
  WHERE
    "customer"."customer_id" IS NOT NULL
    AND "customer"."_zone" IS NOT NULL
    AND "customer"."status" = 'good'
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
), "on_purchase" /* come_again.campaign:11 */ AS (
  SELECT
    "e"."customer_id",
    'purchase/' || CAST("e"."event_id" AS TEXT) AS "_occurrence",
    MIN(CAST("e"."occurred_at" AS TIMESTAMPTZ)) AS "_occurred_at"
  FROM "events" AS "e"
  WHERE
    "e"."kind" = 'purchase'
    AND "e"."customer_id" IS NOT NULL
    AND "e"."event_id" IS NOT NULL
    AND "e"."occurred_at" <= $as_of
    AND (
      "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
    )
    AND "e"."amount" >= 100
    AND "e"."event_id" IN (
      SELECT
        "e"."event_id"
      FROM "events" AS "e"
      WHERE
        "e"."kind" = 'purchase'
        AND "e"."customer_id" IS NOT NULL
        AND "e"."event_id" IS NOT NULL
        AND "e"."occurred_at" <= $as_of
        AND (
          "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
        )
        AND GREATEST(
          CAST("e"."occurred_at" AS TIMESTAMPTZ),
          COALESCE(CAST("e"."received_at" AS TIMESTAMPTZ), CAST("e"."occurred_at" AS TIMESTAMPTZ))
        ) > $since
    )
  GROUP BY
    "e"."customer_id",
    "e"."event_id"
  HAVING
    MIN(
      GREATEST(
        CAST("e"."occurred_at" AS TIMESTAMPTZ),
        COALESCE(CAST("e"."received_at" AS TIMESTAMPTZ), CAST("e"."occurred_at" AS TIMESTAMPTZ))
      )
    ) > $since
), "goal_active" /* customers with a new event */ AS (
  SELECT
    "u"."customer_id"
  FROM (
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
      AND GREATEST(
        CAST("e"."occurred_at" AS TIMESTAMPTZ),
        COALESCE(CAST("e"."received_at" AS TIMESTAMPTZ), CAST("e"."occurred_at" AS TIMESTAMPTZ))
      ) > $since
    UNION ALL
    SELECT
      "e"."customer_id"
    FROM "events" AS "e"
    WHERE
      "e"."kind" = 'check_in'
      AND "e"."customer_id" IS NOT NULL
      AND "e"."event_id" IS NOT NULL
      AND "e"."occurred_at" <= $as_of
      AND (
        "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
      )
      AND GREATEST(
        CAST("e"."occurred_at" AS TIMESTAMPTZ),
        COALESCE(CAST("e"."received_at" AS TIMESTAMPTZ), CAST("e"."occurred_at" AS TIMESTAMPTZ))
      ) > $since
  ) AS "u"
), "goal_match" /* the events of every part */ AS (
  SELECT
    "u"."customer_id",
    "u"."_event",
    "u"."_id_1",
    "u"."_id_2",
    "u"."_occurred_at",
    "u"."_seen_at",
    "u"."_part_1",
    "u"."_part_2"
  FROM (
    SELECT
      "e"."customer_id",
      'purchase' AS "_event",
      "e"."event_id" AS "_id_1",
      NULL AS "_id_2",
      CAST("e"."occurred_at" AS TIMESTAMPTZ) AS "_occurred_at",
      GREATEST(
        CAST("e"."occurred_at" AS TIMESTAMPTZ),
        COALESCE(CAST("e"."received_at" AS TIMESTAMPTZ), CAST("e"."occurred_at" AS TIMESTAMPTZ))
      ) AS "_seen_at",
      1 AS "_part_1",
      0 AS "_part_2"
    FROM "events" AS "e"
    WHERE
      "e"."kind" = 'purchase'
      AND "e"."customer_id" IS NOT NULL
      AND "e"."event_id" IS NOT NULL
      AND "e"."occurred_at" <= $as_of
      AND (
        "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
      )
      AND "e"."amount" >= 20
      AND "e"."customer_id" IN (
        SELECT
          "customer_id"
        FROM "goal_active"
      )
    UNION ALL
    SELECT
      "e"."customer_id",
      'check_in' AS "_event",
      NULL AS "_id_1",
      "e"."event_id" AS "_id_2",
      CAST("e"."occurred_at" AS TIMESTAMPTZ) AS "_occurred_at",
      GREATEST(
        CAST("e"."occurred_at" AS TIMESTAMPTZ),
        COALESCE(CAST("e"."received_at" AS TIMESTAMPTZ), CAST("e"."occurred_at" AS TIMESTAMPTZ))
      ) AS "_seen_at",
      0 AS "_part_1",
      1 AS "_part_2"
    FROM "events" AS "e"
    WHERE
      "e"."kind" = 'check_in'
      AND "e"."customer_id" IS NOT NULL
      AND "e"."event_id" IS NOT NULL
      AND "e"."occurred_at" <= $as_of
      AND (
        "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
      )
      AND "e"."customer_id" IN (
        SELECT
          "customer_id"
        FROM "goal_active"
      )
  ) AS "u"
), "goal_event" /* each event once */ AS (
  SELECT
    "goal_match"."customer_id",
    "goal_match"."_event",
    "goal_match"."_id_1",
    "goal_match"."_id_2",
    MIN("goal_match"."_occurred_at") AS "_occurred_at",
    MIN("goal_match"."_seen_at") AS "_seen_at",
    MAX("goal_match"."_part_1") AS "_part_1",
    MAX("goal_match"."_part_2") AS "_part_2"
  FROM "goal_match"
  GROUP BY
    "goal_match"."customer_id",
    "goal_match"."_event",
    "goal_match"."_id_1",
    "goal_match"."_id_2"
), "goal_order" /* in order, with how many of each part so far */ AS (
  SELECT
    "goal_event"."customer_id",
    ROW_NUMBER() OVER (
      PARTITION BY "goal_event"."customer_id"
      ORDER BY "goal_event"."_occurred_at", "goal_event"."_event", "goal_event"."_id_1", "goal_event"."_id_2"
    ) AS "_position",
    "goal_event"."_occurred_at",
    MAX("goal_event"."_seen_at") OVER (
      PARTITION BY "goal_event"."customer_id"
      ORDER BY "goal_event"."_occurred_at", "goal_event"."_event", "goal_event"."_id_1", "goal_event"."_id_2"
    ) AS "_seen_at",
    "goal_event"."_part_1",
    "goal_event"."_part_2",
    SUM("goal_event"."_part_1") OVER (
      PARTITION BY "goal_event"."customer_id"
      ORDER BY "goal_event"."_occurred_at", "goal_event"."_event", "goal_event"."_id_1", "goal_event"."_id_2"
    ) AS "_count_1",
    SUM("goal_event"."_part_2") OVER (
      PARTITION BY "goal_event"."customer_id"
      ORDER BY "goal_event"."_occurred_at", "goal_event"."_event", "goal_event"."_id_1", "goal_event"."_id_2"
    ) AS "_count_2"
  FROM "goal_event"
), "goal_start" /* the event from which on the goal is complete at this one */ AS (
  SELECT
    "here"."customer_id",
    "here"."_position",
    CASE
      WHEN "start_3"."_occurred_at" > "here"."_occurred_at" - INTERVAL '2592000' SECOND
      THEN "start_3"."_position"
      ELSE 0
    END AS "_start"
  FROM "goal_order" AS "here"
  LEFT JOIN "goal_order" AS "start_1"
    ON "start_1"."customer_id" = "here"."customer_id"
    AND "start_1"."_part_1" = 1
    AND "start_1"."_count_1" = "here"."_count_1" - 1
  LEFT JOIN "goal_order" AS "start_2"
    ON "start_2"."customer_id" = "here"."customer_id"
    AND "start_2"."_part_2" = 1
    AND "start_2"."_count_2" = "here"."_count_2"
  LEFT JOIN "goal_order" AS "start_3"
    ON "start_3"."customer_id" = "here"."customer_id"
    AND "start_3"."_position" = LEAST(
      CASE
        WHEN "start_1"."_occurred_at" > "here"."_occurred_at" - INTERVAL '1209600' SECOND
        THEN "start_1"."_position"
        ELSE 0
      END,
      COALESCE("start_2"."_position", 0)
    )
), "goal_next" /* the first completion after this one that shares no event with it */ AS (
  SELECT
    "here"."customer_id",
    "here"."_position",
    MIN("after"."_position") AS "_next"
  FROM "goal_start" AS "here"
  JOIN "goal_start" AS "after"
    ON "after"."customer_id" = "here"."customer_id" AND "after"."_start" > "here"."_position"
  WHERE
    "here"."_start" > 0
  GROUP BY
    "here"."customer_id",
    "here"."_position"
), "goal_completion" /* from the first completion on */ AS (
  SELECT
    "goal_start"."customer_id",
    MIN("goal_start"."_position") AS "_position",
    CAST(1 AS BIGINT) AS "_ordinal"
  FROM "goal_start"
  WHERE
    "goal_start"."_start" > 0
  GROUP BY
    "goal_start"."customer_id"
  UNION ALL
  SELECT
    "goal_next"."customer_id",
    "goal_next"."_next",
    "goal_completion"."_ordinal" + 1 AS "_ordinal"
  FROM "goal_completion"
  JOIN "goal_next"
    ON "goal_next"."customer_id" = "goal_completion"."customer_id"
    AND "goal_next"."_position" = "goal_completion"."_position"
), "goal" /* come_again.campaign:12 */ AS (
  SELECT
    "goal_order"."customer_id",
    'goal/' || CAST("goal_completion"."_ordinal" AS TEXT) AS "_occurrence",
    "goal_order"."_occurred_at"
  FROM "goal_completion"
  JOIN "goal_order"
    ON "goal_order"."customer_id" = "goal_completion"."customer_id"
    AND "goal_order"."_position" = "goal_completion"."_position"
  WHERE
    "goal_order"."_seen_at" > $since
), "sequence_active" /* customers with a new event */ AS (
  SELECT
    "e"."customer_id"
  FROM "events" AS "e"
  WHERE
    "e"."kind" = 'app_open'
    AND "e"."customer_id" IS NOT NULL
    AND "e"."event_id" IS NOT NULL
    AND "e"."occurred_at" <= $as_of
    AND (
      "e"."received_at" IS NULL OR "e"."received_at" <= $as_of
    )
    AND GREATEST(
      CAST("e"."occurred_at" AS TIMESTAMPTZ),
      COALESCE(CAST("e"."received_at" AS TIMESTAMPTZ), CAST("e"."occurred_at" AS TIMESTAMPTZ))
    ) > $since - INTERVAL '14400' SECOND
), "sequence_chain" /* every way to satisfy the steps */ AS (
  SELECT
    "step_1"."customer_id",
    "step_1"."event_id" AS "_last",
    GREATEST(
      CAST("step_1"."occurred_at" AS TIMESTAMPTZ),
      CAST("step_1"."occurred_at" AS TIMESTAMPTZ) + INTERVAL '14400' SECOND
    ) AS "_occurred_at",
    GREATEST(
      CAST("step_1"."occurred_at" AS TIMESTAMPTZ),
      COALESCE(CAST("step_1"."received_at" AS TIMESTAMPTZ), CAST("step_1"."occurred_at" AS TIMESTAMPTZ))
    ) AS "_seen_at"
  FROM "events" AS "step_1"
  WHERE
    "step_1"."kind" = 'app_open'
    AND "step_1"."customer_id" IS NOT NULL
    AND "step_1"."event_id" IS NOT NULL
    AND "step_1"."occurred_at" <= $as_of
    AND (
      "step_1"."received_at" IS NULL OR "step_1"."received_at" <= $as_of
    )
    AND "step_1"."occurred_at" <= $as_of_minus_14400
    AND NOT EXISTS(
      SELECT
        1
      FROM "events" AS "step_2"
      WHERE
        "step_2"."customer_id" = "step_1"."customer_id"
        AND "step_2"."occurred_at" > "step_1"."occurred_at"
        AND "step_2"."occurred_at" <= "step_1"."occurred_at" + INTERVAL '14400' SECOND
        AND "step_2"."kind" = 'purchase'
        AND "step_2"."customer_id" IS NOT NULL
        AND "step_2"."event_id" IS NOT NULL
        AND "step_2"."occurred_at" <= $as_of
        AND (
          "step_2"."received_at" IS NULL OR "step_2"."received_at" <= $as_of
        )
    )
    AND "step_1"."customer_id" IN (
      SELECT
        "customer_id"
      FROM "sequence_active"
    )
), "sequence" /* come_again.campaign:16 */ AS (
  SELECT
    "c"."customer_id",
    'sequence/' || CAST("c"."_last" AS TEXT) AS "_occurrence",
    "c"."_occurred_at"
  FROM (
    SELECT
      "sequence_chain"."customer_id",
      "sequence_chain"."_last",
      "sequence_chain"."_occurred_at",
      ROW_NUMBER() OVER (
        PARTITION BY "sequence_chain"."customer_id", "sequence_chain"."_last"
        ORDER BY "sequence_chain"."_occurred_at" ASC
      ) AS "_place",
      MIN(GREATEST("sequence_chain"."_seen_at", "sequence_chain"."_occurred_at")) OVER (PARTITION BY "sequence_chain"."customer_id", "sequence_chain"."_last") AS "_known_at"
    FROM "sequence_chain"
  ) AS "c"
  WHERE
    "c"."_place" = 1 AND "c"."_known_at" > $since
), "snapshot_employees" /* audience employees when it was looked at last */ AS (
  SELECT
    CAST($members_before_employees AS TEXT) AS "ids"
), "before_employees" /* its members then */ AS (
  SELECT
    UNNEST(FROM_JSON("snapshot_employees"."ids", '["VARCHAR"]')) AS "customer_id"
  FROM "snapshot_employees"
), "entering_employees" /* come_again.campaign:20 */ AS (
  SELECT DISTINCT
    "customer"."customer_id",
    'entering/employees/' || $as_of_key AS "_occurrence",
    $as_of AS "_occurred_at"
  FROM "customer"
  WHERE
    "customer"."customer_id" IS NOT NULL
    AND "customer"."_zone" IS NOT NULL
    AND (
      SELECT
        "ids"
      FROM "snapshot_employees"
    ) IS NOT NULL
    AND "customer"."is_employee"
    AND CAST("customer"."customer_id" AS TEXT) NOT IN (
      SELECT
        "customer_id"
      FROM "before_employees"
    )
), "happening" /* come_again.campaign:11, come_again.campaign:12, come_again.campaign:16, come_again.campaign:20, come_again.campaign:21, come_again.campaign:22 */ AS (
  SELECT
    "u"."customer_id",
    "u"."_zone",
    "u"."_trigger",
    "u"."_occurrence",
    "u"."_occurrence_day",
    "u"."_occurrence_time",
    "u"."_occurred_at"
  FROM (
    SELECT
      "audience"."customer_id",
      "audience"."_zone",
      0 AS "_trigger",
      "on_purchase"."_occurrence",
      CAST(CAST("on_purchase"."_occurred_at" AT TIME ZONE "audience"."_zone" AS DATE) AS TEXT) AS "_occurrence_day",
      CAST(NULL AS TEXT) AS "_occurrence_time",
      "on_purchase"."_occurred_at"
    FROM "audience"
    JOIN "on_purchase"
      ON "on_purchase"."customer_id" = "audience"."customer_id"
    UNION ALL
    SELECT
      "audience"."customer_id",
      "audience"."_zone",
      1 AS "_trigger",
      "goal"."_occurrence",
      CAST(CAST("goal"."_occurred_at" AT TIME ZONE "audience"."_zone" AS DATE) AS TEXT) AS "_occurrence_day",
      CAST(NULL AS TEXT) AS "_occurrence_time",
      "goal"."_occurred_at"
    FROM "audience"
    JOIN "goal"
      ON "goal"."customer_id" = "audience"."customer_id"
    UNION ALL
    SELECT
      "audience"."customer_id",
      "audience"."_zone",
      2 AS "_trigger",
      "sequence"."_occurrence",
      CAST(CAST("sequence"."_occurred_at" AT TIME ZONE "audience"."_zone" AS DATE) AS TEXT) AS "_occurrence_day",
      CAST(NULL AS TEXT) AS "_occurrence_time",
      "sequence"."_occurred_at"
    FROM "audience"
    JOIN "sequence"
      ON "sequence"."customer_id" = "audience"."customer_id"
    UNION ALL
    SELECT
      "audience"."customer_id",
      "audience"."_zone",
      3 AS "_trigger",
      "entering_employees"."_occurrence",
      CAST(CAST("entering_employees"."_occurred_at" AT TIME ZONE "audience"."_zone" AS DATE) AS TEXT) AS "_occurrence_day",
      CAST(NULL AS TEXT) AS "_occurrence_time",
      "entering_employees"."_occurred_at"
    FROM "audience"
    JOIN "entering_employees"
      ON "entering_employees"."customer_id" = "audience"."customer_id"
    UNION ALL
    SELECT
      "audience"."customer_id",
      "audience"."_zone",
      4 AS "_trigger",
      "occurrence"."occurrence" AS "_occurrence",
      "occurrence"."occurrence_day" AS "_occurrence_day",
      "occurrence"."occurrence_time" AS "_occurrence_time",
      CAST(NULL AS TIMESTAMPTZ) AS "_occurred_at"
    FROM "audience"
    JOIN "occurrence"
      ON "occurrence"."trigger" = 4
    UNION ALL
    SELECT
      "audience"."customer_id",
      "audience"."_zone",
      5 AS "_trigger",
      "occurrence"."occurrence" AS "_occurrence",
      "occurrence"."occurrence_day" AS "_occurrence_day",
      "occurrence"."occurrence_time" AS "_occurrence_time",
      CAST(NULL AS TIMESTAMPTZ) AS "_occurred_at"
    FROM "audience"
    JOIN "occurrence"
      ON "occurrence"."trigger" = 5
      AND EXTRACT(MONTH FROM "audience"."enrolled_on") * 100 + EXTRACT(DAY FROM "audience"."enrolled_on") = "occurrence"."month_day"
  ) AS "u"
), "due" /* of those with one key the first */ AS (
  SELECT
    "h"."customer_id",
    "h"."_zone",
    "h"."_occurrence",
    "h"."_occurrence_day",
    "h"."_occurrence_time",
    "h"."_occurred_at"
  FROM (
    SELECT
      "happening"."customer_id",
      "happening"."_zone",
      "happening"."_occurrence",
      "happening"."_occurrence_day",
      "happening"."_occurrence_time",
      "happening"."_occurred_at",
      RANK() OVER (
        PARTITION BY "happening"."customer_id", "happening"."_occurrence"
        ORDER BY "happening"."_trigger", "happening"."_occurrence_day", "happening"."_occurred_at"
      ) AS "_rank"
    FROM "happening"
  ) AS "h"
  WHERE
    "h"."_rank" = 1
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
    CASE
      WHEN CAST('0x' || LEFT(MD5('holdout/come_again:' || CAST("due"."customer_id" AS TEXT)), 7) AS BIGINT) < 26843546
      THEN 'not_held_out' /* 10%, come_again.campaign:8 */
    END AS "lost",
    CAST(1 AS BIGINT) AS "steps", /* 1: come_again.campaign:25 */
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
