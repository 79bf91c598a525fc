"""The mail that asks: the question, the numbers 0 to 10 as links in one row, and the way out."""

from __future__ import annotations

from html import escape

from fourfold.studio.types import MailDraft
from fourfold.surveys.types import SCORES, Wording

EXTRA = ("about",)
"""The value that whoever sends it fills in for all; the addresses of the numbers are signed for each person."""


def mail_draft(wording: Wording) -> MailDraft:
    """The wording as a mail template. In plain text each number stands on its own line with its address."""
    numbers = "".join(_number(score) for score in SCORES)
    body = f"""<mj-section><mj-column><mj-text>
<p>Hello {{{{ first_name }}}},</p>
<p>{escape(wording.intro)}</p>
<h2>{escape(wording.question)}</h2>
<p class="quiet">0 is not at all likely, 10 is very likely. One click, then one button.</p>
</mj-text></mj-column></mj-section>
<mj-section padding="4px 26px 8px"><mj-group>{numbers}</mj-group></mj-section>
<mj-section><mj-column><mj-text>
<p>We read answers in groups, without names. If you would like a reply, you can say so on the page.</p>
<p class="quiet"><a href="{{{{ why_url }}}}">Why am I hearing from you?</a> ·
<a href="{{{{ stop_url }}}}">No more surveys</a></p>
</mj-text></mj-column></mj-section>
"""
    extra = tuple(name for name in EXTRA if f"{{{{ {name} }}}}" in body)
    return MailDraft(subject=wording.subject, body=body, preview=wording.question, extra=extra)


def _number(score: int) -> str:
    return (
        f'<mj-column><mj-button href="{{{{ score_{score}_url }}}}" align="center" width="100%" padding="2px" '
        f'inner-padding="11px 0" font-size="15px">{score}</mj-button></mj-column>'
    )
