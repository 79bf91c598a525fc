"""What is read of CVs, resumes and cards that others made."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.cv_reading import scores, text_of, truth_of

from fourfold.files import rules
from fourfold.people.rules import cards

pytestmark = pytest.mark.datasets


@pytest.mark.parametrize("theme", ["Classic", "Ember", "Engineeringclassic", "Engineeringresumes"])
def test_the_cvs_of_a_cv_maker(datasets: Path, tmp_path: Path, theme: str) -> None:
    path = datasets / f"cv/rendercv/John_Doe_{theme}Theme_CV.pdf"
    found = scores(text_of(path, tmp_path), truth_of(path.with_suffix(".yaml")))
    assert found.pop("jobs read wrongly") == (0, 5)
    assert all(got == of for got, of in found.values()), found
    assert found["jobs: title"] == (5, 5)


def read(path: Path) -> tuple[str, int, int]:
    found = cards.read_text(rules.text_of(path.read_bytes()) or "", country="US")
    return (found.name.value if found.name else "", len(found.jobs), len(found.addresses))


def test_resumes_as_json(datasets: Path) -> None:
    assert {path.name: read(path) for path in sorted((datasets / "cv/jsonresume").glob("*resume*.json"))} == {
        "new-grad.resume.json": ("Maya Okonkwo", 2, 4),
        "resume-sample.json": ("Jane Developer", 3, 5),
        "sample.resume.json": ("Richard Hendriks", 1, 3),
        "senior-engineer.resume.json": ("Dr. Lena Vasquez", 3, 5),
    }


def test_cards_of_many_programs(datasets: Path) -> None:
    found = {path.name: read(path) for path in sorted((datasets / "contacts/vcard").glob("*.vcf"))}
    assert len(found) == 12
    assert [name for name, one in found.items() if not one[0]] == ["John_Doe_ANDROID.vcf"]  # its first card has none
    assert all(one[2] for one in found.values())
