"""What the demo house knows of its people beside names: skills, working lives, how open they are, and by whom owned."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from fourfold.people.types import (
    AddressUse,
    NewEmployment,
    NewPerson,
    Openness,
    Origin,
    PersonRole,
    Scheme,
)

SKILLS: Mapping[str, tuple[str, ...]] = {
    "java": ("Java", "Spring", "Kafka", "PostgreSQL", "Docker"),
    "python": ("Python", "Django", "PostgreSQL", "Docker", "Pytest"),
    "react": ("React", "TypeScript", "CSS", "GraphQL", "Accessibility"),
    "front": ("TypeScript", "React", "CSS", "Accessibility", "Design systems"),
    ".net": (".NET", "C#", "Azure", "SQL Server", "Blazor"),
    "devops": ("Kubernetes", "Terraform", "AWS", "Linux", "Prometheus"),
    "reliability": ("Kubernetes", "Go", "Incident response", "Linux", "Observability"),
    "platform": ("Kubernetes", "Terraform", "Go", "AWS", "Python"),
    "cloud": ("AWS", "Azure", "Terraform", "Networking", "Security"),
    "security": ("Threat modelling", "Penetration testing", "IAM", "Linux", "ISO 27001"),
    "qa": ("Test automation", "Playwright", "Cypress", "Python", "Exploratory testing"),
    "test": ("Test automation", "Selenium", "Java", "CI/CD", "Performance testing"),
    "data engineer": ("Python", "SQL", "Spark", "dbt", "Airflow"),
    "data scientist": ("Python", "Statistics", "Machine learning", "SQL", "Experimentation"),
    "analyst": ("SQL", "Power BI", "Excel", "Stakeholder management", "Python"),
    "analytics": ("SQL", "dbt", "Looker", "Python", "Data modelling"),
    "engineer": ("Git", "Agile", "Code review", "Linux", "SQL"),
    "developer": ("JavaScript", "Git", "SQL", "REST APIs", "Agile"),
    "payroll": ("Payroll", "Sage", "HMRC reporting", "Pensions", "Excel"),
    "account": ("ACCA", "Month-end close", "IFRS", "Excel", "Reconciliations"),
    "audit": ("Audit", "ACA", "Risk assessment", "Excel", "Data analytics"),
    "finance": ("Forecasting", "Budgeting", "IFRS", "Business partnering", "Excel"),
    "credit": ("Credit control", "Ledger management", "Negotiation", "Excel", "Sage"),
    "nurse": ("Patient care", "Medication", "Safeguarding", "Triage", "NMC registration"),
    "manager": ("Leadership", "Budgeting", "Recruiting", "Stakeholder management", "Coaching"),
    "head": ("Leadership", "Strategy", "Budgeting", "Hiring", "Change management"),
}
OTHERS = ("Negotiation", "Project management", "Excel", "Customer service", "Planning", "Reporting")
FIRST = (
    "Alder",
    "Birch",
    "Copper",
    "Drift",
    "Ember",
    "Fen",
    "Granite",
    "Harbour",
    "Iron",
    "Juniper",
    "Kestrel",
    "Larch",
)
SECOND = ("bank", "bridge", "field", "ford", "gate", "well")
TAGS = ("Relocating", "Speaker", "Knows everybody", "Remote only", "Part-time", "Security cleared")


def employers() -> list[str]:
    """Employers that are no clients of the house: where its candidates work."""
    return [
        f"{first}{second} {'Group' if (i + j) % 3 else 'plc'}"
        for i, first in enumerate(FIRST)
        for j, second in enumerate(SECOND)
    ]


def skills_for(headline: str, draw: random.Random) -> tuple[str, ...]:
    """Three to five skills that go with a title."""
    low = headline.lower()
    fitting = [name for word, names in SKILLS.items() if word in low for name in names] or list(OTHERS)
    unique = list(dict.fromkeys(fitting))
    return tuple(draw.sample(unique, k=min(len(unique), draw.randint(3, 5))))


def with_details(
    person: NewPerson, index: int, *, seed: int, today: date, colleagues: Sequence[UUID], clients: Sequence[UUID]
) -> NewPerson:
    """The person with what a house in use would know. One in fifty candidates works for a client and is guarded."""
    draw = random.Random(f"{seed}/{index}")  # noqa: S311  (an invented house, the same each time)
    mails = [one for one in person.identifiers if one.scheme is Scheme.EMAIL]
    if PersonRole.CANDIDATE not in person.roles:
        work = dict.fromkeys(person.identifiers, AddressUse.WORK)
        owner = draw.choice(colleagues) if colleagues and draw.random() < 0.6 else None
        also = (PersonRole.CANDIDATE,) if PersonRole.CLIENT_CONTACT in person.roles and draw.random() < 0.03 else ()
        openness = Openness.OPEN if also else None
        return replace(
            person, uses=work, owner_key=owner, roles=(*person.roles, *also), openness=openness,
            skills=skills_for(person.headline, draw) if also else (), origin=Origin.CLIENT,
        )  # fmt: skip
    fate = draw.random()
    drawn = ((0.22, Openness.OPEN), (0.34, Openness.NOT_NOW), (0.6, Openness.HAPPY))
    openness = next((one for below, one in drawn if fate < below), None)
    away = draw.randint(20, 300)
    return replace(
        person,
        uses=dict.fromkeys(mails, AddressUse.PERSONAL),
        skills=skills_for(person.headline, draw),
        tags=(draw.choice(TAGS),) if draw.random() < 0.08 else (),
        employments=_jobs(person.headline, draw, today, clients),
        openness=openness,
        not_before=today + timedelta(days=away) if openness is Openness.NOT_NOW else None,
        available_from=today + timedelta(days=away // 4) if openness is Openness.OPEN else None,
        notice_weeks=draw.choice((4, 4, 8, 12)) if openness is Openness.OPEN else None,
        origin=Origin.THEMSELVES if draw.random() < 0.992 else Origin.REFERRED,
        owner_key=draw.choice(colleagues) if colleagues and draw.random() < 0.35 else None,
    )


def _jobs(title: str, draw: random.Random, today: date, clients: Sequence[UUID]) -> tuple[NewEmployment, ...]:
    """The present job, and often one before."""
    pool = employers()
    began = today - timedelta(days=draw.randint(200, 2200))
    here = draw.choice(clients) if clients and draw.random() < 0.02 else None
    present = NewEmployment(
        organisation=here, organisation_name="" if here else draw.choice(pool), title=title, present=True,
        started_on=began.replace(day=1),
    )  # fmt: skip
    if draw.random() < 0.4:
        return (present,)
    start = began - timedelta(days=draw.randint(400, 1500))
    before = NewEmployment(
        organisation_name=draw.choice(pool), title=title.replace("Senior ", "").replace("Lead ", ""),
        started_on=start.replace(day=1), ended_on=began.replace(day=1),
    )  # fmt: skip
    return (present, before)
