-- name: budget_left
-- What is left of each budget; null where there is none.
SELECT unit, ceiling - used FROM budget WHERE campaign_id = :campaign

-- name: offers_given
-- How many offers a campaign has issued in all.
SELECT used FROM budget WHERE campaign_id = :campaign AND unit = 'offers'

-- name: first_over_budget
-- The first decision that does not fit into what is left.
SELECT min(s.decision_id)
FROM (
    SELECT
        d.decision_id,
        sum(n.points + coalesce(m.amount, 0)) OVER spent AS points,
        sum(n.offers) OVER spent AS offers,
        sum(n.codes) OVER spent AS codes,
        sum(n.messages) OVER spent AS messages
    FROM decision d
    JOIN need n ON n.steps = d.steps
    LEFT JOIN (SELECT decision_id, sum(amount) AS amount FROM amount GROUP BY decision_id) m
        ON m.decision_id = d.decision_id
    WHERE d.run_id = :run AND d.lost IS NULL
    WINDOW spent AS (ORDER BY d.decision_id)
) s
WHERE s.points > :points OR s.offers > :offers OR s.codes > :codes OR s.messages > :messages

-- name: lose_over_budget
-- That decision and all after it are lost, even smaller ones: nobody overtakes.
UPDATE decision SET lost = 'within_budget' WHERE run_id = :run AND lost IS NULL AND decision_id >= :first

-- name: decision_range
-- The decisions of a run have consecutive numbers.
SELECT coalesce(min(decision_id), 0), coalesce(max(decision_id), -1) FROM decision WHERE run_id = :run

-- name: last_effect
-- The newest effect in the ledger; those of a run come after it.
SELECT coalesce(max(effect_id), 0) FROM effect

-- name: add_effects
-- One effect for each decision the step applies to; none where its formula comes to nothing.
INSERT INTO effect (campaign_id, outcome_id, customer_id, occurrence, decision_id, step_id, at)
SELECT
    d.campaign_id,
    a.outcome_id,
    d.customer_id,
    d.occurrence,
    d.decision_id,
    a.step_id,
    CASE WHEN a.delay = 0 OR d.due_at + a.delay * 1000000 < :as_of THEN :as_of ELSE d.due_at + a.delay * 1000000 END
FROM decision d
JOIN applies a ON a.number = :number AND a.steps = d.steps
WHERE d.decision_id BETWEEN :first AND :last AND d.run_id = :run AND d.lost IS NULL
    AND (
        a.computed = 0
        OR CASE a.kind
            WHEN 'points' THEN EXISTS (
                SELECT 1 FROM amount m WHERE m.decision_id = d.decision_id AND m.number = :number
            )
            ELSE d.computed ->> ('$."' || :number || '"') IS NOT NULL
        END
    )
ORDER BY d.decision_id

-- name: add_transfers
-- The points of one step's effects, from their source to the customer's account.
INSERT INTO point_transfer (effect_id, debit_account, credit_account, customer_id, amount, at, expires_at)
SELECT
    e.effect_id,
    s.source,
    s.account,
    e.customer_id,
    coalesce(
        s.amount,
        (SELECT m.amount FROM amount m WHERE m.decision_id = e.decision_id AND m.number = s.number)
    ),
    e.at,
    e.at + s.life_seconds * 1000000
FROM effect e
JOIN step s ON s.step_id = e.step_id
WHERE e.effect_id BETWEEN :first AND :last
ORDER BY e.effect_id

-- name: add_wallet_offers
-- The offers of one step's effects, issued into wallets.
INSERT INTO wallet_offer (effect_id, user_offer_id, customer_id, offer, issued_at, expires_at)
SELECT
    e.effect_id,
    key_hash(
        'user offer ' || c.identity || ' ' || o.name || ' ' || length(e.customer_id) || ' ' || e.customer_id || ' ' || e.occurrence
    ),
    e.customer_id,
    s.offer,
    e.at,
    e.at + s.life_seconds * 1000000
FROM effect e
JOIN step s ON s.step_id = e.step_id
JOIN outcome o ON o.outcome_id = e.outcome_id
JOIN campaign c ON c.campaign_id = e.campaign_id
WHERE e.effect_id BETWEEN :first AND :last
ORDER BY e.effect_id

-- name: change_tags
-- The tags that one step's effects set or take away.
INSERT INTO tag_change (effect_id, customer_id, tag, removed, at, expires_at)
SELECT
    e.effect_id, e.customer_id, s.tag, CASE s.kind WHEN 'untag' THEN 1 ELSE 0 END, e.at, e.at + s.life_seconds * 1000000
FROM effect e
JOIN step s ON s.step_id = e.step_id
WHERE e.effect_id BETWEEN :first AND :last
ORDER BY e.effect_id

-- name: request_changes
-- What one step's effects ask other systems to do.
INSERT INTO change_request (effect_id, change_id, customer_id, kind, name, value, at, expires_at)
SELECT
    e.effect_id,
    key_hash(
        'change ' || c.identity || ' ' || o.name || ' ' || length(e.customer_id) || ' ' || e.customer_id || ' ' || e.occurrence
    ),
    e.customer_id,
    s.kind,
    coalesce(s.body ->> 'attribute', s.body ->> 'conversation', s.body ->> 'reward', s.body ->> 'pool'),
    CASE s.kind
        WHEN 'attribute' THEN CASE s.computed
            WHEN 1 THEN d.computed -> ('$."' || s.number || '"')
            ELSE s.body -> 'value'
        END
        WHEN 'subscription' THEN s.body -> 'subscribed'
        ELSE 'true'
    END,
    e.at,
    e.at + s.life_seconds * 1000000
FROM effect e
JOIN step s ON s.step_id = e.step_id
JOIN decision d ON d.decision_id = e.decision_id
JOIN outcome o ON o.outcome_id = e.outcome_id
JOIN campaign c ON c.campaign_id = e.campaign_id
WHERE e.effect_id BETWEEN :first AND :last
ORDER BY e.effect_id

-- name: given_points
-- The points these effects gave.
SELECT coalesce(sum(amount), 0) FROM point_transfer WHERE effect_id > :before

-- name: spend
-- Move a budget's counter; a counter beyond its ceiling is refused, and the run with it.
UPDATE budget SET used = used + :amount WHERE campaign_id = :campaign AND unit = :unit

-- name: lost_counts
-- How many candidates of a run each stage lost.
SELECT lost, count(*) FROM decision WHERE run_id = :run GROUP BY lost
