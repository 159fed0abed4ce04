"""A return that saves itself as it is written, one section at a time."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from board.beside import keep_beside, last_save
from priorities.forms.versions import plain, shown
from priorities.models import AgencyReturn
from priorities.permissions import can_draft_return
from priorities.sheet import Sheet

from .returning import locked


@require_POST
def save_section(request, pk, section):
    """Save the questions, or one priority's part, with the answers to queries on it.

    200  {fields, saved_at}: `fields` are the hidden ones to send next time
    409  {fields, by, saved_at, kept_at, differences}: somebody else saved first; what was sent is
         kept in the history. A difference is {name, label, text, yours, theirs, value}: both as
         read, and theirs as the box holds it
    422  {error}: a sentence
    """
    agency_return = get_object_or_404(AgencyReturn.objects.visible_to(request.user), pk=pk)
    if not can_draft_return(request.user, agency_return):
        raise PermissionDenied
    with transaction.atomic():
        sheet = Sheet(locked(agency_return), request.user, entering=False, data=request.POST)
        forms = sheet.section(section)
        if not forms:
            sentence = "this is no longer a draft. Open the page again"
            return JsonResponse({"error": sentence}, status=422)
        if wrong := [form for form in forms if not form.is_valid()]:
            return JsonResponse({"error": first_error(wrong[0])}, status=422)
        if any(form.overtaken for form in forms):
            return JsonResponse(both(forms, request.user), status=409)
        for form in forms:
            if form.differs and not form.stale:
                form.save()
    return JsonResponse({"fields": hidden(forms), "saved_at": clock(timezone.now())})


def first_error(form):
    name, sentences = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label}: {sentences[0]}" if label else sentences[0]


def hidden(forms):
    """Version and print to send next time. A form that was overtaken, but in which nothing was
    typed, keeps its own: the page still shows the old words there."""
    fields = {}
    for form in forms:
        if not (form.stale and form.differs):
            fields[form.add_prefix("version")] = form.current_version()
            fields[form.add_prefix("seen")] = form.print_of(form.typed)
    return fields


def both(forms, user):
    """What the page needs to show two texts; each form's words are kept beside its record."""
    differences, now = [], timezone.now()
    by, saved_at = last_save(next(form.instance for form in forms if form.overtaken))
    fields = {}
    for form in forms:
        fields |= {
            form.add_prefix("version"): form.current,
            form.add_prefix("seen"): form.print_of(form.row),
        }
        for field, value in form.differences:
            differences.append(
                {
                    "name": field.html_name,
                    "label": field.label,
                    "text": field.name in form.prose,
                    "yours": shown(field.field, field.value()),
                    "theirs": shown(field.field, value),
                    "value": plain(value),
                }
            )
        if form.differs:
            keep_beside(form.instance, by=user, at=now)
    return {
        "fields": fields,
        "by": by,
        "saved_at": clock(saved_at),
        "kept_at": clock(now),
        "differences": differences,
    }


def clock(moment):
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""
