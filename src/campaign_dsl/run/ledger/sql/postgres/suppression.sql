-- name: hold_suppressed
-- Two who bring the lists up to date at once would wait for each other's rows in different orders.
LOCK TABLE suppressed IN SHARE ROW EXCLUSIVE MODE
