"""A small export of invented people in the form of another system, to try coming over with."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence

_CLIENTS = (
    ("C-1", "Harbour Analytics", "https://harbour-analytics.example", "Software", "Bristol", "Active Account"),
    ("C-2", "Fenwick Rail", "https://fenwick-rail.example", "Transport", "York", "Prospect"),
    ("C-3", "Oakhurst Care", "https://oakhurst-care.example", "Health", "Leeds", "Archive"),
)
_CONTACTS = (
    ("K-1", "Imogen", "Farrow", "imogen.farrow@harbour-analytics.example", "C-1", "Head of Engineering", "FALSE"),
    ("K-2", "Dominic", "Price", "dominic.price@fenwick-rail.example", "C-2", "HR Director", "FALSE"),
    ("K-3", "Sunita", "Rao", "sunita.rao@oakhurst-care.example", "C-3", "Operations Manager", "TRUE"),
)
_FIRST = ("Alice", "Bilal", "Carys", "Diego", "Efua", "Finlay", "Greta", "Hamza", "Isla", "Jonas", "Keira", "Leon")
_LAST = ("Ashdown", "Bakri", "Coleman", "Duarte", "Eshun", "Fraser", "Gruber", "Hussain", "Innes", "Jensen", "Kerr",
         "Lambert")  # fmt: skip
_TITLES = ("Data Engineer", "Site Manager", "Staff Nurse", "Product Designer")
_SKILLS = ("Python;SQL;Airflow", "NEC4;Programme planning", "Triage;Wound care", "Figma;Research")


def sample_tables() -> dict[str, list[Sequence[str]]]:
    """Each file's rows, the header first."""
    candidates = [
        (
            f"P-{n + 1}", first, last, f"{first}.{last}@post.example".lower(), f"01632 9609{n + 10}",
            _TITLES[n % 4], _SKILLS[n % 4], ("Bristol", "York", "Leeds")[n % 3],
            "Active" if n != 7 else "Do Not Contact",
            "TRUE" if n in {2, 5} else "FALSE", f"{n % 9 + 1}/{n + 13}/2024 9:30", ("LinkedIn", "Referral")[n % 2],
            "N", "Prefer not to say", f"{n + 1}/20/1988",
        )
        for n, (first, last) in enumerate(zip(_FIRST, _LAST, strict=True))
    ]  # fmt: skip
    jobs = [
        (f"P-{n + 1}", _CLIENTS[n % 3][1], _TITLES[n % 4], f"{n % 9 + 1}/1/2019", "" if n % 2 else "6/30/2023")
        for n in range(6)
    ]
    notes = [
        (f"N-{n + 1}", f"<p>Spoke with {_FIRST[n]}: <b>open</b> to a move next spring.</p>", "Call", f"P-{n + 1}", "",
         f"{n % 9 + 1}/{n + 13}/2025 14:00")
        for n in range(8)
    ] + [("N-9", "Sent our terms; they will answer by Friday.", "Email", "", "K-2", "3/14/2025 11:20")]  # fmt: skip
    return {
        "ClientCorporation.csv": [
            ("externalID", "name", "companyURL", "industryList", "address.city", "status"), *_CLIENTS,
        ],
        "ClientContact.csv": [
            ("externalID", "firstName", "lastName", "email", "clientCorporation.externalID", "occupation",
             "massMailOptOut"), *_CONTACTS,
        ],
        "Candidate.csv": [
            ("externalID", "firstName", "lastName", "email", "mobile", "occupation", "primarySkills.name",
             "address.city", "status", "massMailOptOut", "dateAdded", "source", "disability", "ethnicity",
             "dateOfBirth"), *candidates,
        ],
        "CandidateWorkHistory.csv": [
            ("candidate.externalID", "companyName", "title", "startDate", "endDate"), *jobs,
        ],
        "Note.csv": [
            ("externalID", "comments", "action", "candidates.externalID", "clientContacts.externalID", "dateAdded"),
            *notes,
        ],
        "JobOrder.csv": [
            ("externalID", "title", "clientCorporation.externalID", "clientContact.externalID", "numOpenings", "status",
             "isOpen"),
            ("J-1", "Senior Data Engineer", "C-1", "K-1", "2", "Accepting Candidates", "TRUE"),
            ("J-2", "Signalling Site Manager", "C-2", "K-2", "1", "Lead", "TRUE"),
        ],
        "Tearsheet.csv": [
            ("name", "description", "candidates.externalID", "isPrivate"),
            ("Bristol data people", "Warm, spoken with this year", "P-1;P-4;P-5", "FALSE"),
        ],
    }  # fmt: skip


def sample_zip() -> bytes:
    """The tables as one zip, the same bytes each time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in sample_tables().items():
            text = io.StringIO(newline="")
            csv.writer(text).writerows(rows)
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text.getvalue())
    return held.getvalue()
