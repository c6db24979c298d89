-- name: hold_suppressed
-- One writer at a time is let in anyway.
SELECT 1

-- name: keep_suppressed
-- One writer at a time is let in anyway.
SELECT 1
