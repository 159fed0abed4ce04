"""One screen that holds a whole report: its boxes, what was typed in them, and the acts.

Every act saves what stands in the boxes first. Where a box would overwrite what somebody else
saved meanwhile, nothing is saved: both texts are shown, and what was typed stays in the boxes.
"""

import copy
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from priorities.models import Learning

from . import drafting
from .contents import Contents, Numbered, gather
from .english import pieces
from .forms import ParagraphForm, ReportForm, SectionForm
from .models import SOURCES, CommitteeReport, Paragraph, ParagraphSource, Section
from .record import record_of
from .sources import WORDS, address_of


@dataclass
class Box:
    """A paragraph, its form, and its sources."""

    item: Numbered
    form: ParagraphForm

    @property
    def pk(self):
        return self.item.paragraph.pk

    @property
    def sources(self):
        return [(reading, address_of(reading.source)) for reading in self.item.readings]


@dataclass
class Heading:
    section: Section
    form: SectionForm
    boxes: list[Box]


class Editor:
    """The forms of one report. `data` is what was posted, or None.

    A box that was not posted stays as it is: the page saves box by box. Each carries the version
    it was opened at, so that two people in different paragraphs never disturb each other.
    """

    def __init__(self, contents: Contents, data=None):
        self.report = contents.report
        self.contents = contents
        self.data = data
        # A ModelForm writes into its instance while it validates; ours stay as they are stored.
        self.header = self._form(ReportForm, "report", self.report)
        self.headings = [self._heading(part) for part in contents.parts]
        self.extra = [text for text in data.getlist("extra") if text.strip()] if data else []
        # The words below the cursor, where a paragraph is split.
        below = data is not None and "below-text" in data
        self.below = ParagraphForm(data, prefix="below") if below else None

    def _heading(self, part) -> Heading:
        boxes = []
        for item in part.paragraphs:
            prefix = f"p{item.paragraph.pk}"
            boxes.append(Box(item, self._form(ParagraphForm, prefix, item.paragraph, item.where)))
        form = self._form(SectionForm, f"s{part.section.pk}", part.section)
        return Heading(part.section, form, boxes)

    def _form(self, kind, prefix, record, where=""):
        """Bound to what was sent, where something was typed in it."""
        named = {"where": where} if where else {}
        if self.data is not None and f"{prefix}-version" in self.data:
            form = kind(self.data, instance=copy.copy(record), prefix=prefix, **named)
            if not form.untouched:
                return form
        return kind(instance=copy.copy(record), prefix=prefix, **named).open()

    @property
    def boxes(self) -> list[Box]:
        return [box for heading in self.headings for box in heading.boxes]

    @property
    def forms(self) -> list:
        """Every form in the order of the page, for the error summary."""
        rows = [self.header]
        for heading in self.headings:
            rows += [heading.form, *(box.form for box in heading.boxes)]
        return rows

    @property
    def typed(self) -> list:
        """The forms in which something was typed."""
        return [form for form in self.forms if form.is_bound]

    @property
    def overtaken(self) -> list:
        """Those of them whose words would overwrite another's."""
        return [form for form in self.typed if form.overtaken]

    @property
    def conflicts(self) -> list:
        """Those that show two texts."""
        return [form for form in self.forms if form.conflict]

    def is_valid(self) -> bool:
        below = [self.below] if self.below else []
        return all([form.is_valid() for form in [*self.typed, *below]])

    def save(self) -> bool:
        """Save what differs; True when anything did. Inside a transaction, the report locked."""
        changed = [form for form in self.typed if form.differs]
        for form in changed:
            form.save()
        for text in self.extra:
            add_paragraph(last_section(self.report), text=text)
        if changed or self.extra:
            touch(self.report)
        return bool(changed or self.extra)

    def keep_both(self) -> None:
        """Show the saved words beside what was typed; saving again is then a choice."""
        self.extra += self.lost()
        for form in self.overtaken:
            form.keep_both()

    def lost(self) -> list[str]:
        """What was typed into paragraphs and headings that somebody else has removed since."""
        known = {form.prefix for form in self.forms}
        found = []
        for name, text in self.data.items():
            prefix, _, field = name.partition("-")
            kind = {"p": "text", "s": "heading"}.get(prefix[:1])
            if field != kind or prefix in known or not prefix[1:].isdigit() or not text.strip():
                continue
            typed = [text, f"{prefix}-numbered" in self.data] if kind == "text" else [text]
            if self.data.get(f"{prefix}-seen") != ParagraphForm.print_of(typed):
                found.append(text)
        return found


def touch(report: CommitteeReport) -> None:
    """Count a save, so that a page opened before it is known as stale."""
    CommitteeReport.objects.filter(pk=report.pk).update(version=report.version + 1)
    report.version += 1


def last_section(report: CommitteeReport) -> Section:
    section = report.sections.order_by("order", "pk").last()
    return section or Section.objects.create(report=report, order=1, heading=drafting.UPDATE)


def add_paragraph(
    section: Section, *, after: Paragraph | None = None, text: str = "", numbered: bool = True
) -> Paragraph:
    """A new paragraph below `after`, or at the end of its section."""
    inside = list(section.paragraphs.order_by("order", "pk"))
    at = inside.index(after) + 1 if after else len(inside)
    paragraph = Paragraph.objects.create(
        section=section, order=at + 1, text=text, numbered=numbered
    )
    inside.insert(at, paragraph)
    renumber(inside)
    return paragraph


def renumber(records) -> None:
    """Give neighbours the order in which they stand."""
    for order, record in enumerate(records, 1):
        if record.order != order:
            type(record).objects.filter(pk=record.pk).update(order=order)
            record.order = order


def move(report: CommitteeReport, paragraph: Paragraph, step: int) -> None:
    """One place up (-1) or down (1); over the edge of a section into its neighbour."""
    sections = list(report.sections.order_by("order", "pk"))
    here = sections.index(paragraph.section)
    inside = list(paragraph.section.paragraphs.order_by("order", "pk"))
    at = inside.index(paragraph)
    if 0 <= at + step < len(inside):
        inside[at], inside[at + step] = inside[at + step], inside[at]
        renumber(inside)
    elif 0 <= here + step < len(sections):
        neighbour = sections[here + step]
        there = list(neighbour.paragraphs.order_by("order", "pk"))
        there.insert(len(there) if step < 0 else 0, paragraph)
        Paragraph.objects.filter(pk=paragraph.pk).update(section=neighbour)
        inside.remove(paragraph)
        renumber(inside)
        renumber(there)


def split(paragraph: Paragraph, below: str = "") -> list[Paragraph]:
    """Give the words `below` a paragraph of their own; without any, make one paragraph of each
    piece, a list staying with the words before it. All rest on what the first rested on. Empty
    when there is nothing to split."""
    first, *rest = (paragraph.text, below) if below else pieces(paragraph.text) or ("",)
    if not rest:
        return []
    if first != paragraph.text:
        paragraph.text = first
        paragraph.version += 1
        paragraph.save()
    sources = list(paragraph.sources.all())
    made, last = [], paragraph
    for text in rest:
        last = add_paragraph(paragraph.section, after=last, text=text, numbered=paragraph.numbered)
        if paragraph.carried_from:
            Paragraph.objects.filter(pk=last.pk).update(carried_from=paragraph.carried_from)
        rest_on(last, sources)
        made.append(last)
    return made


def join_up(paragraph: Paragraph) -> Paragraph | None:
    """Join a paragraph to the one above it in its section, which then rests on the sources of
    both; None when there is none above."""
    inside = list(paragraph.section.paragraphs.order_by("order", "pk"))
    at = inside.index(paragraph)
    if at == 0:
        return None
    above = inside[at - 1]
    texts = [text for text in (above.text.strip(), paragraph.text.strip()) if text]
    above.text = drafting.join(*texts) if len(texts) == 2 else "".join(texts)
    above.carried_from = above.carried_from or paragraph.carried_from
    above.version += 1
    above.save()
    known = {source_key(source) for source in above.sources.all()}
    rest_on(above, [s for s in paragraph.sources.all() if source_key(s) not in known])
    paragraph.delete()
    return above


def put_back(report: CommitteeReport, number: int) -> Paragraph | None:
    """Give a paragraph the words of an earlier version, by the number of its row of history; one
    that was removed comes back in its place, with what it rested on. None when there is no such
    version in this report."""
    sections = report.sections.order_by("order", "pk")
    old = Paragraph.history.filter(pk=number, section__in=sections).first()
    if old is None:
        return None
    paragraph = Paragraph.objects.filter(pk=old.id).first()
    if paragraph:
        paragraph.text, paragraph.numbered = old.text, old.numbered
        paragraph.version += 1
        paragraph.save()
        return paragraph
    inside = list(sections.get(pk=old.section_id).paragraphs.order_by("order", "pk"))
    paragraph = Paragraph.objects.create(
        pk=old.id,
        section_id=old.section_id,
        order=old.order,
        text=old.text,
        numbered=old.numbered,
        carried_from=old.carried_from,
        version=old.version + 1,
    )
    inside.insert(old.order - 1, paragraph)
    renumber(inside)
    rest_on(paragraph, sources_removed(old.id))
    return paragraph


def sources_removed(key: int) -> list:
    """What a paragraph rested on when it was removed: rows of history whose record is still
    there. What it had rested on before its last words were saved is not among them."""
    words = Paragraph.history.filter(id=key).exclude(history_type="-")
    since = words.order_by("-history_date")[1:2].values("history_date")  # the first: it is back
    gone = ParagraphSource.history.filter(
        paragraph_id=key, history_type="-", history_date__gt=since
    ).order_by("pk")
    found = []
    for source in gone:
        name, record, _ = source_key(source)
        if SOURCES[name]._default_manager.filter(pk=record).exists():
            found.append(source)
    return found


def rest_on(paragraph: Paragraph, sources) -> None:
    """Copies of these sources under another paragraph."""
    kept = ("label", "digest", *(f"{key}_id" for key in SOURCES))
    ParagraphSource.objects.bulk_create(
        ParagraphSource(paragraph=paragraph, **{name: getattr(source, name) for name in kept})
        for source in sources
    )


def source_key(source: ParagraphSource) -> tuple[str, int, str]:
    key = next(key for key in SOURCES if getattr(source, f"{key}_id"))
    return key, getattr(source, f"{key}_id"), source.digest


def move_section(report: CommitteeReport, section: Section, step: int) -> None:
    sections = list(report.sections.order_by("order", "pk"))
    at = sections.index(section)
    if 0 <= at + step < len(sections):
        sections[at], sections[at + step] = sections[at + step], sections[at]
        renumber(sections)


def add_section(report: CommitteeReport) -> Section:
    count = report.sections.aggregate(last=Max("order"))["last"] or 0
    return Section.objects.create(report=report, order=count + 1, heading="New heading")


def first_source(sources) -> tuple[str, int] | None:
    """The record that a paragraph rests on first: (key, id)."""
    return next((source_key(source)[:2] for source in sources), None)


def take_new_words(report: CommitteeReport, paragraph: Paragraph) -> bool:
    """Draft one paragraph again from the record as it is now; False when it has gone there."""
    record = record_of(report)
    place = first_source(paragraph.sources.all())
    if record is None or place is None:
        return False
    fresh = [d for d in drafting.draft_paragraphs(record) if drafted_place(d) == place]
    with transaction.atomic():
        ours = [
            item.paragraph.pk
            for item in gather(report).paragraphs
            if first_source(item.paragraph.sources.all()) == place
        ]
        at = ours.index(paragraph.pk)
        if at >= len(fresh):
            return False
        paragraph.sources.all().delete()
        paragraph.text = fresh[at].text
        paragraph.version += 1
        paragraph.save()
        drafting.save_sources(paragraph, fresh[at])
        touch(report)
    return True


def drafted_place(drafted: drafting.Drafted) -> tuple[str, int] | None:
    return (drafted.rests[0].key, drafted.rests[0].record.pk) if drafted.rests else None


def add_from_record(report: CommitteeReport) -> int:
    """Draft what the record holds and no paragraph rests on yet; how many were added."""
    record = record_of(report)
    if record is None:
        return 0
    used = {
        source_key(source)[:2]
        for item in gather(report).paragraphs
        for source in item.paragraph.sources.all()
    }
    added = 0
    for drafted in drafting.draft_paragraphs(record):
        keys = [(rests.key, rests.record.pk) for rests in drafted.rests]
        words = [key for key in keys if key[0] in WORDS] or keys
        if not words or used.intersection(words):
            continue
        section = report.sections.filter(heading=drafted.section).first() or last_section(report)
        drafting.save_sources(add_paragraph(section, text=drafted.text), drafted)
        added += 1
    if added:
        touch(report)
    return added


def add_learning(report: CommitteeReport, learning: Learning) -> int:
    """A paragraph at the end for each piece of what was learnt, as far as it is cleared for the
    readers of this report; how many. Inside a transaction, the report locked."""
    record = record_of(report)
    made = list(drafting.learning_pieces(learning, record)) if record else []
    for drafted in made:
        drafting.save_sources(add_paragraph(last_section(report), text=drafted.text), drafted)
    if made:
        touch(report)
    return len(made)
