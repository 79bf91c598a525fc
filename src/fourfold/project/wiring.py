"""What goes upward: which room fills which protocol of a lower one. Read here what happens on a merge or an erasure."""

from __future__ import annotations

from fourfold.accounts.types import SUBJECT_WATCHERS, SUBJECTS
from fourfold.base import nudge
from fourfold.careers import links as careers_links
from fourfold.careers.types import PRINTERS
from fourfold.contact import panels as contact
from fourfold.contact.types import STANDINGS
from fourfold.contact.types.inbound import INBOUND_HANDLERS
from fourfold.contact.types.links import PUBLIC_LINKS
from fourfold.integrations import panels as integrations
from fourfold.jobs import actions as job_actions
from fourfold.jobs import panels as jobs
from fourfold.jobs import queries as job_queries
from fourfold.people import panels as people_panels
from fourfold.people import queries as people
from fourfold.people.types import REGISTRY
from fourfold.project import panels
from fourfold.reports import panels as reports
from fourfold.search import actions as search
from fourfold.search.types import DOCUMENTS
from fourfold.studio.types import MAIL_PEOPLE
from fourfold.surveys import panels as surveys
from fourfold.surveys import queries as survey_queries


def send(job: str, key: str) -> None:
    """Hand a nudge to the worker's queue, imported when the first one comes: most commands send none."""
    from fourfold.project import worker

    worker.send(job, key)


def wire() -> None:
    """Fill the registries. Called once, when the applications are ready."""
    nudge.wire(send)
    REGISTRY.clear()
    SUBJECTS["person"] = people.person_subjects
    SUBJECTS["candidate"] = people.candidate_subjects
    SUBJECTS["job"] = job_queries.job_subjects
    SUBJECTS["organisation"] = people.organisation_subjects
    SUBJECT_WATCHERS[:] = [search.mark_stale]
    MAIL_PEOPLE[:] = [panels.PeopleForMails()]
    PRINTERS[:] = [people_panels.own_sheet]
    PUBLIC_LINKS[:] = [careers_links.SignedLinks()]
    DOCUMENTS["person"] = DOCUMENTS["candidate"] = people.PeopleDocuments()
    DOCUMENTS["organisation"] = people.OrganisationDocuments()
    DOCUMENTS["job"] = job_queries.JobDocuments()
    REGISTRY.panels += [
        contact.contact_panel,
        people_panels.wishes_panel,
        jobs.jobs_of_person,
        panels.work_of_person,
        panels.files_of_person,
        reports.brought_panel,
    ]
    REGISTRY.organisation_panels += [
        jobs.jobs_of_organisation,
        panels.work_of_organisation,
        panels.files_of_organisation,
    ]
    REGISTRY.lead_forms.append(jobs.job_from_lead)
    REGISTRY.describers.append(integrations.describe_facts)
    REGISTRY.today_items += [panels.tasks_due, contact.mails_waiting, jobs.people_waiting, jobs.clients_owe]
    REGISTRY.today_items += [jobs.board_mails_waiting, jobs.turn_up_unknown, jobs.interviews_soon]
    REGISTRY.today_items += [jobs.starts_this_week, jobs.finishers, jobs.papers_expiring]
    REGISTRY.today_items += [integrations.imports_waiting, reports.warm_people]
    REGISTRY.today_items += [people_panels.notices_overdue, people_panels.pairs_waiting, people_panels.reviews_waiting]
    REGISTRY.today_items += [contact.asks_waiting, contact.mails_from_elsewhere]
    REGISTRY.merge_steps |= {
        "search": panels.merge_search, "reports": reports.merge_step, "integrations": integrations.merge_step,
        "contact": contact.merge_step, "jobs": jobs.merge_step, "surveys": surveys.merge_step,
    }  # fmt: skip
    REGISTRY.erase_steps |= {
        "search": panels.erase_search, "files": panels.erase_files, "work": panels.erase_work,
        "integrations": integrations.erase_step, "contact": contact.erase_step, "jobs": jobs.erase_step,
        "surveys": surveys.erase_step,
    }  # fmt: skip
    REGISTRY.export_steps |= {
        "search": panels.export_search, "files": panels.export_files, "work": panels.export_work,
        "integrations": integrations.export_step, "jobs": jobs.export_step, "contact": contact.export_step,
        "surveys": surveys.export_step, "reports": reports.export_step,
    }  # fmt: skip
    STANDINGS["surveys"] = survey_queries.ties
    STANDINGS["jobs"] = job_queries.ties
    STANDINGS["placements"] = job_queries.placing_ties
    REGISTRY.obligations["placements"] = jobs.placing_obliged
    INBOUND_HANDLERS[:] = [job_actions.take_board_mail]
    for predicate in reports.PREDICATES:
        REGISTRY.predicates[predicate.name] = predicate
