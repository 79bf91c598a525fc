"""Clients of the demo house: stages, terms, job leads, what they offer, lists and fields of the house's own."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from fourfold.accounts.types import Viewer
from fourfold.people import actions, queries
from fourfold.people.types import (
    Band,
    ClientStage,
    Condition,
    FeeBasis,
    FieldKind,
    Gain,
    Group,
    ListKind,
    NewField,
    NewJobLead,
    Op,
    OrganisationChange,
    OrganisationRow,
    Rebate,
    Sharing,
    TermsDraft,
)
from fourfold.studio import actions as studio
from fourfold.studio import queries as studio_queries
from fourfold.studio.types import KitChange, Typeface

LEADS = (
    "Two data engineers after their funding round",
    "Cover for a payroll lead on leave",
    "A site manager in spring",
)
INDUSTRIES = ("Software", "Insurance", "Retail", "Energy", "Media", "Travel", "Construction", "Health", "Logistics")


def add_brand_kit(*, leader: Viewer, at: datetime) -> None:
    """The look of the house's brand."""
    kits = studio_queries.kits(leader)
    to = KitChange(
        colour="#0f4c5c", accent="#b5446e", heading_face=Typeface.GEORGIA, text_face=Typeface.INTER,
        legal_name="Fourfold & Partners Ltd", website="www.fourfold.example",
        legal_lines="Registered in England, number 01234567, 1 Example Street, London\nVAT GB 000 0000 00",
    )  # fmt: skip
    for kit in kits[:1]:
        studio.keep_kit(brand=kit.brand, to=to, viewer=leader, at=at)


def add_clients(*, leader: Viewer, recruiter: Viewer, at: datetime) -> None:
    """What a house in use would know of its clients, beside what the ledger says."""
    draw = random.Random(11)  # noqa: S311  (an invented house, the same each time)
    add_brand_kit(leader=leader, at=at)
    actions.settle_stages(at=at)
    rows = queries.organisations(leader, at=at).rows
    clients = [row for row in rows if row.is_client]
    others = [row for row in rows if not row.is_client]
    for number, row in enumerate([*clients, *others]):
        _describe(row, leader if number % 3 == 0 else recruiter, draw, at)
    for row in clients:
        if draw.random() < 0.8:
            _agree(row, recruiter, draw, at)
    for number, row in enumerate(others[:12]):
        if number % 3:
            actions.move_stage(
                organisation=row.key, stage=ClientStage.TARGET if number % 2 else ClientStage.MET, why="",
                viewer=recruiter, at=at,
            )  # fmt: skip
    for row, title in zip(clients[3:], LEADS, strict=False):
        actions.note_job_lead(lead=NewJobLead(title=title, organisation=row.key), viewer=recruiter, at=at)
    for row in clients[:4]:
        _offer(row, recruiter, at)
    _keep(leader, recruiter, at)


def _describe(row: OrganisationRow, owner: Viewer, draw: random.Random, at: datetime) -> None:
    slug = "".join(letter for letter in row.name.lower() if letter.isalnum())
    to = OrganisationChange(
        name=row.name, city=row.city, country="GB", industry=draw.choice(INDUSTRIES), owner_key=owner.user_key,
        website=f"https://www.{slug}.example",
    )  # fmt: skip
    actions.change_organisation(to=to, viewer=owner, at=at, key=row.key)


def _agree(row: OrganisationRow, viewer: Viewer, draw: random.Random, at: datetime) -> None:
    share = draw.choice((1800, 2000, 2250, 2500))
    off_limits = draw.random() < 0.4
    bands = (
        Band(FeeBasis.PERMANENT, 0, 4_000_000, share),
        Band(FeeBasis.PERMANENT, 4_000_000, None, share + 500),
        Band(FeeBasis.CONTRACT, 0, None, 1800),
    )
    draft = TermsDraft(
        currency="GBP", bands=bands, rebates=(Rebate(4, 10_000), Rebate(8, 5_000), Rebate(12, 2_500)),
        payment_days=draw.choice((14, 30)), introduction_months=12, guarantee_condition="the invoice was paid in time",
        off_limits=off_limits, off_limits_months=12 if off_limits else None,
        off_limits_clause="We do not approach people whom the client employs, for a year after the last placement."
        if off_limits else "",
    )  # fmt: skip
    key = actions.draft_terms(organisation=row.key, draft=draft, viewer=viewer, at=at)
    people = queries.people_at(viewer, row.key, limit=1)
    who = people[0].key if people else None
    days = draw.randint(60, 600)
    actions.note_terms_sent(key=key, to=who, sent_at=at - timedelta(days=days), viewer=viewer, at=at)
    if draw.random() < 0.85:
        accepted = at - timedelta(days=days - draw.randint(1, 20))
        actions.accept_terms(
            key=key, how="signed and returned by e-mail", by_person=who, accepted_at=accepted, document=None,
            viewer=viewer, at=at,
        )  # fmt: skip


def _offer(row: OrganisationRow, viewer: Viewer, at: datetime) -> None:
    actions.write_value(
        organisation=row.key,
        in_short="A small team that ships each week, with Fridays that are really free.",
        gains=[
            Gain(
                "Four and a half days, full pay",
                "I have not opened my laptop on a Friday afternoon since March.",
                "In the contract, section 3; six of eight in the team have worked so for over a year.",
            ),
            Gain("You see your work used", "Our first customer rang to say thanks, I was on the call.", ""),
        ],
        not_to_promise="Fully remote work: they meet in the office on Tuesdays. A bonus before the second year.",
        viewer=viewer,
        at=at,
    )


def _keep(leader: Viewer, recruiter: Viewer, at: datetime) -> None:
    """Fields and lists of the house's own."""
    actions.add_field(
        field=NewField(label="Day rate (GBP)", kind=FieldKind.NUMBER, side="candidate"), viewer=leader, at=at
    )
    actions.add_field(
        field=NewField(
            label="Way to work", kind=FieldKind.CHOICE, side="candidate", options=("Office", "Hybrid", "Remote")
        ),
        viewer=leader,
        at=at,
    )
    tree = Group(parts=(Condition("openness", Op.IS, "open"), Condition("skill", Op.IS, "Python")))
    actions.save_list(
        name="Pythons open to move", kind=ListKind.SAVED, tree=tree, sharing=Sharing.HOUSE, viewer=recruiter, at=at
    )
    hot = actions.save_list(
        name="Spring round-table", kind=ListKind.HOT, tree=Group(), sharing=Sharing.HOUSE, viewer=recruiter, at=at
    )
    found = queries.people(recruiter, tree=tree, at=at, size=9).rows
    actions.add_to_list(key=hot, people=[card.key for card in found], viewer=recruiter, at=at)
