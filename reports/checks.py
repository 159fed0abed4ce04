"""The checks before issue: each finding is settled, or accepted with a reason, or it waits."""

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from board import audit
from board.markings import Audience
from board.models import User
from priorities.models import AgencyReturn

from . import redflags
from .contents import Change, Contents, Numbered, gather
from .document import Document
from .echoes import echoes
from .models import Acceptance, CommitteeReport, Glossary, ParagraphSource
from .redflags import Kind
from .sources import (
    LENDERS,
    Reading,
    Standing,
    corrections_of,
    meeting_name,
    resting_on_drafts,
)

NOT_CLEARED, WITHDRAWN = "Words not cleared", "Words withdrawn"
SENSITIVE, CHANGED = "Marked OFFICIAL-SENSITIVE", "Source has changed"
DRAFT_MINUTES, NO_RECOMMENDATION = "From draft minutes", "No recommendation"
# What must not come out: in a public report the chair's reason alone lets it through.
LEAKS = frozenset((Kind.SHARED, Kind.PHONE, Kind.EMAIL, Kind.POSTCODE, Kind.PLATE, Kind.MARKING))
CORRECTED, CARRIED = "Minutes corrected", "Carried over"
WHY = {
    Kind.PHONE: "A report goes on the web. Give the office's telephone number.",
    Kind.EMAIL: "A report goes on the web. Give the office's mailbox.",
    Kind.POSTCODE: "It may say where somebody lives.",
    Kind.PLATE: "It may name somebody's vehicle.",
    Kind.MARKING: "A marking in the text means that the words came from a marked paper.",
    Kind.ASK: "A report For Information asks for nothing. Change the words, or the purpose.",
    Kind.MARKUP: "It came with a pasted text and will be printed as it stands.",
    Kind.LINK: "Readers cannot follow it: links begin with https:// or http://.",
    Kind.EMPTY: "A heading without a paragraph. Write one, or remove the heading.",
}


@dataclass(frozen=True)
class Place:
    """Where one run of words stands, when a finding has several."""

    where: str
    run: str
    paragraph: Numbered | None


@dataclass(frozen=True)
class Finding:
    """One thing to settle. Its key stays while kind, place and excerpt stay."""

    kind: str
    where: str
    excerpt: str
    why: str
    acceptable: bool = True
    must: str = ""
    """Who alone can settle it, when it cannot be accepted."""
    paragraph: Numbered | None = None
    reading: Reading | None = None
    detail: str = ""
    """What else must stay the same for an acceptance to hold, such as a source's new words."""
    places: tuple[Place, ...] = ()
    """All that is accepted with one reason, where that is more than the excerpt."""

    @property
    def key(self) -> str:
        place = f"paragraph {self.paragraph.paragraph.pk}" if self.paragraph else self.where
        parts = "\x1f".join((self.kind, place, self.excerpt, self.detail))
        return hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()

    @property
    def around(self) -> tuple[str, str]:
        """The words before and after the excerpt in its paragraph; empty where it is not one."""
        text = self.paragraph.paragraph.text if self.paragraph else ""
        at = text.find(self.excerpt)
        if at < 0 or not self.excerpt:
            return "", ""
        before, after = text[:at], text[at + len(self.excerpt) :]
        return shortened(before, from_end=True), shortened(after)

    @property
    def can_take(self) -> bool:
        return self.kind == CHANGED

    @property
    def change(self) -> Change | None:
        """Both texts, for a source that has changed."""
        changes = self.paragraph.changed if self.paragraph and self.can_take else []
        return next((change for change in changes if change.reading == self.reading), None)

    @property
    def leak(self) -> bool:
        return self.kind in LEAKS

    @property
    def can_leave_out(self) -> bool:
        return self.paragraph is not None and not self.acceptable


def shortened(text: str, *, from_end: bool = False, size: int = 60) -> str:
    """At most `size` characters of a text next to an excerpt, with "…" for the rest."""
    if len(text) <= size:
        return text
    return f"…{text[-size:]}" if from_end else f"{text[:size]}…"


@dataclass(frozen=True)
class Checked:
    """What the checks found, apart from and with what was accepted."""

    open: list[Finding]
    accepted: list[tuple[Finding, Acceptance]]
    advice: list[Finding]
    """What a reader may stumble over; nothing waits for it."""

    @property
    def total(self) -> int:
        return len(self.open) + len(self.accepted)


def chairs_alone(report: CommitteeReport, finding: Finding) -> bool:
    """Whether nobody but the chair can accept a finding."""
    return finding.leak and report.audience == Audience.PUBLIC


def check(report: CommitteeReport) -> Checked:
    """Run every check on a report as it is now."""
    acceptances = {
        acceptance.finding: acceptance for acceptance in report.acceptances.select_related("by")
    }
    waiting, accepted = [], []
    contents = gather(report)
    for finding in find(report, contents):
        acceptance = acceptances.get(finding.key) if finding.acceptable else None
        if acceptance and (acceptance.by_chair or not chairs_alone(report, finding)):
            accepted.append((finding, acceptance))
        else:
            waiting.append(finding)
    return Checked(waiting, accepted, advice(contents))


def open_findings(report: CommitteeReport) -> list[Finding]:
    """What still waits before the report can be cleared and issued."""
    return check(report).open


def advice(contents: Contents) -> list[Finding]:
    """Short forms that neither the report nor the board's glossary explains."""
    document = contents.document(draft=True)
    glossary = Glossary.objects.filter(board=contents.report.board).first()
    return [
        Finding(str(flag.kind), flag.where, flag.excerpt, "")
        for flag in redflags.acronyms(document, glossary.short_forms if glossary else ())
    ]


def find(report: CommitteeReport, contents: Contents | None = None) -> list[Finding]:
    """Every finding: sources first, then the words in the order of the paper. Each once."""
    contents = contents or gather(report)
    document = contents.document(draft=True)
    found = [
        *source_findings(contents),
        *carried_findings(contents),
        *word_findings(contents, document),
        *echo_findings(contents, document),
        *minutes_findings(contents),
        *correction_findings(contents),
    ]
    if report.purpose == CommitteeReport.Purpose.DECISION and not document.recommendations:
        found.append(
            Finding(
                NO_RECOMMENDATION,
                "Recommendations",
                "For Decision",
                "A report For Decision says what the committee is asked to decide.",
            )
        )
    return list({finding.key: finding for finding in found}.values())


def source_findings(contents: Contents) -> Iterator[Finding]:
    for item in contents.paragraphs:
        for reading in item.readings:
            if reading.standing == Standing.CHANGED:
                yield Finding(
                    CHANGED,
                    item.where,
                    reading.words,
                    f"{reading.source.label} has changed since this paragraph was drafted.",
                    paragraph=item,
                    reading=reading,
                )
            elif reading.held:
                yield held_finding(item, reading)


def carried_findings(contents: Contents) -> Iterator[Finding]:
    """What was taken over from an earlier report, until it is changed or somebody says that it
    still holds."""
    for item in contents.paragraphs:
        if item.paragraph.carried_from and item.paragraph.text.strip():
            yield Finding(
                CARRIED,
                item.where,
                shortened(item.paragraph.text),
                f"It stood in the report {item.paragraph.carried_from} and was carried over. "
                "Check that it still holds, or change it.",
                paragraph=item,
            )


def held_finding(item: Numbered, reading: Reading) -> Finding:
    kind = {Standing.WITHDRAWN: WITHDRAWN, Standing.SENSITIVE: SENSITIVE}.get(
        reading.standing, NOT_CLEARED
    )
    sentence = {
        WITHDRAWN: f"{reading.owner} took back the words of this source.",
        SENSITIVE: f"{reading.owner} marked this source OFFICIAL-SENSITIVE.",
        NOT_CLEARED: f"{reading.owner} has not cleared these words for this report.",
    }[kind]
    return Finding(
        kind,
        item.where,
        reading.source.label,
        sentence[:1].upper() + sentence[1:],
        acceptable=False,
        must=f"Only {reading.owner} can clear them.",
        paragraph=item,
        reading=reading,
    )


def word_findings(contents: Contents, document: Document) -> Iterator[Finding]:
    for flag in redflags.check(document):
        yield Finding(
            str(flag.kind),
            flag.where,
            flag.excerpt,
            WHY[flag.kind],
            paragraph=paragraph_at(contents, flag.where, flag.excerpt),
        )


def echo_findings(contents: Contents, document: Document) -> Iterator[Finding]:
    """Words shared with a marked text are never accepted; the others take one reason for each
    kind of text that has them."""
    groups: dict[str, list[Place]] = {}
    for echo in echoes(contents.report, document):
        place = Place(echo.where, echo.run, paragraph_at(contents, echo.where, echo.run))
        if not echo.sensitive:
            groups.setdefault(echo.source, []).append(place)
            continue
        yield Finding(
            str(Kind.SHARED),
            echo.where,
            echo.run,
            f"The same words stand in {echo.source}.",
            acceptable=False,
            must="Only its agency can change the marking. Change the words, or leave them out.",
            paragraph=place.paragraph,
            detail=echo.source,
        )
    for source, places in groups.items():
        first, *more = places
        yield Finding(
            str(Kind.SHARED),
            f"{len(places)} places" if more else first.where,
            first.run,
            f"The same words stand in {source}.",
            paragraph=None if more else first.paragraph,
            detail="\x1f".join((source, *(place.run for place in places))),
            places=tuple(places) if more else (),
        )


def minutes_findings(contents: Contents) -> Iterator[Finding]:
    sources = [r.source for item in contents.paragraphs for r in item.readings]
    for meeting in resting_on_drafts(sources):
        yield Finding(
            DRAFT_MINUTES,
            "The report",
            meeting_name(meeting),
            "Its minutes are not approved yet: the report rests on a draft.",
        )


def correction_findings(contents: Contents) -> Iterator[Finding]:
    """Until the report says it as corrected."""
    texts = [item.paragraph.text for item in contents.paragraphs]
    for correction in corrections_of(contents.report, contents.report.drafted_at):
        if any(correction.wording.strip() in text for text in texts):
            continue
        yield Finding(
            CORRECTED,
            "The report",
            f"{meeting_name(correction.minutes.meeting)}, item {correction.item.number}",
            f"Paragraph {correction.paragraph} of these minutes was corrected. It now reads: "
            f"{correction.wording.strip()}",
            detail=str(correction.pk),
        )


def paragraph_at(contents: Contents, where: str, excerpt: str) -> Numbered | None:
    """The paragraph a finding in the printed text belongs to, None for the header and such."""
    same = [item for item in contents.paragraphs if item.where == where]
    holding = [item for item in same if excerpt in item.paragraph.text]
    return next(iter(holding or same), None)


def accept(
    report: CommitteeReport,
    finding: Finding,
    *,
    by: User,
    reason: str,
    at: datetime.datetime | None = None,
) -> Acceptance:
    """Accept a finding with a reason. Accepting the same one twice changes nothing.

    at  when, aware; now when none is given. Past only for the demo
    """
    by_chair = by.roles.chair(report.board_id)
    with transaction.atomic():
        if by_chair:  # in place of one that was not enough
            report.acceptances.filter(finding=finding.key, by_chair=False).delete()
        acceptance, new = Acceptance.objects.get_or_create(
            report=report,
            finding=finding.key,
            defaults={
                "kind": finding.kind,
                "excerpt": finding.excerpt[:2000],
                "reason": reason,
                "at": at or timezone.now(),
                "by": by,
                "by_chair": by_chair,
            },
        )
        if new:
            audit.record(
                "accept a finding",
                report,
                by=by,
                note=f"{finding.kind}, {finding.where}: {reason}",
                at=at,
            )
    return acceptance


def open_again(report: CommitteeReport, key: str, *, by: User) -> bool:
    """Take an acceptance back; False when there is none."""
    with transaction.atomic():
        taken, _ = report.acceptances.filter(finding=key).delete()
        if taken:
            audit.record("open a finding again", report, by=by)
    return bool(taken)


def hold_sources(report: CommitteeReport) -> None:
    """Lock the records that a report rests on until the transaction ends, so that none is
    taken back or marked between the checks and the issue."""
    sources = ParagraphSource.objects.filter(paragraph__section__report=report)
    for key, model in LENDERS.items():
        keys = sources.exclude(**{key: None}).values_list(key, flat=True)
        lock(model._default_manager.filter(pk__in=list(keys)))
        if key == "priority_return":
            # A part is marked with the whole it belongs to.
            lock(AgencyReturn.objects.filter(priority_returns__in=list(keys)))


def lock(records) -> None:
    list(records.select_for_update().order_by("pk").values_list("pk"))
