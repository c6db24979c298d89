-- name: request_events
-- The events one step's effects ask another system to record. Properties that no formula gave are left out.
INSERT INTO change_request (effect_id, change_id, customer_id, kind, name, value, at, expires_at)
SELECT
    e.effect_id,
    key_hash(
        'change ' || c.identity || ' ' || o.name || ' ' || length(e.customer_id) || ' ' || e.customer_id || ' ' || e.occurrence
    ),
    e.customer_id,
    s.kind,
    s.body ->> 'event',
    (
        SELECT json_group_object(name, json(value)) FILTER (WHERE coalesce(value, 'null') <> 'null')
        FROM (
            SELECT
                p.value ->> '$.name' AS name,
                CASE
                    WHEN p.value ->> '$.computed'
                    THEN d.computed -> ('$."' || s.number || '.' || (p.value ->> '$.name') || '"')
                    ELSE p.value -> '$.value'
                END AS value
            FROM json_each(s.body, '$.properties') p
        )
    ),
    e.at,
    e.at + s.life_seconds * 1000000
FROM effect e
JOIN step s ON s.step_id = e.step_id
JOIN decision d ON d.decision_id = e.decision_id
JOIN outcome o ON o.outcome_id = e.outcome_id
JOIN campaign c ON c.campaign_id = e.campaign_id
WHERE e.effect_id BETWEEN :first AND :last
ORDER BY e.effect_id
