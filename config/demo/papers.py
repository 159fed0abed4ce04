"""Papers with the invented meetings: in time, late, restricted, from the record, and a file that
stays by itself."""

import datetime
import io

from django.template.loader import render_to_string
from docx import Document

from board.binding import count_pages
from board.pdf import render_pdf
from meetings import papers
from meetings.models import AgendaItem, Meeting, Paper, Part

from .script import at_hour

DAY = datetime.timedelta(days=1)
Kind, Timing = AgendaItem.Kind, Paper.Timing
PLAN = (
    "Progress on the plan by the 4 Ps",
    "Twelve objectives stand in the plan. Five are on time, three are done, four have not begun "
    "or are behind.\n\n- Pursue: the joint visits go on.\n- Prevent: two schools wait for a "
    "date.\n- Protect: the alert reaches 900 firms.\n- Prepare: the first exercise is planned."
    "\n\nThe owners of the four say what stands in the way. Two ask for a second officer.",
)
FIGURES = (
    "Figures from the laboratory",
    "Forty-one samples were tested in the quarter. Nine held something other than what they were "
    "sold as. The wait was eleven days; services ask for two.",
)
LETS = (
    "Short lets: what the police ask of two agencies",
    "An enquiry is still open. The police ask Public Health and Trading Standards to tell them "
    "before they visit either address.",
)
NIGHT = (
    "Contractors who work at night",
    "Sixty-one contractors have the page of signs. Those who employ cleaners at night do not: "
    "there are 22 of them.\n\nEvery agency that employs contractors is asked to give them the "
    "page with the next contract.",
)


def add_papers(script, cast, session):
    """With the last meeting that was held: every kind of paper there is."""
    secretary = cast.people["secretary"]
    published = session.day - session.publish * DAY
    script.add(at_hour(published, 10), secretary, lambda: in_time(script, cast, session.ref))
    script.add(
        at_hour(session.day - 3 * DAY, 15), secretary, lambda: afterwards(script, session.ref)
    )
    script.add(at_hour(session.day, 9, 40), secretary, lambda: tabled(script, session.ref))


def in_time(script, cast, ref):
    meeting = Meeting.objects.get(ref=ref)
    from_the_record(script, meeting, Kind.MINUTES)
    from_the_record(script, meeting, Kind.FOCUS)
    add(script, meeting, Kind.MATTERS_ARISING, *PLAN)
    focus = meeting.items.get(kind=Kind.FOCUS)
    late = Paper(item=focus, title=FIGURES[0], timing=Timing.TO_FOLLOW)
    late.reason = "The laboratory reports at the end of the month."
    script.write("add a paper", papers.add(late, None, by=script.by, at=script.at))
    secret = add(
        script, meeting, Kind.FOCUS, *LETS, part=Part.RESTRICTED, marking="OFFICIAL-SENSITIVE"
    )
    secret.shared_with.set(
        [cast.agencies[key] for key in ("police", "health", "trading-standards")]
    )


def afterwards(script, ref):
    meeting = Meeting.objects.get(ref=ref)
    late = Paper.objects.get(item__meeting=meeting, timing=Timing.TO_FOLLOW)
    papers.keep(late, printed(*FIGURES), meeting, at=script.at)
    script.write("change a paper", late)
    late = Paper(item=meeting.items.get(kind=Kind.ROUND_UP), title="Whom to call, and when")
    late.timing, late.reason = Timing.SUPPLEMENTARY, "Two numbers had changed."
    document = Document()
    document.add_paragraph("Each agency's office, and the hours in which it answers.")
    document.save(content := io.BytesIO())
    upload = papers.Upload("docx", content.getvalue(), 0)
    script.write("add a paper", papers.add(late, upload, by=script.by, at=script.at))


def tabled(script, ref):
    item = Meeting.objects.get(ref=ref).items.get(kind=Kind.THREATS)
    paper = Paper(item=item, title="A tablet press: photographs", timing=Timing.TABLED)
    paper.reason = "Shown at the meeting and taken back."
    script.write("add a paper", papers.add(paper, None, by=script.by, at=script.at))


def add_coming_papers(script, cast, ref, at):
    """With the next meeting: what has come in so far."""

    def act():
        meeting = Meeting.objects.get(ref=ref)
        from_the_record(script, meeting, Kind.MINUTES)
        from_the_record(script, meeting, Kind.FOCUS)
        add(script, meeting, Kind.FOCUS, *NIGHT)
        paper = Paper(item=meeting.items.get(kind=Kind.MATTERS_ARISING), title=PLAN[0])
        paper.timing, paper.reason = Timing.TO_FOLLOW, "Two owners have not answered yet."
        script.write("add a paper", papers.add(paper, None, by=script.by, at=script.at))

    script.add(at, cast.people["secretary"], act)


def from_the_record(script, meeting, kind):
    item = meeting.items.select_related("meeting").get(kind=kind)
    papers.take(item, papers.at_hand(script.by, item), by=script.by, at=script.at)
    script.write("add papers from the record", item)


def add(script, meeting, kind, title, text, **fields):
    paper = Paper(item=meeting.items.get(kind=kind), title=title, **fields)
    papers.add(paper, printed(title, text), by=script.by, at=script.at)
    return script.write("add a paper", paper)


def printed(title, text):
    """A page of words, as the secretary would have uploaded it."""
    html = render_to_string("config/demo_paper.html", {"title": title, "text": text})
    pdf = render_pdf(html, title=title, css=papers.CSS)
    return papers.Upload("pdf", pdf, *count_pages([pdf]))
