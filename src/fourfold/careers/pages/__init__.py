"""What the public pages show, in plain words. No page that a forwarded mail opens shows a name or an address."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.template.defaultfilters import date as day_words
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.accounts import queries as accounts
from fourfold.careers import links
from fourfold.careers.forms import LANGUAGES, OFFERED, TIMES, WAYS, LiftForm, WishesForm
from fourfold.careers.types import Link, LinkKind, OwnDeed
from fourfold.contact import queries as contact
from fourfold.contact.types import MessageClass
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Channel, Direction, Kind, TimelineRow
from fourfold.people import queries as people
from fourfold.people.types import Changes, NoticeState, Origin, OwnChange, OwnRecord, Purpose
from fourfold.studio import queries as studio
from fourfold.studio.types import STACKS, Kit, Typeface

MOST_SHOWN = 200

HEADINGS = {
    MessageClass.MARKETING: gettext_lazy("Because we thought this news would be of use to you"),
    MessageClass.ASKED_FOR: gettext_lazy("Because you asked us to send you this"),
    MessageClass.APPROACH: gettext_lazy("Because one of our recruiters thought of you"),
    MessageClass.WORKING: gettext_lazy("Because we are working on something with you"),
    MessageClass.CONVERSATION: gettext_lazy("Because you and one of us are in conversation"),
    MessageClass.SERVICE: gettext_lazy("Because you take part in something that we look after"),
    MessageClass.LEGAL: gettext_lazy("Because the law asks us to tell you something"),
}
WHY = {
    MessageClass.MARKETING: gettext_lazy(
        "The message was news, an event or advice that we sent to several people whose work it concerns."
    ),
    MessageClass.ASKED_FOR: gettext_lazy(
        "You subscribed to it. It comes at the rhythm you chose, and you can change or end it below."
    ),
    MessageClass.APPROACH: gettext_lazy(
        "Somebody here read what is known of your work, thought that a job or a person could suit you, and wrote to "
        "you by name. You didn't ask for it, so one word from you ends it."
    ),
    MessageClass.WORKING: gettext_lazy(
        "The message was about a job, an application, an assignment or a vacancy that you and we are dealing with."
    ),
    MessageClass.CONVERSATION: gettext_lazy("The message answered one of yours."),
    MessageClass.SERVICE: gettext_lazy(
        "The message had details that you need, such as of an interview, or asked how something went."
    ),
    MessageClass.LEGAL: gettext_lazy(
        "The message was a notice, or an answer to a request, an objection or a complaint of yours."
    ),
}
STOP_WORDS = {
    Purpose.MARKETING: gettext_lazy("news, events and advice"),
    Purpose.APPROACH: gettext_lazy("approaches about a job or a person"),
    Purpose.JOB_ALERTS: gettext_lazy("job alerts"),
    Purpose.WORKING: gettext_lazy("messages about what we are working on with you"),
    Purpose.SURVEY: gettext_lazy("surveys"),
    Purpose.ALL: gettext_lazy("anything at all"),
}
ORIGIN_WORDS = {
    Origin.THEMSELVES: gettext_lazy("You gave them to us yourself."),
    Origin.REFERRED: gettext_lazy("Somebody who knows you thought that we should meet, and gave them to us."),
    Origin.SOURCED: gettext_lazy("One of us found them where they can be read publicly or in a professional network."),
    Origin.IMPORTED: gettext_lazy("They came with our records when we moved from an earlier system."),
    Origin.CLIENT: gettext_lazy("Through your employer, with whom we work."),
}
DID = {
    OwnDeed.MORE: gettext_lazy("Thank you. One of us will get in touch and tell you more."),
    OwnDeed.NOT_NOW: gettext_lazy("Done: we won't approach you before the day below."),
    OwnDeed.NOT_AT_WORK: gettext_lazy("Done: we won't use your work address or work phone for this."),
    OwnDeed.STOP: gettext_lazy("Done: this is stopped, from now on and whoever of us would write."),
    OwnDeed.STOP_ALL: gettext_lazy("Done: you won't hear from us any more."),
    OwnDeed.BACK_NOT_NOW: gettext_lazy("Taken back: we may write to you now."),
    OwnDeed.BACK_NOT_AT_WORK: gettext_lazy("Taken back: we may reach you at work too."),
}
OTHER_DID = {
    "lifted": gettext_lazy("Done: you may hear from us about this again."),
    "letter": gettext_lazy(
        "If we have an e-mail address of yours, a link is on its way to it. It works for one hour. "
        "Nothing in a few minutes? Look in the junk folder, or answer our message."
    ),
    "agreed": gettext_lazy("Thank you: you agreed to this, and you can take it back at any time."),
    "withdrew": gettext_lazy("Done: you took this back."),
    "corrected": gettext_lazy("Thank you. Your name and town stand as below; one of us looks after the rest."),
}
CHANGE_WORDS = {
    OwnChange.STOPPED: gettext_lazy("No more: %(what)s"),
    OwnChange.ALLOWED: gettext_lazy("Welcome again: %(what)s"),
    OwnChange.CLOSED: gettext_lazy("Not by this way any more: %(what)s"),
    OwnChange.OPENED: gettext_lazy("By this way again: %(what)s"),
    OwnChange.NO_CALLS: gettext_lazy("No phone calls any more"),
    OwnChange.CALLS: gettext_lazy("We may call you again"),
    OwnChange.NOT_AT_WORK: gettext_lazy("Not at work any more"),
    OwnChange.AT_WORK: gettext_lazy("We may reach you at work again"),
    OwnChange.PAUSED: gettext_lazy("We won't approach you before %(what)s"),
    OwnChange.UNPAUSED: gettext_lazy("The pause is over"),
    OwnChange.RHYTHM: gettext_lazy("%(what)s comes at the rhythm you chose"),
    OwnChange.ENDED: gettext_lazy("%(what)s doesn't come any more"),
    OwnChange.BEST_TIME: gettext_lazy("Best time: %(what)s"),
    OwnChange.LANGUAGE: gettext_lazy("Language: %(what)s"),
}
SENT_WORDS = {
    Channel.EMAIL: gettext_lazy("An e-mail"),
    Channel.PHONE: gettext_lazy("A phone call"),
    Channel.SMS: gettext_lazy("A text message"),
    Channel.LINKEDIN: gettext_lazy("A message on LinkedIn"),
    Channel.SOCIAL: gettext_lazy("A message on a social network"),
    Channel.EVENT: gettext_lazy("At an event"),
    Channel.IN_PERSON: gettext_lazy("In person"),
}


def shell(kit: Kit, link: Link | None = None) -> dict[str, Any]:
    """What every public page shows: the brand, and for a link's person the way to the other pages."""
    found: dict[str, Any] = {
        "kit": kit,
        "style_url": f"{reverse('brand_style')}?brand={kit.brand}&v={_mark(kit)}",
        "logo_url": f"{reverse('brand_logo')}?brand={kit.brand}&v={_mark(kit)}" if kit.logo else "",
        "website": kit.website if kit.website.startswith(("https://", "http://")) else "",
    }
    if link is not None:
        about = Link(kind=LinkKind.PREFERENCES, person_key=link.person_key)
        found["preferences_url"] = links.path(about)
        found["why_url"] = links.path(replace(about, kind=LinkKind.WHY))
    return found


def _mark(kit: Kit) -> str:
    """Changes when the kit does, so that browsers may keep its style and logo."""
    told = f"{kit.brand}{kit.changed_at}{kit.colour}{kit.accent}{kit.heading_face}{kit.text_face}"
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def style(kit: Kit) -> str:
    """The brand's colours and typefaces as a stylesheet. Everything in it was checked when the kit was kept."""
    face = ""
    if Typeface.INTER in (kit.heading_face, kit.text_face):
        source = static("ui/vendor/inter-latin.woff2")
        face = (
            f'@font-face{{font-family:"Inter";font-weight:100 900;font-display:swap;src:url("{source}") '
            f'format("woff2")}}\n'
        )
    return face + (
        f":root{{--brand:{kit.colour};--on-brand:{kit.on_colour};--accent:{kit.accent};"
        f"--heading-face:{STACKS[kit.heading_face]};--text-face:{STACKS[kit.text_face]}}}\n"
    )


def why(link: Link, own: OwnRecord, *, did: str = "") -> dict[str, Any]:
    """“Why am I hearing from you?”"""
    kind = link.message_class
    stop = link.purpose if link.purpose not in (None, Purpose.ALL) else None
    stopped = own.standing.objected
    return {
        **shell(studio.kit_of(), link),
        "heading": HEADINGS[kind] if kind else _("Because your details are in our records"),
        "why": WHY[kind] if kind else _("This page is about all that we may send you."),
        "legal": kind is MessageClass.LEGAL,
        "stop": {"words": STOP_WORDS[stop]} if stop and (stop, "") not in stopped else None,
        "stopped_all": (Purpose.ALL, "") in stopped,
        "paused": own.standing.paused_until,
        "not_at_work": own.standing.not_at_work,
        "objections": objections(own),
        "origin": origin_words(own),
        "since": own.added_at,
        "told": _told(own),
        "kept": kept_words(own),
        "done": done_words(did),
        "here": links.path(link),
        "months": ((1, _("1 month")), (3, _("3 months")), (6, _("6 months")), (12, _("1 year"))),
    }


def done_words(did: str) -> str:
    """The sentence for what was just done, "" for a word that we didn't write."""
    if did in set(OwnDeed):
        return str(DID[OwnDeed(did)])
    return str(OTHER_DID.get(did, ""))


def objections(own: OwnRecord) -> list[dict[str, Any]]:
    """What they objected to, the widest first, each with the form that lifts it."""
    held = sorted(own.standing.objected, key=lambda one: (one[0] is not Purpose.ALL, bool(one[1]), one))
    if (Purpose.ALL, "") in own.standing.objected:
        held = [(Purpose.ALL, "")]
    return [
        {
            "words": STOP_WORDS[purpose],
            "way": WAYS.get(channel, channel),
            "all": purpose is Purpose.ALL,
            "form": LiftForm(initial={"purpose": purpose, "channel": channel}, auto_id=f"lift-{number}-%s"),
        }
        for number, (purpose, channel) in enumerate(held)
    ]


def origin_words(own: OwnRecord) -> list[str]:
    """Where the record came from (Art. 14(2)(f)); who recommended somebody is that other person's own matter."""
    if own.origin is None:
        return [_("Our records don't say. Ask us, and one of us will find out.")]
    words = [str(ORIGIN_WORDS[own.origin])]
    if own.origin_detail and own.origin is not Origin.REFERRED:
        words.append(_("Noted with it: %(detail)s.") % {"detail": own.origin_detail.rstrip(".")})
    return words


def _told(own: OwnRecord) -> datetime | None:
    notice = own.notice
    told = notice.done_at if notice and notice.state is NoticeState.TOLD else None
    return own.standing.told_at or told


def kept_words(own: OwnRecord) -> str:
    months = people.own_kept_months(own)
    if months is None:
        return _(
            "As long as we work in your field and have reason to think that it is of use to you, or until you object."
        )
    return _(
        "If you and we exchange no word for %(months)s months, one of us looks at your record and either erases it or "
        "says why it stays. You can have it erased before."
    ) % {"months": months}


def stop(link: Link, *, done: bool = False, everything: bool = False) -> dict[str, Any]:
    """The page of a stop link, before and after its button."""
    words = link.text or str(STOP_WORDS[link.purpose or Purpose.ALL])
    return {
        **shell(studio.kit_of(), link),
        "topic": link.text,
        "words": STOP_WORDS[Purpose.ALL] if everything else words,
        "is_all": everything or (not link.text and link.purpose in (None, Purpose.ALL)),
        "done": done,
        "here": links.path(link),
    }


def preferences(
    link: Link, own: OwnRecord, form: WishesForm, *, changes: Changes | None = None, did: str = ""
) -> dict[str, Any]:
    """The preference centre; ``changes`` is what was just saved, None where nothing was."""
    texts = [one for one in people.wordings(used=True) if one.event == "consented" and one.purpose in OFFERED]
    agreed = {one.purpose for one in own.standing.consents}
    return {
        **shell(studio.kit_of(), link),
        "form": form,
        "stopped_all": (Purpose.ALL, "") in own.standing.objected,
        "objections": [one for one in objections(own) if one["all"] or one["way"]],
        "consents": [
            {"purpose": one.purpose.value, "words": STOP_WORDS[one.purpose], "at": one.at}
            for one in own.standing.consents
        ],
        "texts": [
            {"purpose": one.purpose.value, "words": STOP_WORDS[one.purpose], "version": one.version, "text": one.text}
            for one in texts
            if one.purpose not in agreed and (one.purpose, "") not in own.standing.objected
        ],
        "saved": changes is not None,
        "changes": [change_words(what, value) for what, value in changes or ()],
        "done": done_words(did),
        "here": links.path(link),
    }


def change_words(what: OwnChange, value: str) -> str:
    """One thing that was saved, in a sentence."""
    known: dict[OwnChange, str] = {
        OwnChange.STOPPED: str(STOP_WORDS[Purpose(value)]) if what is OwnChange.STOPPED else "",
        OwnChange.ALLOWED: str(STOP_WORDS[Purpose(value)]) if what is OwnChange.ALLOWED else "",
        OwnChange.CLOSED: str(WAYS.get(value, value)),
        OwnChange.OPENED: str(WAYS.get(value, value)),
        OwnChange.PAUSED: day_words(date.fromisoformat(value), "j F Y") if what is OwnChange.PAUSED else "",
        OwnChange.BEST_TIME: str(TIMES.get(value, value)),
        OwnChange.LANGUAGE: str(LANGUAGES.get(value, value)),
    }
    return str(CHANGE_WORDS[what]) % {"what": known.get(what, value)}


def your_data(
    link: Link, own: OwnRecord, *, forms: dict[str, Any], did: str = "", due: date | None = None
) -> dict[str, Any]:
    """What somebody's own page shows for one hour: history, files, corrections, erasure."""
    page = ledger.timeline(own.key, size=MOST_SHOWN, family=own.family)
    return {
        **shell(studio.kit_of(), link),
        "own": own,
        "until": link.until,
        "sent": sent(page.rows),
        "more": page.older is not None,
        "verdicts": contact.verdicts_about(own.family or (own.key,)),
        "here": links.path(link),
        "done": done_words(did),
        "due": due,
        **forms,
    }


def sent(rows: Sequence[TimelineRow]) -> list[dict[str, Any]]:
    """What went from the house to them, in plain words, newest first."""
    ours = [row for row in rows if row.kind is Kind.TOUCH and row.direction == Direction.OUT]
    names = accounts.labels({row.actor for row in ours})
    return [
        {
            "at": row.occurred_at,
            "words": SENT_WORDS.get(Channel(row.channel or "other"), _("Something else")),
            "about": " · ".join(text for text in (row.campaign, row.asset) if text),
            "by": names.get(row.actor or "", ""),
        }
        for row in ours
    ]
