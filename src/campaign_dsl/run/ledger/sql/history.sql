-- name: campaigns_giving
-- Campaigns whose plans give one of these outcomes.
SELECT DISTINCT c.name
FROM campaign c
JOIN plan p ON p.campaign_id = c.campaign_id
JOIN step s ON s.plan_id = p.plan_id
JOIN outcome o ON o.outcome_id = s.outcome_id
WHERE o.name IN (SELECT value FROM json_each(:outcomes))
ORDER BY c.name

-- name: last_run_day
-- The latest calendar day a campaign was run for.
SELECT max(run_day) FROM run WHERE campaign_id = :campaign
