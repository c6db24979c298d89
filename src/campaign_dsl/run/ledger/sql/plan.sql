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

-- name: add_outcomes
-- The identities of what a plan gives, where they are new.
INSERT INTO outcome (name)
SELECT DISTINCT s.value ->> '$.outcome'
FROM plan p, json_each(p.body, '$.steps') s
WHERE p.plan_id = :plan
ORDER BY s.value ->> '$.number'
ON CONFLICT (name) DO NOTHING

-- name: add_steps
-- A plan's outcome steps, unfolded from its body.
INSERT INTO step (
    plan_id, number, outcome_id, kind, clause, choice, delay, life_seconds, amount, computed, at_most, source, account,
    offer, tag, message, provider, quiet_start, quiet_end, body
)
SELECT
    p.plan_id,
    s.value ->> '$.number',
    o.outcome_id,
    s.value ->> '$.kind',
    s.value ->> '$.where',
    s.value ->> '$.choice',
    s.value ->> '$.delay_seconds',
    coalesce(s.value ->> '$.expires_after_seconds', s.value ->> '$.ttl_seconds'),
    s.value ->> '$.amount',
    coalesce(s.value ->> '$.computed', s.value ->> '$.kind' = 'points' AND s.value ->> '$.amount' IS NULL),
    s.value ->> '$.at_most',
    s.value ->> '$.source',
    s.value ->> '$.account',
    s.value ->> '$.offer',
    s.value ->> '$.tag',
    s.value ->> '$.message',
    s.value ->> '$.provider',
    s.value ->> '$.quiet.start',
    s.value ->> '$.quiet.end',
    s.value
FROM plan p
JOIN json_each(p.body, '$.steps') s
JOIN outcome o ON o.name = s.value ->> '$.outcome'
WHERE p.plan_id = :plan
ORDER BY s.value ->> '$.number'

-- name: add_step_lists
-- Which suppression lists each message of a plan obeys.
INSERT INTO step_list (step_id, list)
SELECT DISTINCT s.step_id, l.value
FROM step s, json_each(s.body, '$.suppression_lists') l
WHERE s.plan_id = :plan AND s.kind = 'message'

-- name: open_budget
-- A counter for what the campaign gives, kept whether or not there is a budget now.
INSERT INTO budget (campaign_id, unit) VALUES (:campaign, :unit) ON CONFLICT (campaign_id, unit) DO NOTHING

-- name: set_ceiling
-- The plan's budget. One lowered below what was given stands at what was given: nothing more is.
UPDATE budget
SET ceiling = CASE WHEN :amount IS NULL THEN NULL ELSE max(:amount, used) END
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
