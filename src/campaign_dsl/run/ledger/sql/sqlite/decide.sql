-- name: fill_amount
-- The amounts of this run, none above its step's ceiling.
INSERT INTO amount (decision_id, number, amount)
SELECT d.decision_id, a.number, min(d.computed ->> ('$."' || a.number || '"'), a.at_most)
FROM decision d
JOIN applies a ON a.steps = d.steps AND a.kind = 'points' AND a.computed = 1
WHERE d.run_id = :run AND d.lost IS NULL AND d.computed ->> ('$."' || a.number || '"') > 0

-- name: find_fractional
-- Candidates whose formula gives something else than whole points.
SELECT d.customer_id, d.occurrence
FROM decision d
JOIN applies a ON a.steps = d.steps AND a.kind = 'points' AND a.computed = 1
WHERE d.run_id = :run AND d.lost IS NULL
    AND typeof(d.computed ->> ('$."' || a.number || '"')) NOT IN ('integer', 'null')
LIMIT 3

