"""The papers of a meeting: listed, added, read one by one, and bound into the pack."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from board import audit
from board.confirm import acts, confirm
from board.downloads import pdf_response
from board.markings import highest
from board.pdf import RenderError
from meetings import pages
from meetings import papers as shelf
from meetings.brief import brief_pdf
from meetings.forms import PaperForm
from meetings.models import Meeting, Paper, PaperFile, Part
from meetings.pack import pack_pdf, volume_of
from meetings.permissions import can_keep_meeting, can_read_notes

from .agenda import form_status, item_of
from .meetings import agenda_shown, kept_meeting, visible_meeting

CLOSED = (Meeting.State.CANCELLED, Meeting.State.POSTPONED)


def shown_meeting(request, ref):
    """The meeting, when this person may see its agenda; 404 otherwise."""
    meeting = visible_meeting(request, ref)
    if not agenda_shown(request.user, meeting):
        raise Http404
    return meeting


def visible_paper(request, meeting, pk):
    found = pages.with_files(Paper.objects.of(meeting).visible_to(request.user))
    return get_object_or_404(found, pk=pk)


def kept_paper(request, ref, pk):
    """(meeting, paper) for the secretary."""
    meeting = kept_meeting(request, ref)
    return meeting, get_object_or_404(pages.with_files(Paper.objects.of(meeting)), pk=pk)


def back_to(meeting, item):
    return f"{reverse('meetings:papers', args=[meeting.ref])}#item-{item}"


def papers(request, ref):
    """Item by item: what is there, its pages, and for the secretary what can be added."""
    meeting = shown_meeting(request, ref)
    user = request.user
    keeps = can_keep_meeting(user, meeting)
    rows = list(
        pages.with_files(Paper.objects.of(meeting).visible_to(user)).select_related(
            "added_by", "withdrawn_by", "priority_return", "threat", "minutes"
        )
    )
    if meeting.published_at is None:
        every = pages.with_files(Paper.objects.of(meeting).listed())
        pages.number_all(numbered := list(every))
        places = {paper.pk: paper.first_page for paper in numbered}
        for paper in rows:
            paper.first_page = places.get(paper.pk)
    items = list(meeting.items.select_related("meeting", "threat").order_by("number"))
    for item in items:
        item.rows = [paper for paper in rows if paper.item_id == item.pk]
        for paper in item.rows:
            paper.span = pages.span(paper)
            paper.acts = acts(shelf.PAPER, user, paper, "meetings:paper_verb") if keeps else []
        item.at_hand = []
        if keeps:
            found = shelf.at_hand(user, item)
            item.at_hand = [(shelf.key_of(row), shelf.record_title(row)) for row in found]
    return render(
        request,
        "meetings/papers.html",
        {
            "meeting": meeting,
            "items": items,
            "keeps": keeps and meeting.state not in CLOSED,
            "restricted": any(paper.restricted for paper in rows),
            "marking": highest(rows),
        },
    )


def new(request, ref, item):
    meeting = kept_meeting(request, ref)
    found = item_of(meeting, item)
    if meeting.state in CLOSED:
        messages.error(request, "This meeting takes no more papers.")
        return redirect(back_to(meeting, item))
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        instance=Paper(item=found),
        meeting=meeting,
    )
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]
        with transaction.atomic():
            paper = shelf.add(form.save(commit=False), upload, by=request.user, at=timezone.now())
            form.save_m2m()
            audit.record("add a paper", paper, by=request.user, digest=digest_of(paper))
        messages.success(request, done(paper, upload))
        return redirect(back_to(meeting, item))
    return form_page(request, meeting, form, "Add a paper", found)


def digest_of(paper):
    found = PaperFile.objects.filter(paper=paper).values_list("sha256", flat=True).first()
    return found or ""


def done(paper, upload):
    """What became of the paper, in a sentence or two."""
    words = [f"“{paper.title}” is with item {paper.item.number}."]
    if upload and not upload.pages:
        words.append("It does not join the pack: it is read by itself.")
    if upload and upload.left_out:
        words.append(f"Left out of the file: {', '.join(upload.left_out)}.")
    return " ".join(words)


def edit(request, ref, pk):
    meeting, paper = kept_paper(request, ref, pk)
    if paper.source:
        messages.error(request, "This paper is taken from a record: it changes with that.")
        return redirect(back_to(meeting, paper.item_id))
    has_file = hasattr(paper, "file")
    if request.method != "POST":
        form = PaperForm(instance=paper, meeting=meeting, has_file=has_file)
        return form_page(request, meeting, form, "Change the paper", paper.item)
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        row = Paper.objects.select_for_update(of=("self",)).select_related("item").get(pk=pk)
        form = PaperForm(
            request.POST, request.FILES, instance=row, meeting=meeting, has_file=has_file
        )
        if form.is_valid():
            form.save()
            upload = form.cleaned_data.get("upload")
            if upload:
                shelf.keep(row, upload, meeting, at=timezone.now())
            audit.record("change a paper", row, by=request.user, digest=digest_of(row))
            messages.success(request, done(row, upload))
            return redirect(back_to(meeting, row.item_id))
    return form_page(request, meeting, form, "Change the paper", paper.item)


def form_page(request, meeting, form, title, item):
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "title": title,
            "meta": f"{meeting}, item {item}",
            "button": "Save",
            "back": back_to(meeting, item.pk),
            "marking": highest([form.instance]) if form.instance.pk else None,
        },
        status=form_status(form),
    )


@require_POST
def take(request, ref, item):
    """Add what is chosen of the records that belong to an item, with one press."""
    meeting = kept_meeting(request, ref)
    found = item_of(meeting, item)
    found.meeting = meeting
    chosen = set(request.POST.getlist("record"))
    records = [row for row in shelf.at_hand(request.user, found) if shelf.key_of(row) in chosen]
    if not records:
        messages.error(request, "Nothing was added: choose at least one.")
        return redirect(back_to(meeting, item))
    try:
        with transaction.atomic():
            shelf.take(found, records, by=request.user, at=timezone.now())
            audit.record(
                "add papers from the record",
                found,
                by=request.user,
                note=f"{len(records)} added",
            )
    except RenderError as failure:
        messages.error(request, str(failure))
    else:
        number = len(records)
        messages.success(
            request, "1 paper is added." if number == 1 else f"{number} papers are added."
        )
    return redirect(back_to(meeting, item))


@require_POST
def remove(request, ref, pk):
    """Before the agenda is published a paper can go without a trace but the trail's."""
    meeting, paper = kept_paper(request, ref, pk)
    if meeting.published_at:
        messages.error(
            request, "Nothing was changed: the agenda is published. Withdraw the paper instead."
        )
    else:
        with transaction.atomic():
            audit.record("remove a paper", paper, by=request.user, digest=digest_of(paper))
            paper.delete()
        messages.success(request, f"“{paper.title}” is removed.")
    return redirect(back_to(meeting, paper.item_id))


def verb(request, ref, pk, verb):
    meeting = visible_meeting(request, ref)
    paper = visible_paper(request, meeting, pk)
    return confirm(request, paper, shelf.PAPER, verb, back=back_to(meeting, paper.item_id))


def paper(request, ref, pk):
    """One paper, as it is kept. A PDF opens in the browser, anything else is saved."""
    meeting = shown_meeting(request, ref)
    found = visible_paper(request, meeting, pk)
    kept = get_object_or_404(PaperFile.objects.select_related("paper"), paper=found)
    if found.sensitive:
        audit.record("read", found, by=request.user)
    apart = kept.kind != "pdf"
    headers = {"Content-Disposition": content_disposition_header(apart, kept.name)}
    if apart:
        headers["Content-Security-Policy"] = "sandbox"
    return HttpResponse(bytes(kept.content), content_type=shelf.TYPES[kept.kind], headers=headers)


def brief(request, ref):
    """The chair's brief, for whoever presides too: a deputy has it at an hour's notice."""
    meeting = visible_meeting(request, ref)
    if not can_read_notes(request.user, meeting):
        raise PermissionDenied
    try:
        data = brief_pdf(meeting, request.user, at=timezone.now())
    except RenderError as failure:
        messages.error(request, str(failure))
        return redirect(meeting)
    return pdf_response(data, f"brief-{meeting.ref}")


def pack(request, ref):
    """Agenda and papers in one PDF. `?part=restricted` adds the restricted papers that this
    person may read."""
    meeting = shown_meeting(request, ref)
    restricted = request.GET.get("part") == Part.RESTRICTED
    volume = volume_of(meeting, request.user, restricted=restricted, at=timezone.now())
    if restricted and not any(
        paper.restricted for item in volume.items for paper in item.papers_named
    ):
        raise Http404
    try:
        data = pack_pdf(volume)
    except RenderError as failure:
        messages.error(request, str(failure))
        return redirect("meetings:papers", ref)
    if any(paper.sensitive for paper in volume.bound):
        audit.record("read the restricted pack", meeting, by=request.user)
    suffix = "-restricted" if restricted else ""
    return pdf_response(data, f"pack-{meeting.ref}{suffix}")
