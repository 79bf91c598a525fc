"""`fourfold demo`: fill an empty house with an invented agency, or tell what is true of its world."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from fourfold.base.clock import now
from fourfold.base.errors import FourfoldError
from fourfold.evidence.world import Truth, World, WorldError, default_world, parse_world, shipped_worlds, truth
from fourfold.project.demo import clients, desk_work, goals, outreach, pipeline, surveys, wishes
from fourfold.project.demo.fill import PASSWORD, Filled, fill_house, held, period, unfinished
from fourfold.reports import actions as reports
from fourfold.reports.pages import asking
from fourfold.reports.types import Topic

SIGN_INS = "demo.json"  # in FOURFOLD_HOME: who may sign in, told on start
LEAST_PEOPLE, MOST_PEOPLE = 300, 100_000


class WorldRefused(FourfoldError):
    """A world file that can't be used."""


def add_parser(commands: Any, about: str) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "demo",
        help=about,
        description=f"{about.capitalize()}. The world's file is described in docs/world.md.",
    )
    parser.add_argument("--seed", type=_whole(0, 2**31), default=1, help="another seed is another house (default 1)")
    parser.add_argument(
        "--people",
        type=_whole(LEAST_PEOPLE, MOST_PEOPLE),
        help=f"people in the world, {LEAST_PEOPLE} to {MOST_PEOPLE} (default: as many as the world is meant for, 6000)",
    )
    parser.add_argument(
        "--world",
        metavar="FILE",
        help=f"JSON with the parameters to change, or one of {', '.join(shipped_worlds())}",
    )
    parser.add_argument("--truth", action="store_true", help="tell what is true of the world; fills nothing")
    parser.add_argument(
        "--replications",
        type=_whole(1, 1000),
        default=4,
        help="how often --truth runs the world with other seeds (default 4)",
    )
    parser.add_argument("--if-empty", action="store_true", help="do nothing where the house holds something already")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.set_defaults(handler=run)


def _whole(low: int, high: int) -> Any:
    def read(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return int(text)

    return read


def run(args: argparse.Namespace) -> int:
    """Run the command with parsed arguments; returns the exit status. Raises FourfoldError."""
    world = read_world_file(args.world)
    people = args.people or min(max(world.usual_people, LEAST_PEOPLE), MOST_PEOPLE)
    if args.truth:
        start, end = period(now())
        _say(f"Running the world {args.replications * 12} times …", quiet=args.json)
        told = truth(world, seed=args.seed, people=people, start=start, end=end, replications=args.replications)
        _write(json.dumps(told.as_dict(), indent=2) if args.json else truth_table(told))
        return 0
    if args.if_empty and held() and unfinished() is None:
        return 0
    filled = fill_house(
        world=world,
        seed=args.seed,
        people_count=people,
        at=now(),
        progress=lambda step: _say(step, quiet=args.json),
    )
    told_on_start = {"users": _sign_ins(filled), "password": PASSWORD}
    (Path(settings.HOME) / SIGN_INS).write_text(json.dumps(told_on_start, indent=2), "utf-8")
    owners = goals.one_of_each({one.role: one.email for one in filled.sign_ins})
    if owners:
        leader, recruiter, marketer = owners
        goals.set_goals(leader=leader, recruiter=recruiter, marketer=marketer, today=now().date(), at=now())
        goals.aim_for_weeks(recruiter=recruiter, today=now().date(), at=now())
        clients.add_clients(leader=leader, recruiter=recruiter, at=now())
        wishes.add_wishes(leader=leader, today=now().date(), at=now())
        desk_work.add_work(leader=leader, recruiter=recruiter, marketer=marketer, at=now())
        outreach.add_outreach(leader=leader, recruiter=recruiter, marketer=marketer, at=now())
        pipeline.add_jobs(leader=leader, recruiter=recruiter, at=now())
        surveys.add_surveys(recruiter=recruiter, at=now())
    # The first look at the 4Cs finds its answer worked out: the worker starts with this question.
    for topic in (Topic.FOURCS, Topic.ROI):
        reports.ask(question=asking.question_from({}, now(), topic), at=now())
    _write(json.dumps(_filled_dict(filled), indent=2) if args.json else _filled_text(filled))
    return 0


def read_world_file(named: str | None) -> World:
    """The world of a file or of a shipped name, or the default one. A file goes first. Raises WorldRefused."""
    if named is None:
        return default_world()
    path, shipped = Path(named), shipped_worlds()
    if named in shipped and not path.is_file():
        return shipped[named]
    try:
        return parse_world(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "It is not UTF-8 text"
        raise WorldRefused(
            f"{path} was not read.",
            f"{reason}.",
            f"Check the file's name and that it is text, or name one of {', '.join(shipped)}.",
        ) from None
    except WorldError as error:
        raise WorldRefused(error.what, error.why, error.todo) from None


def truth_table(told: Truth) -> str:
    """What is true, as a table to read: the channels that brought most first."""
    last = told.end - timedelta(days=1)
    lines = [
        f"What is true of this world: {told.world}",
        f"{told.start} to {last}, {told.people:,} people, seed {told.seed}, {told.replications} replications",
        (
            f"In all {told.placements:,.0f} placements, {told.currency} {told.net_fees_minor / 100:,.0f} net fees, "
            f"{told.candidates:,.0f} candidates, {told.clients:,.0f} clients, {told.colleagues:,.0f} colleagues."
        ),
        "",
        "What each channel caused: the world with it less the world without it (± one Monte-Carlo standard error)",
        f"{'channel':<11}{'placements':>15}{'net fees':>21}{'candidates':>12}{'spend':>12}{'true ROI':>16}",
    ]
    for row in sorted(told.channels, key=lambda row: -row.net_fees_minor):
        placements = _with_error(row.placements, row.placements_error, ".1f")
        fees = _with_error(row.net_fees_minor / 100, row.net_fees_error and row.net_fees_error / 100, ",.0f")
        roi = "–" if row.roi is None else _with_error(row.roi, row.roi_error, ".2f")
        lines.append(
            f"{row.channel:<11}{placements:>15}{fees:>21}{row.candidates:>12.1f}"
            f"{row.spend_minor / 100:>12,.0f}{roi:>16}"
        )
    lines += ["", "Channels work on the same people, so these don't add up to the total. See docs/world.md."]
    return "\n".join(lines)


def _with_error(value: float, error: float | None, form: str) -> str:
    return f"{value:{form}}" if error is None else f"{value:{form}} ± {error:{form}}"


def _filled_text(filled: Filled) -> str:
    return "\n".join(
        [
            (
                f"The demo house is filled: {filled.people:,} people, {filled.organisations:,} organisations and "
                f"{filled.facts:,} facts from {filled.start} to {filled.end - timedelta(days=1)}."
            ),
            f"Sign in with the password {PASSWORD} as",
            *(f"  {one.role.value:<14} {one.email}" for one in filled.sign_ins),
        ]
    )


def _filled_dict(filled: Filled) -> dict[str, Any]:
    return {
        "start": filled.start.isoformat(),
        "end": filled.end.isoformat(),
        "people": filled.people,
        "organisations": filled.organisations,
        "facts": filled.facts,
        "users": _sign_ins(filled),
        "password": PASSWORD,
    }


def _sign_ins(filled: Filled) -> list[dict[str, str]]:
    return [{"role": one.role.value, "name": one.name, "email": one.email} for one in filled.sign_ins]


def _say(text: str, *, quiet: bool) -> None:
    if not quiet:
        sys.stderr.write(text + "\n")


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
