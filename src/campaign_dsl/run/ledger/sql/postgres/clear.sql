-- name: clear_instant
-- Forget what the run before left; rows that are deleted one by one would still be read.
TRUNCATE instant RESTART IDENTITY

-- name: clear_limit_window
-- Forget what the run before left; rows that are deleted one by one would still be read.
TRUNCATE limit_window RESTART IDENTITY

-- name: clear_applies
-- Forget what the run before left; rows that are deleted one by one would still be read.
TRUNCATE applies RESTART IDENTITY

-- name: clear_need
-- Forget what the run before left; rows that are deleted one by one would still be read.
TRUNCATE need RESTART IDENTITY

-- name: clear_amount
-- Forget what the run before left; rows that are deleted one by one would still be read.
TRUNCATE amount RESTART IDENTITY

-- name: clear_slot
-- Forget what the run before left; rows that are deleted one by one would still be read.
TRUNCATE slot RESTART IDENTITY

-- name: clear_wording
-- Forget what the run before left; rows that are deleted one by one would still be read.
TRUNCATE wording RESTART IDENTITY

-- name: clear_award
-- Forget what the run before left; rows that are deleted one by one would still be read.
TRUNCATE award RESTART IDENTITY

-- name: clear_letter
-- Forget what the run before left; rows that are deleted one by one would still be read.
TRUNCATE letter RESTART IDENTITY

-- name: clear_place
-- Forget what the run before left; rows that are deleted one by one would still be read.
TRUNCATE place RESTART IDENTITY
