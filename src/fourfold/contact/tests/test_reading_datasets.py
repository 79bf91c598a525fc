"""The aims on real mail: hard or soft, complaint reports, replies without quotes, stops and complaints."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import inbound_mail as bench

from fourfold.contact.types.inbound import MailKind

pytestmark = pytest.mark.datasets


@pytest.fixture(scope="module")
def folder(datasets: Path) -> Path:
    return datasets / "messages"


def test_hard_and_soft(folder: Path) -> None:
    judged = bench.bounces(folder)
    assert sum(judged.values()) == 293
    assert bench.right(judged).rate >= 0.95


def test_no_complaint_report_and_no_absence_note_is_missed(folder: Path) -> None:
    assert (bench.complaints(folder).right, bench.complaints(folder).of) == (9, 9)
    assert (bench.vacations(folder).right, bench.vacations(folder).of) == (3, 3)


def test_replies_without_quotes_and_signatures(folder: Path) -> None:
    exact = bench.extractions(folder, bench.ours)
    assert len(exact) == 42
    assert sum(exact.values()) >= 0.85 * len(exact), [name for name, good in exact.items() if not good]


def test_no_stop_and_no_complaint_is_missed_with_and_without_corrections(folder: Path) -> None:
    labelled = bench.replies(folder)
    assert len(labelled) == 240
    for told in (bench.read_replies(labelled), bench.cross_validated(labelled)):
        stops, complaints = bench.stops_seen(told), bench.complaints_seen(told)
        assert (stops.right, stops.of, complaints.right, complaints.of) == (49, 49, 23, 23)
        assert bench.suppressed_for_nothing(told).rate < 0.2
        assert bench.classes_right(told).rate > 0.7
        assert bench.sure_right(told).rate > 0.95


def test_odd_mails_are_all_read(folder: Path) -> None:
    kinds = [kind for _, kind in bench.mime_mails(folder)]
    assert len(kinds) == 103
    assert set(kinds) <= {kind.value for kind in MailKind}
