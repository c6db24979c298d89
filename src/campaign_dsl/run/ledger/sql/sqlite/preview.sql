-- name: copy_campaigns
-- Every campaign: names must be judged against all of them.
INSERT INTO main.campaign SELECT * FROM kept.campaign

-- name: copy_campaign_names
-- Every name a campaign ever had.
INSERT INTO main.campaign_name SELECT * FROM kept.campaign_name

-- name: copy_plans
-- The campaign's plans.
INSERT INTO main.plan SELECT * FROM kept.plan WHERE campaign_id = :campaign

-- name: copy_outcomes
-- The identities of what is given.
INSERT INTO main.outcome SELECT * FROM kept.outcome

-- name: copy_steps
-- The steps of the campaign's plans.
INSERT INTO main.step SELECT * FROM kept.step WHERE plan_id IN (SELECT plan_id FROM main.plan)

-- name: copy_step_lists
-- The suppression lists of those steps.
INSERT INTO main.step_list SELECT * FROM kept.step_list WHERE step_id IN (SELECT step_id FROM main.step)

-- name: copy_runs
-- The campaign's runs.
INSERT INTO main.run SELECT * FROM kept.run WHERE campaign_id = :campaign

-- name: copy_budgets
-- What the campaign has given.
INSERT INTO main.budget SELECT * FROM kept.budget WHERE campaign_id = :campaign

-- name: copy_unfinished_decisions
-- The frozen decisions that the next run will finish first.
INSERT INTO main.decision
SELECT * FROM kept.decision WHERE run_id IN (SELECT run_id FROM main.run WHERE state <> 'done')

-- name: copy_decisions
-- What was decided about customers who are candidates now. A run that began after the copy did is left out with all it
-- decided.
INSERT INTO main.decision
SELECT *
FROM kept.decision
WHERE campaign_id = :campaign
    AND lost IS NULL
    AND customer_id IN (SELECT customer_id FROM candidates)
    AND run_id IN (SELECT run_id FROM main.run)
ON CONFLICT (decision_id) DO NOTHING
