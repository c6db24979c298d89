-- Guards of the ledger: what may change, and how. The tables are in schema.sql.
--
-- Each guard has a name, the words with which a change is refused, the change it looks at, and when it is refused: always,
-- when nothing is said. Every store makes triggers of them in its own way.

-- name: run_moves
-- a run goes from open to decided to done
UPDATE OF state ON run
WHEN NOT EXISTS (
    SELECT 1 FROM transition WHERE entity = 'run' AND from_state = OLD.state AND to_state = NEW.state
)

-- name: run_is_kept
-- a run is never deleted
DELETE ON run

-- name: plan_is_final
-- a plan is never changed
UPDATE ON plan

-- name: plan_is_kept
-- a plan is never deleted
DELETE ON plan

-- name: step_is_final
-- a step is never changed
UPDATE ON step

-- name: step_is_kept
-- a step is never deleted
DELETE ON step

-- name: decision_is_frozen
-- a decision is frozen; it can only be lost, once, before its run is done
UPDATE ON decision
WHEN OLD.lost IS NOT NULL
    OR NEW.lost IS NULL
    OR (SELECT state FROM run WHERE run_id = OLD.run_id) = 'done'
    OR (NEW.decision_id, NEW.run_id, NEW.campaign_id, NEW.customer_id, NEW.occurrence, NEW.occurrence_day, NEW.zone,
        NEW.segment, NEW.arm, NEW.language, NEW.steps, NEW.address, NEW.context, NEW.computed, NEW.due_at)
    IS DISTINCT FROM (OLD.decision_id, OLD.run_id, OLD.campaign_id, OLD.customer_id, OLD.occurrence,
        OLD.occurrence_day, OLD.zone,
        OLD.segment, OLD.arm, OLD.language, OLD.steps, OLD.address, OLD.context, OLD.computed, OLD.due_at)

-- name: decision_is_kept
-- a decision is never deleted
DELETE ON decision

-- name: effect_is_final
-- an effect is never changed
UPDATE ON effect

-- name: effect_is_kept
-- an effect is never deleted
DELETE ON effect

-- name: point_transfer_is_final
-- a transfer is never changed; correct it with another one
UPDATE ON point_transfer

-- name: point_transfer_is_kept
-- a transfer is never deleted; correct it with another one
DELETE ON point_transfer

-- name: wallet_offer_is_final
-- an issued offer is never changed
UPDATE ON wallet_offer

-- name: wallet_offer_is_kept
-- an issued offer is never deleted
DELETE ON wallet_offer

-- name: change_request_is_final
-- a requested change is never changed; correct it with another one
UPDATE ON change_request

-- name: change_request_is_kept
-- a requested change is never deleted
DELETE ON change_request

-- name: budget_is_kept
-- a budget is never deleted
DELETE ON budget

-- name: budget_only_grows
-- what a campaign gave is never taken back
UPDATE OF used ON budget
WHEN NEW.used < OLD.used

-- name: tag_change_is_final
-- a change of a tag is never changed
UPDATE ON tag_change

-- name: tag_change_is_kept
-- a change of a tag is never deleted
DELETE ON tag_change

-- name: package_moves
-- a package cannot go from this state to that
UPDATE OF state ON package
WHEN NOT EXISTS (
    SELECT 1 FROM transition WHERE entity = 'package' AND from_state = OLD.state AND to_state = NEW.state
)

-- name: package_window_is_open
-- a package leaves only between not_before and expires_at
UPDATE OF state ON package
WHEN NEW.state = 'sending'
    AND (NEW.sending_at IS NULL OR NEW.sending_at < NEW.not_before OR NEW.sending_at >= NEW.expires_at)

-- name: package_fence_rises
-- a claim raises the fence
UPDATE OF state ON package
WHEN NEW.state = 'sending' AND NEW.fence <= OLD.fence

-- name: package_reaches_no_suppressed
-- a package with a suppressed address never leaves
UPDATE OF state ON package
WHEN NEW.state = 'sending' AND EXISTS (
    SELECT 1
    FROM message m
    JOIN step_list l ON l.step_id = NEW.step_id
    JOIN suppressed x ON x.address = m.address AND x.list = l.list
    WHERE m.package_id = NEW.package_id AND m.dropped IS NULL
)

-- name: package_window_is_fixed
-- only not_before of a queued package moves, and only later
UPDATE ON package
WHEN NEW.step_id <> OLD.step_id OR NEW.provider <> OLD.provider OR NEW.zone <> OLD.zone
    OR NEW.expires_at IS DISTINCT FROM OLD.expires_at
    OR NEW.not_before < OLD.not_before
    OR (NEW.not_before <> OLD.not_before AND (OLD.state <> 'queued' OR NEW.state <> 'queued'))

-- name: package_is_kept
-- a package is never deleted
DELETE ON package

-- name: message_is_final
-- a message is never changed; it can only be dropped, while it is queued
UPDATE ON message
WHEN OLD.dropped IS NOT NULL
    OR (SELECT state FROM package WHERE package_id = OLD.package_id) <> 'queued'
    OR (NEW.effect_id, NEW.package_id, NEW.message_id, NEW.identifier, NEW.address, NEW.document)
    IS DISTINCT FROM (OLD.effect_id, OLD.package_id, OLD.message_id, OLD.identifier, OLD.address, OLD.document)

-- name: message_is_kept
-- a message is never deleted
DELETE ON message
