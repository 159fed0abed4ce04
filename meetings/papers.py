"""Papers: what may be uploaded, what is taken from a record, what happens when the agenda is
published, and what is withdrawn afterwards."""

import hashlib
import io
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import timezone

from board.binding import count_pages, read_pdf
from board.markings import Marking
from board.pdf import RenderError, render_pdf
from board.workflow import Transition
from priorities.models import EmergingThreat, PriorityReturn, ReturnState

from .documents import minutes_pdf
from .models import AgendaItem, Meeting, Minutes, Paper, PaperFile, Part
from .pages import late_place, number_all, with_files
from .permissions import can_keep_paper

MAX_MEGABYTES = 20
# What may hide in a zipped file: unpacked, it would fill the reader's disk.
MAX_UNPACKED = 300_000_000
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "odt": f"{OPEN}.text",
    "ods": f"{OPEN}.spreadsheet",
    "odp": f"{OPEN}.presentation",
}
# The folder or the type by which a zipped file shows what it is.
INSIDE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
KINDS = "PDF, Word, Excel, PowerPoint or OpenDocument"
CSS = ("pdf/frame.css", "meetings/pdf/minutes.css", "meetings/pdf/bound.css")


@dataclass(frozen=True)
class Upload:
    """A file that may be kept: pages is 0 for one that does not join the pack."""

    kind: str
    content: bytes
    pages: int
    left_out: tuple[str, ...] = ()


def read_upload(upload, *, title):
    """What somebody uploaded, read and cleaned. Raises ValidationError with what to do."""
    if upload.size > MAX_MEGABYTES * 1_000_000:
        raise ValidationError(f"This file is over {MAX_MEGABYTES} MB: choose a smaller one.")
    if not upload.size:
        raise ValidationError("This file is empty: save it again and choose that.")
    content = upload.read()
    kind = upload.name.rpartition(".")[2].lower()
    if kind == "pdf" and b"%PDF-" in content[:1024]:
        try:
            found = read_pdf(content, title=title)
        except RenderError as failure:
            raise ValidationError(str(failure)) from failure
        return Upload("pdf", found.pdf, found.pages, found.left_out)
    if not (kind in TYPES and is_office_file(kind, content)):
        raise ValidationError(
            f"This is not a {KINDS} file, or its name says something else. "
            "Older Word and Excel files: save them anew, best as PDF."
        )
    return Upload(kind, content, 0)


def is_office_file(kind, content):
    """Whether it is a zipped file of that kind, of a bearable size, without a program inside."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            members = zipped.infolist()
            names = [member.filename for member in members]
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                return False
            if any(name.lower().endswith((".bin", ".exe", ".js", ".xba")) for name in names):
                return False
            if kind in INSIDE:
                return "[Content_Types].xml" in names and any(
                    name.startswith(INSIDE[kind]) for name in names
                )
            if names[:1] != ["mimetype"]:
                return False
            return zipped.open("mimetype").read(200).decode("ascii", "replace") == TYPES[kind]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        return False


# Adding


@transaction.atomic
def add(paper, upload, *, by, at):
    """Save a new paper after those its item has; `upload` is None for one to follow."""
    meeting = Meeting.objects.select_for_update().get(items=paper.item_id)
    last = paper.item.papers.aggregate(last=Max("order"))["last"] or 0
    paper.order, paper.added_at, paper.added_by = last + 1, at, by
    paper.save()
    if upload:
        keep(paper, upload, meeting, at=at)
    return paper


def keep(paper, upload, meeting, *, at):
    """Put a file with its paper, and give it pages when the others have theirs. The meeting is
    locked."""
    PaperFile.objects.update_or_create(
        paper=paper,
        defaults={
            "kind": upload.kind,
            "content": upload.content,
            "size": len(upload.content),
            "sha256": hashlib.sha256(upload.content).hexdigest(),
            "pages": upload.pages,
        },
    )
    paper.arrived_at = at
    if meeting.published_at and upload.pages and paper.first_page is None:
        paper.first_page, paper.first_letter = late_place(meeting, paper)
    paper.save(update_fields=["arrived_at", "first_page", "first_letter"])


def take(item, records, *, by, at):
    """Add records (returns, a threat, minutes) to an item's papers, as they stand now.

    One press pulls in several; what is OFFICIAL-SENSITIVE goes to the restricted part, for the
    agencies that may read the record. Raises RenderError.
    """
    pdfs = [record_pdf(record, at=at) for record in records]
    late = item.meeting.published_at is not None
    with transaction.atomic():
        for record, pdf, pages in zip(records, pdfs, count_pages(pdfs), strict=True):
            sensitive = getattr(record, "marking", Marking.OFFICIAL) == Marking.SENSITIVE
            paper = Paper(
                item=item,
                title=record_title(record)[:160],
                part=Part.RESTRICTED if sensitive else Part.BOARD,
                marking=Marking.SENSITIVE if sensitive else Marking.OFFICIAL,
                timing=Paper.Timing.SUPPLEMENTARY if late else Paper.Timing.WITH_AGENDA,
                reason="It came after the agenda." if late else "",
                **{source_field(record): record},
            )
            add(paper, Upload("pdf", pdf, pages), by=by, at=at)
            if sensitive:
                paper.shared_with.set(readers(record))


def source_field(record):
    names = {PriorityReturn: "priority_return", Minutes: "minutes"}
    return names.get(type(record), "threat")


def key_of(record):
    """How a form names a record that can be added."""
    return f"{source_field(record)}-{record.pk}"


def readers(record):
    """The agencies that may read a record that is OFFICIAL-SENSITIVE, its own among them."""
    whole = record.agency_return if isinstance(record, PriorityReturn) else record
    return [whole.agency, *whole.shared_with.all()]


def record_title(record):
    if isinstance(record, Minutes):
        return f"Minutes of {record.meeting.day:%-d %B %Y}"
    if isinstance(record, PriorityReturn):
        return f"{record.agency_return.agency}: return on {record.priority}"
    return f"Emerging threat: {record}"


def record_pdf(record, *, at):
    """A return, a threat or minutes as pages of a pack. Raises RenderError."""
    if isinstance(record, Minutes):
        return minutes_pdf(record, css=CSS)
    title = record_title(record)
    html = render_to_string(
        "meetings/pdf/record.html",
        {
            "part": record if isinstance(record, PriorityReturn) else None,
            "threat": record if isinstance(record, EmergingThreat) else None,
            "title": title,
            "marking": record.marking,
            "day": timezone.localdate(at),
        },
    )
    return render_pdf(html, title=title, css=CSS)


def at_hand(user, item):
    """What one press can add to an item: received returns on its priority in the meeting's
    round, its threat, and under the minutes' item the last meeting's; none of them twice."""
    meeting = item.meeting
    there = {
        name: item.papers.exclude(**{name: None}).values(name)
        for name in ("priority_return", "threat", "minutes")
    }
    found = []
    if item.priority_id and meeting.round_id:
        returns = (
            PriorityReturn.objects.visible_to(user)
            .expected()
            .filter(
                agency_return__round=meeting.round_id,
                priority=item.priority_id,
                state=ReturnState.RECEIVED,
            )
            .exclude(pk__in=there["priority_return"])
            .select_related("agency_return__agency", "agency_return__round__board", "priority")
        )
        found += returns.order_by("agency_return__agency__name")
    if item.threat_id and not item.papers.filter(threat=item.threat_id).exists():
        found.append(item.threat)
    if item.kind == AgendaItem.Kind.MINUTES:
        last = (
            Minutes.objects.filter(
                meeting__board=meeting.board_id,
                meeting__starts_at__lt=meeting.starts_at,
                part=Part.BOARD,
                state__in=Minutes.READABLE,
            )
            .exclude(pk__in=there["minutes"])
            .select_related("meeting__board", "approved_at_meeting")
            .order_by("-meeting__starts_at")
            .first()
        )
        # Only the last meeting's: what an earlier one left is on its own page.
        newest = (
            Meeting.objects.held()
            .filter(board=meeting.board_id, starts_at__lt=meeting.starts_at)
            .order_by("-starts_at")
            .first()
        )
        if last and last.meeting_id == newest.pk:
            found.append(last)
    return found


# Publishing and withdrawing


def publish_papers(meeting, *, at):
    """Take the records in anew, and fix every page number: what comes later moves none.
    Raises RenderError."""
    papers = list(with_files(Paper.objects.of(meeting).listed()))
    taken = [paper for paper in papers if paper.source]
    pdfs = [record_pdf(paper.source, at=at) for paper in taken]
    for paper, pdf, pages in zip(taken, pdfs, count_pages(pdfs), strict=True):
        keep(paper, Upload("pdf", pdf, pages), meeting, at=at)
        paper.refresh_from_db()
    number_all(papers)
    Paper.objects.bulk_update(papers, ["first_page", "first_letter"])


def keep_withdrawal(paper, *, by, note, at):
    paper.withdrawn_reason = note.strip()[:300]


def forget_withdrawal(paper, *, by, note, at):
    paper.withdrawn_reason = ""


PAPER = (
    Transition(
        "withdraw the paper",
        (Paper.State.LISTED,),
        Paper.State.WITHDRAWN,
        can_keep_paper,
        stamp="withdrawn",
        note="required",
        prepare=keep_withdrawal,
        warns="Its pages leave the pack and no other page moves. "
        "Everybody invited will see the reason.",
    ),
    Transition(
        "put the paper back",
        (Paper.State.WITHDRAWN,),
        Paper.State.LISTED,
        can_keep_paper,
        clears=("withdrawn",),
        note="optional",
        asks="Remark",
        prepare=forget_withdrawal,
    ),
)
WITHDRAW, PUT_BACK = PAPER
