"""The Word form of a return: out as a file, and in again into the page on which it is entered."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from board import audit
from board.downloads import attachment
from priorities.models import AgencyReturn
from priorities.permissions import can_draft_return, can_enter_return
from priorities.sheet import Sheet
from priorities.wordform import NOTHING, NotAForm, blank_form, read_form

from .reading import note_reading

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_form(request, pk):
    agency_return = get_object_or_404(
        AgencyReturn.objects.visible_to(request.user).select_related("round__board", "agency"),
        pk=pk,
    )
    user = request.user
    if not (can_enter_return(user, agency_return) or can_draft_return(user, agency_return)):
        raise PermissionDenied
    sheet = Sheet(agency_return, user, entering=False)
    shown = [agency_return, *sheet.parts, *sheet.before_parts.values()]
    marking = note_reading(request, agency_return, [*shown, sheet.before or agency_return])
    name = f"return-{agency_return.round.ref}-{agency_return.agency.slug}.docx"
    return attachment(name, WORD, blank_form(sheet, marking))


def read_upload(sheet):
    """What `read_form` reads in the uploaded file; None, with the error on the entry form, when
    it cannot be read."""
    if sheet.entry.cleaned_data["original"] is None:
        sheet.entry.add_error("original", "Choose the form that came back.")
        return None
    try:
        return read_form(sheet.entry.content)
    except NotAForm as sentence:
        sheet.entry.add_error("original", str(sentence))
        return None


def filled(request, sheet, found, unread):
    """The sheet again, with what the form said in its boxes. Nothing is saved here but what
    `nothing` needs."""
    data = request.POST.copy()
    boxes = {form.add_prefix(name): form for form in sheet.versioned for name in form.fields}
    for name, value in found.items():
        if name in boxes:
            data.setlist(name, value if isinstance(value, list) else [value])
    for part in sheet.parts:
        if part.form and found.get(part.form.add_prefix(NOTHING), "").lower().startswith("yes"):
            part.refresh_from_db()
            part.nothing_to_report = True
            part.version += 1
            part.save()
    again = Sheet(sheet.agency_return, request.user, entering=True, data=data)
    again.renew()
    audit.record("read a Word form", sheet.agency_return, by=request.user)
    messages.success(request, "Read from the form. Nothing is entered yet: check it first.")
    labels = {
        form.add_prefix(n): form.fields[n].label for form in again.versioned for n in form.fields
    }
    if missed := [labels[name] for name in unread if name in labels]:
        messages.warning(request, f"Not understood, so left empty: {', '.join(missed)}.")
    return again
