-- What else is known of customers: how to reach them, where they live, what they like; then the customers themselves.

-- Special members do not change with the seed, so their chance comes from another place.
CREATE TEMP MACRO own_digest(special, topic, customer_no) AS
    md5_number(concat(CASE WHEN special THEN 'special' ELSE getvariable('seed') END, ':', topic, ':', customer_no));

CREATE TEMP TABLE details AS
WITH known AS (
    SELECT members.*, special_members.customer_id IS NOT NULL AS special
    FROM members
    LEFT JOIN special_members ON special_members.customer_id = members.customer_id
),
digests AS (
    SELECT
        *,
        own_digest(special, 'details 1', customer_no) AS d1,
        own_digest(special, 'details 2', customer_no) AS d2,
        own_digest(special, 'details 3', customer_no) AS d3
    FROM known
),
words AS (
    SELECT
        customer_no, tier, enrolled_on, birth_date, place_no,
        high_word(d1) AS a, low_word(d1) AS b, high_word(d2) AS c, low_word(d2) AS d, high_word(d3) AS e, low_word(d3) AS f
    FROM digests
)
SELECT
    customer_no,
    CASE WHEN share(a, 0) >= 0.15 THEN concat('+1555', 2000000 + ((draw(a, 1) << 7) | (draw(a, 0) & 127)) % 8000000) END AS phone,
    CASE WHEN share(a, 2) < 0.35 THEN true WHEN share(a, 2) < 0.70 THEN false END AS sms_consent,
    CASE WHEN share(a, 3) < 0.55 THEN true WHEN share(a, 3) < 0.80 THEN false END AS push_consent,
    -- Members have been so since they enrolled, the others have risen since.
    to_timestamp(
        epoch(enrolled_on)::BIGINT
        + CASE tier WHEN 'member' THEN 0 ELSE floor(fine_share(b, 0) * (getvariable('today') - enrolled_on) * 86400)::BIGINT END
    ) AS tier_since,
    CASE WHEN share(b, 2) >= 0.20 THEN places.store_ids[1 + pick(b, 3, len(places.store_ids))] END AS home_store,
    -- Most live close to the middle of the city, some far out.
    CASE WHEN share(c, 0) >= 0.12 THEN round(places.latitude + (draw(c, 1) + draw(c, 2) - 65536) / 65536.0::DOUBLE * 0.12, 5) END
        AS home_latitude,
    CASE WHEN share(c, 0) >= 0.12 THEN round(places.longitude + (draw(c, 3) + draw(d, 0) - 65536) / 65536.0::DOUBLE * 0.16, 5) END
        AS home_longitude,
    CASE WHEN share(d, 1) >= 0.05 THEN {
        'street': concat(1 + draw(d, 2) % 180, ' ', getvariable('streets')[1 + pick(d, 2, len(getvariable('streets')))]),
        'city': places.city,
        'region': places.region,
        'postal_code': CASE WHEN share(d, 1) >= 0.08 THEN format('{:05d}', 1000 + draw(d, 3)) END,
        'country': places.country
    } END AS address,
    CASE WHEN share(e, 0) >= 0.12 THEN interest_sets.interests END AS interests,
    CASE
        WHEN share(e, 2) < 0.06 THEN NULL
        WHEN birth_date > getvariable('today') - 20 * 365 THEN []
        ELSE list_slice(
            [
                {'name': getvariable('kids')[1 + draw(f, 0) % len(getvariable('kids'))], 'birth_date': getvariable('today') - (1 + pick(f, 0, 6500))::INTEGER},
                {'name': getvariable('kids')[1 + draw(f, 1) % len(getvariable('kids'))], 'birth_date': getvariable('today') - (1 + pick(f, 1, 6500))::INTEGER},
                {'name': getvariable('kids')[1 + draw(f, 2) % len(getvariable('kids'))], 'birth_date': getvariable('today') - (1 + pick(f, 2, 6500))::INTEGER}
            ],
            1,
            CASE WHEN share(e, 3) < 0.70 THEN 0 WHEN share(e, 3) < 0.84 THEN 1 WHEN share(e, 3) < 0.96 THEN 2 ELSE 3 END
        )
    END AS children,
    CASE WHEN share(f, 3) < 0.10 THEN 'monthly' WHEN share(f, 3) < 0.15 THEN 'yearly' WHEN share(f, 3) < 0.16 THEN 'trial'
        ELSE 'none' END AS plan,
    CASE WHEN share(f, 3) < 0.10 THEN getvariable('today') + 1 + (draw(e, 1) % 30)::INTEGER
        WHEN share(f, 3) < 0.15 THEN getvariable('today') + 1 + (draw(e, 1) % 365)::INTEGER
        WHEN share(f, 3) < 0.16 THEN getvariable('today') + 1 + (draw(e, 1) % 30)::INTEGER END AS plan_renews_on
FROM words
JOIN places ON places.place_no = words.place_no
-- One or two interests of eight: each bit is set in one draw of four.
JOIN interest_sets ON interest_sets.bits = draw(e, 1) & draw(b, 2) & 255;

INSERT INTO customers
SELECT members.* EXCLUDE (customer_no, place_no), details.* EXCLUDE (customer_no)
FROM members
JOIN details ON details.customer_no = members.customer_no
ORDER BY members.customer_no;
