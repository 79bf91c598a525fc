"""The columns of each kind of file."""

from __future__ import annotations

from fourfold.integrations.types.kinds import Column, FileKind, Layout
from fourfold.integrations.types.records import ENTITIES

ID_COLUMNS = ("person_key", "email", "phone", "profile_url", "person_id")
CONSULTANTS = 4
"""How many consultants a row of a deal sheet may have in columns of their own."""

_WHO = "who: an e-mail address, phone number, profile address or any id"
_EMAIL = (
    "who", "email", "e_mail", "email_address", "candidate", "candidate_email", "contact_email",
    "recipient_email", "recipient", "about_email", "associated_contact", "phone", "profile_url",
)  # fmt: skip
_NAME = Column(
    "name", "the person's name, for those who are new", aliases=("full_name", "person_name", "candidate_name")
)
_CHANNEL = "email, phone, sms, linkedin, social, event, job_board, referral, web or in_person; others are kept as other"
_OWN_ID = "the row's own id, so that a later file can correct it"


def _named(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, f"the {name}") for name in names)


_IDS = (
    Column("email", "their e-mail address, where another column says who", aliases=(
        "e_mail", "email_address", "e_mail_address", "candidate_email", "contact_email")),
    Column("phone", "their phone number, likewise", aliases=(
        "mobile", "telephone", "phone_number", "mobile_phone", "mobile_number", "candidate_phone", "candidate_mobile")),
    Column("profile_url", "the address of their profile, likewise", aliases=(
        "profile", "linkedin_url", "linkedin", "linkedin_profile", "candidate_linkedin")),
    Column("person_id", "their id in the system that the file is from, likewise", aliases=(
        "candidate_id", "contact_id", "candidate_ref", "candidate_externalid")),
)  # fmt: skip
_DEAL_IDS = (
    Column("person_key", f"the candidate, {_WHO[5:]}; at least one of this and the next four is needed",
           aliases=("who",)),
    Column("email", "the candidate's e-mail address", aliases=(
        "candidate_email", "e_mail", "email_address", "e_mail_address", "candidate_e_mail")),
    Column("phone", "the candidate's phone number", aliases=(
        "candidate_phone", "candidate_mobile", "mobile", "telephone", "phone_number")),
    Column("profile_url", "the address of the candidate's profile", aliases=(
        "candidate_linkedin", "linkedin", "linkedin_url", "profile")),
    Column("person_id", "the candidate's id in the system that the file is from", aliases=(
        "candidate_id", "candidate_ref", "candidate_no", "candidate_number", "candidate_externalid")),
)  # fmt: skip


def _consultants() -> tuple[Column, ...]:
    found: list[Column] = []
    for n in range(1, CONSULTANTS + 1):
        first = ("consultant", "consultants", "consultant_s", "recruiter", "recruiters", "consultant_name",
                 "billing_consultant", "owner", "consultant_split", "consultants_split") if n == 1 else ()  # fmt: skip
        about = (
            "who made the deal: a name or e-mail address, or all in one cell: Anna Lee 60 / Ben Ode 40"
            if n == 1
            else "and another"
        )
        found.append(Column(f"consultant_{n}", about, aliases=(
            *first, f"consultant_{n}_name", f"recruiter_{n}", f"consultant{n}", f"recruiter{n}")))  # fmt: skip
        alone = ("split", "share", "split_percent") if n == 1 else ()
        share = "the share in per cent; one consultant without it has 100" if n == 1 else "and that share"
        found.append(Column(f"split_{n}", share, aliases=(
            *alone, f"split_{n}_percent", f"consultant_{n}_split", f"share_{n}", f"split{n}", f"recruiter_{n}_split",
        )))  # fmt: skip
    return tuple(found)


_DEALS = (
    Column("reference", "the deal's own id, so that a later file can correct it", aliases=(
        "ref", "deal_ref", "deal_reference", "deal_id", "deal_no", "deal_number", "placement_id", "placement_ref",
        "placement_no", "deal", "id", "placement", "source_ref", "fact_id", "placement_number")),
    Column("name", "the candidate's name, for those who are new", aliases=(
        "candidate", "candidate_name", "full_name", "worker", "contractor")),
    *_DEAL_IDS,
    Column("organisation", "the client", aliases=(
        "client", "client_name", "company", "company_name", "organization", "client_company", "customer", "employer",
        "client_corporation", "hiring_company", "account", "end_client")),
    Column("contact_name", "the hiring manager or contact at the client", aliases=(
        "client_contact", "hiring_manager", "contact", "line_manager", "client_contact_name")),
    Column("contact_email", "their e-mail address", aliases=(
        "client_email", "client_contact_email", "hiring_manager_email")),
    Column("contact_phone", "their phone number", aliases=(
        "client_phone", "client_contact_phone", "hiring_manager_phone")),
    Column("engagement", "permanent, contract or retained; left out: permanent with a fee, contract with a margin",
           aliases=("type", "employment_type", "placement_type", "deal_type", "perm_contract", "contract_type",
                    "perm_temp", "job_type")),
    Column("fee", "the fee of a permanent or retained deal, once", aliases=(
        "placement_fee", "net_fee", "nfi", "amount", "value", "fee_value", "deal_value", "total_fee", "fee_amount",
        "invoice_value", "net_fee_income", "perm_fee")),
    Column("margin", "the net margin of a week of contract work", aliases=(
        "weekly_margin", "margin_per_week", "weekly_net_margin", "margin_week", "weekly_gp", "weekly_nfi",
        "gp_per_week", "net_margin", "weekly_gross_profit")),
    Column("currency", "such as GBP; left out: the house's", aliases=("ccy", "currency_code")),
    Column("placed_at", "the day the offer was accepted", aliases=(
        "date_placed", "placed_date", "placed", "placed_on", "date_accepted", "accepted_date", "accepted", "offer_date",
        "offer_accepted", "deal_date", "placement_date", "date", "occurred_at", "date_of_placement", "deal_month")),
    Column("start_date", "the first day of work", aliases=(
        "start", "starts", "date_start", "datebegin", "contract_start", "started")),
    Column("end_date", "the last day of contract work", aliases=(
        "end", "ends", "finish", "finish_date", "contract_end", "date_end", "dateend", "current_end_date")),
    *_consultants(),
    Column("source", "the channel that somebody wrote down as where the candidate came from", aliases=(
        "candidate_source", "source_of_candidate", "lead_source", "source_channel", "origin", "where_from", "channel")),
    Column("sourced_at", "the day they applied or were found", aliases=(
        "date_sourced", "sourced_on", "application_date", "date_applied", "applied_on", "applied_at", "applied")),
    Column("job", "the job", aliases=("job_title", "role", "position", "job_id", "vacancy")),
    *_named("desk", "team", "office", "brand"),
)  # fmt: skip

_SPEND = (
    Column("from_date", "first day, as 2026-03-01, or a month as 2026-03", required=True,
           aliases=("period", "period_start", "invoice_date")),
    Column("to_date", "last day; left out: the last of the month that from_date is in", aliases=("period_end",)),
    Column("channel", _CHANNEL, required=True, aliases=("category", "platform")),
    Column("amount", "the amount, as 12400 or 12,400.50", aliases=("net", "amount_spent", "total")),
    Column("amount_minor", "the amount in pence, a whole number"),
    Column("currency", "such as GBP; left out: the house's", aliases=("ccy",)),
    *_named("campaign", "theme", "stream", "desk", "team", "office", "brand"),
    Column("budget_line", "the budget line", aliases=("supplier", "vendor")),
    Column("decided_by", "who decided it", aliases=("approved_by", "budget_owner", "owner")),
    Column("fact_id", _OWN_ID, aliases=("ref", "source_ref", "invoice", "invoice_no", "id")),
)  # fmt: skip
_SUPPLIER = ("vendor", "channel", "source", "platform", "board", "job_board", "name", "item", "category", "budget_line",
             "medium", "marketing_spend", "spend")  # fmt: skip
_WIDE = (
    *_named("campaign", "desk", "team", "office", "brand"),
    Column("currency", "such as GBP; left out: the house's", aliases=("ccy",)),
    Column("decided_by", "who decided it", aliases=("approved_by", "budget_owner", "owner")),
)

COLUMNS: dict[FileKind, tuple[Column, ...]] = {
    FileKind.DEALS: _DEALS,
    FileKind.TOUCHES: (
        Column("person_key", _WHO, required=True, aliases=_EMAIL),
        Column("occurred_at", "when, as 2026-03-31 or 2026-03-31T14:05", required=True,
               aliases=("activity_date", "event_timestamp", "date_added", "sent_at")),
        Column("channel", _CHANNEL, required=True, aliases=("type", "activity_type", "interaction_type")),
        _NAME,
        *_IDS,
        Column("direction", "out (from us) or in (from them); left out: out"),
        Column("action", "what happened: sent, click, call, reply …"),
        Column("organisation", "the organisation's name"),
        *_named("actor", "team", "campaign", "theme", "stream", "desk", "job", "asset", "office", "brand"),
        Column("machine", "yes for robots and scanners"),
        Column("fact_id", _OWN_ID, aliases=("ref", "source_ref")),
    ),
    FileKind.OUTCOMES: (
        Column("outcome", "the outcome's own id; several rows may share it, its value counts once", required=True,
               aliases=("ref", "source_ref", "placement_ref", "deal")),
        Column("occurred_at", "when, as 2026-03-31", required=True,
               aliases=("placed_on", "date_placed", "close_date", "start_date")),
        Column("outcome_kind", "candidate, client, colleague or cash; left out: cash"),
        Column("person_key", _WHO, aliases=_EMAIL),
        *_IDS,
        Column("side", "candidate, client or colleague; left out: as the kind, for cash candidate"),
        Column("value", "the amount, as 12400 or 12,400.50", aliases=("margin", "placement_fee", "deal_amount")),
        Column("value_minor", "the amount in pence, a whole number"),
        Column("currency", "such as GBP; left out: the house's", aliases=("ccy",)),
        Column("basis", "accepted, invoiced or paid; left out: accepted"),
        Column("engagement", "permanent, contract or retained; perm, temp and the like are understood",
               aliases=("employment_type", "placement_type")),
        _NAME,
        Column("organisation", "the client's name", aliases=("client_corporation", "associated_company")),
        Column("placement", "the placement that several cash rows belong to", aliases=("placement_id",)),
        Column("actor", "the actor", aliases=("deal_owner",)),
        *_named("desk", "team", "job", "office", "brand"),
    ),
    FileKind.SPEND: _SPEND,
    FileKind.ADVERTS: (
        Column("from_date", "the day, or the first of several", required=True, aliases=(
            "day", "date", "reporting_starts", "start_date", "week", "month", "from", "period_start",
            "start_date_in_utc", "report_start")),
        Column("to_date", "the last day; left out: the same day, or the month's last", aliases=(
            "reporting_ends", "end_date", "to", "period_end", "end_date_in_utc", "report_end")),
        Column("campaign", "the campaign", aliases=("campaign_name", "ad_campaign", "job_title", "campaign_group")),
        Column("amount", "what it cost", required=True, aliases=(
            "cost", "spend", "amount_spent", "total_spent", "total_cost", "media_spend", "spent")),
        Column("channel", "the channel, if the file has one; else chosen for all its rows", aliases=(
            "platform", "network", "publisher", "source", "account_type")),
        Column("currency", "such as GBP; left out: the one in the header of the amount, else the house's",
               aliases=("currency_code", "ccy", "account_currency")),
        Column("asset", "the ad group or advert: it tells rows of one campaign and day apart", aliases=(
            "ad_group", "ad_set_name", "ad_set", "ad_name", "ad", "creative_name", "ad_group_name")),
        *_named("desk", "team", "office", "brand"),
        Column("fact_id", _OWN_ID, aliases=("ref", "source_ref")),
    ),
    FileKind.EMAIL_RESULTS: (
        Column("person_key", "the recipient's e-mail address", required=True, aliases=(
            "recipient", "email", "email_address", "e_mail", "e_mail_address", "recipient_email", "to", "contact",
            "contact_email", "subscriber", "recipient_address")),
        _NAME,
        Column("event", "what happened, where each row is one event: sent, open, click, reply, bounce, unsubscribe",
               aliases=("event_type", "type", "action", "activity", "email_event_type", "status")),
        Column("occurred_at", "when it happened; where a row is a recipient: when it was sent", aliases=(
            "time", "timestamp", "date", "event_time", "event_timestamp", "created", "event_date", "date_time",
            "send_date", "sent_date", "activity_date")),
        Column("sent", "yes or when, where each row is one recipient", aliases=("sent_at", "delivered", "sent_time")),
        Column("opened", "yes, how often or when", aliases=("opened_at", "opens", "open", "open_time", "open_date")),
        Column("clicked", "likewise", aliases=("clicked_at", "clicks", "click", "click_time", "click_date")),
        Column("replied", "likewise", aliases=("replied_at", "replies", "reply", "reply_time", "reply_date")),
        Column("bounced", "likewise", aliases=("bounced_at", "bounces", "bounce", "bounce_time", "hard_bounced")),
        Column("unsubscribed", "likewise", aliases=(
            "unsubscribed_at", "unsubscribes", "unsubscribe", "unsubscribed_from_email", "opted_out")),
        Column("campaign", "the campaign or the mail's name", aliases=(
            "campaign_name", "email_name", "email", "campaign_title", "mailing", "subject", "email_campaign",
            "campaign_id")),
        Column("actor", "who sent it", aliases=("sender", "from", "owner")),
        *_named("desk", "team", "stream"),
        Column("fact_id", "the event's own id", aliases=("event_id", "id")),
    ),
    FileKind.CALLS: (
        Column("occurred_at", "when the call began", required=True, aliases=(
            "date_time", "start_time", "call_time", "call_date", "date", "timestamp", "start", "call_start",
            "started_at", "datetime", "call_start_time")),
        Column("time", "the time, where the date stands in a column of its own", aliases=("time_of_call", "call_hour")),
        Column("direction", "in or out; inbound, outgoing and the like are understood", required=True, aliases=(
            "call_direction", "type", "call_type", "in_out")),
        Column("from", "the number that rang", required=True, aliases=(
            "caller", "from_number", "calling_number", "caller_id", "source_number", "caller_number", "call_from")),
        Column("to", "the number that was rung", required=True, aliases=(
            "callee", "to_number", "called_number", "destination", "dialled_number", "dialed_number", "called",
            "call_to", "destination_number")),
        Column("actor", "the colleague: a name or e-mail address, or their extension", aliases=(
            "user", "extension", "agent", "user_name", "extension_name", "agent_name", "ext", "user_email")),
        Column("duration", "how long, in seconds or as 0:02:13", aliases=(
            "duration_seconds", "talk_time", "call_duration", "length", "duration_sec", "duration_s", "seconds")),
        Column("answered", "yes or no; left out: answered if it lasted", aliases=(
            "status", "result", "disposition", "call_result", "outcome", "call_status")),
        Column("name", "the other party's name, for those who are new", aliases=("contact", "contact_name")),
        *_named("desk", "team", "office"),
        Column("fact_id", "the call's own id", aliases=("call_id", "id", "uniqueid", "call_sid")),
    ),
    FileKind.PEOPLE: (
        Column("name", "the whole name", aliases=("full_name", "display_name", "person_name", "candidate_name",
                                                  "contact_name")),
        Column("first_name", "the first name, where there are two columns", aliases=(
            "firstname", "given_name", "forename")),
        Column("last_name", "the last name", aliases=("lastname", "family_name", "surname")),
        Column("email", "an e-mail address", aliases=(
            "e_mail", "email_address", "e_mail_address", "e_mail_1_value", "email1", "email_1", "primary_email")),
        Column("email_2", "another", aliases=("e_mail_2_address", "e_mail_2_value", "email2", "secondary_email")),
        Column("email_3", "another", aliases=("e_mail_3_address", "e_mail_3_value", "email3")),
        Column("phone", "a phone number", aliases=(
            "mobile", "mobile_phone", "phone_1_value", "phone_number", "telephone", "mobile_number", "primary_phone")),
        Column("phone_2", "another", aliases=("phone_2_value", "business_phone", "work_phone", "phone2")),
        Column("phone_3", "another", aliases=("phone_3_value", "home_phone", "phone3", "other_phone")),
        Column("profile_url", "the address of their profile", aliases=(
            "url", "linkedin", "linkedin_url", "profile", "linkedin_profile")),
        Column("person_id", "their id in the system that the file is from", aliases=(
            "id", "record_id", "contact_id", "candidate_id", "lead_id", "person_key", "externalid", "external_id")),
        Column("organisation", "where they work", aliases=(
            "company", "organization", "organization_name", "organization_1_name", "employer", "account_name",
            "associated_company", "companyname", "company_name", "current_company", "clientcorporation_name")),
        Column("headline", "their job title", aliases=(
            "job_title", "position", "organization_title", "organization_1_title", "occupation", "title", "role",
            "current_job_title")),
        Column("city", "the city", aliases=("home_city", "business_city", "address_city", "town")),
    ),
}  # fmt: skip

WIDE_COLUMNS: dict[Layout, tuple[Column, ...]] = {
    Layout.MONTHS_ACROSS: (
        Column("supplier", "who was paid; its channel is known by its name", required=True, aliases=_SUPPLIER),
        Column("channel", "the channel, where a column of its own says so", aliases=("type",)),
        *_WIDE,
    ),
    Layout.SUPPLIERS_ACROSS: (
        Column("month", "the month; every other column with a name is a supplier", required=True,
               aliases=("date", "period", "from_date", "months", "day")),
        *_WIDE,
    ),
}  # fmt: skip


def columns_of(kind: FileKind, layout: str = "") -> tuple[Column, ...]:
    """The columns that a file of this kind may have; a table of suppliers and months has others than a list.

    ``layout`` of a table of another system is the table: ``bullhorn.Candidate``.
    """
    if kind is FileKind.RECORDS:
        return ENTITIES[layout].columns if layout in ENTITIES else ()
    wide = kind is FileKind.SPEND and layout in {Layout.MONTHS_ACROSS, Layout.SUPPLIERS_ACROSS}
    return WIDE_COLUMNS[Layout(layout)] if wide else COLUMNS[kind]
