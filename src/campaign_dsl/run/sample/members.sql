-- Customers: drawn ones, then the special ones in their places.

-- range() runs on one thread; what reads a table of its numbers runs on all.
CREATE TEMP TABLE customer_numbers AS
SELECT range AS customer_no FROM range(1, getvariable('customers') + 1);

-- As many slots for a place as its weight says; a draw picks a slot.
CREATE TEMP TABLE place_slots AS
SELECT row_number() OVER (ORDER BY place_no, n) - 1 AS slot, place_no
FROM (SELECT place_no, unnest(range(weight)) AS n FROM places);

CREATE TEMP TABLE pools AS
SELECT
    row_number() OVER (ORDER BY pool) - 1 AS pool_no,
    pool,
    min(name_no) FILTER (NOT is_last) AS first_start,
    count(*) FILTER (NOT is_last) AS first_names,
    min(name_no) FILTER (is_last) AS last_start,
    count(*) FILTER (is_last) AS last_names
FROM names GROUP BY pool;

CREATE TEMP TABLE members AS
WITH digests AS (
    SELECT customer_no, digest('customer 1', customer_no) AS d1, digest('customer 2', customer_no) AS d2,
        digest('customer 3', customer_no) AS d3
    FROM customer_numbers
),
words AS (
    SELECT customer_no, high_word(d1) AS a, low_word(d1) AS b, high_word(d2) AS c, low_word(d2) AS d,
        high_word(d3) AS e, low_word(d3) AS f
    FROM digests
),
drawn AS (
    SELECT
        customer_no,
        pick(a, 0, (SELECT count(*) FROM place_slots)) AS place_slot,
        CASE
            WHEN share(e, 0) < 0.03 THEN NULL
            -- Half a percent say 1 January, as people do who would rather not say.
            WHEN share(e, 0) < 0.035 THEN make_date(year(getvariable('first_birth')) + 20 + pick(a, 1, 50), 1, 1)
            -- The mean of two draws: most are in the middle of life, few very young or old.
            ELSE getvariable('first_birth')
                + (((draw(a, 1) + draw(a, 2)) * getvariable('birth_days')) >> 17)::INTEGER
        END AS birth_date,
        CASE WHEN share(a, 3) < 0.96 THEN 'good' WHEN share(a, 3) < 0.99 THEN 'suspended' ELSE 'blocked' END AS status,
        -- Tiers mostly follow activity, but not only: points are also earned elsewhere.
        CASE WHEN share(b, 0) < 0.6 THEN activity_rank(customer_no) / getvariable('customers')::DOUBLE ELSE share(b, 1) END
            AS standing,
        -- Eight years of enrolments, twice as many a day now as on the average.
        1 + floor(2920 * (0.5 * share(b, 2) + 0.5 * share(b, 2) * share(b, 2)))::INTEGER AS days_enrolled,
        CASE WHEN share(b, 3) < 0.80 THEN true WHEN share(b, 3) < 0.95 THEN false END AS email_consent,
        share(c, 0) < 0.005 AS is_employee,
        -- US sizes, the bell of two draws around 9.5; one in seven has not said.
        CASE WHEN share(f, 1) >= 0.14 THEN (4 + 0.5 * (pick(c, 1, 12) + pick(c, 2, 12)))::DECIMAL(3, 1) END AS shoe_size,
        CASE WHEN share(f, 2) >= 0.20 THEN pick(c, 3, len(getvariable('categories'))) END AS favorite_no,
        -- One in eight has a name from elsewhere.
        CASE WHEN share(d, 2) < 0.125 THEN pick(e, 3, (SELECT count(*) FROM pools)) END AS other_pool_no,
        draw(d, 0) AS first_draw,
        draw(d, 1) AS last_draw,
        share(d, 3) AS name_share,
        share(e, 1) AS place_share,
        share(e, 2) AS email_share,
        pick(f, 0, 3) AS domain_no
    FROM words
),
placed AS (
    SELECT
        drawn.*,
        place_no, country, region, language, time_zone,
        pools.first_start + ((first_draw * pools.first_names) >> 16) AS first_name_no,
        pools.last_start + ((last_draw * pools.last_names) >> 16) AS last_name_no
    FROM drawn
    JOIN place_slots ON place_slots.slot = drawn.place_slot
    JOIN places USING (place_no)
    LEFT JOIN pools AS other ON other.pool_no = drawn.other_pool_no
    JOIN pools ON pools.pool = coalesce(other.pool, places.pool)
),
named AS (
    SELECT
        placed.*,
        first_names.name AS first_name,
        last_names.name AS last_name,
        concat(first_names.handle, '.', last_names.handle, customer_no, '@',
            ['example.com', 'example.org', 'example.net'][1 + domain_no]) AS email
    FROM placed
    JOIN names AS first_names ON first_names.name_no = first_name_no
    JOIN names AS last_names ON last_names.name_no = last_name_no
),
everyone AS (
    SELECT
        customer_no,
        format('M{:07d}', customer_no) AS customer_id,
        CASE WHEN name_share >= 0.02 THEN first_name END AS first_name,
        CASE WHEN name_share NOT BETWEEN 0.02 AND 0.03 THEN last_name END AS last_name,
        CASE WHEN email_share >= 0.01 THEN email END AS email,
        birth_date,
        status,
        CASE WHEN standing < 0.02 THEN 'platinum' WHEN standing < 0.10 THEN 'gold' WHEN standing < 0.30 THEN 'silver'
            ELSE 'member' END AS tier,
        -- Nobody enrols before school age.
        greatest(getvariable('today') - days_enrolled, birth_date + 5 * 365) AS enrolled_on,
        CASE WHEN place_share NOT BETWEEN 0.03 AND 0.035 THEN country END AS country,
        CASE WHEN place_share NOT BETWEEN 0.02 AND 0.035 THEN region END AS region,
        CASE WHEN place_share NOT BETWEEN 0.04 AND 0.06 THEN language END AS language,
        CASE WHEN place_share >= 0.01 THEN time_zone END AS time_zone,
        email_consent,
        is_employee,
        shoe_size,
        getvariable('categories')[1 + favorite_no] AS favorite_category,
        place_no
    FROM named
    WHERE customer_no NOT IN (SELECT customer_id[2:]::BIGINT FROM special_members)
    UNION ALL
    SELECT
        special.customer_id[2:]::BIGINT,
        special.customer_id,
        special.first_name,
        special.last_name,
        special.email,
        special.birth_date,
        special.status,
        special.tier,
        special.enrolled_on,
        places.country,
        places.region,
        places.language,
        special.time_zone,
        special.email_consent,
        special.is_employee,
        special.shoe_size,
        special.favorite_category,
        places.place_no
    FROM special_members AS special
    JOIN (SELECT time_zone, min(place_no) AS place_no FROM places GROUP BY ALL) AS lives ON lives.time_zone = special.lives_in
    JOIN places ON places.place_no = lives.place_no
)
SELECT * FROM everyone;
