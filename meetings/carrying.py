"""Business that one meeting leaves to the next: what was called off, not reached or deferred, and
the views of a meeting that had no quorum."""

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from board.text import to_plain

from . import agenda
from .models import Action, AgendaItem, Attendance, Decision, Meeting, Note, Paper, Part
from .pages import late_place
from .quorum import quorum_of

Kind, State = AgendaItem.Kind, Meeting.State
# They stand on every agenda anyway, or come to it by themselves; only at a resumed meeting does
# one go on.
OF_EVERY_MEETING = (
    Kind.APOLOGIES,
    Kind.DECLARATIONS,
    Kind.MINUTES,
    Kind.MATTERS_ARISING,
    Kind.BETWEEN,
    Kind.ROUND_UP,
    Kind.ANY_OTHER_BUSINESS,
    Kind.NEXT_DATE,
)
KEPT = (
    "kind",
    "title",
    "purpose",
    "presenter",
    "minutes_allotted",
    "recommendation",
    "priority_id",
    "threat_id",
    "learning_id",
    "referral_id",
    "urgency_reason",
    "urgency_agreed_by",
    "working_notes",
)


def not_reached():
    """Items, as a Q, of which nothing was minuted, decided or agreed to be done."""
    return ~(
        Q(Exists(Note.objects.filter(item=OuterRef("pk")).exclude(text="")))
        | Q(Exists(Decision.objects.filter(item=OuterRef("pk"))))
        | Q(Exists(Action.objects.filter(item=OuterRef("pk"))))
    )


def deferred():
    """Items, as a Q, that their meeting put off in its open part."""
    put_off = Decision.objects.filter(
        item=OuterRef("pk"), part=Part.BOARD, outcome=Decision.Outcome.DEFERRED
    )
    return Q(Exists(put_off))


def left_over(meeting):
    """Items of this board's earlier meetings that wait to be taken up, oldest first: those of a
    meeting called off, those an adjourned one did not reach, and those that were deferred."""
    standing = Q(kind__in=OF_EVERY_MEETING) | Q(kind=Kind.THREATS, threat=None)
    return (
        AgendaItem.objects.filter(
            meeting__board=meeting.board_id,
            meeting__starts_at__lt=meeting.starts_at,
            carried_to=None,
        )
        .filter(
            Q(meeting__state__in=Meeting.CALLED_OFF) & ~standing
            | Q(meeting__state=State.ADJOURNED) & ~standing & not_reached()
            | Q(meeting__state__in=Meeting.HELD) & ~standing & deferred()
        )
        .exclude(meeting=meeting)
        .select_related("meeting__board", "priority", "threat")
        .order_by("meeting__starts_at", "number")
    )


def views_to_agree(meeting):
    """Earlier meetings of this board that had no quorum, and whose views no agenda has taken up;
    only where the board has a quorum. Each has `views`, the decisions of its open part."""
    if meeting.board.quorum is None:
        return []
    gave = Decision.objects.filter(
        item__meeting=OuterRef("pk"), part=Part.BOARD, outcome__in=Decision.BY_AGREEMENT
    )
    held = (
        Meeting.objects.held()
        .filter(Exists(gave), board=meeting.board_id, starts_at__lt=meeting.starts_at)
        .filter(views_put=None)
        .order_by("starts_at")
        .prefetch_related("attendances__seat", "attendances__person")
    )
    found = [
        earlier for earlier in held if not quorum_of(meeting.board, earlier.attendances.all()).met
    ]
    for earlier in found:
        earlier.views = Decision.objects.filter(
            item__meeting=earlier, part=Part.BOARD, outcome__in=Decision.BY_AGREEMENT
        ).order_by("item__number", "pk")
    return found


def copy_of(item, meeting):
    """A new item, not saved, that takes up the business of an earlier one."""
    words = {name: getattr(item, name) for name in KEPT}
    times = item.times_carried
    if item.meeting.state != State.POSTPONED:  # which only has another day
        times += 1
    return AgendaItem(meeting=meeting, carried_from=item, times_carried=times, **words)


def carry_papers(item, new):
    """An item's papers go with its business: with the new agenda, or as supplementary ones where
    that is published."""
    papers = item.papers.listed().select_related("file")
    last = new.papers.aggregate(last=Max("order"))["last"] or 0
    for order, paper in enumerate(papers, last + 1):
        agencies, file = list(paper.shared_with.all()), getattr(paper, "file", None)
        paper.pk, paper._state.adding = None, True
        paper.item, paper.order, paper.first_page, paper.first_letter = new, order, None, 0
        published = new.meeting.published_at is not None
        if published:
            paper.timing = Paper.Timing.SUPPLEMENTARY
            paper.reason = f"Carried from {item.meeting.day:%-d %B %Y}"
            paper.added_at = timezone.now()
            paper.arrived_at = paper.added_at if file else None
        elif paper.timing != Paper.Timing.TO_FOLLOW:
            paper.timing, paper.reason = Paper.Timing.WITH_AGENDA, ""
        paper.save()
        paper.shared_with.set(agencies)
        if file:
            file.paper, file._state.adding = paper, True
            file.save()
        if file and file.pages and published:
            paper.first_page, paper.first_letter = late_place(new.meeting, paper)
            paper.save(update_fields=["first_page", "first_letter"])


def take_up(item, meeting):
    """Put the business of an earlier meeting's item on this agenda; return its item there. What
    the agenda takes anyway, the same focus or threat, is not put on it twice."""
    new = copy_of(item, meeting)
    same = meeting.items.filter(carried_from=None)
    if item.threat_id:
        same = same.filter(threat=item.threat_id)
    else:
        same = same.filter(kind=Kind.FOCUS, priority=item.priority_id)
    if (item.threat_id or item.kind == Kind.FOCUS) and (found := same.first()):
        found.carried_from, found.times_carried = new.carried_from, new.times_carried
        found.save(update_fields=["carried_from", "times_carried"])
        carry_papers(item, found)
        return found
    if new.kind == Kind.FOCUS:
        new.kind = Kind.OTHER  # a meeting has one focus, and this one's is another
    agenda.insert(new)
    carry_papers(item, new)
    return new


def take_up_views(earlier, meeting):
    """Ask this meeting to agree the views of one that had no quorum; return the new item."""
    day = f"{earlier.day:%-d %B %Y}"
    views = "\n".join(f"- {' '.join(to_plain(view.text).split())}" for view in earlier.views)
    item = AgendaItem(
        meeting=meeting,
        kind=Kind.OTHER,
        title=f"Views of the meeting of {day}, which had no quorum",
        purpose=AgendaItem.Purpose.DECIDE,
        minutes_allotted=5,
        recommendation=f"To agree the views of the meeting of {day}:\n\n{views}",
        views_of=earlier,
    )
    return agenda.insert(item, after=meeting.items.filter(kind=Kind.MINUTES).first())


def bring_in(meeting):
    """Put on the agenda what earlier meetings left, and name the minutes that are to be agreed.
    An extraordinary meeting has the business it was called for and no other."""
    if meeting.kind == Meeting.Kind.EXTRAORDINARY:
        return
    for earlier in views_to_agree(meeting):
        take_up_views(earlier, meeting)
    for item in left_over(meeting):
        take_up(item, meeting)
    agenda.report_decisions(meeting)
    agenda.open_referrals(meeting)
    agenda.name_minutes(meeting)


def hand_on(meeting):
    """When a meeting ends or is called off, its business goes onto the next agenda that is
    still being built. Where there is none, it waits for the next meeting to be planned."""
    ahead = (
        Meeting.objects.filter(
            board=meeting.board_id, starts_at__gt=meeting.starts_at, state=State.PLANNED
        )
        .exclude(kind=Meeting.Kind.EXTRAORDINARY)
        .select_related("board")
        .order_by("starts_at")
        .first()
    )
    if ahead:
        bring_in(ahead)


def plan_again(meeting, *, starts_at, ends_at, venue, link):
    """Plan the meeting that is held in place of a postponed one, or resumes an adjourned one, with
    its people and what it had not dealt with. Calendars keep the name of a postponed meeting."""
    postponed = meeting.state == State.POSTPONED
    new = Meeting(
        board=meeting.board,
        kind=meeting.kind,
        starts_at=starts_at,
        ends_at=ends_at,
        venue=venue,
        link=link,
        focus_priority=meeting.focus_priority,
        reviews_all=meeting.reviews_all,
        round=meeting.round,
        presiding=meeting.presiding,
        follows=meeting,
    )
    new.ref = agenda.free_ref(new.board, new.day)
    if postponed:
        new.uid, new.sequence = meeting.uid, meeting.sequence + 1
    new.save()
    waiting = meeting.items.filter(carried_to=None)
    if not postponed:
        waiting = waiting.filter(not_reached())
    for number, item in enumerate(waiting.order_by("number"), 1):
        copy = copy_of(item, new)
        copy.number = number
        copy.save()
        carry_papers(item, copy)
    agenda.list_expected(new)
    agenda.report_decisions(new)
    for guest in meeting.attendances.filter(guest=True):
        Attendance.objects.create(
            meeting=new, person=guest.person, name=guest.name, capacity=guest.capacity, guest=True
        )
    return new
