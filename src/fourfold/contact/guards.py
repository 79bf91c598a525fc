"""Triggers that keep receipts append-only: a verdict is never changed and never taken away."""

from __future__ import annotations

from fourfold.ledger.actions import Guards

TABLE = "contact_receipt"
RECEIPTS = Guards(
    table=TABLE,
    words="The receipts of the contact policy",
    sqlite={
        "receipt_no_update": f"""
            CREATE TRIGGER receipt_no_update BEFORE UPDATE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, 'receipts are never changed'); END""",
        "receipt_no_delete": f"""
            CREATE TRIGGER receipt_no_delete BEFORE DELETE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, 'receipts are never taken away'); END""",
        "receipt_no_replace": f"""
            CREATE TRIGGER receipt_no_replace BEFORE INSERT ON {TABLE}
            WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE key = NEW.key)
            BEGIN SELECT RAISE(IGNORE); END""",  # noqa: S608  (our own table name)
    },
    functions=(
        """
        CREATE OR REPLACE FUNCTION contact_receipt_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'receipts are never changed or taken away (%)', TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    ),
    postgresql={
        f"receipt_no_{verb}": f"""
            CREATE TRIGGER receipt_no_{verb} BEFORE {verb.upper()} ON {TABLE}
            FOR EACH {"STATEMENT" if verb == "truncate" else "ROW"} EXECUTE FUNCTION contact_receipt_refuse()"""
        for verb in ("update", "delete", "truncate")
    },
)
