"""Triggers that keep the consent ledger append-only: never changed, and deleted only with whom it was about.

A row may go once its person's key has a tombstone, which people.actions.erase_person writes first.
"""

from __future__ import annotations

from django.conf import settings

from fourfold.base.errors import FourfoldError
from fourfold.base.ids import keyed_hash
from fourfold.ledger.actions import Guards
from fourfold.people import models

TABLE = "people_consententry"
ERASED = "EXISTS (SELECT 1 FROM people_tombstone WHERE person_key = OLD.person_id)"
CONSENTS = Guards(
    table=TABLE,
    sqlite={
        "consent_no_update": f"""
            CREATE TRIGGER consent_no_update BEFORE UPDATE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, 'wishes are never changed: add what they wish now'); END""",
        "consent_no_delete": f"""
            CREATE TRIGGER consent_no_delete BEFORE DELETE ON {TABLE}
            WHEN NOT {ERASED}
            BEGIN SELECT RAISE(ABORT, 'wishes go only with the person they are about'); END""",
        "consent_no_replace": f"""
            CREATE TRIGGER consent_no_replace BEFORE INSERT ON {TABLE}
            WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)
              OR (NEW.source_ref <> '' AND EXISTS (
                    SELECT 1 FROM {TABLE} WHERE source = NEW.source AND source_ref = NEW.source_ref
                      AND person_id = NEW.person_id AND purpose = NEW.purpose AND event = NEW.event))
            BEGIN SELECT RAISE(IGNORE); END""",  # noqa: S608  (our own table name)
    },
    functions=(
        """
        CREATE OR REPLACE FUNCTION people_consent_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'wishes are never changed (%): add what they wish now', TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
        f"""
        CREATE OR REPLACE FUNCTION people_consent_erase() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {ERASED} THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'wishes go only with the person they are about'
                USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    ),
    postgresql={
        "consent_no_update": f"""
            CREATE TRIGGER consent_no_update BEFORE UPDATE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION people_consent_refuse()""",
        "consent_no_delete": f"""
            CREATE TRIGGER consent_no_delete BEFORE DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION people_consent_erase()""",
        "consent_no_truncate": f"""
            CREATE TRIGGER consent_no_truncate BEFORE TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION people_consent_refuse()""",
    },
)

PROOF = "suppressed addresses"


class WrongKey(FourfoldError):
    """The house's key is not the one its suppressed addresses were hashed with."""


def proof() -> str:
    """What shows that a key is the one, and tells nothing of it."""
    return keyed_hash(settings.SUPPRESSION_KEY, PROOF)


def require_key() -> None:
    """Refuse to start with another key than the suppressed addresses were hashed with. Raises WrongKey."""
    held = models.KeyProof.objects.filter(name=PROOF).values_list("proof", flat=True).first()
    if held is not None and held != proof():
        raise WrongKey(
            "Fourfold was not started.",
            "The key of the suppressed addresses is another than before, so objections and erasures are forgotten.",
            "Put the file keys/suppression back, from a backup of this house.",
        )
