-- name: fill_amount
-- The amounts of this run, none above its step's ceiling. Numbers that are not whole are refused by `find_fractional`.
INSERT INTO amount (decision_id, number, amount)
SELECT f.decision_id, f.number, least(f.amount, f.at_most, 9223372036854775807)
FROM (
    SELECT
        d.decision_id,
        a.number,
        a.at_most,
        CASE WHEN d.computed -> CAST(a.number AS TEXT) ~ '^[0-9]{1,19}$'
        THEN CAST(d.computed -> CAST(a.number AS TEXT) AS NUMERIC) END AS amount
    FROM decision d
    JOIN applies a ON a.steps = d.steps AND a.kind = 'points' AND a.computed = 1
    WHERE d.run_id = :run AND d.lost IS NULL
) f
WHERE f.amount > 0

-- name: find_fractional
-- Candidates whose formula gives something else than whole points, or more than a whole number of 64 bits.
SELECT f.customer_id, f.occurrence
FROM (
    SELECT d.customer_id, d.occurrence, d.computed -> CAST(a.number AS TEXT) AS amount
    FROM decision d
    JOIN applies a ON a.steps = d.steps AND a.kind = 'points' AND a.computed = 1
    WHERE d.run_id = :run AND d.lost IS NULL
) f
WHERE CASE WHEN f.amount ~ '^-?[0-9]{1,19}$'
    THEN CAST(f.amount AS NUMERIC) NOT BETWEEN -9223372036854775808 AND 9223372036854775807
    ELSE f.amount <> 'null' END
LIMIT 3
