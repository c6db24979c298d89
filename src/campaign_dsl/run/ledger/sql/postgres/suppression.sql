-- name: hold_suppressed
-- Two who bring the lists up to date at once would wait for each other's rows in different orders.
LOCK TABLE suppressed IN SHARE ROW EXCLUSIVE MODE

-- name: keep_suppressed
-- Nobody joins a list between the look at it and the claims: the guard would undo the whole exchange.
LOCK TABLE suppressed IN SHARE MODE
