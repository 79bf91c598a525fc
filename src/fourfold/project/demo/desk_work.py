"""What colleagues of the demo house wrote, promised and kept: notes, tasks, and some CVs."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import typst

from fourfold.accounts.types import Viewer
from fourfold.files import actions as files
from fourfold.files.types import FilePurpose
from fourfold.people import queries as people
from fourfold.people.types import JobRow, ListOrder, PersonCard, PersonPage, PersonRole
from fourfold.work import actions as work
from fourfold.work.types import NewNote, NewTask, TaskKind

CVS = 10
"""A CV takes some 20 ms to set, and a second to read once the worker starts."""
OPEN_NOTES = (
    "Met at the spring event, asked good questions about how we brief.",
    "Prefers a call after five, never at work.",
    "Wants fewer and better messages: one a month at most.",
    "Introduced us to two people of the old team.",
    "Has moved house; the town is right now, the office is not.",
    "Rang back within the hour. Easy to talk to, and clear about what comes next.",
    "Reads the salary guide every year and quotes it back at us.",
    "Asked who else we placed there and what became of them. Fair question, told what I know.",
)
CANDIDATE_NOTES = (
    "Would move for a team that ships weekly. Pay is not the first thing.",
    "Notice is three months, two by agreement. Not before the review in spring.",
    "Interviewed twice with a client last year; lost to an internal hire, left on good terms.",
    "Looks for four days a week. Won't say it in a first round.",
    "Wants out of night shifts. Manager knows nothing yet.",
)
TASKS = (
    (TaskKind.CALL_BACK, "Ring back about the offer", -2, time(16)),
    (TaskKind.TO_DO, "Send the salary guide", -1, None),
    (TaskKind.CALL_BACK, "Ring after the second interview", 0, time(17, 30)),
    (TaskKind.TO_DO, "Write down what they liked about the last job", 0, None),
    (TaskKind.REMINDER, "Ask how the first week went", 1, None),
    (TaskKind.MEETING, "Coffee, the usual place", 3, time(9, 30)),
    (TaskKind.CALL_BACK, "Not before spring: ask again", 60, None),
    (TaskKind.TO_DO, "Find the reference from the old team", None, None),
)
PAGE = """
#set page(paper: "a4", margin: 2cm)
#set text(size: 10.5pt)
#let it = json(bytes(sys.inputs.it))
= #it.name
#it.line \\
#it.reach
== Experience
#for job in it.jobs [
  *#job.title, #job.at* #h(1fr) #job.days \\
  #job.did
  #v(0.4em)
]
== Skills
#it.skills
"""


def add_work(*, leader: Viewer, recruiter: Viewer, marketer: Viewer, at: datetime) -> int:
    """Fill in what a house in use would hold. Returns how many notes there are."""
    draw = random.Random(5)  # noqa: S311  (an invented house, the same each time)
    rows = people.people(recruiter, order=ListOrder.SIGNAL, at=at, size=120).rows
    seekers = [row for row in rows if PersonRole.CANDIDATE in row.roles]
    count = _notes(rows, seekers, (leader, recruiter, marketer), draw, at)
    _mention(seekers, leader, recruiter, marketer, at)
    _tasks(seekers, leader, recruiter, marketer, at)
    for row in seekers[:CVS]:
        _keep_cv(people.person(leader, row.key), recruiter, at)
    return count


def _notes(
    rows: Sequence[PersonCard],
    seekers: Sequence[PersonCard],
    colleagues: Sequence[Viewer],
    draw: random.Random,
    at: datetime,
) -> int:
    told = [(row, "person", draw.choice(OPEN_NOTES)) for row in rows if draw.random() < 0.5]
    told += [(row, "candidate", draw.choice(CANDIDATE_NOTES)) for row in seekers if draw.random() < 0.4]
    notes = []
    for number, (row, side, text) in enumerate(told):
        author = draw.choice(colleagues)
        notes.append(
            NewNote(
                subject_kind=side, subject_key=row.key, text=text, at=at - timedelta(days=draw.randint(2, 300)),
                author_name=author.name, author_key=author.user_key, source="", source_ref=f"demo-{number}",
            )
        )  # fmt: skip
    return work.add_notes(notes=notes, by=colleagues[0].actor("cli"), at=at)


def _mention(seekers: Sequence[PersonCard], leader: Viewer, recruiter: Viewer, marketer: Viewer, at: datetime) -> None:
    """Some of it was said to somebody: each of the three finds something new."""
    said = (
        (leader, recruiter, "@{} worth a call this week: asked about Leeds."),
        (marketer, recruiter, "@{} came through the salary guide, clicked twice."),
        (recruiter, marketer, "@{} could we tell their story? They said yes to being quoted."),
        (recruiter, leader, "@{} wants to know whether we pay for the course."),
    )
    for number, (author, reader, text) in enumerate(said):
        moment = at - timedelta(hours=3 + 5 * number)
        key = seekers[number].key
        work.write_note(about=("person", key), text=text.format(reader.name), viewer=author, at=moment)


def _tasks(seekers: Sequence[PersonCard], leader: Viewer, recruiter: Viewer, marketer: Viewer, at: datetime) -> None:
    for owner, some in ((recruiter, TASKS), (marketer, TASKS[1:6:2]), (leader, TASKS[2:7:2])):
        today = at.astimezone(ZoneInfo(owner.zone)).date()
        for number, (kind, title, days, hour) in enumerate(some):
            day: date | None = None if days is None else today + timedelta(days=days)
            about = ("person", seekers[(number * 3) % len(seekers)].key)
            giver = leader if number % 4 == 1 else owner
            new = NewTask(title=title, owner_key=owner.user_key, kind=kind, subject=about, due_on=day, due_time=hour)
            key = work.give_task(task=new, viewer=giver, at=at - timedelta(days=4))
            if owner is recruiter and number == 1:
                work.do_task(key=key, viewer=owner, at=at - timedelta(hours=20))


def _keep_cv(page: PersonPage, by: Viewer, at: datetime) -> None:
    jobs = [
        {
            "title": job.title or "Colleague",
            "at": job.organisation or "Self-employed",
            "days": _days(job),
            "did": "Built what was asked for, wrote down how, and taught it to the next.",
        }
        for job in page.profile.jobs
    ]
    reach = [one.value for one in page.profile.addresses if one.scheme.value != "id"]
    told = {
        "name": page.card.name,
        "line": page.card.headline,
        "reach": " | ".join([*reach, *filter(None, [page.card.city])]),
        "jobs": jobs,
        "skills": ", ".join(page.profile.skills) or "Listening, writing, keeping promises",
    }
    data = bytes(typst.compile(PAGE.encode(), sys_inputs={"it": json.dumps(told)}))
    files.store_file(
        subject=("candidate", page.card.key), name=f"CV {page.card.name}.pdf", data=data, purpose=FilePurpose.CV,
        by=by.actor("cli"), at=at - timedelta(days=40),
    )  # fmt: skip


def _days(job: JobRow) -> str:
    if job.started_on is None:
        return ""
    end = "present" if job.present or job.ended_on is None else f"{job.ended_on:%b %Y}"
    return f"{job.started_on:%b %Y} – {end}"
