"""A return that saves itself as it is written, one section at a time."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from priorities.forms.versions import both, clock, first_error, hidden
from priorities.models import AgencyReturn
from priorities.permissions import can_draft_return, can_enter_return
from priorities.sheet import Sheet

from .returning import locked


@require_POST
def save_section(request, pk, section, entering=False):
    """Save the questions, or one priority's part, with the answers to queries on it; while a
    letter is entered, also who sent it and when.

    200  {fields, saved_at}: `fields` are the hidden ones to send next time
    409  what `both` says: somebody else saved first; what was sent is kept in the history
    422  {error}: a sentence
    """
    agency_return = get_object_or_404(AgencyReturn.objects.visible_to(request.user), pk=pk)
    may = can_enter_return if entering else can_draft_return
    if not may(request.user, agency_return):
        raise PermissionDenied
    with transaction.atomic():
        sheet = Sheet(locked(agency_return), request.user, entering=entering, data=request.POST)
        forms = sheet.section(section)
        if not forms:
            sentence = "this is no longer a draft. Open the page again"
            return JsonResponse({"error": sentence}, status=422)
        if wrong := [form for form in forms if not form.is_valid()]:
            return JsonResponse({"error": first_error(wrong[0])}, status=422)
        if any(form.overtaken for form in forms):
            return JsonResponse(both(forms, request.user), status=409)
        sheet.save(forms=forms)
    return JsonResponse({"fields": hidden(forms), "saved_at": clock(timezone.now())})
