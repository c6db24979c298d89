-- name: due_pairs
-- The zones and due instants of a run's decisions.
SELECT DISTINCT zone, due_at
FROM decision
WHERE run_id = :run AND lost IS NULL
ORDER BY due_at, zone

-- name: make_slot
-- For each message step, zone and due instant: when its messages may leave.
CREATE TEMP TABLE IF NOT EXISTS slot (
    slot INTEGER PRIMARY KEY, step_id INTEGER NOT NULL, zone TEXT NOT NULL, due_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL, expires_at INTEGER, size INTEGER NOT NULL, UNIQUE (step_id, zone, due_at)
)

-- name: clear_slot
-- Forget the slots of the run before.
DELETE FROM slot

-- name: add_slot
-- One slot, with the instants Python computed for it.
INSERT INTO slot (step_id, zone, due_at, not_before, expires_at, size)
VALUES (:step, :zone, :due_at, :not_before, :expires_at, :size)

-- name: make_wording
-- The words of a plan's steps that messages quote.
CREATE TEMP TABLE IF NOT EXISTS wording (
    step_id INTEGER PRIMARY KEY, account_title TEXT, title TEXT, description TEXT, terms_and_conditions TEXT,
    logo TEXT, pos_discount_id TEXT
)

-- name: clear_wording
-- Forget the words of the run before.
DELETE FROM wording

-- name: fill_wording
-- The words of this plan.
INSERT INTO wording (step_id, account_title, title, description, terms_and_conditions, logo, pos_discount_id)
SELECT
    step_id, body ->> 'account_title', body ->> 'title', body ->> 'description',
    body ->> 'terms_and_conditions', body ->> 'logo', body ->> 'pos_discount_id'
FROM step
WHERE plan_id = :plan

-- name: make_award
-- Which effect a message speaks of when it says "points", and which when it says "offer": the first of the decision.
CREATE TEMP TABLE IF NOT EXISTS award (
    kind TEXT NOT NULL, decision_id INTEGER NOT NULL, effect_id INTEGER NOT NULL, step_id INTEGER NOT NULL,
    PRIMARY KEY (kind, decision_id)
) WITHOUT ROWID

-- name: clear_award
-- Forget the awards of the run before.
DELETE FROM award

-- name: fill_award
-- The awards of one step. An earlier step's award of the same kind to the same decision stays.
INSERT INTO award (kind, decision_id, effect_id, step_id)
SELECT CAST(:kind AS TEXT), decision_id, effect_id, step_id
FROM effect
WHERE effect_id BETWEEN :first AND :last
ORDER BY effect_id
ON CONFLICT (kind, decision_id) DO NOTHING

-- name: make_letter
-- The messages of a run on their way into packages.
CREATE TEMP TABLE IF NOT EXISTS letter (
    effect_id INTEGER PRIMARY KEY, decision_id INTEGER NOT NULL, step_id INTEGER NOT NULL, slot INTEGER NOT NULL,
    identifier TEXT, address TEXT, email TEXT, layer INTEGER NOT NULL
)

-- name: clear_letter
-- Forget the messages of the run before.
DELETE FROM letter

-- name: fill_letter
-- The message effects of one step, each with the address it goes to: the decision's, or where messages of the campaign
-- go to several the one of this step. An address that is no mail address is not offered to the provider as one.
INSERT INTO letter (effect_id, decision_id, step_id, slot, identifier, address, email, layer)
SELECT
    effect_id, decision_id, step_id, slot, CASE kind WHEN 'email' THEN email ELSE customer_id END, address, email, 0
FROM (
    SELECT
        *,
        CASE WHEN glob('?*@?*', address)
            AND NOT glob('*@*@*', address)
            AND NOT glob('*[' || :blanks || ']*', address)
        THEN address END AS email
    FROM (
        SELECT
            e.effect_id,
            e.decision_id,
            e.step_id,
            e.customer_id,
            k.slot,
            s.body ->> 'identifier' AS kind,
            CASE WHEN :several THEN d.context ->> ('$."@' || (s.body ->> 'address_attribute') || '"')
                ELSE d.address
            END AS address
        FROM effect e
        JOIN step s ON s.step_id = e.step_id
        JOIN decision d ON d.decision_id = e.decision_id
        JOIN slot k ON k.step_id = e.step_id AND k.zone = d.zone AND k.due_at = d.due_at
        WHERE e.effect_id BETWEEN :first AND :last
    ) addressed
) judged
ORDER BY effect_id

-- name: layer_letters
-- Messages to one recipient in one slot go to different layers: providers merge them inside one request.
UPDATE letter
SET layer = n.layer
FROM (
    SELECT effect_id, row_number() OVER (PARTITION BY slot, identifier ORDER BY effect_id) - 1 AS layer
    FROM letter
    WHERE identifier IS NOT NULL
) n
WHERE n.effect_id = letter.effect_id AND n.layer > 0

-- name: make_place
-- In which package each message goes.
CREATE TEMP TABLE IF NOT EXISTS place (
    effect_id INTEGER PRIMARY KEY, package_id INTEGER NOT NULL, slot INTEGER NOT NULL
)

-- name: clear_place
-- Forget the places of the run before.
DELETE FROM place

-- name: fill_place
-- Slot by slot and layer by layer, as many messages to a package as the provider takes in one request.
INSERT INTO place (effect_id, package_id, slot)
SELECT
    effect_id,
    (SELECT coalesce(max(package_id), 0) FROM package) + dense_rank() OVER (ORDER BY slot, layer, chunk),
    slot
FROM (
    SELECT
        l.effect_id,
        l.slot,
        l.layer,
        (row_number() OVER (PARTITION BY l.slot, l.layer ORDER BY l.effect_id) - 1) / k.size AS chunk
    FROM letter l
    JOIN slot k ON k.slot = l.slot
    WHERE l.identifier IS NOT NULL
) numbered

-- name: add_packages
-- One package per request. A message that names no provider waits for whoever delivers its type.
INSERT INTO package (package_id, step_id, provider, zone, not_before, expires_at, next_at)
SELECT p.package_id, k.step_id, coalesce(s.provider, s.body ->> 'type'), k.zone, k.not_before, k.expires_at, k.not_before
FROM (SELECT DISTINCT package_id, slot FROM place) p
JOIN slot k ON k.slot = p.slot
JOIN step s ON s.step_id = k.step_id
ORDER BY p.package_id

-- name: drop_quoted
-- Make room for the view of the run before's.
DROP VIEW IF EXISTS quoted

-- name: make_quoted
-- Everything a message may quote, from the ledger's rows of the decision, the award and the offer.
CREATE TEMP VIEW quoted AS
SELECT
    l.effect_id,
    l.identifier,
    l.email,
    d.customer_id,
    d.occurrence,
    d.occurrence_day,
    d.segment,
    d.arm,
    d.language,
    d.context,
    t.amount AS points_amount,
    tt.account_title AS points_account,
    strftime('%Y-%m-%dT%H:%M:%SZ', t.expires_at / 1000000, 'unixepoch') AS points_expires_at,
    w.offer AS offer_id,
    w.user_offer_id,
    wt.title AS offer_title,
    wt.description AS offer_description,
    wt.terms_and_conditions AS offer_terms_and_conditions,
    wt.logo AS offer_logo,
    wt.pos_discount_id AS offer_pos_discount_id,
    strftime('%Y-%m-%dT%H:%M:%SZ', w.expires_at / 1000000, 'unixepoch') AS offer_expires_at
FROM letter l
JOIN decision d ON d.decision_id = l.decision_id
LEFT JOIN award ta ON ta.kind = 'points' AND ta.decision_id = l.decision_id
LEFT JOIN point_transfer t ON t.effect_id = ta.effect_id
LEFT JOIN wording tt ON tt.step_id = ta.step_id
LEFT JOIN award wa ON wa.kind = 'offer' AND wa.decision_id = l.decision_id
LEFT JOIN wallet_offer w ON w.effect_id = wa.effect_id
LEFT JOIN wording wt ON wt.step_id = wa.step_id

-- name: drop_written
-- Make room for the documents of the next message step.
DROP VIEW IF EXISTS written

-- name: add_messages
-- The messages of one step, each with its document. Where there is no way to reach someone, the message says so.
INSERT INTO message (effect_id, package_id, message_id, identifier, address, document, dropped, dropped_at)
SELECT
    l.effect_id,
    p.package_id,
    key_hash(
        'message ' || c.identity || ' ' || o.name || ' ' || length(d.customer_id) || ' ' || d.customer_id || ' ' || d.occurrence
    ),
    coalesce(l.identifier, ''),
    l.address,
    x.document,
    CASE WHEN l.identifier IS NULL THEN 'no_address' END,
    CASE WHEN l.identifier IS NULL THEN :as_of END
FROM letter l
JOIN written x ON x.effect_id = l.effect_id
JOIN decision d ON d.decision_id = l.decision_id
JOIN step s ON s.step_id = l.step_id
JOIN outcome o ON o.outcome_id = s.outcome_id
JOIN campaign c ON c.campaign_id = d.campaign_id
LEFT JOIN place p ON p.effect_id = l.effect_id
WHERE l.effect_id BETWEEN :first AND :last
ORDER BY l.effect_id

-- name: first_documents
-- The documents of the first messages of a run.
SELECT document FROM message WHERE effect_id > :before ORDER BY effect_id LIMIT :most

-- name: drop_gone
-- Addresses that left a list.
DELETE FROM suppressed
WHERE list = :list
    AND NOT EXISTS (SELECT 1 FROM listed s WHERE s.address = suppressed.address AND s.list = suppressed.list)

-- name: add_suppressed
-- Addresses that joined a list.
INSERT INTO suppressed (address, list)
SELECT address, list
FROM listed
WHERE address IS NOT NULL AND list = :list
ON CONFLICT (address, list) DO NOTHING

-- name: step_ids
-- The ids of a plan's steps, by number.
SELECT number, step_id FROM step WHERE plan_id = :plan
