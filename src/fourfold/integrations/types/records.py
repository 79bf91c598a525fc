"""Records of other systems: which systems and tables we know, what their rows become, and in which order they go in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fourfold.integrations.types.kinds import Column


class System(StrEnum):
    """Where files come from."""

    BULLHORN = "bullhorn"
    LINKEDIN = "linkedin"
    HUBSPOT = "hubspot"
    GOOGLE = "google"
    OUTLOOK = "outlook"
    GREENHOUSE = "greenhouse"
    CVS = "cvs"


SYSTEM_NAMES = {
    System.BULLHORN: "Bullhorn", System.LINKEDIN: "LinkedIn", System.HUBSPOT: "HubSpot", System.GOOGLE: "Google",
    System.OUTLOOK: "Outlook", System.GREENHOUSE: "Greenhouse", System.CVS: "CVs",
}  # fmt: skip


class Target(StrEnum):
    """What the rows of a table become. ``STAGED`` ones are kept as they came; those in ``MOVING`` move in."""

    ORGANISATIONS = "organisations"
    PEOPLE = "people"
    WORK_HISTORY = "work_history"
    NOTES = "notes"
    LISTS = "lists"
    CVS = "cvs"
    STAGED = "staged"


ORDER = (
    Target.ORGANISATIONS, Target.PEOPLE, Target.WORK_HISTORY, Target.STAGED, Target.NOTES, Target.LISTS, Target.CVS,
)  # fmt: skip
"""Organisations before the people who work there, people before what is about them."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One table of a system: what its rows become, and by which headers it is known.

    ``signs`` are sets of plain header names; a file that has all of one is of this table. ``file_names`` are how its
    files are called. ``role`` is what its people are to the house; ``staged_too`` keeps the whole row beside.
    """

    system: System
    name: str
    words: str
    target: Target
    columns: tuple[Column, ...]
    signs: tuple[frozenset[str], ...] = ()
    file_names: tuple[str, ...] = ()
    role: str = ""
    staged_too: bool = False

    @property
    def layout(self) -> str:
        """How settings name it: ``bullhorn.Candidate``."""
        return f"{self.system}.{self.name}"

    @property
    def id_kind(self) -> str:
        """What its ids are called: those of ``bullhorn.Candidate`` are ``bullhorn:candidate:4711``."""
        return self.name.lower()


def _columns(**aliases: str) -> tuple[Column, ...]:
    return tuple(Column(name, ABOUT[name], aliases=tuple(words.split())) for name, words in aliases.items())


ABOUT = {
    "source_id": "its id there",
    "external_id": "the id it was given by the system before that one",
    "name": "the whole name",
    "first_name": "the first name",
    "middle_name": "the middle name",
    "last_name": "the last name",
    "email": "an e-mail address", "email_2": "another", "email_3": "another",
    "mobile": "a mobile number", "phone": "a phone number", "phone_2": "another", "phone_3": "another",
    "work_phone": "a number at work", "home_phone": "a number at home",
    "profile_url": "the address of their profile",
    "organisation": "where they work, by name",
    "organisation_ref": "where they work, by its external id",
    "organisation_id": "where they work, by its id",
    "headline": "the job title",
    "city": "the city",
    "country": "the country",
    "added_at": "the day the record was made there",
    "source": "where they had come from",
    "owner": "the colleague whose record it is",
    "skills": "skills, several in one cell", "skills_2": "more skills", "skills_3": "more skills",
    "tags": "groups and labels, several in one cell", "tags_2": "more of them", "tags_3": "more of them",
    "status": "the state of the record; “do not contact” is kept as a wish",
    "mail_opt_out": "yes for those who want no mailings",
    "unsubscribed": "yes for those who unsubscribed from everything",
    "can_email": "no for those who may not be written to",
    "sms_opt_in": "no for those who want no text messages",
    "available_from": "the day they can begin",
    "comments": "what somebody wrote about them: kept as a note", "about": "more of it: kept as a note",
    "deleted": "yes for rows deleted there: left out",
    "website": "the website", "industry": "the industry",
    "started_on": "the first day", "ended_on": "the last day", "present": "yes for the present one",
    "person_ref": "whose, by external id", "person_id": "whose, by id",
    "contact_ref": "the client contact, by external id", "contact_id": "the client contact, by id",
    "lead_ref": "the lead, by its external id", "lead_id": "the lead, by id",
    "about_id": "whom it is about, by the id of any person there",
    "text": "what it says", "action": "what kind of note", "author": "who wrote it",
    "job_ref": "for which job, by its external id", "job_id": "for which job, by id",
    "title": "what somebody was looked for as", "is_open": "no for those that are over",
    "employment": "permanent, contract or temporary", "openings": "how many people they hire",
    "salary": "what is paid a year", "pay_rate": "what is paid an hour or a day", "pay_unit": "a year, a day, an hour",
    "pay_from": "where pay begins", "pay_to": "where pay ends", "charge_rate": "what is charged an hour or a day",
    "fee": "the fee, a share of pay in per cent", "flat_fee": "the fee as a sum",
    "desk": "the desk, by its name here", "closed_on": "the day it was over", "closed_why": "why it was over",
    "changed_at": "the last change there", "postcode": "the postcode", "on_site": "on site, hybrid or remote",
    "benefits": "what comes with the pay", "opportunity_ref": "the opportunity it came from, by external id",
    "opportunity_id": "the opportunity it came from, by id", "answered_web": "the day they applied on the web",
    "effective_on": "the day it was agreed", "weeks": "for how many weeks", "hours": "hours a day",
    "guarantee_days": "days of guarantee", "paid_how": "how they are paid: payroll, umbrella, own company",
    "commissions": "who has which share: “Ana Lee 60%; Tom Ash 40%”", "deal_value": "what it could be worth",
    "file": "the name of the file", "person_email": "whose, by e-mail address",
}  # fmt: skip

_ID = "id bullhorn_id bh_id"
_ADDED = "dateadded date_added create_date created_at created date_created createdate"
_OWNER = "owner_name owner ownername contact_owner record_owner company_owner owner_full_name recruiter"
_OUT = {
    "mail_opt_out": "massmailoptout mass_mail_opt_out mass_mail_optout opted_out opt_out email_opt_out",
    "unsubscribed": "unsubscribed_from_all_email hs_email_optout unsubscribed opted_out_of_email_all unsubscribed_all",
    "can_email": "can_email canemail",
    "sms_opt_in": "smsoptin sms_opt_in",
}
_BULLHORN_PERSON: dict[str, str] = {
    "external_id": "externalid external_id",
    "first_name": "firstname first_name",
    "middle_name": "middlename middle_name",
    "last_name": "lastname last_name",
    "name": "name full_name fullname",
    "email": "email email_1 primary_email email_address",
    "email_2": "email2 email_2 secondary_email",
    "email_3": "email3 email_3",
    "mobile": "mobile mobile_phone cell cell_phone",
    "phone": "phone primary_phone home_phone phone_1",
    "phone_2": "phone2 phone_2", "phone_3": "phone3 phone_3",
    "work_phone": "workphone work_phone direct_phone",
    "profile_url": "linkedin linkedin_url linkedinurl linkedin_profile",
    "organisation": "companyname company_name current_company company clientcorporation_name client_corporation",
    "organisation_ref": "clientcorporation_externalid",
    "organisation_id": "clientcorporationid clientcorporation_id client_corporation_id company_id",
    "headline": "occupation title job_title current_title current_job_title",
    "city": "address_city city",
    "country": "address_countryname country address_country country_name countryname",
    "added_at": _ADDED,
    "source": "source leadsource lead_source candidate_source",
    "owner": f"{_OWNER} recruiter_user_name",
    "skills": "primaryskills_name primary_skills primaryskills skills_name",
    "skills_2": "secondaryskills_name secondary_skills secondaryskills",
    "skills_3": "skillset skill_set skills skilllist skill_list desiredskills",
    "tags": "categories_name categories categories_occupation", "tags_2": "specialties_name specialties",
    "tags_3": "businesssectors_name businesssectors business_sectors industry",
    "status": "status",
    **_OUT,
    "available_from": "dateavailable date_available available_date",
    "comments": "comments general_comments", "about": "description",
    "deleted": "isdeleted is_deleted deleted",
}  # fmt: skip


def _person(ids: str, **others: str) -> tuple[Column, ...]:
    return _columns(source_id=ids, **{**_BULLHORN_PERSON, **others})


def _signs(*sets: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(words.split()) for words in sets)


def _bullhorn(
    name: str, words: str, target: Target, columns: tuple[Column, ...], signs: str = "", **more: object
) -> Entity:
    names = (name.lower(), more.pop("also", name.lower() + "s"))
    sets = _signs(*signs.split("|")) if signs else ()
    return Entity(System.BULLHORN, name, words, target, columns, sets, names, **more)  # type: ignore[arg-type]


_REFS = {
    "person_ref": "candidate_externalid candidates_externalid candidatereference_externalid",
    "person_id": "candidateid candidate_id candidate candidates candidateuserid candidates_id",
    "contact_ref": "clientcontact_externalid clientcontacts_externalid clientcontactreference_externalid",
    "contact_id": "clientcontactid clientcontact_id clientcontact client_contact_id clientcontacts contact_id",
    "lead_ref": "lead_customtext1 leads_customtext1", "lead_id": "leadid lead_id lead",
    "organisation_ref": "clientcorporation_externalid",
    "organisation_id": "clientcorporationid clientcorporation_id client_corporation_id company_id",
}  # fmt: skip


_JOB_REFS = {
    "job_ref": "joborder_externalid", "job_id": "joborderid joborder_id joborder job_id job_order_id job",
}  # fmt: skip
_CHANGED = "datelastmodified date_last_modified last_modified"
_PAY = {
    "salary": "salary base_salary", "pay_rate": "payrate pay_rate",
    "pay_unit": "salaryunit salary_unit pay_unit payunit",
}  # fmt: skip


def _staged(ids: str, **more: str) -> tuple[Column, ...]:
    return _columns(
        source_id=f"{_ID} {ids}", external_id="externalid external_id", **_REFS, added_at=_ADDED, **more,
        deleted="isdeleted is_deleted",
    )  # fmt: skip


_JOB_COLUMNS = _staged(
    "joborderid job_id job_order_id",
    title="title job_title", status="status", is_open="isopen is_open open",
    employment="employmenttype employment_type", openings="numopenings num_openings openings", **_PAY,
    pay_from="salarylow salary_low minimum_salary", pay_to="salaryhigh salary_high maximum_salary",
    charge_rate="clientbillrate client_bill_rate bill_rate", fee="feearrangement fee_arrangement perm_fee",
    desk="desk desk_name categories_name category_name category", owner=_OWNER,
    started_on="startdate start_date", closed_on="dateclosed date_closed", changed_at=_CHANGED,
    closed_why="reasonclosed reason_closed", city="address_city city", postcode="address_zip zip postcode",
    country="address_countryname country", on_site="onsite on_site", about="description publicdescription",
    benefits="benefits", opportunity_ref="opportunity_externalid", opportunity_id="opportunityid opportunity_id",
)  # fmt: skip
_SUBMISSION_COLUMNS = _staged(
    "jobsubmissionid submission_id", **_JOB_REFS, status="status", changed_at=_CHANGED,
    answered_web="datewebresponse date_web_response", comments="comments",
    owner=f"sendinguser_name sending_user sendinguser {_OWNER}",
)  # fmt: skip
_SENDOUT_COLUMNS = _staged("sendoutid", **_JOB_REFS, owner=f"user_name user sent_by {_OWNER}")
_PLACEMENT_COLUMNS = _staged(
    "placementid placement_id", **_JOB_REFS, status="status", employment="employmenttype employment_type",
    started_on="datebegin date_begin start_date startdate", ended_on="dateend date_end end_date enddate",
    effective_on="dateeffective date_effective dateclienteffective", weeks="durationweeks duration_weeks", **_PAY,
    charge_rate="clientbillrate client_bill_rate bill_rate", fee="fee placement_fee", flat_fee="flatfee flat_fee",
    guarantee_days="daysguaranteed days_guaranteed guarantee_days", hours="hoursperday hours_per_day",
    paid_how="employeetype employee_type", closed_why="terminationreason termination_reason",
    commissions="commissions commission commission_split", owner=f"{_OWNER} recruiter_name",
)  # fmt: skip
_OPPORTUNITY_COLUMNS = _staged(
    "opportunityid", title="title", status="status", is_open="isopen is_open open", about="description",
    deal_value="dealvalue deal_value", owner=_OWNER,
)  # fmt: skip


_BULLHORN = (
    _bullhorn(
        "ClientCorporation", "Clients", Target.ORGANISATIONS,
        _columns(
            source_id=f"clientcorporationid client_corporation_id company_id {_ID}",
            external_id="externalid external_id",
            name="name company_name companyname client_corporation company",
            website="companyurl company_url website company_website", industry="industrylist industry industries",
            phone="phone main_phone", city="address_city city", country="address_countryname country countryname",
            about="companydescription company_description notes", status="status", owner=_OWNER, added_at=_ADDED,
            deleted="isdeleted is_deleted",
        ),
        "companyurl name|companydescription name|clientcorporationid name status|company_name company_website|"
        "industrylist name|company_name client_status",
        also="companies",
    ),
    _bullhorn(
        "Candidate", "Candidates", Target.PEOPLE, _person(f"candidateid candidate_id {_ID}"),
        "firstname lastname dateavailable|firstname lastname ssn|firstname lastname workauthorized|"
        "first_name last_name current_company|first_name last_name date_available|candidateid firstname lastname|"
        "first_name last_name employment_preference|firstname lastname employeetype|candidate_id first_name last_name",
        role="candidate",
    ),
    _bullhorn(
        "ClientContact", "Client contacts", Target.PEOPLE,
        _person(f"clientcontactid client_contact_id contact_id {_ID}"),
        "firstname lastname clientcorporation_externalid|clientcontactid firstname lastname|"
        "firstname lastname clientcorporationid|first_name last_name client_corporation|"
        "firstname lastname clientcorporation_id|firstname lastname clientcorporation_name|"
        "clientcontactid clientcorporationid email",
        role="client_contact", also="contacts",
    ),
    _bullhorn(
        "Lead", "Leads", Target.PEOPLE,
        _person(f"leadid lead_id {_ID}", external_id="customtext1 externalid external_id", city="address_city city"),
        "firstname lastname leadsource campaignsource|leadid firstname lastname|first_name last_name campaign_source|"
        "firstname lastname assignedto_name",
        role="client_contact", staged_too=True,
    ),
    _bullhorn(
        "CandidateWorkHistory", "Jobs in work histories", Target.WORK_HISTORY,
        _columns(
            source_id=f"candidateworkhistoryid {_ID}", person_ref="candidate_externalid",
            person_id="candidateid candidate_id candidate userid", organisation="companyname company_name company",
            organisation_ref="clientcorporation_externalid",
            organisation_id="clientcorporationid clientcorporation_id", headline="title job_title",
            started_on="startdate start_date", ended_on="enddate end_date", present="islastjob is_last_job",
            comments="comments", deleted="isdeleted is_deleted",
        ),
        "candidate_externalid companyname islastjob|candidateid companyname startdate|"
        "candidate_externalid companyname title terminationreason|candidate_id companyname startdate",
    ),
    _bullhorn(
        "CandidateEducation", "Education", Target.STAGED, _staged("candidateeducationid"),
        "candidate_externalid school degree|candidateid school degree|candidate_id school degree",
        also="educations",
    ),
    _bullhorn(
        "Note", "Notes", Target.NOTES,
        _columns(
            source_id=f"noteid note_id {_ID}", external_id="externalid external_id",
            text="comments note comment", action="action", author=(
                "commentingperson_name commentingperson author commenting_person commentinguser created_by"
            ),
            about_id="personreference_id personreferenceid personreference about_id about",
            **{name: words for name, words in _REFS.items() if not name.startswith("organisation")},
            added_at=_ADDED, deleted="isdeleted is_deleted",
        ),
        "comments action commentingperson_name|noteid comments action|comments action personreferenceid|"
        "comments action personreference_id|note action author",
    ),
    _bullhorn(
        "Tearsheet", "Hot lists", Target.LISTS,
        _columns(
            source_id=f"tearsheetid {_ID}", name="name", about="description",
            person_ref="candidates_externalid candidate_externalid",
            person_id="candidates candidateids candidates_id candidateid",
            contact_ref="clientcontacts_externalid", contact_id="clientcontacts clientcontactids clientcontacts_id",
            owner=_OWNER, added_at=_ADDED, deleted="isdeleted is_deleted",
        ),
        "name candidates_externalid isprivate|tearsheetid name|name candidates isprivate",
        also="hotlists",
    ),
    _bullhorn("JobOrder", "Jobs", Target.STAGED, _JOB_COLUMNS,
              "title clientcorporation_externalid numopenings|joborderid title|title isopen publicdescription",
              also="jobs"),
    _bullhorn("JobSubmission", "Submissions", Target.STAGED, _SUBMISSION_COLUMNS,
              "candidate_externalid joborder_externalid sendinguser_name|jobsubmissionid candidateid joborderid|"
              "candidate_externalid joborder_externalid datewebresponse", also="submissions"),
    _bullhorn("Sendout", "CVs sent", Target.STAGED, _SENDOUT_COLUMNS,
              "candidate_externalid clientcontact_externalid joborder_externalid user_name isread|"
              "sendoutid candidateid",
              also="sendouts"),
    _bullhorn("Placement", "Placements", Target.STAGED, _PLACEMENT_COLUMNS,
              "candidate_externalid joborder_externalid datebegin|placementid candidateid|"
              "approvingclientcontact_externalid candidate_externalid", also="placements"),
    _bullhorn("PlacementChangeRequest", "Changes of placements", Target.STAGED, _staged("placementchangerequestid"),
              "placement_customtext1 approvinguser_name requesttype|placementchangerequestid placementid"),
    _bullhorn("Opportunity", "Opportunities", Target.STAGED, _OPPORTUNITY_COLUMNS,
              "title clientcorporation_externalid dealvalue winprobabilitypercent|opportunityid title",
              also="opportunities"),
    _bullhorn("Appointment", "Appointments", Target.STAGED, _staged("appointmentid appointmentuuid"),
              "subject datebegin communicationmethod|appointmentid subject", also="appointments"),
    _bullhorn("Task", "Tasks", Target.STAGED, _staged("taskid taskuuid"),
              "subject iscompleted datecompleted|taskid subject"),
    _bullhorn("CandidateReference", "References", Target.STAGED, _staged("candidatereferenceid"),
              "candidate_externalid referencefirstname referencelastname", also="references"),
    _bullhorn("CandidateCertification", "Certifications", Target.STAGED, _staged("candidatecertificationid"),
              "candidate_externalid certification_name", also="certifications"),
)  # fmt: skip

_CONTACTS: dict[str, str] = {
    "first_name": "first_name given_name",
    "middle_name": "middle_name additional_name",
    "last_name": "last_name family_name",
    "name": "name file_as",
    "email": "email e_mail_1_value e_mail_address email_address",
    "email_2": "e_mail_2_value e_mail_2_address",
    "email_3": "e_mail_3_value e_mail_3_address",
    "mobile": "mobile_phone mobile_phone_number",
    "phone": "phone phone_number phone_1_value primary_phone",
    "phone_2": "phone_2_value other_phone",
    "phone_3": "phone_3_value",
    "work_phone": "business_phone work_phone",
    "home_phone": "home_phone",
    "profile_url": "linkedin_url linkedin linkedin_profile url",
    "organisation": "company organization_name organization_1_name company_name associated_company",
    "headline": "job_title position organization_title organization_1_title title",
    "city": "city home_city business_city address_1_city",
    "country": "country country_region address_1_country home_country business_country",
    "added_at": f"{_ADDED} connected_on",
    "owner": _OWNER,
    "source": "original_source lead_source hs_analytics_source",
    "status": "lead_status status lifecycle_stage",
    "tags": "labels group_membership categories",
    "comments": "notes",
    **_OUT,
}


def _contacts(*names: str, **others: str) -> tuple[Column, ...]:
    return _columns(**{name: words for name, words in {**_CONTACTS, **others}.items() if name in {*names, *others}})


_PERSON_NAMES = ("first_name", "middle_name", "last_name", "name")
_OTHERS = (
    Entity(
        System.LINKEDIN, "Connections", "Connections", Target.PEOPLE,
        _contacts("first_name", "last_name", "email", "profile_url", "organisation", "headline", "added_at"),
        _signs("first_name last_name company position connected_on"), ("connections",),
    ),
    Entity(
        System.HUBSPOT, "Company", "Companies", Target.ORGANISATIONS,
        _columns(
            source_id="record_id company_id id hs_object_id", name="company_name name",
            website="company_domain_name domain website_url website", industry="industry", phone="phone_number phone",
            city="city", country="country_region country", about="description about_us", owner=_OWNER, added_at=_ADDED,
            status="lifecycle_stage lead_status",
        ),
        _signs("record_id company_name company_owner", "record_id company_name company_domain_name",
               "hs_object_id domain name"),
        ("companies", "hubspot_companies"),
    ),
    Entity(
        System.HUBSPOT, "Contact", "Contacts", Target.PEOPLE,
        _contacts(
            *_PERSON_NAMES[::2], "email", "mobile", "phone", "organisation", "headline", "city", "country",
            "added_at", "owner", "status", "profile_url", "source", *_OUT,
            source_id="record_id contact_id hs_object_id id", email_2="additional_email_addresses",
            organisation_id="associated_company_id primary_associated_company_id associated_company_ids",
        ),
        _signs("record_id first_name last_name contact_owner", "record_id first_name email",
               "hs_object_id firstname lastname", "record_id email lead_status"),
        ("contacts", "hubspot_contacts"),
    ),
    Entity(
        System.GOOGLE, "Contact", "Contacts", Target.PEOPLE,
        _contacts(*_PERSON_NAMES, "email", "email_2", "email_3", "phone", "phone_2", "phone_3", "organisation",
                  "headline", "city", "country", "tags", "comments"),
        _signs("given_name family_name e_mail_1_value", "first_name last_name labels e_mail_1_value",
               "given_name family_name phone_1_value", "first_name last_name labels phone_1_value"),
        ("contacts", "google"),
    ),
    Entity(
        System.OUTLOOK, "Contact", "Contacts", Target.PEOPLE,
        _contacts(*_PERSON_NAMES[:3], "email", "email_2", "email_3", "mobile", "phone", "phone_2", "work_phone",
                  "home_phone", "organisation", "city", "country", "tags", "comments", headline="job_title"),
        _signs("first_name last_name e_mail_address business_phone", "first_name last_name e_mail_address web_page"),
        ("contacts", "outlook"),
    ),
    Entity(
        System.GREENHOUSE, "Candidate", "Candidates", Target.PEOPLE,
        _contacts(
            *_PERSON_NAMES[::2], "added_at", "can_email", "tags", source_id="id", organisation="company",
            headline="title", email="emails", mobile="phones", profile_url="profiles", owner="recruiter_name",
            city="city", source="source",
        ),
        _signs("id first_name can_email emails"), ("candidates",), role="candidate",
    ),
    Entity(
        System.GREENHOUSE, "Employment", "Jobs in work histories", Target.WORK_HISTORY,
        _columns(source_id="id", person_id="candidate_id", organisation="company_name", headline="title",
                 started_on="start_date", ended_on="end_date"),
        _signs("id candidate_id company_name start_date"), ("employments",),
    ),
    Entity(
        System.GREENHOUSE, "Application", "Applications", Target.STAGED,
        _columns(source_id="id", person_id="candidate_id", added_at="applied_at"),
        _signs("id candidate_id applied_at status"), ("applications",),
    ),
    Entity(
        System.GREENHOUSE, "Education", "Education", Target.STAGED,
        _columns(source_id="id", person_id="candidate_id"), _signs("id candidate_id school_name"), ("educations",),
    ),
    Entity(
        System.CVS, "Index", "CVs", Target.CVS,
        _columns(
            file="file filename file_name cv resume cv_file attachment document path", source_id="id candidate_id",
            name="name full_name candidate candidate_name", first_name="first_name firstname",
            last_name="last_name lastname", email="email email_address e_mail", phone="phone mobile telephone",
            headline="title job_title", city="city location",
        ),
        (), ("index",), role="candidate",
    ),
)  # fmt: skip

MOVING = ("bullhorn.Opportunity", "bullhorn.Lead", "bullhorn.JobOrder", "bullhorn.JobSubmission", "bullhorn.Sendout",
          "bullhorn.Placement")  # fmt: skip
"""Tables whose records wait for the rooms of jobs and clients only until they are moved in, in this order."""
ENTITIES = {entity.layout: entity for entity in (*_BULLHORN, *_OTHERS)}
"""By layout, every table we know."""
