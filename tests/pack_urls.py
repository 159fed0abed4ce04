"""A form with every kind of field that the template pack draws, and its pages."""

from pathlib import Path

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Field, Fieldset, Layout, Row, Submit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from board.fields import DayField, DayLineField

AGENCIES = [("fire", "Fire"), ("police", "Police"), ("health", "Health")]


class EveryField(forms.Form):
    """Declared in one order and laid out in another, so that the two cannot be confused."""

    agree = forms.BooleanField(label="We have cleared these words")
    title = forms.CharField(label="Title", help_text="A few words.", max_length=80)
    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput({"autocomplete": "email"})
    )
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    number = forms.IntegerField(label="Times carried over", min_value=0)
    words = forms.CharField(label="What we did", widget=forms.Textarea({"rows": 3}))
    counted = forms.CharField(label="Text for the report", max_length=50, widget=forms.Textarea)
    agency = forms.ChoiceField(label="Lead agency", choices=[("", "Choose one"), *AGENCIES])
    several = forms.MultipleChoiceField(label="Supporting agencies", choices=AGENCIES)
    direction = forms.ChoiceField(
        label="Direction",
        choices=[("up", "Improving"), ("flat", "Steady"), ("down", "Worsening")],
        widget=forms.RadioSelect,
        help_text="Which way is it going?",
    )
    ps = forms.MultipleChoiceField(
        label="Which of the 4 Ps",
        choices=[("pursue", "Pursue"), ("prevent", "Prevent"), ("protect", "Protect")],
        widget=forms.CheckboxSelectMultiple({"class": "options--inline"}),
    )
    due = DayField(label="Due date", help_text="For example 27 9 2018.")
    seen = DayLineField(label="SCP date")
    paper = forms.FileField(label="Paper")
    version = forms.IntegerField(widget=forms.HiddenInput, initial=1, required=False)

    @property
    def helper(self):
        helper = FormHelper()
        helper.layout = Layout(
            "version",
            Fieldset("The return", "due", Row("title", "number"), "words", "counted", "direction"),
            Fieldset("Who and when", "agency", "several", "ps", "seen", "email", "password"),
            Field("paper", wrapper_class="narrow"),
            "agree",
            ButtonHolder(
                Submit("save", "Save"),
                Submit("draft", "Save as a draft", css_class="govuk-button--secondary"),
                Submit("withdraw", "Withdraw", css_class="govuk-button--warning"),
            ),
        )
        return helper


LAYOUT_ORDER = (
    "due title number words counted direction agency several ps seen email password paper agree"
).split()

# What a link of the error summary must give the focus to, where it is not simply id_<name>.
FIRST_INPUTS = {"due": "id_due_0", "direction": "id_direction_0", "ps": "id_ps_0"}


@login_not_required
def every_field(request):
    form = EveryField(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form.is_valid()
    return page(
        request,
        "{% load crispy_forms_tags %}{% crispy form %}",
        form=form,
        heading="Every field",
    )


@login_not_required
def every_part(request):
    messages.success(request, "Received. The agency is told.")
    messages.warning(request, "The round closes today.")
    messages.error(request, "Somebody else was first; the page now shows the present state.")
    points = [{"kind": "none"}, {"kind": "nothing"}, {"kind": "level", "level": 1}]
    points += [{"kind": "level", "level": 2}, {"kind": "level", "level": 3}]
    body = (Path(__file__).parent / "pack_parts.html").read_text()
    return page(request, body, heading="Every part", points=points, form=None, **FRAME)


FRAME = {"section": "priorities", "marking": "OFFICIAL-SENSITIVE", "board_name": "City SOC Board"}


def page(request, body, **context):
    template = engines["django"].from_string(
        '{% extends "base.html" %}{% load crispy_forms_tags %}'
        "{% block title %}{{ heading }}{% endblock %}"
        '{% block heading %}<div class="page-head page-head--ruled">'
        '<h1 class="page-title">{{ heading }}</h1></div>{% endblock %}'
        "{% block content %}" + body + "{% endblock %}"
    )
    return HttpResponse(template.render(context, request))


urlpatterns = [path("every-field/", every_field), path("every-part/", every_part)]
