"""The whole report on one form. Every act saves what was typed before it does anything else."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from board.beside import keep_beside
from board.markings import Marking
from board.text import clean
from priorities.forms.versions import both, clock, first_error, hidden
from reports import checks, editing
from reports.contents import gather
from reports.editing import Editor
from reports.models import CommitteeReport, Paragraph, ParagraphSource, Section
from reports.permissions import can_edit_report
from reports.record import record_of
from reports.sources import Standing
from reports.views.doors import key_of, visible_report


def edit(request, ref):
    report = visible_report(request.user, ref)
    if not can_edit_report(request.user, report):
        raise PermissionDenied
    if report.state != CommitteeReport.State.DRAFT:
        return not_a_draft(request, report)
    if request.method == "POST":
        return save(request, report)
    return show(request, Editor(gather(report)))


def not_a_draft(request, report):
    state = report.get_state_display().lower()
    if wants_json(request):
        return JsonResponse({"error": f"this report is {state}: open it again"}, status=422)
    messages.error(request, f"Nothing was changed: this report is {state}.")
    return redirect(report)


def save(request, report):
    with transaction.atomic():
        locked = CommitteeReport.objects.locked(report.pk)
        if locked.state != CommitteeReport.State.DRAFT:
            return not_a_draft(request, locked)
        if wants_json(request):
            return autosave(request, Editor(gather(locked, sources=None), request.POST))
        editor = Editor(gather(locked), request.POST)
        if not editor.is_valid():
            return show(request, editor, status=422)
        if editor.overtaken or editor.lost():
            return overtaken(request, editor)
        editor.save()
        act, _, number = request.POST.get("act", "save").partition(":")
        place = ACTS.get(act, nothing)(request, locked, key_of(number))
    return redirect(f"{reverse('reports:edit', args=[report.ref])}{place}")


def autosave(request, editor):
    """What was typed in one box, saved as it is typed.

    200  {fields, saved_at}: `fields` are the hidden ones to send next time
    409  what `both` says: somebody else saved first; what was sent is kept in the history
    422  {error}: a sentence
    """
    if editor.lost():
        sentence = "somebody removed this meanwhile. Press Save: your words then stand at the end"
        return JsonResponse({"error": sentence}, status=422)
    if wrong := [form for form in editor.typed if not form.is_valid()]:
        return JsonResponse({"error": first_error(wrong[0])}, status=422)
    if editor.overtaken:
        return JsonResponse(both(editor.typed, request.user), status=409)
    editor.save()
    return JsonResponse({"fields": hidden(editor.typed), "saved_at": clock(timezone.now())})


def overtaken(request, editor):
    """409: nothing is saved; both texts are shown, and what was typed stays in the boxes."""
    now = timezone.now()
    for form in editor.overtaken:
        keep_beside(form.instance, by=request.user, at=now)
    editor.keep_both()
    return show(request, editor, status=409)


def show(request, editor, status=200):
    held = [item for item in editor.contents.paragraphs if item.held]
    changed = [item for item in editor.contents.paragraphs if item.changed]
    sensitive = any(r.standing == Standing.SENSITIVE for item in held for r in item.readings)
    context = {
        "marking": Marking.SENSITIVE if sensitive else Marking.OFFICIAL,
        "marking_note": "a source; the report itself holds none of its words" if sensitive else "",
        "report": editor.report,
        "editor": editor,
        "forms": editor.forms if status == 422 else None,
        "has_errors": status == 422,
        "document": editor.contents.document(draft=True, hold=True),
        "stale": status == 409,
        "held": held,
        "changed": changed,
        "carried": [i for i in editor.contents.paragraphs if i.paragraph.carried_from],
        "from_record": record_of(editor.report) is not None,
    }
    return render(request, "reports/edit.html", context, status=status)


def wants_json(request):
    return request.headers.get("Accept") == "application/json"


# The acts: each gets the locked report and a number, and says where on the page to go on.


def nothing(request, report, number):
    messages.success(request, f"Saved {clock(timezone.now())}.")
    return ""


def paragraph_of(report, number):
    return (
        Paragraph.objects.filter(section__report=report, pk=number)
        .select_related("section")
        .first()
    )


def move_up(request, report, number):
    return moved(request, report, number, -1)


def move_down(request, report, number):
    return moved(request, report, number, 1)


def moved(request, report, number, step):
    if paragraph := paragraph_of(report, number):
        editing.move(report, paragraph, step)
        editing.touch(report)
        return f"#id_p{paragraph.pk}-text"
    return gone(request)


def add_below(request, report, number):
    if paragraph := paragraph_of(report, number):
        new = editing.add_paragraph(paragraph.section, after=paragraph)
        editing.touch(report)
        return f"#id_p{new.pk}-text"
    return gone(request)


def add_inside(request, report, number):
    section = report.sections.filter(pk=number).first() or editing.last_section(report)
    new = editing.add_paragraph(section)
    editing.touch(report)
    return f"#id_p{new.pk}-text"


def split(request, report, number):
    paragraph = paragraph_of(report, number)
    if paragraph is None:
        return gone(request)
    made = editing.split(paragraph, clean(request.POST.get("below-text", "")))
    if made:
        editing.touch(report)
    else:
        messages.error(request, "Put an empty line where the paragraph is to be split, then split.")
    return f"#id_p{(made[0] if made else paragraph).pk}-text"


def join(request, report, number):
    paragraph = paragraph_of(report, number)
    if paragraph is None:
        return gone(request)
    above = editing.join_up(paragraph)
    if above:
        editing.touch(report)
    else:
        messages.error(request, "There is no paragraph above in this part to join it to.")
    return f"#id_p{(above or paragraph).pk}-text"


def remove(request, report, number):
    if paragraph := paragraph_of(report, number):
        paragraph.delete()
        editing.touch(report)
        messages.success(request, "The paragraph was removed. It can be put back from Versions.")
        return ""
    return gone(request)


def put_back(request, report, number):
    """From the page of versions: the words of an earlier one; those of now stay among them."""
    paragraph = editing.put_back(report, number)
    if paragraph is None:
        return gone(request)
    editing.touch(report)
    messages.success(request, "The earlier words were put back.")
    return f"#id_p{paragraph.pk}-text"


def add_heading(request, report, number):
    section = editing.add_section(report)
    editing.touch(report)
    return f"#id_s{section.pk}-heading"


def section_up(request, report, number):
    return section_moved(request, report, number, -1)


def section_down(request, report, number):
    return section_moved(request, report, number, 1)


def section_moved(request, report, number, step):
    section = Section.objects.filter(report=report, pk=number).first()
    if section is None:
        return gone(request)
    editing.move_section(report, section, step)
    editing.touch(report)
    return f"#id_s{section.pk}-heading"


def remove_heading(request, report, number):
    section = Section.objects.filter(report=report, pk=number).first()
    if section is None:
        return gone(request)
    if section.paragraphs.exists():
        messages.error(request, "Move or remove its paragraphs first, then the heading.")
        return f"#id_s{section.pk}-heading"
    section.delete()
    editing.touch(report)
    messages.success(request, "The heading was removed.")
    return ""


def take(request, report, number):
    """The record's words as they are now, in place of the paragraph that rested on older ones."""
    paragraph = paragraph_of(report, number)
    if paragraph is None:
        return gone(request)
    if editing.take_new_words(report, paragraph):
        messages.success(request, "The new words were taken.")
    else:
        messages.error(
            request,
            "The record has no words for this paragraph any more: remove it, or keep yours "
            "with a reason.",
        )
    return f"#id_p{paragraph.pk}-text"


def keep(request, report, number):
    """Keep the paragraph though its source has changed; the reason is kept with the finding."""
    source = ParagraphSource.objects.filter(pk=number, paragraph__section__report=report).first()
    if source is None:
        return gone(request)
    reason = request.POST.get(f"reason-{source.pk}", "").strip()[:300]
    findings = [
        finding
        for finding in checks.open_findings(report)
        if finding.can_take and finding.reading.source.pk == source.pk
    ]
    if not reason:
        messages.error(request, "Enter the reason for keeping your words.")
    elif findings:
        checks.accept(report, findings[0], by=request.user, reason=reason)
        messages.success(request, "Your words stay, with the reason.")
    return f"#id_p{source.paragraph_id}-text"


def holds(request, report, number):
    """What was carried over from an earlier report still holds."""
    paragraph = paragraph_of(report, number)
    if paragraph is None:
        return gone(request)
    paragraph.carried_from = ""
    paragraph.save()
    editing.touch(report)
    return f"#id_p{paragraph.pk}-text"


def from_record(request, report, number):
    added = editing.add_from_record(report)
    if added:
        messages.success(
            request, f"{added} {'paragraph was' if added == 1 else 'paragraphs were'} added."
        )
    else:
        messages.info(request, "The record holds nothing cleared that is not here already.")
    return ""


def gone(request):
    messages.error(request, "Nothing was changed: somebody has removed that already.")
    return ""


ACTS = {
    "up": move_up,
    "down": move_down,
    "add": add_below,
    "add-in": add_inside,
    "split": split,
    "join": join,
    "remove": remove,
    "put-back": put_back,
    "heading": add_heading,
    "section-up": section_up,
    "section-down": section_down,
    "remove-heading": remove_heading,
    "take": take,
    "keep": keep,
    "holds": holds,
    "record": from_record,
}
