-- name: last_run_day
-- The latest calendar day a campaign was run for.
SELECT max(run_day) FROM run WHERE campaign_id = :campaign
