-- name: expire_packages
-- What is out of time is not sent any more. Where an earlier attempt may have been accepted, nobody knows.
UPDATE package
SET state = CASE ambiguous WHEN 1 THEN 'unknown' ELSE 'expired' END, result = 'its time had passed'
WHERE package_id IN (
    SELECT package_id
    FROM package
    WHERE state = 'queued' AND expires_at <= :now
    ORDER BY package_id
    -- rows: FOR UPDATE SKIP LOCKED
)
RETURNING state, (SELECT count(*) FROM message m WHERE m.package_id = package.package_id AND m.dropped IS NULL)

-- name: lost_leases
-- Packages whose sender never said how it ended.
SELECT
    p.package_id, p.provider, p.attempts, p.first_at, p.ambiguous, p.fence,
    (SELECT count(*) FROM message m WHERE m.package_id = p.package_id AND m.dropped IS NULL)
FROM package p
WHERE p.state = 'sending' AND p.lease_until <= :now
ORDER BY p.package_id
-- rows: FOR UPDATE SKIP LOCKED

-- name: waiting_providers
-- Providers that queued messages name.
SELECT DISTINCT provider FROM package WHERE state = 'queued'

-- name: count_due
-- How many messages are due.
SELECT count(m.effect_id)
FROM package p
JOIN message m ON m.package_id = p.package_id AND m.dropped IS NULL
WHERE p.state = 'queued' AND p.next_at <= :now

-- name: due_packages
-- The next packages of a provider, longest due first.
SELECT p.package_id, p.step_id, p.zone, p.attempts, p.first_at, p.ambiguous, s.quiet_start, s.quiet_end, s.body
FROM package p
JOIN step s ON s.step_id = p.step_id
WHERE p.state = 'queued' AND p.provider = :provider AND p.next_at <= :now
ORDER BY p.next_at, p.package_id
LIMIT :most
-- rows: FOR UPDATE OF p SKIP LOCKED

-- name: sleep_packages
-- It is night where these customers are: all due packages of the step in this zone wait for the morning.
UPDATE package
SET
    not_before = CASE WHEN not_before < :awake THEN :awake ELSE not_before END,
    next_at = CASE WHEN next_at < :awake THEN :awake ELSE next_at END
WHERE package_id IN (
    SELECT package_id
    FROM package
    WHERE state = 'queued' AND provider = :provider AND next_at <= :now AND step_id = :step AND zone = :zone
    -- rows: FOR UPDATE SKIP LOCKED
)

-- name: drop_suppressed
-- Messages of a package whose address has been put on a list the message obeys.
UPDATE message
SET dropped = 'suppressed', dropped_at = :now
WHERE package_id = :package AND dropped IS NULL AND EXISTS (
    SELECT 1
    FROM step_list l
    JOIN suppressed x ON x.address = message.address AND x.list = l.list
    WHERE l.step_id = :step
)

-- name: drop_rejected
-- A message the provider can never accept.
UPDATE message
SET dropped = 'rejected', dropped_at = :now, why = :why
WHERE package_id = :package AND message_id = :message AND dropped IS NULL

-- name: cancel_package
-- A package without messages. Where an earlier attempt may have been accepted, nobody knows.
UPDATE package
SET state = CASE ambiguous WHEN 1 THEN 'unknown' ELSE 'cancelled' END, result = 'all its messages were dropped'
WHERE package_id = :package AND state = 'queued'

-- name: live_messages
-- The messages of a package that are still meant to leave.
SELECT message_id, document FROM message WHERE package_id = :package AND dropped IS NULL ORDER BY effect_id

-- name: claim_package
-- The intent to send, committed before the first byte leaves. The fence tells this claim from all others.
UPDATE package
SET
    state = 'sending',
    attempts = attempts + 1,
    fence = fence + 1,
    first_at = coalesce(first_at, :now),
    sending_at = :now,
    lease_until = :lease_until
WHERE package_id = :package AND state = 'queued'
RETURNING fence

-- name: settle_package
-- How a claim ended. A claim that was taken over in the meantime changes nothing.
UPDATE package
SET
    state = :state,
    lease_until = NULL,
    next_at = CASE WHEN next_at < CAST(:next_at AS BIGINT) THEN CAST(:next_at AS BIGINT) ELSE next_at END,
    attempts = attempts - :refund,
    ambiguous = CASE WHEN ambiguous < :ambiguous THEN :ambiguous ELSE ambiguous END,
    reference = coalesce(:reference, reference),
    result = :result
WHERE package_id = :package AND state = 'sending' AND fence = :fence

-- name: still_queued
-- Messages waiting, and when the first of them may be tried.
SELECT count(m.effect_id), min(p.next_at)
FROM package p
JOIN message m ON m.package_id = p.package_id AND m.dropped IS NULL
WHERE p.state = 'queued'
