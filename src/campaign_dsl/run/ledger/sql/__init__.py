"""The ledger's named statements: `plan.sql`, `decide.sql`, `give.sql`, `outbox.sql`, `read.sql`, `preview.sql`."""
