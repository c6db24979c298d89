-- name: make_instant
-- When occurrences of the calendar are due, for each zone, day and local time that occurs.
CREATE TEMP TABLE IF NOT EXISTS instant (
    zone TEXT NOT NULL, occurrence_day TEXT NOT NULL, occurrence_time TEXT NOT NULL, due_at INTEGER NOT NULL,
    PRIMARY KEY (zone, occurrence_day, occurrence_time)
) WITHOUT ROWID

-- name: clear_instant
-- Forget the instants of the run before.
DELETE FROM instant

-- name: staged_instants
-- The zones, days and local times of the candidates whose instant is not known yet.
SELECT DISTINCT zone, occurrence_day, occurrence_time
FROM candidates
WHERE zone IS NOT NULL AND occurrence_day IS NOT NULL AND occurrence_time IS NOT NULL AND occurred_at IS NULL

-- name: add_instant
-- One zone, day and local time, with the instant Python computed for it.
INSERT INTO instant (zone, occurrence_day, occurrence_time, due_at)
VALUES (:zone, :occurrence_day, :occurrence_time, :due_at)

-- name: has_decided
-- Whether the campaign ever decided anything.
SELECT EXISTS (SELECT 1 FROM decision WHERE campaign_id = :campaign AND lost IS NULL)

-- name: lose_decided
-- Candidates whose occurrence an earlier run decided get nothing again, whatever the plan says now.
UPDATE candidates
SET lost = 'decided'
WHERE lost IS NULL AND EXISTS (
    SELECT 1
    FROM decision p
    WHERE p.campaign_id = :campaign
        AND p.customer_id = candidates.customer_id
        AND p.occurrence = candidates.occurrence
        AND p.lost IS NULL
)

-- name: lose_moved
-- Ticks of a schedule that only moved to another time of their day: an earlier run decided the tick of that day, at a
-- time the plan does not have any more.
UPDATE candidates
SET lost = 'decided'
WHERE lost IS NULL
    AND glob('[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]', occurrence)
    AND EXISTS (
        SELECT 1
        FROM decision p
        WHERE p.campaign_id = :campaign
            AND p.customer_id = candidates.customer_id
            AND p.occurrence BETWEEN substr(candidates.occurrence, 1, 10) || 'T00:00'
                AND substr(candidates.occurrence, 1, 10) || 'T23:59'
            AND CAST(:times AS TEXT) NOT LIKE '%,' || substr(p.occurrence, 12) || ',%'
            AND p.lost IS NULL
    )

-- name: freeze
-- The candidates become decisions, in the order in which budgets are spent.
INSERT INTO decision (
    run_id, campaign_id, customer_id, occurrence, occurrence_day, zone, segment, arm, language, lost, steps, address,
    context, computed, due_at
)
SELECT
    :run, :campaign, c.customer_id, c.occurrence, c.occurrence_day, c.zone, c.segment, c.arm, c.language, c.lost,
    c.steps, c.address, c.context, coalesce(c.computed, '{}'), coalesce(c.occurred_at, i.due_at)
FROM candidates c
LEFT JOIN instant i ON i.zone = c.zone
    AND i.occurrence_day = c.occurrence_day
    AND i.occurrence_time = c.occurrence_time
ORDER BY c.occurrence_day, c.customer_id, c.occurrence

-- name: find_missing
-- Candidates without a value they must have.
SELECT customer_id, occurrence
FROM candidates
WHERE customer_id IS NULL OR occurrence IS NULL OR occurrence_day IS NULL OR zone IS NULL OR steps IS NULL
    OR context IS NULL OR (occurrence_time IS NULL AND occurred_at IS NULL)
LIMIT 3

-- name: find_doubled
-- Candidates that appear more than once.
SELECT customer_id, occurrence
FROM candidates
GROUP BY customer_id, occurrence
HAVING count(*) > 1
LIMIT 3

-- name: drop_doubled
-- Take out customers with more than one row for an occurrence, all rows of them: nobody can say which is right.
DELETE FROM candidates
WHERE (customer_id, occurrence) IN (
    SELECT customer_id, occurrence FROM candidates GROUP BY customer_id, occurrence HAVING count(*) > 1
)

-- name: find_malformed
-- Candidates with values no audience query may yield.
SELECT customer_id, occurrence
FROM candidates
WHERE NOT json_valid(context) OR NOT json_valid(computed) OR steps < 0
    OR lost NOT IN ('not_excluded', 'not_suppressed', 'consented', 'not_held_out', 'within_limits', 'within_caps',
                    'within_budget', 'decided')
LIMIT 3

-- name: most_candidates
-- How many candidates of this run one customer has at most.
SELECT max(c.n) FROM (SELECT count(*) AS n FROM decision WHERE run_id = :run GROUP BY customer_id) c

-- name: make_limit_window
-- For each limit and day of occurrence, the days the limit looks at.
CREATE TEMP TABLE IF NOT EXISTS limit_window (
    occurrence_day TEXT NOT NULL, most INTEGER NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL
)

-- name: clear_limit_window
-- Forget the windows of the run before.
DELETE FROM limit_window

-- name: decided_days
-- The days of occurrence in this run.
SELECT DISTINCT occurrence_day FROM decision WHERE run_id = :run AND lost IS NULL

-- name: add_limit_window
-- One limit on one day of occurrence, with the days Python computed for it.
INSERT INTO limit_window (occurrence_day, most, first_day, last_day)
VALUES (:occurrence_day, :most, :first_day, :last_day)

-- name: lose_limited
-- A customer's n-th candidate is lost where a limit's days hold as many decisions as it allows: those of earlier runs,
-- and her candidates before this one that were not lost. One pass for each n, because the passes build on each other.
UPDATE decision
SET lost = 'within_limits'
WHERE run_id = :run AND lost IS NULL
    AND :nth = (
        SELECT count(*)
        FROM decision q
        WHERE q.run_id = decision.run_id
            AND q.customer_id = decision.customer_id
            AND q.decision_id <= decision.decision_id
    )
    AND EXISTS (
        SELECT 1
        FROM limit_window w
        WHERE w.occurrence_day = decision.occurrence_day
            AND w.most <= (
                SELECT count(*)
                FROM decision p
                WHERE p.campaign_id = decision.campaign_id
                    AND p.customer_id = decision.customer_id
                    AND p.lost IS NULL
                    AND p.decision_id < decision.decision_id
                    AND p.occurrence_day BETWEEN w.first_day AND w.last_day
            )
    )

-- name: make_applies
-- For each combination of steps that occurs, the steps that give something: of several with one identity, and of the
-- lines of one choice, the first.
CREATE TEMP TABLE IF NOT EXISTS applies (
    number INTEGER NOT NULL, steps INTEGER NOT NULL, step_id INTEGER NOT NULL, outcome_id INTEGER NOT NULL,
    kind TEXT NOT NULL, amount INTEGER, computed INTEGER NOT NULL, at_most INTEGER, delay INTEGER NOT NULL,
    PRIMARY KEY (number, steps)
) WITHOUT ROWID

-- name: clear_applies
-- Forget the combinations of the run before.
DELETE FROM applies

-- name: fill_applies
-- The combinations of this run, unfolded.
INSERT INTO applies (number, steps, step_id, outcome_id, kind, amount, computed, at_most, delay)
SELECT s.number, c.steps, s.step_id, s.outcome_id, s.kind, s.amount, s.computed, s.at_most, s.delay
FROM (SELECT DISTINCT steps FROM decision WHERE run_id = :run AND lost IS NULL) c
JOIN step s ON s.plan_id = :plan AND (c.steps >> CAST(s.number AS INTEGER)) & 1 = 1
WHERE NOT EXISTS (
    SELECT 1
    FROM step e
    WHERE e.plan_id = s.plan_id AND e.number < s.number AND (c.steps >> CAST(e.number AS INTEGER)) & 1 = 1
        AND (e.outcome_id = s.outcome_id OR e.choice = s.choice)
)

-- name: make_need
-- What one decision with a combination of steps takes from each budget, beside the amounts computed for it.
CREATE TEMP TABLE IF NOT EXISTS need (
    steps INTEGER PRIMARY KEY, points INTEGER NOT NULL, offers INTEGER NOT NULL, codes INTEGER NOT NULL,
    messages INTEGER NOT NULL
)

-- name: clear_need
-- Forget the needs of the run before.
DELETE FROM need

-- name: fill_need
-- The needs of this run's combinations.
INSERT INTO need (steps, points, offers, codes, messages)
SELECT
    steps,
    coalesce(sum(amount) FILTER (WHERE kind = 'points'), 0),
    count(*) FILTER (WHERE kind = 'offer'),
    count(*) FILTER (WHERE kind = 'code'),
    count(*) FILTER (WHERE kind = 'message')
FROM applies
GROUP BY steps

-- name: make_amount
-- Points that a formula gives, for each decision and step; none where the formula gives nothing.
CREATE TEMP TABLE IF NOT EXISTS amount (
    decision_id INTEGER NOT NULL, number INTEGER NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (decision_id, number)
) WITHOUT ROWID

-- name: clear_amount
-- Forget the amounts of the run before.
DELETE FROM amount

-- name: total_need
-- What the run's decisions take from each budget together.
SELECT
    coalesce(sum(n.points), 0) + (SELECT coalesce(sum(amount), 0) FROM amount) AS points,
    coalesce(sum(n.offers), 0) AS offers,
    coalesce(sum(n.codes), 0) AS codes,
    coalesce(sum(n.messages), 0) AS messages
FROM decision d
JOIN need n ON n.steps = d.steps
WHERE d.run_id = :run AND d.lost IS NULL
