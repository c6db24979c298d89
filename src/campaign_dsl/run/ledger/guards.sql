-- Guards of the ledger: what may change, and how. The tables are in schema.sql.

-- The only ways a run and a package may go.
CREATE TABLE transition (
    entity     TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    PRIMARY KEY (entity, from_state, to_state)
) STRICT, WITHOUT ROWID;

INSERT INTO transition (entity, from_state, to_state) VALUES
    ('run', 'open', 'decided'),
    ('run', 'decided', 'done'),
    ('package', 'queued', 'sending'),
    ('package', 'queued', 'cancelled'),
    ('package', 'queued', 'expired'),
    ('package', 'queued', 'unknown'),     -- waiting to be asked again, and out of time for it
    ('package', 'sending', 'accepted'),
    ('package', 'sending', 'refused'),
    ('package', 'sending', 'queued'),
    ('package', 'sending', 'dead'),
    ('package', 'sending', 'unknown');

CREATE TRIGGER run_moves BEFORE UPDATE OF state ON run
WHEN NOT EXISTS (
    SELECT 1 FROM transition WHERE entity = 'run' AND from_state = OLD.state AND to_state = NEW.state
)
BEGIN SELECT RAISE(ABORT, 'a run goes from open to decided to done'); END;

CREATE TRIGGER run_is_kept BEFORE DELETE ON run
BEGIN SELECT RAISE(ABORT, 'a run is never deleted'); END;

CREATE TRIGGER plan_is_final BEFORE UPDATE ON plan
BEGIN SELECT RAISE(ABORT, 'a plan is never changed'); END;

CREATE TRIGGER plan_is_kept BEFORE DELETE ON plan
BEGIN SELECT RAISE(ABORT, 'a plan is never deleted'); END;

CREATE TRIGGER step_is_final BEFORE UPDATE ON step
BEGIN SELECT RAISE(ABORT, 'a step is never changed'); END;

CREATE TRIGGER step_is_kept BEFORE DELETE ON step
BEGIN SELECT RAISE(ABORT, 'a step is never deleted'); END;

CREATE TRIGGER decision_is_frozen BEFORE UPDATE ON decision
WHEN OLD.lost IS NOT NULL
    OR NEW.lost IS NULL
    OR (SELECT state FROM run WHERE run_id = OLD.run_id) = 'done'
    OR (NEW.decision_id, NEW.run_id, NEW.campaign_id, NEW.customer_id, NEW.occurrence, NEW.occurrence_day, NEW.zone,
        NEW.segment, NEW.arm, NEW.language, NEW.steps, NEW.address, NEW.context, NEW.computed, NEW.due_at)
    IS NOT (OLD.decision_id, OLD.run_id, OLD.campaign_id, OLD.customer_id, OLD.occurrence, OLD.occurrence_day, OLD.zone,
        OLD.segment, OLD.arm, OLD.language, OLD.steps, OLD.address, OLD.context, OLD.computed, OLD.due_at)
BEGIN SELECT RAISE(ABORT, 'a decision is frozen; it can only be lost, once, before its run is done'); END;

CREATE TRIGGER decision_is_kept BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;

CREATE TRIGGER effect_is_final BEFORE UPDATE ON effect
BEGIN SELECT RAISE(ABORT, 'an effect is never changed'); END;

CREATE TRIGGER effect_is_kept BEFORE DELETE ON effect
BEGIN SELECT RAISE(ABORT, 'an effect is never deleted'); END;

CREATE TRIGGER point_transfer_is_final BEFORE UPDATE ON point_transfer
BEGIN SELECT RAISE(ABORT, 'a transfer is never changed; correct it with another one'); END;

CREATE TRIGGER point_transfer_is_kept BEFORE DELETE ON point_transfer
BEGIN SELECT RAISE(ABORT, 'a transfer is never deleted; correct it with another one'); END;

CREATE TRIGGER wallet_offer_is_final BEFORE UPDATE ON wallet_offer
BEGIN SELECT RAISE(ABORT, 'an issued offer is never changed'); END;

CREATE TRIGGER wallet_offer_is_kept BEFORE DELETE ON wallet_offer
BEGIN SELECT RAISE(ABORT, 'an issued offer is never deleted'); END;

CREATE TRIGGER change_request_is_final BEFORE UPDATE ON change_request
BEGIN SELECT RAISE(ABORT, 'a requested change is never changed; correct it with another one'); END;

CREATE TRIGGER change_request_is_kept BEFORE DELETE ON change_request
BEGIN SELECT RAISE(ABORT, 'a requested change is never deleted'); END;

CREATE TRIGGER budget_is_kept BEFORE DELETE ON budget
BEGIN SELECT RAISE(ABORT, 'a budget is never deleted'); END;

CREATE TRIGGER budget_only_grows BEFORE UPDATE OF used ON budget
WHEN NEW.used < OLD.used
BEGIN SELECT RAISE(ABORT, 'what a campaign gave is never taken back'); END;

CREATE TRIGGER tag_change_is_final BEFORE UPDATE ON tag_change
BEGIN SELECT RAISE(ABORT, 'a change of a tag is never changed'); END;

CREATE TRIGGER tag_change_is_kept BEFORE DELETE ON tag_change
BEGIN SELECT RAISE(ABORT, 'a change of a tag is never deleted'); END;

CREATE TRIGGER package_moves BEFORE UPDATE OF state ON package
WHEN NOT EXISTS (
    SELECT 1 FROM transition WHERE entity = 'package' AND from_state = OLD.state AND to_state = NEW.state
)
BEGIN SELECT RAISE(ABORT, 'a package cannot go from this state to that'); END;

CREATE TRIGGER package_window_is_open BEFORE UPDATE OF state ON package
WHEN NEW.state = 'sending'
    AND (NEW.sending_at IS NULL OR NEW.sending_at < NEW.not_before OR NEW.sending_at >= NEW.expires_at)
BEGIN SELECT RAISE(ABORT, 'a package leaves only between not_before and expires_at'); END;

CREATE TRIGGER package_fence_rises BEFORE UPDATE OF state ON package
WHEN NEW.state = 'sending' AND NEW.fence <= OLD.fence
BEGIN SELECT RAISE(ABORT, 'a claim raises the fence'); END;

CREATE TRIGGER package_reaches_no_suppressed BEFORE UPDATE OF state ON package
WHEN NEW.state = 'sending' AND EXISTS (
    SELECT 1
    FROM message m
    JOIN step_list l ON l.step_id = NEW.step_id
    JOIN suppressed x ON x.address = m.address AND x.list = l.list
    WHERE m.package_id = NEW.package_id AND m.dropped IS NULL
)
BEGIN SELECT RAISE(ABORT, 'a package with a suppressed address never leaves'); END;

CREATE TRIGGER package_window_is_fixed BEFORE UPDATE ON package
WHEN NEW.step_id <> OLD.step_id OR NEW.provider <> OLD.provider OR NEW.zone <> OLD.zone
    OR NEW.expires_at IS NOT OLD.expires_at
    OR NEW.not_before < OLD.not_before
    OR (NEW.not_before <> OLD.not_before AND (OLD.state <> 'queued' OR NEW.state <> 'queued'))
BEGIN SELECT RAISE(ABORT, 'only not_before of a queued package moves, and only later'); END;

CREATE TRIGGER package_is_kept BEFORE DELETE ON package
BEGIN SELECT RAISE(ABORT, 'a package is never deleted'); END;

CREATE TRIGGER message_is_final BEFORE UPDATE ON message
WHEN OLD.dropped IS NOT NULL
    OR (SELECT state FROM package WHERE package_id = OLD.package_id) <> 'queued'
    OR (NEW.effect_id, NEW.package_id, NEW.message_id, NEW.identifier, NEW.address, NEW.document)
    IS NOT (OLD.effect_id, OLD.package_id, OLD.message_id, OLD.identifier, OLD.address, OLD.document)
BEGIN SELECT RAISE(ABORT, 'a message is never changed; it can only be dropped, while it is queued'); END;

CREATE TRIGGER message_is_kept BEFORE DELETE ON message
BEGIN SELECT RAISE(ABORT, 'a message is never deleted'); END;
