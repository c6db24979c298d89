-- What the shop, the app and the partners report. Much of it goes with what is in `events`: a cart before a purchase, a
-- refund after it, a geofence around a check-in. Ids have a range for each source.

-- Purchases and visits, each once. Every event number that 200 divides has been delivered twice.
CREATE TEMP TABLE bought AS
SELECT
    event_id, customer_id, epoch(occurred_at)::BIGINT AS occurred, sku, category, quantity, amount, store_id,
    digest('bought', event_id) AS d
FROM events
WHERE kind = 'purchase' AND event_id % 200 <> 0 AND event_id <= getvariable('events') AND category <> 'cafe';

CREATE TEMP TABLE reported (
    event_id BIGINT, customer_id TEXT, kind TEXT, occurred BIGINT, sku TEXT, category TEXT, quantity INTEGER, amount DECIMAL(12, 2),
    store_id TEXT, title TEXT, genre TEXT, starts BIGINT, rating INTEGER, direction TEXT
);

-- Two of three online purchases were in a cart before, up to five hours.
INSERT INTO reported
SELECT 1000000000 + event_id, customer_id, 'add_to_cart', occurred - 60 - pick(high_word(d), 0, 18000), sku, category, quantity, amount,
    NULL, NULL, NULL, NULL, NULL, NULL
FROM bought WHERE store_id IS NULL AND share(high_word(d), 1) < 0.66;

-- One purchase in 25 goes back within three weeks.
INSERT INTO reported
SELECT 2000000000 + event_id, customer_id, 'refund', occurred + 86400 + pick(high_word(d), 2, 20) * 86400 + pick(high_word(d), 0, 3600),
    sku, NULL, NULL, amount, NULL, NULL, NULL, NULL, NULL, NULL
FROM bought WHERE share(high_word(d), 3) < 0.04;

-- One pair in eight is reviewed, days later.
INSERT INTO reported
SELECT 3000000000 + event_id, customer_id, 'review_written', occurred + 2 * 86400 + pick(low_word(d), 0, 15 * 86400), sku, NULL, NULL, NULL,
    NULL, getvariable('reviews')[stars], NULL, NULL, stars, NULL
FROM (
    SELECT *, CASE WHEN share(low_word(d), 2) < 0.06 THEN 1 WHEN share(low_word(d), 2) < 0.12 THEN 2 WHEN share(low_word(d), 2) < 0.25 THEN 3
        WHEN share(low_word(d), 2) < 0.55 THEN 4 ELSE 5 END AS stars
    FROM bought WHERE share(low_word(d), 1) < 0.125
);

-- Who checks in inside a geofence has entered it, and leaves it.
INSERT INTO reported
SELECT (4 + way) * 1000000000 + event_id, customer_id, 'geofence_crossing',
    epoch(occurred_at)::BIGINT + CASE way WHEN 0 THEN -30 - event_id % 500 ELSE 900 + event_id % 3600 END,
    NULL, NULL, NULL, NULL, NULL,
    CASE WHEN store_id IN ('S001', 'S002') THEN 'boston_stores' WHEN store_id = 'S033' THEN 'london_store' ELSE 'new_york_stores' END,
    NULL, NULL, NULL, CASE way WHEN 0 THEN 'enter' ELSE 'leave' END
FROM events, range(2) AS ways(way)
WHERE kind = 'check_in' AND store_id IN ('S001', 'S002', 'S003', 'S004', 'S033')
    AND event_id % 200 <> 0 AND event_id <= getvariable('events');

-- Subscriptions to the box: six renewals back, of which one in sixteen fails, some of them again a few days later.
INSERT INTO reported
SELECT 6000000000 + customer_no * 100 + back * 2 + try, customer_id, CASE WHEN failed THEN 'subscription_renewal_failed' ELSE 'subscription_renewed' END,
    renewed + try * 3 * 86400 + 6 * 3600 + pick(low_word(d), 0, 7200), NULL, NULL, 1 + try, CASE plan WHEN 'monthly' THEN 12.90 ELSE 129.00 END,
    NULL, plan, NULL, NULL, NULL, NULL
FROM (
    SELECT customer_no, customer_id, plan, back, try, d, enrolled_on, share(high_word(d), try) < 0.06 AS failed,
        share(high_word(d), 0) < 0.06 AS failed_first,
        epoch(plan_renews_on - (back * CASE plan WHEN 'monthly' THEN 30 ELSE 365 END)::INTEGER)::BIGINT AS renewed
    FROM (
        SELECT customer_no, customer_id, enrolled_on, plan, plan_renews_on, back, digest('renewal', customer_no * 100 + back) AS d
        FROM customers
        JOIN (SELECT customer_no, customer_id AS id FROM members) AS numbers ON numbers.id = customers.customer_id,
            range(1, 7) AS renewals(back)
        WHERE plan IN ('monthly', 'yearly')
    ), range(2) AS tries(try)
)
WHERE (try = 0 OR failed_first) AND renewed >= epoch(enrolled_on);

-- The rest is anybody's: abandoned carts, the cinema, videos, sweepstakes, rewards, friends.
INSERT INTO reported
WITH digests AS (
    SELECT range AS n, digest('activity 1', range) AS d1, digest('activity 2', range) AS d2
    FROM range(1, getvariable('events') // 8 + 1)
),
words AS (
    SELECT n, high_word(d1) AS a, low_word(d1) AS b, high_word(d2) AS c, low_word(d2) AS d FROM digests
),
acted AS (
    SELECT
        n, c, d, customer_id, offset_seconds,
        CASE WHEN share(b, 0) < 0.40 THEN 'add_to_cart' WHEN share(b, 0) < 0.66 THEN 'ticket_purchase'
            WHEN share(b, 0) < 0.82 THEN 'video_watched' WHEN share(b, 0) < 0.90 THEN 'sweepstake_entry'
            WHEN share(b, 0) < 0.97 THEN 'reward_purchased' ELSE 'friend_referred' END AS kind,
        first_slot + floor(fine_share(a, 1) * slots)::BIGINT AS calendar_slot,
        pick(b, 1, 100) AS hour_slot,
        pick(b, 2, 3600) AS second,
        pick(b, 3, 200) AS shoe_no
    FROM words
    JOIN actors ON actors.activity_rank = busy_rank(fine_share(a, 0))
),
timed AS (
    SELECT acted.*, epoch(day)::BIGINT + hour * 3600 + second - offset_seconds AS occurred, shoes.sku, shoes.category, cents
    FROM acted
    JOIN calendar_slots ON calendar_slots.slot = calendar_slot
    JOIN hours ON hours.kind = 'app_open' AND hours.slot = hour_slot
    JOIN shoes ON shoes.shoe_no = acted.shoe_no
),
told AS (
    SELECT *, 1 + pick(c, 0, len(getvariable('films'))) AS film_no, 1 + pick(c, 1, 4) * (CASE WHEN share(c, 2) < 0.7 THEN 0 ELSE 1 END) AS seats
    FROM timed
)
SELECT
    8000000000 + n, customer_id, kind, occurred,
    CASE kind WHEN 'add_to_cart' THEN sku END,
    CASE kind WHEN 'add_to_cart' THEN category END,
    CASE kind WHEN 'add_to_cart' THEN 1 WHEN 'ticket_purchase' THEN seats WHEN 'video_watched' THEN 5 + pick(c, 0, 240)
        WHEN 'reward_purchased' THEN getvariable('prices')[1 + pick(c, 0, len(getvariable('prices')))] END,
    CASE kind WHEN 'add_to_cart' THEN (cents * 0.01)::DECIMAL(12, 2) WHEN 'ticket_purchase' THEN (seats * 12.50)::DECIMAL(12, 2) END,
    CASE kind WHEN 'ticket_purchase' THEN format('C{:02d}', 1 + pick(d, 0, 6)) END,
    CASE kind WHEN 'ticket_purchase' THEN getvariable('films')[film_no] WHEN 'video_watched' THEN getvariable('videos')[1 + pick(c, 1, len(getvariable('videos')))]
        WHEN 'sweepstake_entry' THEN getvariable('sweepstakes')[1 + pick(c, 0, len(getvariable('sweepstakes')))]
        WHEN 'reward_purchased' THEN getvariable('rewards')[1 + pick(c, 0, len(getvariable('rewards')))]
        WHEN 'friend_referred' THEN format('M{:07d}', 1 + floor(fine_share(d, 1) * getvariable('customers'))::BIGINT) END,
    CASE kind WHEN 'ticket_purchase' THEN getvariable('genres')[film_no] END,
    CASE kind WHEN 'ticket_purchase' THEN (occurred + 3600 + pick(d, 1, 6 * 86400)) // 900 * 900 END,
    NULL,
    NULL
FROM told;

INSERT INTO activity
SELECT event_id, customer_id, kind, to_timestamp(occurred), to_timestamp(occurred + 1 + event_id % 60), sku, category, quantity, amount, store_id,
    title, genre, to_timestamp(starts), rating, direction
FROM reported
-- What would be after noon UTC of today has not happened; what a cart before the two years would need, neither.
WHERE occurred + 61 <= getvariable('last_second') AND occurred >= getvariable('first_second')
ORDER BY kind, occurred, event_id;
