"""Triggers that keep versions of texts: what somebody was asked can always be read as it was."""

from __future__ import annotations

from fourfold.ledger.actions import Guards

TABLE = "surveys_surveytext"
TEXTS = Guards(
    table=TABLE,
    words="The versions of survey texts",
    sqlite={
        "survey_text_no_update": f"""
            CREATE TRIGGER survey_text_no_update BEFORE UPDATE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, 'versions are never changed: keep a new one'); END""",
        "survey_text_no_delete": f"""
            CREATE TRIGGER survey_text_no_delete BEFORE DELETE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, 'versions are never taken away'); END""",
        "survey_text_no_replace": f"""
            CREATE TRIGGER survey_text_no_replace BEFORE INSERT ON {TABLE}
            WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)
            BEGIN SELECT RAISE(IGNORE); END""",  # noqa: S608  (our own table name)
    },
    functions=(
        """
        CREATE OR REPLACE FUNCTION surveys_text_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'versions are never changed or taken away (%)', TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    ),
    postgresql={
        f"survey_text_no_{verb}": f"""
            CREATE TRIGGER survey_text_no_{verb} BEFORE {verb.upper()} ON {TABLE}
            FOR EACH {"STATEMENT" if verb == "truncate" else "ROW"} EXECUTE FUNCTION surveys_text_refuse()"""
        for verb in ("update", "delete", "truncate")
    },
)
