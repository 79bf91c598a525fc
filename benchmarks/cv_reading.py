"""How right is what is read of CVs? Each value against the truth beside it: ``python -m benchmarks.cv_reading``.

Data: four PDFs of a CV maker beside the YAML they were made from (FOURFOLD_DATASETS). One invented person in four
layouts, in English: enough to show that layouts are read, too little for a rate.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fourfold.people.rules.cards import read_text
from fourfold.people.types.adding import SeenJob

Score = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Truth:
    name: str
    email: str
    town: str
    profiles: frozenset[str]
    jobs: tuple[SeenJob, ...]
    skills: frozenset[str]


def truth_of(path: Path) -> Truth:
    """The truth of one CV, from its YAML: only the lines that are asked for."""
    text = path.read_text("utf-8")
    part = {name: _part(text, name) for name in ("experience", "skills")}
    profiles = re.findall(r"network: (\S+)\s+username: (\S+)", text)
    hosts = {"LinkedIn": "linkedin.com/in/", "GitHub": "github.com/"}
    return Truth(
        name=_value(text, "name"),
        email=_value(text, "email"),
        town=_value(text, "location").split(",")[0],
        profiles=frozenset(hosts[network] + name for network, name in profiles),
        jobs=tuple(
            SeenJob(_value(one, "position"), _value("company:" + one, "company"), _day(one, "start_date"),
                    _day(one, "end_date"), "end_date: present" in one, "")
            for one in part["experience"].split("- company:")[1:]
        ),
        skills=frozenset(
            name.strip().casefold() for line in re.findall(r"details: (.+)", part["skills"]) for name in line.split(",")
        ),
    )  # fmt: skip


def _part(text: str, name: str) -> str:
    found = re.search(rf"^    {name}:\n((?:      .*\n|\n)*)", text, re.MULTILINE)
    return found[1] if found else ""


def _value(text: str, name: str) -> str:
    found = re.search(rf"\b{name}:[ ]*(.+)", text)
    return found[1].strip().strip("'\"") if found else ""


def _day(text: str, name: str) -> date | None:
    found = re.search(rf"{name}: (\d{{4}})-(\d\d)", text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def text_of(path: Path, folder: Path) -> str:
    """The text of a PDF, as the product reads it."""
    command = [sys.executable, "-m", "fourfold.files.reading", str(path), "application/pdf", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "text.txt").read_text("utf-8")


def scores(text: str, truth: Truth) -> dict[str, Score]:
    """Right values and how many there are, by kind."""
    found = read_text(text, country="US", towns={truth.town})
    addresses = {one.identifier.value for one in found.addresses}
    pairs = list(zip(found.jobs, truth.jobs, strict=False))
    skills = {one.name.casefold() for one in found.skills}
    of = len(truth.jobs)
    wrong = sum(one.title not in {job.title for job in truth.jobs} for one in found.jobs)
    return {
        "name": (int(found.name is not None and found.name.value == truth.name), 1),
        "e-mail": (int(truth.email in addresses), 1),
        "town": (int(found.city is not None and found.city.value == truth.town), 1),
        "profiles": (len(truth.profiles & addresses), len(truth.profiles)),
        "jobs: title": (sum(one.title == other.title for one, other in pairs), of),
        "jobs: organisation": (sum(one.organisation == other.organisation for one, other in pairs), of),
        "jobs: begin": (sum(one.started_on == other.started_on for one, other in pairs), of),
        "jobs: end": (sum((one.ended_on, one.present) == (other.ended_on, other.present) for one, other in pairs), of),
        "jobs read wrongly": (wrong, len(found.jobs)),
        "skills": (len(skills & truth.skills), len(truth.skills)),
    }


def table(found: Mapping[str, Mapping[str, Score]]) -> str:
    names = list(next(iter(found.values())))
    lines = ["| layout | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for layout, one in found.items():
        lines.append(f"| {layout} | " + " | ".join(f"{got} of {of}" for got, of in one.values()) + " |")
    return "\n".join(lines)


def main() -> None:
    where = os.environ.get("FOURFOLD_DATASETS")
    if not where:
        print("cv_reading: FOURFOLD_DATASETS is not set, so there is nothing to read.")
        return
    found = {}
    for path in sorted((Path(where) / "cv/rendercv").glob("*.pdf")):
        with tempfile.TemporaryDirectory() as folder:
            layout = path.stem.removeprefix("John_Doe_").removesuffix("Theme_CV")
            found[layout] = scores(text_of(path, Path(folder)), truth_of(path.with_suffix(".yaml")))
    print(table(found))


if __name__ == "__main__":
    main()
