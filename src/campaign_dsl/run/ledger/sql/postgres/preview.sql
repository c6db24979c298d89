-- name: kept_campaign
-- Every campaign: names must be judged against all of them.
SELECT * FROM campaign

-- name: kept_campaign_name
-- Every name a campaign ever had.
SELECT * FROM campaign_name

-- name: kept_plan
-- The campaign's plans.
SELECT * FROM plan WHERE campaign_id = :campaign

-- name: kept_outcome
-- The identities of what is given.
SELECT * FROM outcome

-- name: kept_step
-- The steps of the campaign's plans.
SELECT s.* FROM step s JOIN plan p ON p.plan_id = s.plan_id WHERE p.campaign_id = :campaign

-- name: kept_step_list
-- The suppression lists of those steps.
SELECT l.*
FROM step_list l
JOIN step s ON s.step_id = l.step_id
JOIN plan p ON p.plan_id = s.plan_id
WHERE p.campaign_id = :campaign

-- name: kept_run
-- The campaign's runs.
SELECT * FROM run WHERE campaign_id = :campaign

-- name: kept_budget
-- What the campaign has given.
SELECT * FROM budget WHERE campaign_id = :campaign

-- name: kept_unfinished
-- The frozen decisions that the next run will finish first.
SELECT d.* FROM decision d JOIN run r ON r.run_id = d.run_id WHERE r.campaign_id = :campaign AND r.state <> 'done'

-- name: kept_decision
-- What was decided about these customers.
SELECT * FROM decision WHERE campaign_id = :campaign AND lost IS NULL AND customer_id = ANY(:customers)
