-- The ledger: what was decided for whom, what each decision gave, and what still has to leave the house.
--
-- Instants are integers, microseconds since 1970 UTC; days are ISO dates; keys are integers.
-- Every promise is held by a constraint here or a guard in guards.sql, not by the Python around them. docs/ledger.md
-- has the list.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta (key, value) VALUES ('schema_version', '3');

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
    computed     INTEGER NOT NULL CHECK (computed IN (0, 1)),   -- whether a formula can come to nothing
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
        min(CASE WHEN removed = 1 THEN at END) OVER (
            PARTITION BY customer_id, tag ORDER BY at, effect_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS removed_at
    FROM tag_change
) change
WHERE removed = 0 AND (removed_at IS NULL OR removed_at > at);

-- What another system has to carry out: it reads these rows, applies each once by its id, and not before its time.
CREATE TABLE change_request (
    effect_id   INTEGER PRIMARY KEY REFERENCES effect,
    change_id   TEXT NOT NULL,            -- a hash of the idempotency key: unique because the key is
    customer_id TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('attribute', 'subscription', 'reward', 'code', 'event')),
    name        TEXT NOT NULL,            -- of the attribute, conversation, reward, code or event
    value       TEXT NOT NULL CHECK (json_valid(value)),   -- the new value; of an event its properties
    at          INTEGER NOT NULL,
    expires_at  INTEGER CHECK (expires_at > at)
) STRICT;

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
        WHEN p.ambiguous = 1 THEN 'unknown'
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

-- ------------------------------------------------------------------------------------------------ states

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
