"""The crispy-forms pack in templates/govuk/, the days of board/fields.py, and the built CSS."""

import datetime
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from board.fields import DayField, DayLineField
from board.templatetags.govuk import error_list, error_texts, form_problems
from tests.pack_urls import AGENCIES, FIRST_INPUTS, LAYOUT_ORDER, EveryField

STATIC = Path(__file__).resolve().parent.parent / "static"


class Page(HTMLParser):
    """Start tags of a piece of HTML, as (name, attributes)."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def by_id(self, id):
        found = [(tag, attrs) for tag, attrs in self.tags if attrs.get("id") == id]
        assert len(found) == 1, f"{id} stands {len(found)} times"
        return found[0]

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def draw(source, **context):
    loads = "{% load crispy_forms_tags govuk %}"
    return Template(loads + source).render(Context(context))


@pytest.fixture
def unanswered():
    form = EveryField({}, {})
    assert not form.is_valid()
    return form


def test_every_link_of_the_summary_names_an_input_in_the_order_of_the_layout(unanswered):
    page = Page(render_crispy_form(unanswered))
    links = [a["href"][1:] for a in page.all("a")]
    assert links == [FIRST_INPUTS.get(name, f"id_{name}") for name in LAYOUT_ORDER]
    for target in links:
        tag, attrs = page.by_id(target)
        assert tag in {"input", "select", "textarea"}
        assert attrs.get("type") != "hidden"


def test_each_field_is_tied_to_its_hint_and_its_error(unanswered):
    page = Page(render_crispy_form(unanswered))
    for _, attrs in page.tags:
        for id in attrs.get("aria-describedby", "").split():
            page.by_id(id)
        for target in attrs.get("for", "").split():
            page.by_id(target)
    assert page.by_id("id_title")[1]["aria-describedby"] == "id_title_helptext id_title_error"
    assert page.by_id("id_counted")[1]["aria-describedby"] == "id_counted_error id_counted-info"
    fieldsets = [f.get("aria-describedby") for f in page.all("fieldset")]
    assert "id_direction_helptext id_direction_error" in fieldsets
    assert "id_due_helptext id_due_error" in fieldsets


def test_every_control_shows_that_it_is_wrong(unanswered):
    page = Page(render_crispy_form(unanswered))
    wrong = [f"id_{n}" for n in LAYOUT_ORDER if n not in {"due", "direction", "ps", "agree"}]
    for id in [*wrong, "id_due_0", "id_due_1", "id_due_2"]:
        attrs = page.by_id(id)[1]
        assert "--error" in attrs["class"], id
        assert attrs["aria-invalid"] == "true", id


def test_the_browser_is_never_asked_to_judge(unanswered):
    page = Page(render_crispy_form(unanswered))
    assert not [attrs for _, attrs in page.tags if "required" in attrs]
    (form,) = page.all("form")
    assert "novalidate" in form
    assert form["enctype"] == "multipart/form-data"


def test_attributes_a_form_sets_reach_the_control(unanswered):
    page = Page(render_crispy_form(unanswered))
    assert page.by_id("id_email")[1]["autocomplete"] == "email"
    assert page.by_id("id_email")[1]["type"] == "email"
    assert page.by_id("id_number")[1]["inputmode"] == "numeric"
    assert page.by_id("id_number")[1]["min"] == "0"
    assert page.by_id("id_words")[1]["rows"] == "3"
    assert page.by_id("id_title")[1]["maxlength"] == "80"
    assert page.by_id("div_id_paper")[1]["class"].endswith(" narrow")
    assert page.by_id("id_due_2")[1]["class"].startswith("govuk-input govuk-input--width-4")


def test_a_count_needs_no_hint_and_cuts_nothing_off():
    html = draw("{{ form.counted|as_crispy_field }}", form=EveryField())
    page = Page(html)
    counted = page.by_id("id_counted")[1]
    assert counted["class"] == "govuk-textarea govuk-js-character-count"
    assert counted["aria-describedby"] == "id_counted-info"
    assert "maxlength" not in counted
    wrapper = page.by_id("div_id_counted")[1]
    assert wrapper["data-module"] == "govuk-character-count"
    assert wrapper["data-maxlength"] == "50"
    assert "You can enter up to 50 characters" in html


def test_a_large_count_reaches_the_script_without_a_separator(settings):
    settings.USE_THOUSAND_SEPARATOR = True

    class Long(forms.Form):
        words = forms.CharField(max_length=12000, widget=forms.Textarea)

    html = draw("{{ form.words|as_crispy_field }}", form=Long())
    assert Page(html).by_id("div_id_words")[1]["data-maxlength"] == "12000"


def test_choices_come_back_as_they_were_given():
    form = EveryField({"direction": "flat", "ps": ["pursue", "protect"], "agree": "on"}, {})
    form.is_valid()
    page = Page(render_crispy_form(form))
    chosen = [attrs["id"] for attrs in page.all("input") if "checked" in attrs]
    assert chosen == ["id_direction_1", "id_ps_0", "id_ps_2", "id_agree"]


def test_fields_alone_hold_no_form_tag_and_no_summary(unanswered):
    html = draw("{{ form|crispy }}", form=unanswered)
    page = Page(html)
    assert not page.all("form")
    assert "govuk-error-summary" not in html
    assert len(page.all("label")) > len(AGENCIES)


def test_a_form_without_a_tag_leaves_the_summary_to_the_page(unanswered):
    helper = FormHelper()
    helper.form_tag = False
    html = draw("{% crispy form helper %}", form=unanswered, helper=helper)
    assert "<form" not in html
    assert "govuk-error-summary" not in html
    assert html.count("Enter the due date") == 1


def test_buttons_send_their_name_and_stop_a_double_click():
    buttons = Page(render_crispy_form(EveryField())).all("button")
    assert [b["name"] for b in buttons] == ["save", "draft", "withdraw"]
    assert {b["type"] for b in buttons} == {"submit"}
    assert {b["data-prevent-double-click"] for b in buttons} == {"true"}
    assert "govuk-button--secondary" in buttons[1]["class"]
    assert "govuk-button--warning" in buttons[2]["class"]


def test_words_from_outside_are_escaped():
    class Hostile(forms.Form):
        pick = forms.ChoiceField(
            label="<b>Pick</b>", choices=[('"><i>', "<i>x</i>")], widget=forms.RadioSelect
        )
        words = forms.CharField(label="<b>Words</b>", max_length=2, widget=forms.Textarea)

    form = Hostile({"words": "</textarea><i>"})
    form.is_valid()
    html = render_crispy_form(form)
    assert not Page(html).all("i")
    assert not Page(html).all("b")
    assert "&lt;/textarea&gt;&lt;i&gt;" in html


class Reason(forms.Form):
    reason = forms.CharField(label="Reason")

    def clean(self):
        raise forms.ValidationError("The round has closed.")


def test_a_formset_has_one_tag_and_one_summary():
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-reason": "x"}
    formset = forms.formset_factory(Reason, extra=2)(data)
    assert not formset.is_valid()
    html = draw("{% crispy formset helper %}", formset=formset, helper=FormHelper())
    page = Page(html)
    assert len(page.all("form")) == 1
    assert html.count("There is a problem") == 1
    assert page.by_id("id_form-TOTAL_FORMS")[1]["type"] == "hidden"
    assert page.by_id("id_form-1-reason")
    assert "The round has closed." in html


def test_one_summary_for_several_forms_says_which_is_meant():
    first, second = Reason({}, prefix="drugs"), Reason({}, prefix="fraud")
    first.summary_label, second.summary_label = "Drugs", "Fraud"
    html = render_to_string("components/error_summary.html", {"forms": [first, second]})
    assert re.findall(r'href="#([^"]+)">([^<]+)', html) == [
        ("id_drugs-reason", "Drugs: Enter the reason"),
        ("id_fraud-reason", "Fraud: Enter the reason"),
    ]
    assert html.count("The round has closed.") == 2


def test_no_summary_where_nothing_is_wrong():
    assert render_to_string("components/error_summary.html", {"form": EveryField()}).strip() == ""
    assert error_list(None, "", EveryField()) == []


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("Due date", "Enter the due date"),
        ("SCP date", "Enter the SCP date"),
        ("X", "Enter the x"),
        ("What was said", "Write something under “What was said”"),
        ("Agreed on", "Write something under “Agreed on”"),
    ],
)
def test_what_is_required_is_named(label, sentence):
    class One(forms.Form):
        field = forms.CharField(label=label)

    assert form_problems(One({})) == [{"target": "id_field", "text": sentence}]


class Kinds(forms.Form):
    agency = forms.ChoiceField(label="For the seat of", choices=[("fire", "Fire")])
    kind = forms.ChoiceField(choices=[("police", "Police")])
    start = DayField(label="First day")
    end = DayField(label="Put to")
    name = forms.CharField(max_length=5)
    mail = forms.EmailField(label="Office e-mail address")
    quorum = forms.IntegerField(min_value=1, max_value=9)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("agency", "", "Choose an answer under “For the seat of”"),
        ("kind", "", "Choose the kind"),
        ("kind", "army", "Choose one of the answers offered under “Kind”"),
        ("start", "", "Enter the first day"),
        ("end", "", "Give a day under “Put to”"),
        ("name", "Harbour", "Name must be 5 characters or fewer; it has 7"),
        ("mail", "nowhere", "Enter an e-mail address such as name@example.org"),
        ("quorum", "few", "Quorum must be a whole number, such as 3"),
        ("quorum", "0", "Quorum must be 1 or more"),
        ("quorum", "10", "Quorum must be 9 or less"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_label(field, value, sentence):
    form = Kinds({field: value})
    assert error_texts(form[field]) == [sentence]


def test_an_error_of_the_whole_form_is_said_once():
    form = Reason({})
    html = render_to_string("components/error_summary.html", {"form": form})
    assert (html + draw("{{ form|crispy }}", form=form)).count("The round has closed.") == 1


def test_a_sentence_of_the_form_itself_is_kept():
    class One(forms.Form):
        field = forms.CharField(error_messages={"required": "Say what you did"})

    assert form_problems(One({}))[0]["text"] == "Say what you did"


class Dates(forms.Form):
    due = DayField(label="Due date")
    seen = DayLineField(label="Seen", required=False)


def due(day, month, year, seen=""):
    return Dates({"due_day": day, "due_month": month, "due_year": year, "seen": seen})


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("27", "9", "2018"), (" 27 ", "09", "2018"), ("27", "Sep", "2018"), ("27", "sept", "2018")],
)
def test_a_day_in_three_boxes(day, month, year):
    form = due(day, month, year)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due"] == datetime.date(2018, 9, 27)


@pytest.mark.parametrize(
    ("boxes", "sentence", "target"),
    [
        (("", "", ""), "Enter the due date", "id_due_0"),
        (("27", "", "2018"), "Give a month", "id_due_1"),
        (("", "9", ""), "Give a day and a year", "id_due_0"),
        (("27", "9", "18"), "Give the year in four numbers", "id_due_2"),
        (("27", "13", "2018"), "Give a real date, such as 27 9 2018", "id_due_1"),
        (("30", "2", "2018"), "Give a real date, such as 27 9 2018", "id_due_0"),
        (("²", "9", "2018"), "Give a real date, such as 27 9 2018", "id_due_0"),
        (("27", "ma", "2018"), "Give a real date, such as 27 9 2018", "id_due_1"),
        (("27", "9", "0000"), "Give a real date, such as 27 9 2018", "id_due_0"),
    ],
)
def test_a_wrong_day_is_shown_again_and_the_link_leads_to_the_wrong_box(boxes, sentence, target):
    form = due(*boxes)
    assert form_problems(form) == [{"target": target, "text": sentence}]
    page = Page(draw("{{ form.due|as_crispy_field }}", form=form))
    shown = [page.by_id(f"id_due_{n}")[1].get("value", "") for n in range(3)]
    assert shown == list(boxes)
    assert "govuk-input--error" in page.by_id(target)[1]["class"]


def test_a_day_already_known_fills_the_boxes():
    form = Dates(initial={"due": datetime.date(2018, 9, 27), "seen": datetime.date(2018, 10, 1)})
    page = Page(draw("{{ form|crispy }}", form=form))
    assert [page.by_id(f"id_due_{n}")[1]["value"] for n in range(3)] == ["27", "9", "2018"]
    assert page.by_id("id_seen")[1]["value"] == "1 Oct 2018"


def test_an_untouched_day_has_not_changed():
    day = datetime.date(2018, 9, 27)
    data = {"due_day": "27", "due_month": "9", "due_year": "2018", "seen": "27 Sep 2018"}
    assert Dates(data, initial={"due": day, "seen": day}).changed_data == []
    assert Dates({**data, "due_day": "28"}, initial={"due": day, "seen": day}).changed_data == [
        "due"
    ]


@pytest.mark.parametrize(
    "text",
    ["31 Oct 2018", "31 october 2018", "31/10/2018", "31.10.2018", "2018-10-31", " 31 10 2018 "],
)
def test_a_day_on_one_line(text):
    form = due("1", "1", "2018", seen=text)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["seen"] == datetime.date(2018, 10, 31)


@pytest.mark.parametrize("text", ["31 Nov 2018", "Friday", "10/31/2018", "31 Oct 18", "31 Oct"])
def test_a_wrong_line_is_shown_again(text):
    form = due("1", "1", "2018", seen=text)
    assert form.errors["seen"] == ["Give a real date, such as 31 Oct 2018"]
    page = Page(draw("{{ form.seen|as_crispy_field }}", form=form))
    assert page.by_id("id_seen")[1]["value"] == text


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "413", "429", "500"])
def test_an_error_page_needs_neither_request_nor_database(code):
    html = render_to_string(f"{code}.html")
    heading = re.search(r"<h1[^>]*>([^<]+)</h1>", html)[1]
    assert f"<title>{heading} – SOC Board</title>" in html
    assert "<nav" not in html
    assert html.count("<p>") >= 3  # what happened, what to do, where to go


def test_the_page_says_where_one_is_and_how_it_is_marked():
    html = render_to_string(
        "base.html",
        {
            "user": SimpleNamespace(is_authenticated=True),
            "section": "meetings",
            "marking": "OFFICIAL-SENSITIVE",
            "board_name": "City SOC Board",
            "role_name": "Secretary",
        },
    )
    assert re.findall(r'aria-current="true">([^<]+)', html) == ["Meetings"]
    assert html.count("<strong>OFFICIAL-SENSITIVE</strong>") == 2
    assert "the highest marking on this page" in html
    assert re.search(r'<form method="post" action="/accounts/logout/">', html)
    assert ">Secretary</a>" in html


def test_a_visitor_sees_no_navigation():
    html = render_to_string("base.html", {})
    assert "<nav" not in html
    assert "Sign out" not in html
    assert html.count("<strong>OFFICIAL</strong>") == 2


def test_the_look_is_our_own():
    css = (STATIC / "build" / "app.css").read_text()
    assert ".govuk-input" in css
    assert ".cell--none" in css
    for foreign in ("GDS", "crown", "crest", "url(", "@font-face"):
        assert foreign not in css, foreign


def test_nothing_is_inline_in_any_template():
    templates = Path(STATIC.parent / "templates")
    pages = [p for p in templates.rglob("*.html") if "pdf" not in p.parts]
    assert len(pages) > 30
    for path in pages:
        text = path.read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", text), path
        for script in re.findall(r"<script[^>]*>", text):
            assert "csp_nonce" in script or "application/json" in script, path
