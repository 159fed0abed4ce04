"""The Word form of a return: out as a file, and in again into the page on which it is entered."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from board import audit
from board.downloads import attachment
from priorities.emails import read_email
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
    """(what `read_form` reads in the uploaded file, the Letter when that is an e-mail or None);
    None, with the error on the entry form, when it cannot be read."""
    upload = sheet.entry.cleaned_data["original"]
    if upload is None:
        sheet.entry.add_error("original", "Choose the form that came back.")
        return None
    content, letter = sheet.entry.content, None
    try:
        if upload.name.lower().endswith(".eml"):
            letter = read_email(content)
        return read_form(letter.form if letter else content), letter
    except NotAForm as sentence:
        sheet.entry.add_error("original", str(sentence))
        return None


def filled(request, sheet, answers, letter):
    """The sheet again, with what the form said in its boxes, and who sent the e-mail and when
    where that was not typed. Nothing is saved here but what `nothing` needs."""
    found, unread = answers
    data = request.POST.copy()
    if letter and not data.get("sender", "").strip():
        data["sender"] = letter.sender
    if letter and letter.sent_on and not sheet.entry.cleaned_data["sent_on"]:
        for box in ("day", "month", "year"):
            data[f"sent_on_{box}"] = str(getattr(letter.sent_on, box))
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
    unsaid = [] if letter is None or letter.sender else ["who sent it"]
    unsaid += [] if letter is None or letter.sent_on else ["when it was sent"]
    if unsaid:
        messages.warning(request, f"The e-mail does not say {' or '.join(unsaid)}: write it here.")
    labels = {
        form.add_prefix(n): form.fields[n].label for form in again.versioned for n in form.fields
    }
    if missed := [labels[name] for name in unread if name in labels]:
        messages.warning(request, f"Not understood, so left empty: {', '.join(missed)}.")
    return again
