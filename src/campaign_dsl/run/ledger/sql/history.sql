-- name: campaigns_giving
-- Campaigns whose plans give this outcome.
SELECT DISTINCT c.name
FROM campaign c
JOIN plan p ON p.campaign_id = c.campaign_id
JOIN step s ON s.plan_id = p.plan_id
JOIN outcome o ON o.outcome_id = s.outcome_id
WHERE o.name = :outcome
ORDER BY c.name

-- name: plans_decided
-- The plans under which a campaign decided something.
SELECT p.body
FROM plan p
WHERE p.campaign_id = :campaign AND EXISTS (
    SELECT 1
    FROM run r
    JOIN decision d ON d.run_id = r.run_id
    WHERE r.plan_id = p.plan_id AND d.lost IS NULL
)
ORDER BY p.plan_id

-- name: last_run_day
-- The latest calendar day a campaign was run for.
SELECT max(run_day) FROM run WHERE campaign_id = :campaign
