"""Components: what they promise beyond their looks."""

from __future__ import annotations

import re

from django import forms
from django.template import engines
from django.utils import translation

from fourfold.base.errors import FourfoldError
from fourfold.ui.charts import Interval, Share, interval_plot, share_bar
from fourfold.ui.gallery import SampleForm, sample_forms

NASTY = """<b> "x" onmouseover='y' & """


def rendered(source: str, **context: object) -> str:
    engine = engines["django"].engine
    compiled = engine.template_loaders[0].loaders[0].loaders[0].cotton_compiler.process("{% load ui %}" + source)
    html = engines["django"].from_string(compiled).render(context)
    return re.sub(r"\s+", " ", html).strip()


def test_a_disabled_button_stays_reachable_and_says_why():
    html = rendered('<c-button kind="primary" type="submit" hx-post="/send" disabled="Too soon.">Send</c-button>')
    assert 'type="button" aria-disabled="true" aria-description="Too soon.">Send</button>' in html
    assert ">Too soon.</span>" in html
    assert "hx-post" not in html
    assert "submit" not in html


def test_unknown_attributes_are_passed_on_and_known_ones_are_not():
    html = rendered('<c-button kind="primary" name="go" hx-get="/x?a=1&amp;b=2" hidden>Go</c-button>')
    assert (
        html
        == '<button class="btn btn-primary" type="button" name="go" hx-get="/x?a=1&amp;amp;b=2" hidden="">Go</button>'
    )


def test_values_are_escaped_once_however_they_are_given():
    for source in ('<c-button title="{{ v }}">x</c-button>', '<c-button :title="v">x</c-button>'):
        html = rendered(source, v=NASTY)
        assert 'title="&lt;b&gt; &quot;x&quot; onmouseover=&#x27;y&#x27; &amp; "' in html
    assert "Ana &amp; Bo" in rendered('<c-avatar :name="v" show="true" />', v="Ana & Bo")


def test_a_component_does_not_see_the_pages_variables():
    assert "secret" not in rendered('<c-card title="x">y</c-card>', subtitle="secret", foot="secret")


def test_an_error_is_told_in_three_parts():
    html = rendered('<c-alert :error="error" />', error=FourfoldError("Not sent.", "Too soon.", "Wait until Wed."))
    assert "ff-t-danger" in html
    assert "<strong>Not sent.</strong> <p>Too soon. Wait until Wed.</p>" in html


def test_a_refused_figure_is_still_a_door():
    html = rendered('<c-figure label="ROI" refusal="too small to tell" href="/roi" />')
    assert 'href="/roi" aria-label="ROI: too small to tell"' in html


def test_a_failed_field_is_tied_to_its_hint_and_its_error():
    html = rendered('<c-form :form="form" submit="Save" />', form=sample_forms()["failed"])
    field = re.search(r'<input type="number"[^>]*>', html)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    assert 'aria-describedby="id_failed-day_rate_helptext id_failed-day_rate_error"' in field[0]
    assert 'value="-3"' in field[0]
    assert 'id="id_failed-day_rate_helptext"' in html
    assert 'id="id_failed-day_rate_error"' in html
    assert "5 things need another look" in html


def test_every_link_of_the_error_summary_leads_somewhere():
    html = rendered('<c-form :form="form" />', form=sample_forms()["failed"])
    for target in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{target}"' in html


def test_choices_keep_what_was_chosen_and_their_group_has_a_name():
    form = SampleForm(initial={"basis": "asked"})
    html = rendered('<c-form-field :field="field" />', field=form["basis"])
    assert "<legend>Why may we write?</legend>" in html
    assert html.count('type="radio"') == 3
    assert html.count(" checked") == 1
    assert re.search(r'value="asked"[^>]* checked', html)


def test_a_form_that_gets_needs_no_token_and_a_file_form_sends_its_file():
    class Upload(forms.Form):
        file = forms.FileField()

    assert "csrf" not in rendered('<c-form :form="form" method="get" />', form=SampleForm())
    assert 'enctype="multipart/form-data"' in rendered('<c-form :form="form" />', form=Upload())


def test_progress_asks_again_only_while_it_runs():
    running = rendered('<c-progress id="p" label="Import" done="3" total="12" url="/p" />')
    assert 'hx-get="/p" hx-trigger="every 2s" hx-swap="outerHTML"' in running
    assert 'max="12" value="3"' in running
    assert "hx-" not in rendered('<c-progress id="p" label="Import" done="12" total="12" />')


def test_the_pager_has_no_way_past_its_ends():
    html = rendered('<c-pager older="/?before=9" />')
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html


def test_geometry_is_not_written_in_the_readers_language():
    plot = interval_plot(
        [Interval(label="a", value=1.0, lower=0.3, upper=2.1)], title="t", desc="d", value_label="ROI", reference=0.0
    )
    shares = [Share(label=label, value=value, text="", tone="cash") for label, value in (("a", 1), ("b", 2))]
    bar = share_bar(shares, title="t", desc="d")
    with translation.override("de"):
        html = rendered('<c-interval-plot :plot="plot" /><c-share-bar :bar="bar" />', plot=plot, bar=bar)
    assert f'cx="{plot.rows[0].x}%"' in html
    assert f'width="{bar.parts[0].width}%"' in html


def test_a_refusal_is_words_in_the_plot_and_in_the_table():
    plot = interval_plot([Interval(label="Podcast", refusal="it takes 5")], title="t", desc="d", value_label="ROI")
    html = rendered('<c-interval-plot :plot="plot" />', plot=plot)
    assert html.count("too small to tell") == 2
    assert "<circle" not in html
