-- name: requested_changes
-- The next changes that other systems have to carry out, in the order in which they were written.
SELECT
    r.effect_id, r.change_id, c.name, o.name, r.customer_id, e.occurrence, r.kind, r.name, r.value, r.at, r.expires_at
FROM change_request r
JOIN effect e ON e.effect_id = r.effect_id
JOIN outcome o ON o.outcome_id = e.outcome_id
JOIN campaign c ON c.campaign_id = e.campaign_id
WHERE r.effect_id > :after AND (e.campaign_id = :campaign OR CAST(:campaign AS BIGINT) IS NULL)
ORDER BY r.effect_id
LIMIT :most
