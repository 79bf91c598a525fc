"""Templates of the whole house: nothing inline, nothing from elsewhere, and a comment that says what goes in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fourfold.ui.icons import ICONS

HOUSE = Path(__file__).parents[2]
TEMPLATES = sorted(HOUSE.glob("*/templates/**/*.html"))
COMPONENTS = sorted((HOUSE / "ui/templates/ui/components").glob("*.html"))
MAILS = {"mail", "email"}  # mail clients know no stylesheet: their folders may carry inline style

INLINE = re.compile(
    r"""\sstyle\s*=            # an inline style
    | <style\b                 # a style element
    | <script\b(?![^>]*\bsrc=)(?!\ type="application/ld\+json">) # a script without a file; data is none
    | \son[a-z]+\s*=\s*["']    # an event handler
    | \bhx-on\b | javascript:  # code in attributes
    | hx-(?:vals|headers)[^=]*=["']\s*js: | hx-trigger=["'][^"']*\[  # code that htmx would have to evaluate
    """,
    re.VERBOSE,
)
ELSEWHERE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//(?!www\.w3\.org)""")


def without_comments(text: str) -> str:
    return re.sub(r"\{% comment.*?endcomment %\}|\{#.*?#\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(HOUSE)))
def test_a_template_holds_nothing_inline_and_nothing_from_elsewhere(file):
    if MAILS & set(file.parts):
        pytest.skip("a mail")
    text = without_comments(file.read_text())
    assert INLINE.findall(text) == []
    assert ELSEWHERE.findall(text) == []


@pytest.mark.parametrize(
    "bad", [' style="x"', "<style>", "<script>x</script>", " onclick='x'", 'hx-trigger="click[a]"']
)
def test_the_check_finds_what_it_looks_for(bad):
    assert INLINE.search(bad)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(HOUSE)))
def test_icons_named_in_a_template_are_in_the_sprite(file):
    named = set(re.findall(r"""(?:\{% icon |\bicon=)["']([a-z0-9-]+)["']""", without_comments(file.read_text())))
    assert named - set(ICONS) == set()


@pytest.mark.parametrize("file", COMPONENTS, ids=lambda file: file.stem)
def test_a_component_begins_with_a_comment_that_lists_its_variables(file):
    text = file.read_text()
    comment = re.match(r"\{% comment %\}\n(.+?)\{% endcomment %\}", text, re.DOTALL)
    assert comment, "begin with {% comment %}"
    variables = re.search(r"<c-vars (.*?) ?/>", text, re.DOTALL)
    assert variables, "declare every variable in <c-vars … />"
    declared = set(re.findall(r":?([a-z_]+)(?:=\"[^\"]*\")?", variables.group(1)))
    listed = set(re.findall(r"[a-z_]+", comment.group(1).split("\n", 1)[1]))
    assert declared - listed == set()


def test_the_gallery_shows_every_component():
    gallery = (HOUSE / "ui/templates/ui/gallery.html").read_text()
    shown = {name.replace("-", "_") for name in re.findall(r"<c-([a-z-]+)", gallery)} - {"slot"}
    assert shown == {file.stem for file in COMPONENTS}


def test_the_readme_names_every_token_tone_and_component():
    room = HOUSE / "ui"
    readme = (room / "README.md").read_text()
    tokens = set(re.findall(r"^  (--ff-[a-z0-9-]+):", (room / "static/ui/tokens.css").read_text(), re.MULTILINE))
    tones = set(re.findall(r"^\.(ff-t-[a-z]+) ", (room / "static/ui/app.css").read_text(), re.MULTILINE))
    components = {f"c-{file.stem.replace('_', '-')}" for file in COMPONENTS}
    assert {name for name in tokens | tones | components if f"`{name}`" not in readme} == set()


@pytest.mark.parametrize("name", ["app.css", "charts.css"])
def test_styles_use_tokens_that_exist_and_no_raw_colours(name):
    css = (HOUSE / "ui/static/ui" / name).read_text()
    tokens = (HOUSE / "ui/static/ui/tokens.css").read_text()
    used = set(re.findall(r"var\((--ff-[a-z0-9-]+)", css))
    assert {token for token in used if f"{token}:" not in tokens} == set()
    colours = set(re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)))
    assert (
        colours - {"#1d7d75"} == set()
    )  # a ticked box in the dark: the white tick needs a darker ground than the accent


HELD = r'"(?:[^"{]|\{[^{%]|\{\{.*?\}\}|\{%.*?%\})*"'  # an attribute's value, in which a tag may hold quotation marks
USED = re.compile(rf"<c-([a-z-]+)((?:\s+:?[a-zA-Z_-]+(?:={HELD})?)*)\s*/?>", re.DOTALL)
PASSED = {"id", "name", "value", "download", "formaction", "formnovalidate", "popovertarget", "popovertargetaction"}
VARIABLES = {
    file.stem.replace("_", "-"): set(re.findall(r"\s:?([a-z_]+)", vars_[1])) if vars_ else set()
    for file in COMPONENTS
    if (vars_ := re.search(r"<c-vars(.*?)/>", file.read_text(), re.DOTALL)) or True
}


def misplaced(text: str) -> list[tuple[str, str]]:
    """Attributes that a component neither knows nor passes on to good purpose, such as a title where it says what."""
    found = []
    for name, attributes in USED.findall(without_comments(text)):
        for given in re.findall(r"\s:?([a-zA-Z_-]+)", re.sub(HELD, "", attributes)):
            known = given.replace("-", "_") in VARIABLES.get(name, set()) or given in PASSED
            if name not in {"slot", "vars"} and not known and not given.startswith(("aria-", "data-", "hx-")):
                found.append((name, given))
    return found


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(HOUSE)))
def test_a_component_is_given_what_it_knows(file):
    assert misplaced(file.read_text()) == []


def test_what_a_component_does_not_know_is_found():
    assert misplaced("""<c-alert tone="warning" title="{% translate "No terms" %}">x</c-alert>""") == [
        ("alert", "title")
    ]
    assert misplaced("""<c-button name="a" hx-get="/x" hidden>x</c-button>""") == [("button", "hidden")]
