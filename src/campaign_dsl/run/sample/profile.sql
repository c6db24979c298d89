-- The facets of profiles, and what belongs to customers as it stands.

CREATE TEMP TABLE numbered AS
SELECT members.customer_no, customers.customer_id, customers.enrolled_on, children,
    epoch(customers.enrolled_on)::BIGINT + 86400 AS since
FROM customers
JOIN members ON members.customer_id = customers.customer_id;

-- Instants, from a share: between enrolment (at most `days` ago) and noon UTC of today.
CREATE TEMP MACRO moment(since, days, part) AS
    greatest(since, getvariable('last_second') - days * 86400)
    + floor(part * greatest(0, getvariable('last_second') - 60 - greatest(since, getvariable('last_second') - days * 86400)))::BIGINT;

INSERT INTO customer_tags
WITH drawn AS (
    SELECT *, high_word(d) AS a, low_word(d) AS b
    FROM (SELECT customer_id, since, n, digest('tag', customer_no * 10 + n) AS d FROM numbered, range(2) AS tags(n))
),
tagged AS (
    SELECT customer_id, getvariable('tags')[1 + pick(a, 1, len(getvariable('tags')))] AS tag, moment(since, 365, fine_share(b, 0)) AS tagged,
        CASE WHEN share(a, 2) < 0.5 THEN (30 + pick(a, 3, 60)) * 86400 END AS lasts
    FROM drawn WHERE share(a, 0) < 0.12
    UNION ALL
    SELECT customer_id, 'parent', since, NULL FROM numbered WHERE len(children) > 0
)
SELECT customer_id, tag, to_timestamp(min(tagged)), to_timestamp(min_by(tagged + lasts, tagged)) FROM tagged
GROUP BY customer_id, tag ORDER BY customer_id, tag;

INSERT INTO point_balances
SELECT customer_id, account, balance FROM (
    SELECT customer_id, account,
        -- Few have much.
        floor(20000 * share(high_word(d), n) * share(high_word(d), n) * share(high_word(d), n) * share(high_word(d), n))::BIGINT AS balance
    FROM (SELECT customer_id, n, account, digest('points', customer_no) AS d FROM numbered, (VALUES (0, 'rewards'), (1, 'popcorn')) AS accounts(n, account))
    WHERE account = 'rewards' OR share(low_word(d), 0) < 0.3
) ORDER BY customer_id, account;

INSERT INTO wallet
WITH drawn AS (
    SELECT *, high_word(d) AS a, low_word(d) AS b
    FROM (SELECT customer_no * 10 + n AS wallet_id, customer_id, since, digest('wallet', customer_no * 10 + n) AS d FROM numbered, range(3) AS items(n))
),
issued AS (
    SELECT wallet_id, customer_id, getvariable('offers')[1 + pick(a, 1, len(getvariable('offers')))] AS offer, a, b,
        moment(since, 400, fine_share(b, 0)) AS issued, (14 + pick(a, 2, 46)) * 86400 AS lasts
    FROM drawn WHERE share(a, 0) < 0.25
),
used AS (
    SELECT *, CASE WHEN share(a, 3) < 0.4 THEN issued + 3600 + floor(lasts * fine_share(b, 1) * 0.95)::BIGINT END AS redeemed FROM issued
)
SELECT wallet_id, customer_id, offer,
    CASE WHEN redeemed <= getvariable('last_second') THEN 'redeemed'
        -- The clean-up runs once a week: what expires lately still says that it was issued.
        WHEN issued + lasts <= getvariable('last_second') - 7 * 86400 THEN 'expired' WHEN share(a, 3) > 0.99 THEN 'revoked' ELSE 'issued' END,
    to_timestamp(issued),
    to_timestamp(CASE WHEN redeemed <= getvariable('last_second') THEN redeemed END),
    CASE WHEN share(a, 3) < 0.97 OR issued + lasts <= getvariable('last_second') THEN to_timestamp(issued + lasts) END
FROM used ORDER BY wallet_id;

-- Whoever is out has been in.
CREATE TEMP TABLE decided AS
SELECT customer_no * 10 + n AS decided_no, customer_id, conversation, since, share(high_word(d), 1) < 0.85 AS subscribed,
    moment(since, 730, fine_share(low_word(d), 0)) AS changed, fine_share(low_word(d), 1) AS earlier
FROM (
    SELECT customer_no, customer_id, since, n, conversation, part, digest('subscription', customer_no * 10 + n) AS d
    FROM numbered, (VALUES (0, 'newsletter', 0.55), (1, 'cinema_news', 0.2), (2, 'text_alerts', 0.12), (3, 'app_news', 0.3)) AS c(n, conversation, part)
)
WHERE share(high_word(d), 0) < part;

INSERT INTO subscriptions
SELECT customer_id, conversation, subscribed, to_timestamp(changed) FROM decided ORDER BY decided_no;

INSERT INTO subscription_changes
SELECT event_id, customer_id, conversation, subscribed, to_timestamp(occurred), to_timestamp(occurred + event_id % 30) FROM (
    SELECT decided_no * 2 + 1 AS event_id, customer_id, conversation, subscribed, changed AS occurred FROM decided
    UNION ALL
    SELECT decided_no * 2, customer_id, conversation, true, since + floor(earlier * greatest(0, changed - since))::BIGINT FROM decided WHERE NOT subscribed
) ORDER BY occurred, event_id;

CREATE TEMP TABLE sendings AS
SELECT decision_no, customer_id, high_word(d) AS a, low_word(d) AS b, campaign, message, channel, moment(since, 365, fine_share(low_word(d), 0)) AS sent
FROM (SELECT customer_no * 10 + n AS decision_no, customer_id, since, digest('sending', customer_no * 10 + n) AS d FROM numbered, range(4) AS sends(n)) AS drawn
JOIN (VALUES
    (0, 'birthday_gift', 'birthday_note', 'email'), (1, 'welcome', 'welcome_letter', 'email'), (2, 'weekly_news', 'news', 'email'),
    (3, 'win_back', 'come_back', 'email'), (4, 'happy_hour', 'happy_hour_text', 'sms'), (5, 'new_films', 'film_note', 'push')
) AS sent(campaign_no, campaign, message, channel) ON campaign_no = pick(high_word(d), 1, 6)
WHERE share(high_word(d), 0) < 0.5;

INSERT INTO campaign_decisions
SELECT decision_no, customer_id, campaign, to_timestamp(sent - 300) FROM sendings ORDER BY decision_no;

INSERT INTO message_events
SELECT decision_no * 10 + n, customer_id, action, message, campaign, channel, to_timestamp(occurred), to_timestamp(least(occurred + 20, getvariable('last_second')))
FROM (
    SELECT *, 0 AS n, 'sent' AS action, sent AS occurred FROM sendings
    UNION ALL
    SELECT *, 1, 'opened', sent + 60 + pick(b, 2, 2 * 86400) FROM sendings WHERE share(a, 2) < 0.45 AND channel <> 'sms'
    UNION ALL
    SELECT *, 2, 'clicked', sent + 120 + pick(b, 2, 2 * 86400) FROM sendings WHERE share(a, 2) < 0.12 AND channel <> 'sms'
    UNION ALL
    SELECT *, 3, 'complained', sent + 180 + pick(b, 2, 2 * 86400) FROM sendings WHERE share(a, 3) < 0.002 AND channel = 'email'
)
WHERE occurred <= getvariable('last_second')
ORDER BY occurred, decision_no, n;

INSERT INTO code_entries
SELECT customer_no, customer_id,
    CASE WHEN share(a, 1) < 0.7 THEN getvariable('codes')[1 + pick(a, 2, len(getvariable('codes')))] ELSE concat('SUN', upper(substr(md5(customer_id), 1, 12))) END,
    CASE WHEN share(a, 1) >= 0.7 THEN 'summer_pool' END,
    to_timestamp(entered), to_timestamp(entered + customer_no % 20)
FROM (
    SELECT customer_no, customer_id, high_word(d) AS a, moment(since, 120, fine_share(low_word(d), 0)) AS entered
    FROM (SELECT customer_no, customer_id, since, digest('code', customer_no) AS d FROM numbered)
    WHERE share(high_word(d), 0) < 0.05
) ORDER BY entered, customer_no;

-- Orders of the last year, from what was bought online.
INSERT INTO orders
SELECT event_id, customer_id,
    CASE WHEN days < 2 THEN 'open' WHEN days < 6 THEN 'shipped' WHEN share(low_word(d), 3) < 0.06 THEN 'returned' ELSE 'delivered' END,
    amount, quantity, (getvariable('today') - days::INTEGER)
FROM (SELECT *, (getvariable('last_second') - occurred) // 86400 AS days FROM bought WHERE store_id IS NULL)
WHERE days BETWEEN 0 AND 365 ORDER BY event_id;

INSERT INTO support_cases
SELECT customer_no, customer_id, CASE WHEN share(a, 1) < 0.3 THEN 'open' ELSE 'solved' END,
    ['delivery', 'sizes', 'refund', 'account', 'subscription'][1 + pick(a, 2, 5)], to_timestamp(moment(since, 300, fine_share(b, 0)))
FROM (
    SELECT customer_no, customer_id, since, high_word(d) AS a, low_word(d) AS b
    FROM (SELECT customer_no, customer_id, since, digest('case', customer_no) AS d FROM numbered)
    WHERE share(high_word(d), 0) < 0.03
) ORDER BY customer_no;
