"""What the pages of the house's rules, verdicts, messages and mailboxes show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fourfold.accounts.types import Viewer
from fourfold.contact import access, queries, words
from fourfold.contact.pages.persons import REASONS, shown, went_line
from fourfold.contact.types import DeliveryState, LawPack, MessageRow, MessageState, Policy, ReceiptRow, Rule, Verdict
from fourfold.people import queries as people

MESSAGE_WORDS = {
    MessageState.SENDING: _("under way"),
    MessageState.PAUSED: _("paused"),
    MessageState.STOPPED: _("stopped"),
    MessageState.DONE: _("done"),
}
MESSAGE_TONES = {MessageState.PAUSED: "warning", MessageState.DONE: "success", MessageState.STOPPED: "neutral"}


def policy_values(viewer: Viewer, *, at: datetime) -> dict[str, Any]:
    """The policy as it stands, with the laws it rests on."""
    policy = queries.policy()
    return {
        "policy": policy,
        "may_set": access.may_set_policy(viewer),
        "assessment": queries.assessment_text(),
        "versions": queries.policy_versions(),
        "packs": [_pack(one) for one in policy.packs],
    }


def _pack(pack: LawPack) -> Mapping[str, Any]:
    cited = [{"rule": str(words.RULE_WORDS[Rule(rule)]), "source": source, "text": text}
             for rule, source, text in pack.citations]  # fmt: skip
    return {"code": pack.code, "name": pack.name, "citations": cited}


def preview_lines(policy: Policy, *, at: datetime) -> list[str]:
    """What of last month's verdicts another policy would have changed, in sentences."""
    found = queries.changed_by(policy, at=at)
    total = sum(found.values())
    if not total:
        return [_("No verdict of the last 30 days to try it on.")]
    stays = (Verdict.HELD, Verdict.REFUSED)
    fewer = sum(n for (was, now), n in found.items() if was not in stays and now in stays)
    more = sum(n for (was, now), n in found.items() if was in stays and now not in stays)
    lines = []
    if fewer:
        lines.append(
            ngettext(
                "With this, %(n)s of the last 30 days’ %(total)s verdicts would have kept its message here.",
                "With this, %(n)s of the last 30 days’ %(total)s verdicts would have kept their message here.",
                fewer,
            )
            % {"n": f"{fewer:,}", "total": f"{total:,}"}
        )
    if more:
        lines.append(
            ngettext("%(n)s that was held could have gone.", "%(n)s that were held could have gone.", more)
            % {"n": f"{more:,}"}
        )
    return lines or [
        _("None of the last 30 days’ %(total)s verdicts would have been another.") % {"total": f"{total:,}"}
    ]


def receipt_lines(viewer: Viewer, rows: Sequence[ReceiptRow]) -> list[Mapping[str, Any]]:
    """Verdicts as a table shows them."""
    names = people.names([row.person_key for row in rows], viewer=viewer)
    return [
        {
            "row": row,
            "person": names[row.person_key],
            "verdict": str(words.VERDICT_WORDS[row.verdict]),
            "tone": words.VERDICT_TONES[row.verdict],
            "kind": words.class_words(row.message_class, row.why),
            "channel": str(words.CHANNEL_WORDS[row.channel]),
            "rule": str(words.RULE_WORDS[Rule(row.rule)]) if row.rule else "",
        }
        for row in rows
    ]


def receipt_values(viewer: Viewer, key: UUID) -> dict[str, Any]:
    """One verdict, and what it rested on. Raises NotFound."""
    row, found = queries.receipt(viewer, key)
    return {
        "line": receipt_lines(viewer, [row])[0],
        "verdict": shown(viewer, row.person_key, found),
        "facts": _facts(found.case, viewer),
        "sees_all": people.may_see_candidate_side(viewer, row.person_key),
    }


def _facts(case: Any, viewer: Viewer) -> list[tuple[str, str]]:
    """What the verdict rested on, in words."""
    facts = [
        (_("Purpose"), case.purpose.value),
        (_("Law"), case.law),
        (_("Address"), _("of work") if case.at_work else _("personal or not said")),
        (_("Seen by the law as"), _("an individual") if case.subscriber == "individual" else _("a business")),
        (_("Their time zone"), case.zone or _("unknown")),
        (_("Counted before"), str(len(case.counted))),
        (_("Their last word"), words.moment_words(case.heard_at, viewer.zone) if case.heard_at else _("none kept")),
        (_("Decided for"), words.moment_words(case.at, viewer.zone)),
    ]
    return [(label, value) for label, value in facts if value]


def message_line(row: MessageRow) -> Mapping[str, Any]:
    """A message and how far it is, as a table shows it."""
    counts = dict(row.progress.states)
    done = sum(n for state, n in counts.items() if state not in (DeliveryState.PENDING, DeliveryState.CLAIMED))
    return {
        "row": row,
        "state": str(MESSAGE_WORDS[row.state]),
        "tone": MESSAGE_TONES.get(row.state, "accent"),
        "total": row.progress.total,
        "done": done,
        "counts": [
            {"words": str(words.STATE_WORDS[state]), "n": n, "tone": words.STATE_TONES.get(state, "neutral")}
            for state, n in row.progress.states
        ],
        "reasons": [
            {"words": str(words.RULE_WORDS[Rule(code)] if code in set(Rule) else REASONS.get(code, code)), "n": n}
            for code, n in row.progress.reasons
            if code
        ],
        "running": row.state is MessageState.SENDING,
        "paused": row.state is MessageState.PAUSED,
    }


def message_values(viewer: Viewer, key: UUID) -> dict[str, Any]:
    """One message, its deliveries with those first that need somebody. Raises NotFound."""
    row, rows, to = queries.message(viewer, key)
    names = people.names(list(to.values()), viewer=viewer)
    lines = [{**went_line(one, viewer), "person": names[to[one.key]], "person_key": to[one.key]} for one in rows]
    return {"line": message_line(row), "deliveries": lines, "more": max(0, row.progress.total - len(lines))}
