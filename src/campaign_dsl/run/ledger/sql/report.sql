-- name: every_campaign
-- All campaigns of the ledger.
SELECT campaign_id, name FROM campaign ORDER BY name

-- name: every_campaign_name
-- All names campaigns have or had.
SELECT name FROM campaign_name ORDER BY name

-- name: latest_as_of
-- The instant of the latest run.
SELECT max(as_of) FROM run

-- name: campaign_runs
-- The runs of a campaign, oldest first.
SELECT r.run_id, r.as_of, r.run_day, r.state, p.digest, r.actor, r.started_at, r.finished_at, r.funnel
FROM run r
JOIN plan p ON p.plan_id = r.plan_id
WHERE r.campaign_id = :campaign
ORDER BY r.as_of, r.run_id

-- name: campaign_budgets
-- What a campaign gave, and its ceilings.
SELECT unit, used, ceiling FROM budget WHERE campaign_id = :campaign ORDER BY unit

-- name: campaign_decisions
-- Decisions of finished runs, by segment.
SELECT d.segment, count(*)
FROM run r
JOIN decision d ON d.run_id = r.run_id
WHERE r.campaign_id = :campaign AND r.state = 'done' AND d.lost IS NULL
GROUP BY d.segment
ORDER BY d.segment NULLS FIRST

-- name: campaign_effects
-- What a campaign gave, by segment, kind and identity.
SELECT d.segment, s.kind, o.name, count(*)
FROM effect e
JOIN step s ON s.step_id = e.step_id
JOIN outcome o ON o.outcome_id = e.outcome_id
JOIN decision d ON d.decision_id = e.decision_id
WHERE e.campaign_id = :campaign
GROUP BY d.segment, s.kind, o.name
ORDER BY o.name, d.segment NULLS FIRST

-- name: campaign_points
-- The points a campaign gave, by segment and account, and those of them that have not expired.
SELECT
    d.segment,
    o.name,
    t.credit_account,
    sum(t.amount),
    sum(CASE WHEN t.at <= :now AND (t.expires_at IS NULL OR t.expires_at > :now) THEN t.amount ELSE 0 END)
FROM point_transfer t
JOIN effect e ON e.effect_id = t.effect_id
JOIN outcome o ON o.outcome_id = e.outcome_id
JOIN decision d ON d.decision_id = e.decision_id
WHERE e.campaign_id = :campaign
GROUP BY d.segment, o.name, t.credit_account
ORDER BY o.name, d.segment NULLS FIRST

-- name: campaign_offers
-- The offers a campaign issued, by state.
SELECT w.offer, CASE WHEN w.expires_at <= :now THEN 'expired' ELSE w.state END AS state, count(*)
FROM wallet_offer w
JOIN effect e ON e.effect_id = w.effect_id
WHERE e.campaign_id = :campaign
GROUP BY w.offer, CASE WHEN w.expires_at <= :now THEN 'expired' ELSE w.state END
ORDER BY w.offer, state

-- name: campaign_tags
-- The tags a campaign sets or takes away, and how many profiles carry them now.
SELECT t.tag, count(DISTINCT p.customer_id)
FROM (
    SELECT DISTINCT s.tag
    FROM step s
    JOIN plan p ON p.plan_id = s.plan_id
    WHERE p.campaign_id = :campaign AND s.tag IS NOT NULL
) t
LEFT JOIN profile_tag p ON p.tag = t.tag AND p.from_at <= :now AND (p.until_at > :now OR p.until_at IS NULL)
GROUP BY t.tag
ORDER BY t.tag

-- name: campaign_arms
-- Decisions of finished runs, by arm of the A/B test.
SELECT d.arm, count(*)
FROM run r
JOIN decision d ON d.run_id = r.run_id
WHERE r.campaign_id = :campaign AND r.state = 'done' AND d.lost IS NULL AND d.arm IS NOT NULL
GROUP BY d.arm
ORDER BY d.arm

-- name: campaign_changes
-- The changes a campaign asked other systems for.
SELECT q.kind || ' ' || q.name, count(*)
FROM change_request q
JOIN effect e ON e.effect_id = q.effect_id
WHERE e.campaign_id = :campaign
GROUP BY q.kind, q.name
ORDER BY q.kind, q.name

-- name: campaign_messages
-- The messages of a campaign, by state.
SELECT o.message, o.segment, o.state, count(*)
FROM outbox o
JOIN campaign c ON c.name = o.campaign
WHERE c.campaign_id = :campaign
GROUP BY o.message, o.segment, o.state
ORDER BY o.message, o.state, o.segment NULLS FIRST
