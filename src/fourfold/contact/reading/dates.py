"""When a person says that contact is welcome again, or that an absence ends: "try me in March", "after Easter", "Q2".

In English, German, French, Spanish, Dutch, Portuguese and Swedish. Pure: today is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

FURTHEST_DAYS = 3 * 366  # nobody is put off for longer by a sentence; what says so is misread

_MONTHS = {
    1: "january jan januar jänner janvier enero ene januari janeiro",
    2: "february feb februar février fevrier febrero februari fevereiro",
    3: "march mar märz maerz mars marzo maart março marco",
    4: "april apr avril abril",
    5: "may mai mayo mei maio maj",
    6: "june jun juni juin junio junho",
    7: "july jul juli juillet julio julho",
    8: "august aug août aout agosto augustus augusti",
    9: "september sept sep septembre septiembre setembro",
    10: "october oct oktober octobre octubre outubro okt",
    11: "november nov novembre noviembre novembro",
    12: "december dec dezember dez décembre decembre diciembre dic dezembro",
}
_MONTH = {name: number for number, names in _MONTHS.items() for name in names.split()}
_NAME = "|".join(sorted(_MONTH, key=len, reverse=True))
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "ein": 1, "einem": 1, "einer": 1, "un": 1, "une": 1, "uno": 1, "una": 1, "een": 1,
    "um": 1, "uma": 1, "en": 1, "ett": 1, "two": 2, "couple": 2, "zwei": 2, "deux": 2, "dos": 2, "twee": 2, "dois": 2,
    "duas": 2, "två": 2, "three": 3, "few": 3, "drei": 3, "trois": 3, "tres": 3, "drie": 3, "três": 3, "tre": 3,
    "four": 4, "vier": 4, "quatre": 4, "cuatro": 4, "quatro": 4, "fyra": 4, "five": 5, "fünf": 5, "cinq": 5, "cinco": 5,
    "vijf": 5, "fem": 5, "six": 6, "sechs": 6, "seis": 6, "zes": 6, "sex": 6, "eight": 8, "acht": 8, "huit": 8,
    "nine": 9, "neun": 9, "neuf": 9, "nueve": 9, "nove": 9, "nio": 9, "ten": 10, "dix": 10, "twelve": 12, "zwölf": 12,
    "douze": 12, "doce": 12, "twaalf": 12, "doze": 12, "tolv": 12, "eighteen": 18,
}  # fmt: skip
_UNITS = (
    (r"days?|tage?n?|jours?|días?|dagen|dag|dias?|dagar", 1),
    (r"weeks?|wks?|wochen?|semaines?|semanas?|weken|veckor|vecka", 7),
    (r"fortnights?", 14),
    (r"months?|mths?|monate?n?|mois|mes(?:es)?|maanden|maand|meses|mês|månader|månad", 30),
    (r"quarters?|quartale?n?|trimestres?|kwartaal|kvartal", 91),
    (r"years?|yrs?|jahre?n?|ans?|années?|años?|jaar|anos?|år", 365),
)
_COUNT = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_SPAN = [
    (
        re.compile(
            rf"\b(\d{{1,2}}|{_COUNT})\s+(?:or (?:so|two|three) |of |more |weitere |further )*(?:{unit})\b", re.I
        ),
        days,
    )
    for unit, days in _UNITS
]
_SPAN_CUE = re.compile(
    r"(?:\bin|within|for|do with|need|want|another|after|give (?:me|it|us)|wait|next|nächsten|für|noch|dans|pour"
    r"|encore|dentro de|en|durante"
    r"|over|nog|voor|em|daqui a|por|mais|om|i)\s+(?:about |around |another |the next |at least |a further |a "
    r"|the |etwa "
    r"|noch |environ |unos |unas |ongeveer |cerca de |ungefär )*$",
    re.IGNORECASE,
)
_AGO = re.compile(r"^\s*(?:ago|ago\b|old|experience|notice|vorher|her\b|il y a|atrás|geleden|sedan)", re.IGNORECASE)
_END = r"(?:the )?(?:end of|late|ende|fin|la fin|fin de|final de|finales de|eind|einde|fim de|slutet av|sista)"
_MONTH_SAID = re.compile(
    rf"(?P<before>(?:\S+\s+){{0,6}}?)(?P<end>\b{_END}\s+(?:de |d['’]|of |van )?)?(?P<part>\b(?:early|mid"
    rf"|beginning of|start "
    rf"of|anfang|mitte|début|mi|principios de|begin|medio|mediados de|meados de|början av|mitten av)[ -])?"
    rf"(?P<day1>\b\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:of |de "
    rf"|d['’])?)?\b(?P<name>{_NAME})\b\.?(?:\s+(?P<day2>\d{{1,2}})"
    rf"(?:st|nd|rd|th)?\b(?!\s*(?:\d|:|h\b|uhr)))?(?:,?\s+(?:of |de |do |del )?(?P<year>20\d\d)"
    rf"|(?P<next>\s+next year))?",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:until|till|til|through|thru|before|bis|vor|jusqu\S*|avant|hasta|antes de|tot|voor|até|antes|fram|tills"
    r"|innan"
    r"|förrän|before the|not before)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:from|after|come|around|again|back|ring|call|try|contact|touch|write|speak|talk|chat|calendar|earliest|ab"
    r"|wieder|melden|nach|erst|à partir|partir|après|recontact\S*|rappel\S*|en|in|im|i|em|a partir|después|luego"
    r"|vuelv\S*"
    r"|llám\S*|vanaf|na|weer|terug|depois|fale|volte|efter|åter|igen|hör|for|onwards|return\S*|til)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:started|joined|moved|since|was|were|last|did|got|had|been|depuis|seit|desde|sinds|sedan|begonnen"
    r"|angefangen"
    r"|signed|registered|applied|told|asked|qualified|finished|graduated|left|spoke|wrote|sent|your (?:mail|email"
    r"|message|letter) of)\b",
    re.IGNORECASE,
)
_AFTER = (
    r"(?:after|over|past|nach|après|después|pasadas?|na|depois|efter|once)\s"
    r"(?:the |de[nmrl]? |dos? |das? |la |las |les? |los |os? |as? |l['’])*"
)
_SEASONS: tuple[tuple[str, int, str], ...] = (
    ((r"new year|neue[ns]? jahr|jahreswechsel|nouvel an|année prochaine|año nuevo|nieuwe? jaar|ano novo|nyår"
     r"|årsskiftet"
     r"|end of (?:the|this) year|year.?end|jahresende|fin d['’]année|fin de año|eind van het jaar|fim do ano|årets slut"
     r"|" + _AFTER + r"(?:christmas|xmas|holidays?|weihnachten|feiertage\w*|fêtes|noël|navidad\w*|fiestas|reyes"
     r"|kerst\w*|feestdagen|natal"
     r"|festas|jul|julen|helgerna)"), 1, ""),
    (_AFTER + (r"(?:summer|sommer\w*"
     r"|(?:l['’])?été|vacances d['’]été|verano|zomer\w*|verão|sommaren|semestern)|la rentrée|back.to.school"
     r"|labou?r day"), 9, ""),
    (_AFTER + (r"(?:easter|ostern|pâques|pascua"
     r"|semana santa|pasen|páscoa|påsk\w*)"), 0, "after easter"),
    (r"\beaster\b|\bostern\b|\bpâques\b|semana santa|\bpasen\b|\bpáscoa\b|\bpåsk\w*", 0, "easter"),
    (r"after thanksgiving", 12, ""),
    (r"(?:new|next) tax year", 4, ""),
    (r"\bspring\b(?! term)|frühjahr|frühling|printemps|primavera|voorjaar|\blente\b|\bvåren\b|\bvår\b", 3, "season"),
    (r"\bsummer\b|\bsommer\b|\b(?:l['’]|cet )été\b|\bverano\b|\bzomer\b|\bverão\b|\bsommaren?\b", 6, "season"),
    ((r"\bautumn\b|\bin the fall\b|\bfall\b(?= maybe|\?|\.|$)|\bherbst\b|\bautomne\b|\botoño\b|\bherfst\b|\bnajaar\b"
     r"|\boutono\b|\bhösten\b"), 9, "season"),
    (r"\bwinter\b|\bhiver\b|\binvierno\b|\binverno\b|\bvintern\b", 12, "season"),
    ((r"\bq1\b|first quarter|erste[sn]? quartal|premier trimestre|primer trimestre|eerste kwartaal|primeiro trimestre"
     r"|första kvartalet"), 1, ""),
    ((r"\bq2\b|second quarter|zweite[sn]? quartal|deuxième trimestre|segundo trimestre|tweede kwartaal"
     r"|andra kvartalet"),
     4, ""),
    ((r"\bq3\b|third quarter|dritte[sn]? quartal|troisième trimestre|tercer trimestre|derde kwartaal"
     r"|terceiro trimestre"
     r"|tredje kvartalet|\bh2\b|second half"), 7, ""),
    ((r"\bq4\b|fourth quarter|vierte[sn]? quartal|quatrième trimestre|cuarto trimestre|vierde kwartaal"
     r"|quarto trimestre"
     r"|fjärde kvartalet"), 10, ""),
)  # fmt: skip
_SEASON = tuple((re.compile(words, re.IGNORECASE), month, how) for words, month, how in _SEASONS)
_NEXT = (
    (re.compile(r"next month|nächsten monat|mois prochain|(?:mes que viene|próximo mes)|volgende maand"
                r"|próximo mês|mês que vem|nästa månad", re.I), "month"),
    (re.compile(r"next year|nächstes jahr|année prochaine|l['’]an prochain|año que viene|próximo año|volgend jaar"
                r"|ano que vem|próximo ano|nästa år", re.I), "year"),
    (re.compile(r"(?:this|same) time next year|a year from now", re.I), "twelve"),
    (re.compile(r"half a year|halbe[sn]? jahr|six mois|medio año|half jaar|meio ano|halvår", re.I), "half"),
)  # fmt: skip
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_SLASHED = re.compile(r"\b(\d{1,2})(?:/(\d{1,2})(?:/(20\d\d|\d\d))?\b|\.(\d{1,2})\.(20\d\d|\d\d)?)(?![:\d])")


def easter(year: int) -> date:
    """Easter Sunday of the Western churches. Source: the anonymous Gregorian computus (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _coming(month: int, today: date, year: int | None = None) -> date:
    """The first day of the next such month: this year's if it isn't over, else next year's."""
    if year is None:
        year = today.year if month >= today.month else today.year + 1
    return date(year, month, 1)


def welcome_from(text: str, today: date) -> date | None:
    """The first day of the first month in which contact is welcome, as far as the text says; None if it says nothing.

    The surest phrase wins ("call me in March" before a month that is merely named), among equals the last one.
    """
    found = sorted(_said(text, today), key=lambda one: one[:2])
    near = [one[2] for one in found if today.replace(day=1) <= one[2] <= today + timedelta(days=FURTHEST_DAYS)]
    return near[-1] if near else None


def _said(text: str, today: date) -> Iterator[tuple[int, int, date]]:
    for found in _MONTH_SAID.finditer(text):
        yield from _month_said(found, today)
    for pattern, days in _SPAN:
        for found in pattern.finditer(text):
            before = text[max(0, found.start() - 40) : found.start()]
            number = found[1].lower()
            if _SPAN_CUE.search(before) and not _AGO.match(text[found.end() :]):
                count = int(number) if number.isdigit() else _NUMBERS[number]
                day = today + timedelta(days=round(count * days * (30.44 / 30 if days == 30 else 1)))
                yield 2, found.start(), day.replace(day=1)
    for pattern, month, how in _SEASON:
        for found in pattern.finditer(text):
            if how == "season" and _PAST.search(text[max(0, found.start() - 30) : found.start()]):
                continue
            yield (1 if how in {"season", "easter"} else 2), found.start(), _season(month, how, today)
    for pattern, how in _NEXT:
        for found in pattern.finditer(text):
            later = today.replace(day=1, year=today.year + 1)
            half = (today + timedelta(days=183)).replace(day=1)
            day = {"month": _month_after(today), "year": date(today.year + 1, 1, 1), "half": half, "twelve": later}[how]
            yield {"year": 0, "twelve": 3}.get(how, 1), found.start(), day


def _season(month: int, how: str, today: date) -> date:
    if month:
        # Said in the very month, next year's is meant: "after Christmas" in January.
        return _coming(month, today) if month != today.month else date(today.year + 1, month, 1)
    day = easter(today.year) if easter(today.year) > today else easter(today.year + 1)
    return (day + timedelta(days=7)).replace(day=1) if how == "after easter" else day.replace(day=1)


def _month_said(found: re.Match[str], today: date) -> Iterator[tuple[int, int, date]]:
    name, before = found["name"], found["before"] or ""
    month = _MONTH[name.lower()]
    ambiguous = name in {"may", "mar", "march", "mars", "mai", "sept", "mei", "jan", "dic", "dez"}
    until, cue = _UNTIL.search(before), _FROM.search(before)
    dated = found["year"] or found["day1"] or found["day2"] or found["end"]
    if name == "may" and not (dated or re.search(r"\b(?:in|until|till|from|by|of|after|before)\s$", before)):
        return  # the verb
    if ambiguous and not (until or cue or dated):
        return
    if _PAST.search(before) and not found["year"]:
        return
    year = int(found["year"]) if found["year"] else today.year + 1 if found["next"] else None
    first = _coming(month, today, year)
    day = int(re.sub(r"\D", "", found["day1"] or found["day2"] or "") or 0)
    if found["end"] or (until and day >= 28):
        first = _month_after(first)
    yield (3 if until or cue else 1), found.start("name"), first


def back_on(text: str, today: date) -> date | None:
    """The latest day that an absence note names, from today on: when somebody is back. A bare month gives its first.

    "07/12/2026" is read day first, unless another date of the text can only be month first.
    """
    days = [*_days(text, today)]
    near = [one for one in days if today <= one <= today + timedelta(days=FURTHEST_DAYS)]
    return max(near) if near else welcome_from(text, today)


def _days(text: str, today: date) -> Iterator[date]:
    found_all = list(_SLASHED.finditer(text))
    month_first = any(one[2] and int(one[2]) > 12 >= int(one[1]) for one in found_all)
    for one in found_all:
        first, second, year = int(one[1]), int(one[2] or one[4]), one[3] or one[5]
        day, month = (second, first) if month_first and one[2] else (first, second)
        given = int(year) + (2000 if len(year) == 2 else 0) if year else None
        yield from _safe(given, month, day, today)
    for year, month, day in _ISO.findall(text):
        yield from _safe(int(year), int(month), int(day), today)
    for found in _MONTH_SAID.finditer(text):
        day_text = re.sub(r"\D", "", found["day1"] or found["day2"] or "")
        if day_text:
            given = int(found["year"]) if found["year"] else None
            yield from _safe(given, _MONTH[found["name"].lower()], int(day_text), today)


def _safe(year: int | None, month: int, day: int, today: date) -> Iterator[date]:
    try:
        found = date(year or today.year, month, day)
        yield found if year or found >= today else found.replace(year=today.year + 1)
    except ValueError:
        return
