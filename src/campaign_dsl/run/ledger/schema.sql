-- The ledger: what was decided for whom, what each decision gave, and what still has to leave the house.
--
-- Instants are integers, microseconds since 1970 UTC; days are ISO dates; keys are integers.
-- Every promise is held by a constraint or a trigger here, not by the Python around it. docs/ledger.md has the list.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta (key, value) VALUES ('schema_version', '2');

-- ------------------------------------------------------------------------------------------------ plans and runs

-- A campaign keeps its row, and with it all it ever gave, when it is renamed.
CREATE TABLE campaign (
    campaign_id INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,     -- what it is called now
    identity    TEXT NOT NULL UNIQUE      -- what it was called first: part of every idempotency key
) STRICT;

-- Every name a campaign ever had, so that an old one is never taken for a new campaign.
CREATE TABLE campaign_name (
    name        TEXT PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaign
) STRICT, WITHOUT ROWID;

CREATE TABLE plan (
    plan_id     INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaign,
    digest      TEXT NOT NULL UNIQUE,
    body        TEXT NOT NULL CHECK (json_valid(body))   -- canonical JSON; the digest is taken over it
) STRICT;

-- The identity of an effect within a campaign, e.g. points/rewards/birthday.
CREATE TABLE outcome (
    outcome_id INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE
) STRICT;

-- The outcome steps of each plan, unfolded from its body.
CREATE TABLE step (
    step_id      INTEGER PRIMARY KEY,
    plan_id      INTEGER NOT NULL REFERENCES plan,
    number       INTEGER NOT NULL CHECK (number BETWEEN 0 AND 61),
    outcome_id   INTEGER NOT NULL REFERENCES outcome,
    kind         TEXT NOT NULL CHECK (kind IN ('points', 'offer', 'code', 'reward', 'tag', 'untag', 'attribute',
                                               'subscription', 'event', 'message')),
    clause       TEXT NOT NULL,           -- file:line of the clause that says so
    choice       INTEGER,                 -- of the steps with one number a decision gets the first that applies
    delay        INTEGER NOT NULL CHECK (delay >= 0),   -- seconds from the occurrence to the effect
    life_seconds INTEGER CHECK (life_seconds > 0),
    amount       INTEGER CHECK (amount > 0),            -- null: computed for each decision
    at_most      INTEGER CHECK (at_most > 0),
    source       TEXT,
    account      TEXT,
    offer        TEXT,
    tag          TEXT,
    message      TEXT,
    provider     TEXT,
    quiet_start  TEXT,
    quiet_end    TEXT,
    body         TEXT NOT NULL,
    UNIQUE (plan_id, number)
) STRICT;

-- Which suppression lists a message obeys.
CREATE TABLE step_list (
    step_id INTEGER NOT NULL REFERENCES step,
    list    TEXT NOT NULL,
    PRIMARY KEY (step_id, list)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    run_id      INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaign,
    plan_id     INTEGER NOT NULL REFERENCES plan,
    as_of       INTEGER NOT NULL,
    run_day     TEXT NOT NULL CHECK (run_day IS date(run_day)),
    state       TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'decided', 'done')),
    actor       TEXT NOT NULL,
    started_at  INTEGER NOT NULL,         -- the wall clock, for people; nothing is computed from it
    finished_at INTEGER,
    totals      TEXT NOT NULL CHECK (json_valid(totals)),
    funnel      TEXT CHECK (funnel IS NULL OR json_valid(funnel)),
    UNIQUE (campaign_id, as_of, plan_id),
    CHECK ((state = 'done') = (funnel IS NOT NULL AND finished_at IS NOT NULL))
) STRICT;

-- One unfinished run per campaign: the next one finishes it before it decides anything.
CREATE UNIQUE INDEX one_unfinished_run ON run (campaign_id) WHERE state <> 'done';

-- Every candidate of every run, frozen: those who are given something (`lost` is null) and those who are not, and why.
CREATE TABLE decision (
    decision_id    INTEGER PRIMARY KEY,
    run_id         INTEGER NOT NULL REFERENCES run,
    campaign_id    INTEGER NOT NULL REFERENCES campaign,
    customer_id    TEXT NOT NULL,
    occurrence     TEXT NOT NULL,
    occurrence_day TEXT NOT NULL,
    zone           TEXT NOT NULL,
    segment        TEXT,
    arm            TEXT,                  -- of the A/B test
    language       TEXT,
    lost           TEXT CHECK (lost IN ('not_excluded', 'not_suppressed', 'consented', 'not_held_out',
                                        'within_limits', 'within_caps', 'within_budget', 'decided')),
    steps          INTEGER NOT NULL CHECK (steps >= 0),
    address        TEXT,
    context        TEXT NOT NULL CHECK (json_valid(context)),
    computed       TEXT NOT NULL CHECK (json_valid(computed)),  -- what formulas give, by the number of the step
    due_at         INTEGER NOT NULL       -- the instant of the occurrence
) STRICT;

CREATE UNIQUE INDEX decision_once_a_run ON decision (run_id, customer_id, occurrence);
CREATE UNIQUE INDEX decision_once_ever ON decision (campaign_id, customer_id, occurrence) WHERE lost IS NULL;

-- What a campaign has given in all its runs, and its ceiling. No row ever holds more than its ceiling.
CREATE TABLE budget (
    campaign_id INTEGER NOT NULL REFERENCES campaign,
    unit        TEXT NOT NULL CHECK (unit IN ('points', 'offers', 'codes', 'messages')),
    ceiling     INTEGER,                  -- null: no budget; never below what had been given when it was lowered
    used        INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign_id, unit),
    CHECK (used >= 0 AND (ceiling IS NULL OR used <= ceiling))
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------------------------------------ effects

-- One row per idempotency key: campaign, outcome, customer, occurrence. No plan, no run, no date in it.
CREATE TABLE effect (
    effect_id   INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaign,
    outcome_id  INTEGER NOT NULL REFERENCES outcome,
    customer_id TEXT NOT NULL,
    occurrence  TEXT NOT NULL,
    decision_id INTEGER NOT NULL REFERENCES decision,   -- and through it the run: as_of, who, when
    step_id     INTEGER NOT NULL REFERENCES step,       -- and through it the plan's digest and the clause
    at          INTEGER NOT NULL,                       -- when it happens: at the run, or its delay after the occurrence
    -- The customer last: what a run writes lies together then, and grows at the end, year after year.
    UNIQUE (campaign_id, outcome_id, occurrence, customer_id)
) STRICT;

-- Points move from a source to a customer's account: one row is both sides, so they can never differ.
CREATE TABLE point_transfer (
    effect_id      INTEGER PRIMARY KEY REFERENCES effect,
    debit_account  TEXT NOT NULL,         -- the source
    credit_account TEXT NOT NULL,         -- the account of this customer
    customer_id    TEXT NOT NULL,
    amount         INTEGER NOT NULL CHECK (amount > 0),
    at             INTEGER NOT NULL,
    expires_at     INTEGER CHECK (expires_at > at)
) STRICT;

CREATE VIEW point_posting (effect_id, account, customer_id, amount, at) AS
SELECT effect_id, debit_account, NULL, -amount, at FROM point_transfer
UNION ALL
SELECT effect_id, credit_account, customer_id, amount, at FROM point_transfer;

-- The balance of each customer's account from one change to the next. At an instant T:
-- SELECT balance FROM point_balance WHERE from_at <= T AND (until_at > T OR until_at IS NULL)
CREATE VIEW point_balance (customer_id, account, balance, from_at, until_at) AS
WITH change (customer_id, account, at, amount) AS (
    SELECT customer_id, credit_account, at, amount FROM point_transfer
    UNION ALL
    SELECT customer_id, credit_account, expires_at, -amount FROM point_transfer WHERE expires_at IS NOT NULL
),
step (customer_id, account, at, amount) AS (
    SELECT customer_id, account, at, sum(amount) FROM change GROUP BY customer_id, account, at
)
SELECT
    customer_id,
    account,
    sum(amount) OVER (PARTITION BY customer_id, account ORDER BY at),
    at,
    lead(at) OVER (PARTITION BY customer_id, account ORDER BY at)
FROM step;

CREATE TABLE wallet_offer (
    effect_id     INTEGER PRIMARY KEY REFERENCES effect,
    user_offer_id TEXT NOT NULL,          -- a hash of the idempotency key: unique because the key is
    customer_id   TEXT NOT NULL,
    offer         TEXT NOT NULL,
    state         TEXT NOT NULL DEFAULT 'issued' CHECK (state = 'issued'),
    issued_at     INTEGER NOT NULL,
    expires_at    INTEGER CHECK (expires_at > issued_at)
) STRICT;

-- A word put on a profile or taken away.
CREATE TABLE tag_change (
    effect_id   INTEGER PRIMARY KEY REFERENCES effect,
    customer_id TEXT NOT NULL,
    tag         TEXT NOT NULL,
    removed     INTEGER NOT NULL CHECK (removed IN (0, 1)),
    at          INTEGER NOT NULL,
    expires_at  INTEGER CHECK (expires_at > at),   -- null: for good, or until it is removed
    CHECK (removed = 0 OR expires_at IS NULL)
) STRICT;

-- From when to when each setting of a tag holds. At an instant T a customer has a tag when one of its rows holds:
-- from_at <= T AND (until_at > T OR until_at IS NULL). Set again, a tag so keeps the later end.
CREATE VIEW profile_tag (customer_id, tag, from_at, until_at) AS
SELECT
    customer_id,
    tag,
    at,
    CASE WHEN expires_at IS NULL OR removed_at < expires_at THEN removed_at ELSE expires_at END
FROM (
    SELECT
        customer_id,
        tag,
        at,
        expires_at,
        removed,
        min(CASE WHEN removed THEN at END) OVER (
            PARTITION BY customer_id, tag ORDER BY at, effect_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS removed_at
    FROM tag_change
)
WHERE NOT removed AND (removed_at IS NULL OR removed_at > at);

-- ------------------------------------------------------------------------------------------------ outbox

CREATE TABLE suppressed (
    address TEXT NOT NULL,
    list    TEXT NOT NULL,
    PRIMARY KEY (address, list)
) STRICT, WITHOUT ROWID;

-- One row per request to a provider. Its messages share the step, the zone and the time in which they may leave.
CREATE TABLE package (
    package_id  INTEGER PRIMARY KEY,
    step_id     INTEGER NOT NULL REFERENCES step,
    provider    TEXT NOT NULL,
    zone        TEXT NOT NULL,
    not_before  INTEGER NOT NULL,
    expires_at  INTEGER,
    state       TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'accepted', 'refused', 'unknown',
                                                                'dead', 'cancelled', 'expired')),
    attempts    INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    ambiguous   INTEGER NOT NULL DEFAULT 0 CHECK (ambiguous IN (0, 1)),  -- an attempt may have been accepted unseen
    next_at     INTEGER NOT NULL,         -- when it may be tried (again); never before not_before
    first_at    INTEGER,                  -- the first attempt: a provider's memory of our ids counts from here
    sending_at  INTEGER,                  -- the latest attempt
    lease_until INTEGER,
    fence       INTEGER NOT NULL DEFAULT 0,   -- counts claims; an answer to an older claim changes nothing
    reference   TEXT,                     -- the provider's own id of the request
    result      TEXT,                     -- what the provider said, or why nobody knows
    CHECK (next_at >= not_before),
    CHECK ((state = 'sending') = (lease_until IS NOT NULL))
) STRICT;

CREATE INDEX package_waiting ON package (provider, next_at) WHERE state = 'queued';
CREATE INDEX package_expiring ON package (expires_at) WHERE state = 'queued' AND expires_at IS NOT NULL;
CREATE INDEX package_under_way ON package (lease_until) WHERE state = 'sending';

CREATE TABLE message (
    effect_id  INTEGER PRIMARY KEY REFERENCES effect,
    package_id INTEGER REFERENCES package,
    message_id TEXT NOT NULL,             -- a hash of the idempotency key: the same on every attempt
    identifier TEXT NOT NULL,             -- whom the provider is asked to reach
    address    TEXT,                      -- what suppression lists are matched against
    document   TEXT NOT NULL,
    dropped    TEXT CHECK (dropped IN ('suppressed', 'rejected', 'no_address')),
    dropped_at INTEGER,
    why        TEXT,                      -- what the provider cannot accept about a rejected one
    UNIQUE (package_id, identifier),      -- providers merge two entries for one recipient into one message
    CHECK ((dropped IS NULL) = (dropped_at IS NULL)),
    CHECK (package_id IS NOT NULL OR dropped = 'no_address')
) STRICT;

-- The outbox as people read it: one row per message, its state taken from its package.
CREATE VIEW outbox AS
SELECT
    m.message_id,
    c.name AS campaign,
    s.message,
    e.customer_id,
    e.occurrence,
    d.segment,
    d.arm,
    d.language,
    CASE
        WHEN m.dropped IS NULL THEN p.state
        WHEN m.dropped = 'rejected' THEN 'refused'   -- before any request: it never left
        WHEN p.ambiguous THEN 'unknown'
        ELSE 'cancelled'
    END AS state,
    m.dropped,
    coalesce(m.why, p.result) AS why,
    m.identifier,
    m.address,
    s.provider,
    d.zone,
    p.not_before,
    p.expires_at,
    s.quiet_start,
    s.quiet_end,
    p.package_id,
    p.attempts,
    p.next_at,
    p.reference,
    m.document
FROM message m
JOIN effect e ON e.effect_id = m.effect_id
JOIN step s ON s.step_id = e.step_id
JOIN campaign c ON c.campaign_id = e.campaign_id
JOIN decision d ON d.decision_id = e.decision_id
LEFT JOIN package p ON p.package_id = m.package_id;

-- ------------------------------------------------------------------------------------------------ guards

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
