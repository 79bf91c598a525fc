"""Words of people's records, as pages, filters and files say them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fourfold.people.types import (
    AddressUse,
    ClientStage,
    FeeBasis,
    JobLeadState,
    ListKind,
    Match,
    Op,
    Openness,
    Origin,
    PersonRole,
    Sharing,
    TermsStanding,
    TermsState,
)

ROLE_WORDS = {
    PersonRole.CANDIDATE: _("Candidate"),
    PersonRole.CLIENT_CONTACT: _("Client contact"),
    PersonRole.COLLEAGUE: _("Colleague"),
    PersonRole.REFERRER: _("Referrer"),
}
OPENNESS_WORDS = {
    Openness.OPEN: _("Open to move"),
    Openness.NOT_NOW: _("Not now"),
    Openness.HAPPY: _("Happy where they are"),
}
ORIGIN_WORDS = {
    Origin.THEMSELVES: _("They came to us"),
    Origin.REFERRED: _("Referred"),
    Origin.SOURCED: _("Sourced by us"),
    Origin.IMPORTED: _("Brought over from another system"),
    Origin.CLIENT: _("Through their employer, a client"),
}
STAGE_WORDS = {
    ClientStage.TARGET: _("Target"),
    ClientStage.MET: _("Met"),
    ClientStage.TERMS_SENT: _("Terms sent"),
    ClientStage.ACCEPTED: _("Terms accepted"),
    ClientStage.FIRST_JOB: _("First job"),
    ClientStage.REPEAT: _("Repeat business"),
    ClientStage.DORMANT: _("Dormant"),
}
USE_WORDS = {AddressUse.PERSONAL: _("personal"), AddressUse.WORK: _("work")}
OP_WORDS = {
    Op.IS: _("is"),
    Op.IS_NOT: _("is not"),
    Op.HAS: _("contains"),
    Op.HAS_NOT: _("does not contain"),
    Op.WITHIN: _("within the last"),
    Op.NOT_WITHIN: _("not within the last"),
    Op.AT_LEAST: _("at least"),
    Op.AT_MOST: _("at most"),
    Op.BY: _("by"),
    Op.AFTER: _("after"),
    Op.KNOWN: _("yes"),
    Op.UNKNOWN: _("no"),
}
MATCH_WORDS = {Match.ALL: _("all of these"), Match.ANY: _("any of these"), Match.NONE: _("none of these")}
SHARING_WORDS = {Sharing.PRIVATE: _("Only me"), Sharing.TEAM: _("My team"), Sharing.HOUSE: _("Everybody")}
LIST_WORDS = {ListKind.SAVED: _("Saved filters"), ListKind.HOT: _("Hot list")}
LEAD_WORDS = {
    JobLeadState.OPEN: _("Open"),
    JobLeadState.PURSUED: _("Pursued"),
    JobLeadState.DROPPED: _("Dropped"),
    JobLeadState.BECAME_JOB: _("Became a job"),
}
TERMS_WORDS = {
    TermsState.DRAFT: _("Draft"),
    TermsState.SENT: _("Sent"),
    TermsState.ACCEPTED: _("Accepted"),
    TermsState.DECLINED: _("Declined"),
    TermsState.REPLACED: _("Replaced"),
}
STANDING_WORDS = {
    TermsStanding.NONE: _("No terms"),
    TermsStanding.DRAFTED: _("Terms drafted"),
    TermsStanding.SENT: _("Terms sent"),
    TermsStanding.ACCEPTED: _("Terms accepted"),
    TermsStanding.ENDED: _("Terms ended"),
}
BASIS_WORDS = {
    FeeBasis.PERMANENT: _("Permanent"),
    FeeBasis.RETAINED: _("Retained"),
    FeeBasis.CONTRACT: _("Contract"),
}
