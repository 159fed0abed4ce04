"""The Board against the national model: last time beside this time, on screen and on paper."""

from collections import Counter
from dataclasses import dataclass

from django.template.loader import render_to_string

from board.pdf import render_pdf, running_title
from priorities.models import Assessment, Standard

Verdict = Assessment.Verdict


@dataclass(frozen=True)
class Comparison:
    """A standard with its assessment now and the one before; None where there is none."""

    standard: Standard
    now: Assessment | None
    before: Assessment | None

    @property
    def change(self):
        """ "Better", "Worse", "The same", or "" without two assessments."""
        if not self.now or not self.before:
            return ""
        order = [Verdict.NOT_MET, Verdict.PARTLY, Verdict.MET]
        here, there = order.index(self.now.verdict), order.index(self.before.verdict)
        return "Better" if here > there else "Worse" if here < there else "The same"


def compared(board):
    """[Comparison] of the standards in force, in the model's order; two queries."""
    standards = Standard.objects.current().filter(board=board)
    found = []
    for standard in standards.prefetch_related("assessments__owner"):
        last = list(standard.assessments.all()[:2])
        found.append(Comparison(standard, *last, *[None] * (2 - len(last))))
    return found


def tally(comparisons):
    """ "5 met, 2 partly met, 1 not met, 1 not yet assessed."."""
    counts = Counter(each.now.verdict if each.now else "" for each in comparisons)
    words = [f"{counts[each]} {each.label.lower()}" for each in Verdict if counts[each]]
    if counts[""]:
        words.append(f"{counts['']} not yet assessed")
    return f"{', '.join(words)}." if words else ""


def standards_pdf(board, day):
    """What is handed to a visitor, as PDF/UA-1. Raises RenderError."""
    comparisons = compared(board)
    title = f"{board}: the national model, {day:%-d %B %Y}"
    html = render_to_string(
        "priorities/pdf/standards.html",
        {
            "board": board,
            "day": day,
            "comparisons": comparisons,
            "tally": tally(comparisons),
            "title": title,
            "running": running_title(board, f"{day:%-d %B %Y}"),
        },
    )
    return render_pdf(html, title=title, css=("pdf/frame.css",))
