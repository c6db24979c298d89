-- name: go_on_with_ids
-- Ids go on from the last one there is.
SELECT
    setval(pg_get_serial_sequence('campaign', 'campaign_id'), (SELECT coalesce(max(campaign_id), 0) + 1 FROM campaign), false),
    setval(pg_get_serial_sequence('plan', 'plan_id'), (SELECT coalesce(max(plan_id), 0) + 1 FROM plan), false),
    setval(pg_get_serial_sequence('outcome', 'outcome_id'), (SELECT coalesce(max(outcome_id), 0) + 1 FROM outcome), false),
    setval(pg_get_serial_sequence('step', 'step_id'), (SELECT coalesce(max(step_id), 0) + 1 FROM step), false),
    setval(pg_get_serial_sequence('run', 'run_id'), (SELECT coalesce(max(run_id), 0) + 1 FROM run), false),
    setval(pg_get_serial_sequence('decision', 'decision_id'), (SELECT coalesce(max(decision_id), 0) + 1 FROM decision), false),
    setval(pg_get_serial_sequence('effect', 'effect_id'), (SELECT coalesce(max(effect_id), 0) + 1 FROM effect), false)
