"""The names by which files know channels, engagements and directions."""

from __future__ import annotations

import re
from functools import lru_cache

from fourfold.ledger.types import Channel

CHANNEL_NAMES = {
    Channel.EMAIL: "mail e_mail newsletter mailshot email_campaign mailchimp hubspot dotdigital campaign_monitor",
    Channel.PHONE: "call telephone tel mobile voicemail phone_call cold_call headhunt headhunted",
    Channel.SMS: "text text_message whatsapp",
    Channel.LINKEDIN: "li linkedin_ads inmail linkedin_recruiter linkedin_campaign_manager",
    Channel.SOCIAL: "facebook instagram twitter x tiktok youtube meta social_media facebook_ads meta_ads",
    Channel.EVENT: "events webinar conference meetup career_fair careers_fair",
    Channel.JOB_BOARD: "jobboard job_boards indeed reed totaljobs cv_library monster glassdoor cwjobs jobserve adzuna "
    "ziprecruiter stepstone jobsite jobs_board efinancialcareers milkround dice",
    Channel.REFERRAL: "referrals refer_a_friend recommendation employee_referral referred word_of_mouth",
    Channel.WEB: "website site direct organic seo ppc google google_ads careers_site our_website bing microsoft_ads",
    Channel.IN_PERSON: "meeting face_to_face inperson visit coffee interview",
}
ENGAGEMENT_NAMES = {
    "permanent": "perm fulltime full_time contingent exclusive direct_hire",
    "contract": "contractor temp temporary interim freelance fixed_term",
    "retained": "retainer executive_search",
}
_ENGAGEMENTS = {name: kind for kind, names in ENGAGEMENT_NAMES.items() for name in [kind, *names.split()]}
_CHANNELS = {name: channel for channel, names in CHANNEL_NAMES.items() for name in [channel.value, *names.split()]}
_INWARD = frozenset(
    ["in", "inbound", "incoming", "received", "answered", "missed", "missed_call", "from_customer", "callback"]
)
_OUTWARD = frozenset(["out", "outbound", "outgoing", "dialled", "dialed", "placed", "made", "called", "to_customer"])


@lru_cache(maxsize=4096)
def plain_name(text: str) -> str:
    """``Job Board`` → ``job_board``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def channel_of(text: str) -> Channel | None:
    """The channel that a name stands for."""
    return _CHANNELS.get(plain_name(text))


def channel_of_supplier(text: str) -> Channel | None:
    """The channel that a supplier's or source's name begins with: “Indeed sponsored” → job_board."""
    words = plain_name(text).split("_")
    for end in range(len(words), 0, -1):
        found = _CHANNELS.get("_".join(words[:end]))
        if found and (end > 1 or len(words[0]) > 2 or len(words) == 1):
            return found
    return None


def engagement_of(text: str) -> str | None:
    return _ENGAGEMENTS.get(plain_name(text))


def direction_of(text: str) -> str | None:
    """in or out, as telephone systems say it."""
    name = plain_name(text)
    words = {name, *name.split("_")}
    if words & _INWARD:
        return "in"
    return "out" if words & _OUTWARD else None


def is_total(text: str) -> bool:
    """Whether a label is that of a sum: “Total”, “Grand total”, “Total: Account”, “Sub-total”."""
    return (
        re.fullmatch(r"(grand|sub|report|overall|campaign)?_?totals?(_.*)?|sum|ytd|year_to_date", plain_name(text))
        is not None
    )
