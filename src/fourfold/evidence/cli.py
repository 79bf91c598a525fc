"""``fourfold evidence …``: attribution, experiments and power on files, without a database.

Heavy libraries are imported inside the deeds, so that ``fourfold --help`` stays light.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fourfold.evidence.types import (
    AttributionResult,
    By,
    EvidenceError,
    ExperimentResult,
    IntervalSettings,
    Method,
    MethodSettings,
    PowerResult,
    Question,
    Refusal,
    Side,
)

EXIT_OK, EXIT_REFUSED_INPUT = 0, 2


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add ``evidence`` to a command: ``args.handler(args)`` does what was asked and gives the exit status."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "evidence", help="what marketing brought, from files: attribution, experiments, power"
    )
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    _add_attribute(deeds.add_parser("attribute", help="credit outcomes to channels, campaigns, desks …"))
    _add_experiment(deeds.add_parser("experiment", help="what a randomised experiment showed"))
    _add_power(deeds.add_parser("power", help="how many people an experiment needs"))
    return parser


def _add_attribute(parser: argparse.ArgumentParser) -> None:
    source = parser.add_argument_group("files (CSV, TSV or Parquet)")
    source.add_argument(
        "--paths", type=Path, metavar="FILE", help="aggregated paths: a > b > c, conversions, value, nulls"
    )
    source.add_argument("--columns", metavar="A,B,C,D", help="headers of the path file: path,conversions,value,nulls")
    source.add_argument("--touches", type=Path, metavar="FILE", help="person_key, occurred_at, channel, …")
    source.add_argument(
        "--outcomes", type=Path, metavar="FILE", help="person_key, side, outcome, occurred_at, kind, value"
    )
    source.add_argument("--spend", type=Path, metavar="FILE", help="from_date, to_date, channel, amount, currency")
    source.add_argument(
        "--rename",
        action="append",
        default=[],
        metavar="COLUMN=HEADER",
        help="which header a column has, if not guessed",
    )
    how = parser.add_argument_group("method")
    how.add_argument("--method", choices=[m.value for m in Method], default=Method.SHAPLEY.value)
    how.add_argument("--order", type=int, default=1, metavar="K", help="of the Markov chain (default 1)")
    how.add_argument("--keep-repeats", action="store_true", help="Markov: a channel twice in a row is two states")
    how.add_argument("--half-life-days", type=float, default=7.0, metavar="DAYS", help="time decay (default 7)")
    how.add_argument("--direct", metavar="A,B", help="names that are direct web, for last_non_direct")
    how.add_argument("--samples", type=int, default=2000, help="orders drawn for the rate game above 12 keys")
    what = parser.add_argument_group("question")
    what.add_argument("--by", choices=[by.value for by in By], default=By.CHANNEL.value)
    what.add_argument("--kind", help="count outcomes of this kind only: candidate, client, colleague, cash")
    what.add_argument("--basis", help="cash on this basis only: accepted, invoiced, paid")
    what.add_argument("--engagement", help="outcomes of this engagement only: permanent, contract …")
    what.add_argument("--currency", help="money in this currency only")
    what.add_argument("--from", dest="start", metavar="DATE", help="first day of the period")
    what.add_argument("--to", dest="end", metavar="DATE", help="the day after the period")
    what.add_argument("--side", choices=[side.value for side in Side], help="look at this side's journeys only")
    what.add_argument("--lookback-days", type=int, default=180, metavar="DAYS")
    what.add_argument(
        "--shared", action="store_true", help="touches before an earlier outcome count for later ones too"
    )
    what.add_argument("--scarcity", type=Path, metavar="FILE", help="desk, quarter, unfilled, ready: weighs the sides")
    _add_result(parser, replicates=True)
    parser.set_defaults(handler=lambda args: _run(_attribute, args))


def _add_experiment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="one row a person (CSV, TSV or Parquet)")
    parser.add_argument("--arm", required=True, metavar="COLUMN", help="the column that names the arm")
    parser.add_argument("--control", required=True, metavar="VALUE", help="the arm that was held out")
    parser.add_argument("--rate", action="append", nargs="+", default=[], metavar="COL", help="columns of 0 and 1")
    parser.add_argument("--mean", action="append", nargs="+", default=[], metavar="COL", help="columns of amounts")
    parser.add_argument("--compare", choices=["control", "all"], default="control", help="all: arm against arm too")
    parser.add_argument("--shares", metavar="ARM=SHARE,…", help="how the arms were drawn, if not evenly")
    _add_result(parser)
    parser.set_defaults(handler=lambda args: _run(_experiment, args))


def _add_power(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--base", type=float, required=True, metavar="P", help="rate without the treatment: 0.05")
    parser.add_argument(
        "--lift", type=float, required=True, metavar="R", help="relative lift to be seen: 0.2 is +20 %%"
    )
    parser.add_argument("--share", type=float, default=0.5, metavar="S", help="share of people held out (default 0.5)")
    parser.add_argument("--power", type=float, default=0.8, help="chance to see it if it is there (default 0.8)")
    parser.add_argument("--alpha", type=float, default=0.05, help="chance of a false alarm, two-sided (default 0.05)")
    parser.add_argument("--have", type=int, metavar="N", help="people at hand")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(handler=lambda args: _run(_power, args))


def _add_result(parser: argparse.ArgumentParser, *, replicates: bool = False) -> None:
    result = parser.add_argument_group("result")
    result.add_argument("--json", action="store_true", help="print JSON")
    result.add_argument("--level", type=float, default=0.95, help="of intervals (default 0.95)")
    result.add_argument("--seed", type=int, default=1, help="of everything drawn at random (default 1)")
    if replicates:
        result.add_argument("--replicates", type=int, default=1000, help="of the bootstrap; 0: no intervals")


def _run(deed: Any, args: argparse.Namespace) -> int:
    """Do the deed; an error a person can act on goes to stderr in three parts, with status 2."""
    try:
        result = deed(args)
    except EvidenceError as error:
        print(f"{error.what}\n{error.why}\n{error.todo}", file=sys.stderr)
        return EXIT_REFUSED_INPUT
    if args.json:
        json.dump(result.as_dict(), sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
        print()
    else:
        print(as_text(result))
    return EXIT_OK


def _between(value: float, name: str, low: float, high: float) -> float:
    if not low < value < high:
        raise EvidenceError(
            f"{name} {value:g} was not accepted.", f"It lies between {low:g} and {high:g}.", f"Give such a {name}."
        )
    return value


def _at_least(value: int, name: str, low: int) -> int:
    if value < low:
        raise EvidenceError(f"{name} {value} was not accepted.", f"It is {low} or more.", f"Give {low} or more.")
    return value


def _question(args: argparse.Namespace) -> Question:
    from fourfold.evidence.parsing import a_day

    direct = {"direct": frozenset(name.strip().lower() for name in args.direct.split(","))} if args.direct else {}
    start = a_day(args.start, "--from") if args.start else None
    end = a_day(args.end, "--to") if args.end else None
    if start and end and start >= end:
        raise EvidenceError(
            f"The period from {start} to {end} was not accepted.",
            "It holds no day.",
            "--to is the day after the period.",
        )
    return Question(
        method=Method(args.method),
        by=By(args.by),
        kind=args.kind,
        basis=args.basis,
        engagement=args.engagement,
        currency=args.currency.upper() if args.currency else None,
        start=start,
        end=end,
        side=Side(args.side) if args.side else None,
        lookback_days=_at_least(args.lookback_days, "--lookback-days", 1),
        shared=args.shared,
        settings=MethodSettings(
            half_life_days=args.half_life_days,
            order=_at_least(args.order, "--order", 1),
            collapse=not args.keep_repeats,
            samples=_at_least(args.samples, "--samples", 4),
            seed=args.seed,
            **direct,
        ),
        intervals=IntervalSettings(
            level=_between(args.level, "--level", 0.5, 1),
            replicates=_at_least(args.replicates, "--replicates", 0),
            seed=args.seed,
        ),
    )


def _attribute(args: argparse.Namespace) -> AttributionResult:
    from dataclasses import replace

    question = _question(args)
    if bool(args.paths) == bool(args.touches or args.outcomes):
        raise EvidenceError(
            "Nothing was attributed.",
            "Either a file of paths is needed, or touches and outcomes.",
            "Give --paths FILE, or --touches FILE --outcomes FILE.",
        )
    from fourfold.evidence import attribution, files

    if args.paths:
        if args.spend or args.by != By.CHANNEL.value:
            raise EvidenceError(
                "Nothing was attributed.",
                "A path file holds channels only: no dates for spend, no other dimension.",
                "Give --touches and --outcomes instead.",
            )
        named = [name.strip() for name in args.columns.split(",")] if args.columns else None
        paths = files.read_paths(args.paths, named, question.settings)
        return attribution.attribute_paths(
            paths, method=question.method, settings=question.settings, interval_settings=question.intervals
        )
    if not (args.touches and args.outcomes):
        raise EvidenceError(
            "Nothing was attributed.",
            "Touches and outcomes belong together.",
            "Give both --touches FILE and --outcomes FILE.",
        )
    read = files.read_files(args.touches, args.outcomes, args.spend, renames=_renames(args.rename))
    question = replace(question, date_only=read.date_only, value_unit=read.value_unit)
    if args.scarcity:
        question = replace(question, scarcity=files.read_scarcity(args.scarcity))
    result = attribution.attribute(read.tables, question)
    return replace(result, options=result.options | {"columns": read.columns})


def _renames(pairs: Sequence[str]) -> dict[str, str]:
    from fourfold.evidence.headers import SYNONYMS

    found: dict[str, str] = {}
    for pair in pairs:
        column, equals, header = pair.partition("=")
        known = sorted({name for columns in SYNONYMS.values() for name in columns})
        if not equals or not header or column not in known:
            raise EvidenceError(
                f"--rename {pair} was not read.",
                f"It names one of these columns and a header: {', '.join(known)}.",
                "Write it like --rename person_key=Candidate.",
            )
        found[column] = header
    return found


def _experiment(args: argparse.Namespace) -> ExperimentResult:
    from fourfold.evidence import experiment_files

    return experiment_files.run(
        args.file,
        experiment_files.Design(
            arm=args.arm,
            control=args.control,
            rates=tuple(name for group in args.rate for name in group),
            means=tuple(name for group in args.mean for name in group),
            compare_all=args.compare == "all",
            shares=_shares(args.shares),
            level=_between(args.level, "--level", 0.5, 1),
            seed=args.seed,
        ),
    )


def _shares(text: str | None) -> dict[str, float] | None:
    if text is None:
        return None
    try:
        return {arm.strip(): float(share) for arm, _, share in (pair.rpartition("=") for pair in text.split(","))}
    except ValueError:
        raise EvidenceError(
            f"--shares {text} was not read.", "A share is a number.", "Write it like control=0.1,mail=0.9."
        ) from None


def _power(args: argparse.Namespace) -> PowerResult:
    from fourfold.evidence.power import power

    return power(base=args.base, lift=args.lift, share=args.share, power=args.power, alpha=args.alpha, have=args.have)


def as_text(result: AttributionResult | ExperimentResult | PowerResult) -> str:
    """A result as a person reads it in a terminal."""
    if isinstance(result, PowerResult):
        return "\n".join([result.sentence, "", *[f"· {words}" for words in result.assumptions]])
    lines = _attribution_lines(result) if isinstance(result, AttributionResult) else _experiment_lines(result)
    if result.refusals:
        lines += ["", "Refused:", *[f"· {_refusal(refusal)}" for refusal in result.refusals]]
    return "\n".join([*lines, "", "Read it so:", *[f"· {words}" for words in result.assumptions]])


def _refusal(refusal: Refusal) -> str:
    about = f"{refusal.about}: " if refusal.about else ""
    return (
        about + refusal.reason + (f" Have {refusal.have:g}, need {refusal.need:g}." if refusal.need is not None else "")
    )


def _attribution_lines(result: AttributionResult) -> list[str]:
    heads = ["key", "outcomes", "value", "share", "from", "to", "spend", "ROI"]
    rows = [
        [
            row.key,
            f"{row.outcomes:,.2f}",
            _plain(row.value, ",.2f"),
            _plain(row.share, ".1%"),
            _plain(row.lower, ".1%"),
            _plain(row.upper, ".1%"),
            _plain(row.spend, ",.2f"),
            _plain(row.roi, ".2f"),
        ]
        for row in result.rows
    ]
    unit = f", money {result.options['value_unit']}" if "value_unit" in result.options else ""
    return [f"{result.method.value}: {result.n:,} outcomes{unit}", "", *_columns(heads, rows)]


def _experiment_lines(result: ExperimentResult) -> list[str]:
    arms = [
        [arm.arm, f"{arm.n:,}", m.metric, m.kind, f"{m.value:.6g}", _plain(m.lower, ".6g"), _plain(m.upper, ".6g")]
        for arm in result.arms
        for m in arm.metrics
    ]
    rows = [
        [
            *(
                c.metric,
                f"{c.arm} − {c.against}",
                f"{c.difference:+.6g}",
                _plain(c.lower, "+.6g"),
                _plain(c.upper, "+.6g"),
            ),
            *(_plain(c.p_value, ".4g"), c.verdict),
        ]
        for c in result.comparisons
    ]
    ratio = result.sample_ratio
    alarm = "ALARM: the arms do not have the sizes that were drawn" if ratio.alarm else "as drawn"
    return [
        *_columns(["arm", "n", "metric", "kind", "value", "from", "to"], arms),
        "",
        *_columns(["metric", "arms", "difference", "from", "to", "p", "verdict"], rows),
        "",
        f"Sizes of the arms: {alarm} (p = {ratio.p_value:.3g}).",
    ]


def _plain(value: float | None, shape: str) -> str:
    return "" if value is None else format(value, shape)


def _columns(heads: list[str], rows: list[list[str]]) -> list[str]:
    """Text in columns: the first to the left, numbers to the right, words at the end to the left."""
    widths = [max(len(line[i]) for line in [heads, *rows]) for i in range(len(heads))]
    left = {0} | {i for i in range(len(heads)) if heads[i] in {"metric", "kind", "arms", "verdict"}}
    return [
        "  ".join(
            c.ljust(w) if i in left else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in [heads, *rows]
    ]
