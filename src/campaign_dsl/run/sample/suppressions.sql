-- Addresses never to be contacted. People paste them as they come: in capitals, with spaces around.

INSERT INTO suppressions
WITH digests AS (
    SELECT customer_no, email, digest('suppression', customer_no) AS d FROM members WHERE email IS NOT NULL
),
listed AS (
    SELECT customer_no, email, high_word(d) AS a, low_word(d) AS b
    FROM digests
    WHERE share(high_word(d), 0) < 0.008 AND customer_no > getvariable('reserved')
),
entries AS (
    SELECT
        CASE WHEN share(a, 1) < 0.70 THEN email WHEN share(a, 1) < 0.85 THEN upper(email) ELSE concat(' ', email, '  ') END
            AS address,
        CASE WHEN share(a, 2) < 0.50 THEN 'hard_bounce' WHEN share(a, 2) < 0.80 THEN 'unsubscribe'
            WHEN share(a, 2) < 0.98 THEN 'complaint' ELSE 'legal' END AS reason,
        getvariable('first_second') + floor(fine_share(b, 0) * getvariable('seconds'))::BIGINT AS added
    FROM listed
    UNION ALL
    -- Some listed addresses belong to nobody, or nobody any more.
    SELECT concat('former.member', n, '@example.net'), 'legal', getvariable('first_second') + n * 86400
    FROM range(1, 6) AS numbers(n)
    UNION ALL
    SELECT address, reason, epoch(added_on)::BIGINT FROM special_suppressions
)
SELECT address, reason, to_timestamp(added) FROM entries ORDER BY added, address, reason;
