-- Two years of events, until noon UTC of `today`.

-- A day gets slots by how busy shops are on it: weekends, back to school, the holidays. A draw picks a slot.
CREATE TEMP TABLE calendar_slots AS
SELECT row_number() OVER (ORDER BY day, n) - 1 AS slot, day
FROM (
    SELECT day, unnest(range([12, 12, 12, 13, 15, 20, 16][isodow(day)] * [9, 8, 10, 10, 10, 10, 10, 13, 10, 10, 14, 16][month(day)])) AS n
    FROM (SELECT getvariable('today') - n::INTEGER AS day FROM range(getvariable('days') + 1) AS days(n))
);

-- Who acts, by rank, and since when: the day after enrolment.
CREATE TEMP TABLE actors AS
SELECT
    activity_rank(customer_no) AS activity_rank,
    customer_id,
    first_slot,
    (SELECT count(*) FROM calendar_slots) - first_slot AS slots,
    places.utc_offset * 60 AS offset_seconds,
    places.store_ids,
    list_position(getvariable('categories'), favorite_category) - 1 AS favorite_no
FROM members
JOIN places USING (place_no)
JOIN (SELECT day, min(slot) AS first_slot FROM calendar_slots GROUP BY day) AS days
    ON days.day = greatest(enrolled_on + 1, getvariable('today') - getvariable('days'));

-- The hour of a visit: each kind of event has 100 slots.
CREATE TEMP TABLE hours AS
SELECT kind, row_number() OVER (PARTITION BY kind ORDER BY hour, n) - 1 AS slot, hour
FROM (
    SELECT kind, unnest(range(24)) AS hour, unnest(weights) AS weight
    FROM (VALUES
        ('purchase',    [0, 0, 0, 0, 0, 0, 1, 2, 3, 5, 8, 10, 12, 9, 7, 7, 8, 10, 8, 5, 3, 1, 1, 0]),
        ('check_in',    [0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 9, 11, 14, 10, 8, 8, 9, 12, 9, 5, 2, 0, 0, 0]),
        ('app_open',    [1, 1, 0, 0, 0, 1, 3, 6, 7, 5, 4, 4, 7, 5, 4, 4, 5, 6, 7, 8, 9, 7, 4, 2]),
        ('email_click', [0, 0, 0, 0, 0, 1, 4, 8, 13, 14, 10, 8, 7, 5, 5, 4, 4, 4, 4, 3, 3, 2, 1, 0])
    ) AS shapes(kind, weights)
), range(weight) AS slots(n);

-- Few customers do much and many do little: rank grows with the fourth power of a draw, so that density falls with about
-- rank to the power of -3/4. The small linear part caps the busiest at fifty times the mean, about an event a day. One
-- customer in twelve never does anything. (Multiplications are the same on every machine; pow() is not promised to be.)
CREATE TEMP MACRO busy_rank(x) AS
    floor((x * 0.02 + x * x * x * x * 0.98) * getvariable('customers') * 11 / 12)::BIGINT;

CREATE TEMP TABLE shoes AS
SELECT rowid AS shoe_no, sku, category, (price * 100)::BIGINT AS cents FROM products;

-- One in 200 is delivered twice. The last numbers are the oddities every feed has.
CREATE TEMP TABLE event_numbers AS
SELECT range AS event_no, NULL::TEXT AS oddity FROM range(1, getvariable('events') + 1)
UNION ALL
SELECT range, NULL FROM range(200, getvariable('events') + 1, 200)
UNION ALL
SELECT getvariable('events') + range + 1, ['future', 'early', 'orphan'][1 + range % 3] FROM range(getvariable('oddities'));

INSERT INTO events
WITH digests AS (
    SELECT event_no, oddity, digest('event 1', event_no) AS d1, digest('event 2', event_no) AS d2 FROM event_numbers
),
words AS (
    SELECT event_no, oddity, high_word(d1) AS a, low_word(d1) AS b, high_word(d2) AS c, low_word(d2) AS d FROM digests
),
ranked AS (
    SELECT
        *,
        busy_rank(fine_share(a, 0)) AS first_choice,
        -- Shares its bits with the seconds below, which nobody will notice.
        busy_rank(fine_share(b, 1)) AS second_choice,
        floor(fine_share(a, 1) * (SELECT count(*) FROM calendar_slots))::BIGINT AS any_slot
    FROM words
),
chosen AS (
    -- Who had not enrolled by then is replaced by another.
    SELECT ranked.*, CASE WHEN any_slot >= first_slot THEN first_choice ELSE second_choice END AS activity_rank
    FROM ranked
    JOIN actors ON actors.activity_rank = first_choice
),
acted AS (
    SELECT
        event_no,
        oddity,
        customer_id,
        CASE
            WHEN share(b, 0) < 0.20 THEN 'purchase'
            WHEN share(b, 0) < 0.35 AND len(store_ids) > 0 THEN 'check_in'
            WHEN share(b, 0) < 0.80 THEN 'app_open'
            ELSE 'email_click'
        END AS kind,
        -- Had the other not enrolled either, it happens on a day after she did.
        CASE WHEN any_slot >= first_slot THEN any_slot ELSE first_slot + floor(fine_share(a, 1) * slots)::BIGINT END
            AS calendar_slot,
        pick(b, 1, 100) AS hour_slot,
        pick(b, 2, 3600) AS second,
        offset_seconds,
        pick(b, 3, 90) AS seconds_under_way,
        CASE WHEN share(c, 0) < 0.01 THEN 86400 + pick(c, 1, 8 * 86400) ELSE 0 END AS seconds_late,
        draw(c, 1) AS odd_draw,
        -- Half of all purchases are of the favourite kind of shoe; among shoes of a kind the first sell best.
        coalesce(CASE WHEN share(c, 2) < 0.5 THEN favorite_no END, pick(d, 3, len(getvariable('categories'))))
            * getvariable('models')
            + floor(getvariable('models') * share(c, 3) * share(c, 3))::BIGINT AS shoe_no,
        CASE WHEN share(d, 0) < 0.85 THEN 1 WHEN share(d, 0) < 0.97 THEN 2 ELSE 3 END AS quantity,
        [100, 100, 100, 100, 100, 100, 90, 90, 80, 75][1 + pick(d, 1, 10)] AS percent_paid,
        -- A third of purchases are made online.
        CASE WHEN share(b, 0) >= 0.20 OR share(d, 2) >= 0.33 THEN store_ids[1 + pick(c, 1, len(store_ids))] END AS store_id,
        getvariable('links')[1 + pick(d, 0, len(getvariable('links')))] AS link,
        -- What follows shares bits with what is above, which nobody will notice.
        share(b, 3) AS cafe_share,
        getvariable('first_of_cafe') + draw(d, 3) % getvariable('cafe') AS cafe_no,
        (draw(b, 2) - 32768) / 65536.0::DOUBLE AS north,
        (draw(b, 3) - 32768) / 65536.0::DOUBLE AS east,
        -- Most phones know where they are to within 65 metres, one in 25 does not.
        CASE WHEN draw(d, 1) < 2600 THEN 300 + draw(d, 3) % 900 ELSE 5 + draw(d, 3) % 60 END AS accuracy
    FROM chosen
    JOIN actors USING (activity_rank)
),
timed AS (
    SELECT acted.*, epoch(day)::BIGINT + hour * 3600 + second - offset_seconds AS local_second, sku, shoes.category, cents,
        visited.latitude, visited.longitude
    FROM acted
    JOIN calendar_slots ON calendar_slots.slot = calendar_slot
    JOIN hours ON hours.kind = acted.kind AND hours.slot = hour_slot
    LEFT JOIN stores AS visited ON visited.store_id = acted.store_id
    -- Where there is a café, most of what is bought in the morning comes from it, and some later.
    JOIN shoes ON shoes.shoe_no = CASE
        WHEN visited.kind = 'cafe' AND cafe_share < CASE WHEN hour < 11 THEN 0.75 ELSE 0.2 END THEN cafe_no
        ELSE acted.shoe_no END
),
bounded AS (
    -- Nothing is received after noon UTC of today, which is now; nothing happened before the two years.
    SELECT *,
        local_second
            - CASE WHEN local_second + 90 > getvariable('last_second') THEN 86400 ELSE 0 END
            + CASE WHEN local_second < getvariable('first_second') THEN 86400 ELSE 0 END AS occurred
    FROM timed
),
delivered AS (
    SELECT *,
        occurred + seconds_under_way
            + CASE WHEN occurred + seconds_under_way + seconds_late <= getvariable('last_second') THEN seconds_late ELSE 0 END
            AS received
    FROM bounded
)
SELECT
    event_no,
    CASE oddity WHEN 'orphan' THEN format('M{:07d}', 0) ELSE customer_id END,
    kind,
    to_timestamp(CASE oddity
        -- A clock that is days, or more than a year, ahead of today.
        WHEN 'future' THEN getvariable('last_second') + 3600 + odd_draw * 500
        -- A clock that is up to two days ahead of the arrival.
        WHEN 'early' THEN received + 60 + odd_draw * 2
        ELSE occurred
    END),
    to_timestamp(received),
    CASE kind WHEN 'purchase' THEN sku END,
    CASE kind WHEN 'purchase' THEN quantity END,
    CASE kind WHEN 'purchase' THEN ((cents * quantity * percent_paid + 50) // 100 * 0.01)::DECIMAL(12, 2) END,
    CASE WHEN kind IN ('purchase', 'check_in') THEN store_id END,
    CASE kind WHEN 'email_click' THEN link END,
    CASE kind WHEN 'purchase' THEN category END,
    CASE kind WHEN 'check_in' THEN round(latitude + 0.003 * north, 5) END,
    CASE kind WHEN 'check_in' THEN round(longitude + 0.004 * east, 5) END,
    CASE kind WHEN 'check_in' THEN accuracy END
FROM delivered
ORDER BY 3, 4, 1;
