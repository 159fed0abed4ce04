from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from board.text import clean
from meetings import rough as laying
from meetings.saving import may_be_written

from .meetings import kept_meeting


class RoughForm(forms.Form):
    text = forms.CharField(
        label="Rough notes of the meeting",
        help_text="A line with an item’s number or title begins that item",
        widget=forms.Textarea({"rows": 20}),
        strip=False,
        error_messages={"required": "Paste the notes"},
    )

    def clean_text(self):
        return clean(self.cleaned_data["text"])


def rough(request, ref):
    """Paste the notes of a whole meeting; each passage goes beside its item."""
    meeting = kept_meeting(request, ref)
    items = list(meeting.items.order_by("number"))
    if sentence := may_be_written(meeting):
        messages.error(request, sentence)
        return redirect(meeting)
    if not items:
        messages.error(request, "There is nothing on the agenda yet: add an item first.")
        return redirect("meetings:agenda", ref)
    form = RoughForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        passages = laying.lay_beside(form.cleaned_data["text"], items)
        try:
            laying.keep(passages)
        except ValidationError as wrong:
            form.add_error("text", wrong)
        else:
            numbers = ", ".join(str(item.number) for item, _ in passages)
            messages.success(request, f"Your notes are beside these items: {numbers}.")
            return redirect(f"{reverse('meetings:minute', args=[ref])}?item={passages[0][0].pk}")
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "title": "Paste rough notes",
            "meta": f"{meeting} · yours alone: they become your working notes, item by item",
            "button": "Lay them beside the items",
            "back": reverse("meetings:minute", args=[ref]),
        },
        status=422 if form.errors else 200,
    )
