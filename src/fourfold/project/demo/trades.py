"""Titles that belong to a discipline and to a level of pay, the employers that hire for it, and where they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rung:
    """Titles of people whose level within the desk (standard normal) is below ``below``."""

    below: float
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trade:
    """A discipline: its ladders for permanent and contract work, who hires for it, what employers call themselves."""

    permanent: tuple[Rung, ...]
    contract: tuple[Rung, ...]
    managers: tuple[str, ...]
    suffixes: tuple[str, ...]

    def ladder(self, kind: str) -> tuple[Rung, ...]:
        return self.contract if kind == "contract" else self.permanent


TOP = float("inf")


def _ladder(*steps: tuple[float, str]) -> tuple[Rung, ...]:
    return tuple(Rung(below, tuple(titles.split(", "))) for below, titles in steps)


TRADES: dict[str, Trade] = {
    "Software engineering": Trade(
        permanent=_ladder(
            (-1.0, "Junior software engineer, Junior developer, Associate QA engineer"),
            (0.1, "Software engineer, Front-end developer, Back-end developer, QA engineer, Mobile developer"),
            (1.1, "Senior software engineer, Senior back-end developer, Site reliability engineer, Platform engineer"),
            (1.8, "Lead engineer, Staff engineer, Security architect"),
            (TOP, "Engineering manager, Principal engineer, Head of engineering"),
        ),
        contract=_ladder(
            (-0.8, "Test automation engineer, Support engineer, Web developer"),
            (0.6, "Java developer, .NET developer, React developer, Python developer, DevOps engineer"),
            (1.5, "Senior Java developer, Cloud engineer, Platform engineer, Security engineer"),
            (TOP, "Solution architect, Technical lead, Interim head of engineering"),
        ),
        managers=(
            "Engineering manager",
            "Head of engineering",
            "Chief technology officer",
            "Talent partner",
            "VP of engineering",
        ),
        suffixes=("Systems", "Software", "Digital", "Labs", "Payments", "Networks", "Cloud"),
    ),
    "Data and analytics": Trade(
        permanent=_ladder(
            (-1.0, "Junior data analyst, Reporting analyst, Graduate data engineer"),
            (0.1, "Data analyst, Data engineer, BI developer, Insight analyst"),
            (1.1, "Senior data analyst, Senior data engineer, Data scientist, Analytics engineer"),
            (1.8, "Lead data engineer, Senior data scientist, Analytics manager"),
            (TOP, "Head of analytics, Head of data, Principal data scientist"),
        ),
        contract=_ladder(
            (-0.8, "Reporting analyst, Data quality analyst"),
            (0.6, "Data engineer, BI developer, Data analyst"),
            (1.5, "Senior data engineer, Data scientist"),
            (TOP, "Data architect, Interim head of data"),
        ),
        managers=("Head of data", "Analytics director", "Insight manager", "Talent partner", "Chief data officer"),
        suffixes=("Analytics", "Insurance", "Retail", "Energy", "Media", "Travel", "Markets"),
    ),
    "Finance and accounting": Trade(
        permanent=_ladder(
            (-1.1, "Accounts assistant, Purchase ledger clerk, Payroll officer"),
            (-0.3, "Assistant accountant, Credit controller, Payroll manager, Audit associate"),
            (0.7, "Management accountant, Financial accountant, Finance analyst, Tax accountant"),
            (1.5, "Finance manager, Finance business partner, Group accountant, Internal audit manager"),
            (TOP, "Financial controller, Head of finance, Finance director"),
        ),
        contract=_ladder(
            (-0.8, "Accounts assistant, Credit controller"),
            (0.6, "Management accountant, Financial accountant, Systems accountant"),
            (1.5, "Finance business partner, Interim finance manager"),
            (TOP, "Interim financial controller, Interim finance director"),
        ),
        managers=(
            "Finance director",
            "Financial controller",
            "Head of finance",
            "HR business partner",
            "Chief financial officer",
        ),
        suffixes=("Group", "Holdings", "Foods", "Logistics", "Capital", "Brands", "Packaging", "Motors"),
    ),
    "Engineering and construction": Trade(
        permanent=_ladder(
            (-1.0, "Graduate engineer, CAD technician"),
            (0.6, "Site engineer, Design engineer, Quantity surveyor"),
            (1.5, "Senior quantity surveyor, Project engineer, Site manager"),
            (TOP, "Contracts manager, Commercial manager, Project director"),
        ),
        contract=_ladder(
            (-1.0, "Setting-out engineer, CAD technician, Document controller"),
            (0.4, "Site engineer, Design engineer, Site supervisor, Health and safety adviser"),
            (1.4, "Quantity surveyor, Site manager, Planner, Commissioning engineer"),
            (TOP, "Project manager, Commercial manager, Senior planner"),
        ),
        managers=(
            "Contracts manager",
            "Operations director",
            "Project director",
            "Commercial director",
            "Resourcing manager",
        ),
        suffixes=("Construction", "Rail", "Civil Engineering", "Homes", "Water", "Surfacing", "Build"),
    ),
    "Life sciences": Trade(
        permanent=_ladder(
            (-1.0, "Laboratory technician, Research assistant, Clinical trials assistant"),
            (0.1, "Scientist, QC analyst, Clinical research associate, Regulatory officer"),
            (1.0, "Senior scientist, QA manager, Process engineer, Senior clinical research associate"),
            (1.7, "Principal scientist, Clinical project manager, Regulatory affairs manager"),
            (TOP, "Head of quality, Medical director, Head of research"),
        ),
        contract=_ladder(
            (-0.8, "Laboratory technician, Data manager"),
            (0.6, "QC analyst, Validation engineer, Clinical research associate"),
            (1.5, "Senior validation engineer, Regulatory consultant"),
            (TOP, "Interim head of quality, Programme manager"),
        ),
        managers=(
            "Head of research",
            "Quality director",
            "Head of clinical operations",
            "HR business partner",
            "Site director",
        ),
        suffixes=("Therapeutics", "Biosciences", "Diagnostics", "Genomics", "Laboratories", "Medical"),
    ),
    "Project and change": Trade(
        permanent=_ladder(
            (-0.8, "Project coordinator, PMO analyst"),
            (0.6, "Business analyst, Project manager, Scrum master"),
            (1.5, "Senior project manager, Change manager"),
            (TOP, "Programme manager, Head of change"),
        ),
        contract=_ladder(
            (-0.9, "PMO analyst, Project coordinator, Training lead"),
            (0.5, "Business analyst, Project manager, Scrum master"),
            (1.4, "Senior business analyst, Senior project manager, Change manager"),
            (TOP, "Programme manager, Transformation lead, Programme director"),
        ),
        managers=(
            "Head of change",
            "Programme director",
            "Transformation director",
            "Head of PMO",
            "Chief operating officer",
        ),
        suffixes=("Bank", "Telecom", "Utilities", "Housing", "Pensions", "Airports"),
    ),
}

PROSPECT_TITLES = (
    "Recruitment consultant", "Senior recruitment consultant", "Resourcer", "Principal consultant",
    "Trainee consultant", "Candidate manager", "Marketing executive",
)  # fmt: skip


def trade(discipline: str) -> Trade:
    """The trade of a discipline. One that isn't known gets plain titles made of its name."""
    if discipline in TRADES:
        return TRADES[discipline]
    ladder = _ladder(
        (-0.8, f"{discipline} assistant"), (0.8, f"{discipline} specialist"), (TOP, f"Head of {discipline.lower()}")
    )
    return Trade(ladder, ladder, (f"Director of {discipline.lower()}", "HR business partner"), ("Group", "Holdings"))


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    country: str
    weight: int


def _towns(country: str, towns: str) -> tuple[Town, ...]:
    pairs = (town.rsplit(" ", 1) for town in towns.split(", "))
    return tuple(Town(name, country, int(weight)) for name, weight in pairs)


TOWNS: dict[str, tuple[Town, ...]] = {
    "London": _towns("GB", "London 70, Croydon 6, Watford 5, Reading 6, Brighton 5, St Albans 4, Guildford 4"),
    "Manchester": _towns("GB", "Manchester 55, Salford 12, Stockport 10, Liverpool 10, Bolton 6, Warrington 7"),
    "Leeds": _towns("GB", "Leeds 55, Bradford 14, Sheffield 12, Wakefield 7, York 7, Harrogate 5"),
    "Bristol": _towns("GB", "Bristol 55, Bath 10, Cardiff 18, Swindon 8, Gloucester 5, Newport 4"),
    "Edinburgh": _towns("GB", "Edinburgh 55, Glasgow 25, Dundee 7, Livingston 7, Stirling 6"),
    "Dublin": (*_towns("IE", "Dublin 65, Dún Laoghaire 8, Swords 7, Cork 8"), *_towns("GB", "Belfast 12")),
}

# Ranges that Ofcom keeps free for drama: no call can reach anyone.
LANDLINES = {
    "London": "+44207946", "Croydon": "+44207946", "Leeds": "+44113496", "Bradford": "+44113496",
    "Wakefield": "+44113496", "Sheffield": "+44114496", "Bristol": "+44117496", "Bath": "+44117496",
    "Edinburgh": "+44131496", "Livingston": "+44131496", "Glasgow": "+44141496", "Liverpool": "+44151496",
    "Manchester": "+44161496", "Salford": "+44161496", "Stockport": "+44161496", "Cardiff": "+44292018",
    "Newport": "+44292018",
}  # fmt: skip
MOBILES = "+447700900"
NO_AREA = "+441632960"


def towns(place: str) -> tuple[Town, ...]:
    """The towns around a desk's place."""
    return TOWNS.get(place, (Town(place, "GB", 1),))


# Two halves make an employer's name; no company is meant.
STEMS = (
    "Alder", "Amber", "Arken", "Bexley", "Bramble", "Brindle", "Calder", "Carrow", "Cinder", "Corven", "Dallow",
    "Dunsel", "Elver", "Ember", "Farrin", "Fenwick", "Gannet", "Gilder", "Halden", "Harrow", "Hollin", "Ister",
    "Jarrow", "Kestrel", "Kelder", "Lanner", "Larkin", "Marl", "Merrin", "Norwell", "Orrin", "Oster",
    "Penhallow", "Pellin", "Quarrel", "Quern", "Rennick", "Rowan", "Sable", "Sorrel", "Tarn", "Taven", "Thrale",
    "Ulver", "Varley", "Wexmoor", "Whitlow", "Yarrow",
)  # fmt: skip
ENDINGS = (
    "brook", "combe", "croft", "dean", "fell", "field", "ford", "gate", "hall", "holme", "hurst", "leigh",
    "mere", "mont", "moor", "ridge", "stead", "stow", "thorpe", "vale", "wick", "worth",
)  # fmt: skip
