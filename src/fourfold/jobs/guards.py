"""Triggers that keep proofs append-only: introductions, agreements, and the steps of applications."""

from __future__ import annotations

from fourfold.ledger.actions import Guards


def _kept(
    table: str, name: str, words: str, *, blanked: tuple[str, ...] = (), kept: tuple[str, ...] = (), removable: str = ""
) -> Guards:
    """Guards under which rows are added and never taken away, and only columns in ``blanked`` may change at all.

    ``kept`` are the others. A proof outlives an erasure: it is about keys, and its free words can be blanked.
    ``removable`` are rows that came over from another system: they go with the files they came with.
    """
    unless = f"WHEN NOT ({removable})" if removable else ""
    pg_unless = f"WHEN (NOT ({removable}))" if removable else ""
    sqlite_when = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in kept)
    pg_when = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in kept)
    when = {"sqlite": f"WHEN {sqlite_when}" if blanked else "", "pg": f"WHEN ({pg_when})" if blanked else ""}
    function = f"{table}_refuse"
    return Guards(
        table=table,
        words=words,
        sqlite={
            f"{name}_no_update": f"""
                CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {table} {when["sqlite"]}
                BEGIN SELECT RAISE(ABORT, '{words} are never changed'); END""",
            f"{name}_no_delete": f"""
                CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {table} {unless}
                BEGIN SELECT RAISE(ABORT, '{words} are never taken away'); END""",
        },
        functions=(
            f"""
            CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{words} are never changed or taken away (%)', TG_OP
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$""",
        ),
        postgresql={
            f"{name}_no_update": f"""
                CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {table}
                FOR EACH ROW {when["pg"]} EXECUTE FUNCTION {function}()""",
            f"{name}_no_delete": f"""
                CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {table}
                FOR EACH ROW {pg_unless} EXECUTE FUNCTION {function}()""",
            f"{name}_no_truncate": f"""
                CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION {function}()""",
        },
    )


CAME_OVER = "bullhorn"
"""How introductions, and who wrote steps, of that system are called: no colleague's, for theirs carry a key."""
INTRODUCTIONS = _kept(
    "jobs_introduction", "introduction", "Introductions",
    removable=f"OLD.how = '{CAME_OVER}' AND OLD.profile_version IS NULL",
)  # fmt: skip
AGREEMENTS = _kept(
    "jobs_agreement", "agreement", "Agreements", blanked=("how", "withdrawn_at"),
    kept=("key", "person_key", "organisation_key", "job_id", "agreed_at", "by", "by_key", "at"),
)  # fmt: skip
MOVES = _kept(
    "jobs_stagemove", "stage_move", "The steps of applications", blanked=("why",),
    kept=("id", "application_id", "from_step", "to_step", "stage", "ended", "by", "by_key", "at"),
    removable=f"OLD.by = '{CAME_OVER}' AND OLD.by_key IS NULL",
)  # fmt: skip
ALL = (INTRODUCTIONS, AGREEMENTS, MOVES)
