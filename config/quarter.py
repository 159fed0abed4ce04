"""The quarter's line: returns, meeting, minutes, report, and where we are on it."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from board.models import Board
from meetings.models import Meeting, Minutes
from meetings.models.minutes import Part
from priorities.matrix import round_tally
from priorities.models import Round, quarter_of
from reports.models import CommitteeReport

DONE, NOW, DUE = "done", "now", "due"


@dataclass
class Stage:
    """One stage in words. `where` is done, now or due; `link` is (url, words) or nothing;
    `here` is said of the present ones."""

    name: str
    where: str
    says: str
    note: str = ""
    link: tuple[str, str] | None = None
    here: str = ""


def day_words(day):
    """ "7 September", with the year when it is not this one."""
    this_year = day.year == timezone.localdate().year
    return f"{day:%-d %B}" if this_year else f"{day:%-d %B %Y}"


def home_board(user):
    """The board whose quarter this person's home shows: a Board before its working group."""
    titles = user.roles.titles
    first = min(titles, key=lambda pk: (titles[pk][0] != Board.Kind.BOARD, titles[pk][1]))
    return Board.objects.get(pk=first)


def round_in_hand(board, day):
    """The open round, else the last one that has begun; None before the first."""
    begun = board.rounds.filter(Q(quarter_start__lte=day) | Q(state=Round.State.OPEN))
    rounds = list(begun.order_by("-quarter_start")[:8])
    still_open = [each for each in rounds if each.state == Round.State.OPEN]
    return next(iter(still_open or rounds), None)


def quarter_words(board, round, day):
    """ "July to September 2018", of the round or else of the day."""
    if round:
        return round.title
    first, last = quarter_of(day, board.quarter_start_month)
    return Round(quarter_start=first, quarter_end=last).title


def stages(user, board, round, at):
    """The four stages as this person may know them, the present ones marked; eight queries or
    fewer, whatever the board holds."""
    day = timezone.localdate(at)
    meeting = meeting_of(user, board, round, at)
    line = [
        returns_stage(user, board, round, at),
        meeting_stage(user, board, meeting, day),
        minutes_stage(user, meeting),
        report_stage(user, board, meeting, round),
    ]
    if not any(stage.where == NOW for stage in line):
        for stage in line:
            if stage.where == DUE:
                stage.where = NOW
                break
    for stage, here in zip(
        [stage for stage in line if stage.where == NOW],
        ("We are here.", "And here.", "And here.", "And here."),
        strict=False,
    ):
        stage.here = here
    return line


def returns_stage(user, board, round, at):
    if round is None or round.state == Round.State.PLANNED:
        return Stage("Returns", DUE, "No round is open.")
    member = user.roles.member(board.pk)
    counts = round_tally(round, user, at, None if member else user.roles.agencies)
    asked, answered, silent = counts["asked"], counts["answered"], counts["none"]
    over = round.state == Round.State.CLOSED or timezone.localdate(at) > round.due
    settled = asked == answered and not counts["queried"]
    stage = Stage(
        "Returns", DONE if over or (asked and settled) else NOW, f"Due {day_words(round.due)}."
    )
    if asked:
        stage.note = f"{answered} of {asked} answered"
        if counts["queried"]:
            stage.note += f", {counts['queried']} with a query"
        if member and answered < asked:
            words = f"{silent} No return" if silent else f"see the {asked - answered} to come"
            stage.link = (round.get_absolute_url(), words)
        elif silent:
            stage.note += f", {silent} No return"
    return stage


def meeting_of(user, board, round, at):
    """The meeting that takes this round: the one joined to it, else the quarter's, else the
    next; None when there is none that this person may see."""
    meetings = Meeting.objects.visible_to(user).filter(board=board)
    live = meetings.exclude(state__in=Meeting.CALLED_OFF)
    if round:
        first, last = round.quarter_start, round.quarter_end
        joined = Q(round=round) | Q(round=None, starts_at__date__range=(first, last))
        found = list(live.filter(joined).order_by("starts_at"))
        own = [each for each in found if each.round_id]
        if own or found:
            return (own or found)[-1]
    return live.ahead(at).order_by("starts_at").first()


def meeting_stage(user, board, meeting, day):
    if board.pk not in user.roles.boards | user.roles.observed:
        return Stage("Meeting", DUE, "Your agency’s lead has the dates.")
    if meeting is None:
        return Stage("Meeting", DUE, "No date yet.")
    when = "Today" if meeting.day == day else day_words(meeting.day)
    begins, ends = (
        timezone.localtime(moment)
        for moment in (
            meeting.began_at or meeting.starts_at,
            meeting.finished_at or meeting.ends_at,
        )
    )
    link = (meeting.get_absolute_url(), "open the meeting")
    if meeting.state in Meeting.HELD:
        return Stage("Meeting", DONE, f"{when}, {begins:%H:%M} to {ends:%H:%M}.", link=link)
    busy = meeting.state == Meeting.State.IN_SESSION or meeting.day == day
    return Stage(
        "Meeting",
        NOW if busy else DUE,
        f"{when}, {begins:%H:%M}.",
        meeting.get_state_display(),
        link,
    )


def minutes_stage(user, meeting):
    if meeting is None or meeting.state not in Meeting.HELD:
        return Stage("Minutes", DUE, "After the meeting.")
    minutes = Minutes.objects.visible_to(user).filter(meeting=meeting, part=Part.BOARD).first()
    if minutes is None:
        return Stage("Minutes", NOW, "Not circulated yet.")
    done = minutes.state in Minutes.READABLE
    stamp = minutes.approved_at or minutes.circulated_at
    note = day_words(timezone.localdate(stamp)) if done and stamp else ""
    link = (minutes.get_absolute_url(), "read the minutes")
    return Stage("Minutes", DONE if done else NOW, f"{minutes.get_state_display()}.", note, link)


def report_stage(user, board, meeting, round):
    reports = CommitteeReport.objects.visible_to(user).filter(board=board)
    begun = meeting.day if meeting else round.quarter_start if round else None
    report = None
    if begun:
        report = (
            reports.filter(committee_date__gte=begun)
            .exclude(state=CommitteeReport.State.WITHDRAWN)
            .select_related("to_board")
            .order_by("committee_date", "-pk")
            .first()
        )
    held = meeting is not None and meeting.state in Meeting.HELD
    if report is None:
        says = "Not begun." if user.roles.keeper(board.pk) else "Not issued yet."
        link = None
        if held and user.roles.keeper(board.pk):
            link = ("/reports/", "begin the report")
        return Stage("Report", NOW if held else DUE, says, link=link)
    meets = f"{report.to_board} meets {day_words(report.committee_date)}"
    done = report.state == CommitteeReport.State.ISSUED
    link = (report.get_absolute_url(), "open the report")
    return Stage("Report", DONE if done else NOW, f"{report.get_state_display()}.", meets, link)
