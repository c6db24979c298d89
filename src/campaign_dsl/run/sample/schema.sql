-- The tables of the sample world. Names and types are those of campaigns/catalog.yaml.
-- There are no keys: a warehouse has none either, and a duplicate delivery must be possible.

CREATE TABLE customers (
    customer_id       TEXT NOT NULL,
    first_name        TEXT,
    last_name         TEXT,
    email             TEXT,
    birth_date        DATE,
    status            TEXT NOT NULL,
    tier              TEXT NOT NULL,
    enrolled_on       DATE NOT NULL,
    country           TEXT,
    region            TEXT,
    language          TEXT,
    time_zone         TEXT,
    email_consent     BOOLEAN,
    is_employee       BOOLEAN NOT NULL,
    shoe_size         DECIMAL(3, 1),
    favorite_category TEXT,
    phone             TEXT,
    sms_consent       BOOLEAN,
    push_consent      BOOLEAN,
    tier_since        TIMESTAMPTZ NOT NULL,
    home_store        TEXT,
    home_latitude     DOUBLE,
    home_longitude    DOUBLE,
    address           STRUCT(street TEXT, city TEXT, region TEXT, postal_code TEXT, country TEXT),
    interests         TEXT[],
    children          STRUCT(name TEXT, birth_date DATE)[],
    plan              TEXT NOT NULL,
    plan_renews_on    DATE
);

CREATE TABLE events (
    event_id    BIGINT NOT NULL,
    customer_id TEXT NOT NULL,
    kind        TEXT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    sku         TEXT,
    quantity    INTEGER,
    amount      DECIMAL(12, 2),
    store_id    TEXT,
    link        TEXT,
    category    TEXT,
    latitude    DOUBLE,
    longitude   DOUBLE,
    accuracy_m  DECIMAL(8, 1)
);

-- What the shop, the app and the partners report. What a column means depends on the kind.
CREATE TABLE activity (
    event_id    BIGINT NOT NULL,
    customer_id TEXT NOT NULL,
    kind        TEXT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    sku         TEXT,
    category    TEXT,
    quantity    INTEGER,
    amount      DECIMAL(12, 2),
    store_id    TEXT,
    title       TEXT,
    genre       TEXT,
    starts_at   TIMESTAMPTZ,
    rating      INTEGER,
    direction   TEXT
);

CREATE TABLE stores (
    store_id  TEXT NOT NULL,
    name      TEXT NOT NULL,
    city      TEXT NOT NULL,
    region    TEXT NOT NULL,
    country   TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    latitude  DOUBLE NOT NULL,
    longitude DOUBLE NOT NULL,
    kind      TEXT NOT NULL
);

CREATE TABLE products (
    sku      TEXT NOT NULL,
    name     TEXT NOT NULL,
    category TEXT NOT NULL,
    price    DECIMAL(10, 2) NOT NULL
);

CREATE TABLE suppressions (
    address  TEXT NOT NULL,
    reason   TEXT NOT NULL,
    added_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE orders (
    order_id    BIGINT NOT NULL,
    customer_id TEXT NOT NULL,
    status      TEXT NOT NULL,
    total       DECIMAL(12, 2) NOT NULL,
    items       INTEGER NOT NULL,
    placed_on   DATE NOT NULL
);

CREATE TABLE support_cases (
    case_id     BIGINT NOT NULL,
    customer_id TEXT NOT NULL,
    status      TEXT NOT NULL,
    topic       TEXT NOT NULL,
    opened_at   TIMESTAMPTZ NOT NULL
);

CREATE TABLE customer_tags (
    customer_id TEXT NOT NULL,
    tag         TEXT NOT NULL,
    tagged_at   TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ
);

CREATE TABLE point_balances (
    customer_id TEXT NOT NULL,
    account     TEXT NOT NULL,
    balance     BIGINT NOT NULL
);

CREATE TABLE wallet (
    wallet_id   BIGINT NOT NULL,
    customer_id TEXT NOT NULL,
    offer       TEXT NOT NULL,
    state       TEXT NOT NULL,
    issued_at   TIMESTAMPTZ NOT NULL,
    redeemed_at TIMESTAMPTZ,
    expires_at  TIMESTAMPTZ
);

CREATE TABLE subscriptions (
    customer_id  TEXT NOT NULL,
    conversation TEXT NOT NULL,
    subscribed   BOOLEAN NOT NULL,
    changed_at   TIMESTAMPTZ NOT NULL
);

CREATE TABLE subscription_changes (
    event_id     BIGINT NOT NULL,
    customer_id  TEXT NOT NULL,
    conversation TEXT NOT NULL,
    subscribed   BOOLEAN NOT NULL,
    occurred_at  TIMESTAMPTZ NOT NULL,
    received_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE message_events (
    event_id    BIGINT NOT NULL,
    customer_id TEXT NOT NULL,
    action      TEXT NOT NULL,
    message     TEXT NOT NULL,
    campaign    TEXT NOT NULL,
    channel     TEXT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE campaign_decisions (
    decision_id BIGINT NOT NULL,
    customer_id TEXT NOT NULL,
    campaign    TEXT NOT NULL,
    decided_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE code_entries (
    entry_id    BIGINT NOT NULL,
    customer_id TEXT NOT NULL,
    code        TEXT NOT NULL,
    pool        TEXT,
    occurred_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);

-- What the other steps need; gone when the connection closes.

CREATE TEMP TABLE places (
    place_no   INTEGER,
    country    TEXT,
    region     TEXT,
    language   TEXT,
    time_zone  TEXT,
    utc_offset INTEGER,
    weight     INTEGER,
    pool       TEXT,
    store_ids  TEXT[],
    city       TEXT,
    latitude   DOUBLE,
    longitude  DOUBLE
);

CREATE TEMP TABLE names (
    name_no INTEGER,
    pool    TEXT,
    is_last BOOLEAN,
    name    TEXT,
    handle  TEXT
);

CREATE TEMP TABLE interest_sets (
    bits      INTEGER,
    interests TEXT[]
);

CREATE TEMP TABLE special_members (
    customer_id       TEXT,
    lives_in          TEXT,
    first_name        TEXT,
    last_name         TEXT,
    email             TEXT,
    birth_date        DATE,
    status            TEXT,
    tier              TEXT,
    enrolled_on       DATE,
    time_zone         TEXT,
    email_consent     BOOLEAN,
    is_employee       BOOLEAN,
    shoe_size         DECIMAL(3, 1),
    favorite_category TEXT
);

CREATE TEMP TABLE special_suppressions (
    address  TEXT,
    reason   TEXT,
    added_on DATE
);

-- Chance. Every draw is a piece of an MD5 of the seed, a topic and a row number: the same on every version of DuckDB,
-- with any number of threads, and whatever order rows are computed in. One digest gives two words of four draws.

CREATE TEMP MACRO digest(topic, row_no) AS md5_number(concat(getvariable('seed'), ':', topic, ':', row_no));
CREATE TEMP MACRO high_word(digest) AS (digest >> 64)::UBIGINT;
CREATE TEMP MACRO low_word(digest) AS (digest & 18446744073709551615::UHUGEINT)::UBIGINT;

-- Draw `n` (0 to 3) of a word: a whole number from 0 to 65535.
CREATE TEMP MACRO draw(word, n) AS ((word >> (16 * n)) & 65535)::BIGINT;
-- The same as a number from 0 to below 1, and as a whole number from 0 to `below` - 1.
CREATE TEMP MACRO share(word, n) AS draw(word, n) / 65536.0::DOUBLE;
CREATE TEMP MACRO pick(word, n, below) AS (draw(word, n) * below) >> 16;
-- Half `n` (0 or 1) of a word as a number from 0 to below 1, for where 65536 steps are too coarse.
CREATE TEMP MACRO fine_share(word, n) AS ((word >> (32 * n)) & 4294967295)::BIGINT / 4294967296.0::DOUBLE;

-- How active a customer is among all, 0 the most: neighbours in number are far apart in rank, and all ranks are taken.
CREATE TEMP MACRO activity_rank(customer_no) AS
    ((customer_no - 1) * getvariable('rank_step') + getvariable('rank_start')) % getvariable('customers');
