-- name: find_campaign
-- The campaign a name stands for, whether it is its name now or was one earlier.
SELECT c.campaign_id, c.name, c.identity
FROM campaign_name n
JOIN campaign c ON c.campaign_id = n.campaign_id
WHERE n.name = :name

-- name: add_campaign
-- A campaign seen for the first time, with the first name it had.
INSERT INTO campaign (name, identity) VALUES (:name, :first)

-- name: rename_campaign
-- What a campaign is called from now on; its identity stays.
UPDATE campaign SET name = :name WHERE campaign_id = :campaign AND name <> :name

-- name: add_campaign_name
-- A name a campaign has had.
INSERT INTO campaign_name (name, campaign_id) VALUES (:name, :campaign) ON CONFLICT (name) DO NOTHING

-- name: find_plan
-- The plan with this digest.
SELECT plan_id FROM plan WHERE digest = :digest

-- name: add_plan
-- A plan, as the canonical JSON its digest is taken over.
INSERT INTO plan (campaign_id, digest, body) VALUES (:campaign, :digest, :body)

-- name: add_outcome
-- The identity of something a plan gives, where it is new.
INSERT INTO outcome (name)
SELECT CAST(:name AS TEXT) WHERE NOT EXISTS (SELECT 1 FROM outcome WHERE name = CAST(:name AS TEXT))

-- name: add_step
-- An outcome step of a plan, unfolded from its body.
INSERT INTO step (
    plan_id, number, outcome_id, kind, clause, choice, delay, life_seconds, amount, computed, at_most, source, account,
    offer, tag, message, provider, quiet_start, quiet_end, body
)
VALUES (
    :plan, :number, (SELECT outcome_id FROM outcome WHERE name = :outcome), :kind, :clause, :choice, :delay,
    :life_seconds, :amount, :computed, :at_most, :source, :account, :offer, :tag, :message, :provider, :quiet_start,
    :quiet_end, :body
)

-- name: add_step_list
-- A suppression list that a message of a plan obeys.
INSERT INTO step_list (step_id, list)
SELECT step_id, CAST(:list AS TEXT) FROM step WHERE plan_id = :plan AND number = :number

-- name: open_budget
-- A counter for what the campaign gives, kept whether or not there is a budget now.
INSERT INTO budget (campaign_id, unit) VALUES (:campaign, :unit) ON CONFLICT (campaign_id, unit) DO NOTHING

-- name: set_ceiling
-- The plan's budget. One lowered below what was given stands at what was given: nothing more is.
UPDATE budget
SET ceiling = CASE WHEN CAST(:amount AS BIGINT) < used THEN used ELSE CAST(:amount AS BIGINT) END
WHERE campaign_id = :campaign AND unit = :unit

-- name: find_run
-- The run of this campaign for this instant and plan.
SELECT r.run_id, r.state, r.funnel, r.totals
FROM run r
JOIN plan p ON p.plan_id = r.plan_id
WHERE r.campaign_id = :campaign AND r.as_of = :as_of AND p.digest = :digest

-- name: find_unfinished
-- The run of this campaign whose decisions are frozen and whose effects are not written.
SELECT r.run_id, r.plan_id, r.as_of, r.run_day, r.totals, p.digest, p.body
FROM run r
JOIN plan p ON p.plan_id = r.plan_id
WHERE r.campaign_id = :campaign AND r.state = 'decided'

-- name: add_run
-- A run, open until its decisions are in.
INSERT INTO run (campaign_id, plan_id, as_of, run_day, actor, started_at, totals)
VALUES (:campaign, :plan, :as_of, :run_day, :actor, :started_at, :totals)

-- name: run_is_decided
-- From here on the run's decisions are frozen, and the audience is never asked again.
UPDATE run SET state = 'decided' WHERE run_id = :run

-- name: run_is_done
-- Everything the run gives is written.
UPDATE run SET state = 'done', funnel = :funnel, finished_at = :finished_at WHERE run_id = :run

-- name: find_new_campaign
-- The campaign that has this name now.
SELECT campaign_id FROM campaign WHERE name = :name
