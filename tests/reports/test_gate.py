"""The list of checks before issue, one by one: what is found, the near miss that is not, and that
each is settled by changing the words or stays accepted with its reason in what was issued."""

import pytest

from board.workflow import perform
from reports import checks, models, redflags
from reports.document import Paragraph, Section
from reports.models import CommitteeReport
from reports.redflags import Kind
from reports.transitions import CLEAR, ISSUE

from .papers import make_document
from .test_views import make_draft, page

RUN = "nine vans were seen at the back gate before dawn"
WORDS = {
    Kind.PHONE: (
        ("07700 900123", "+44 7700 900123", "(07700) 900-123", "home: 01632 960123"),
        ("020 7946 0123", "0300 123 4567", "SOC/07700/2018", "07/09/2018 and 07 09 2018",
         "07700900", "£07,700,900", "0700 hours to 0900 hours"),
    ),
    Kind.EMAIL: (
        ("ada.harbour@example.org", "a.harbour@example.org", "harbour@gmail.com"),
        ("soc-board@example.org", "duty.desk@example.org", "police@example.org",
         "community.safety@example.org", "a dot harbour at example"),
    ),
    Kind.POSTCODE: (
        ("EC2P 2EJ", "E1 6AN", "SW1A1AA", "M1 1AE"),
        ("EC2", "the A10 and the M25", "SOC/3/2018", "section 17 of the 1998 Act", "19 September",
         "B2B trade", "W1 in the list", "Q3 2018"),
    ),
    Kind.PLATE: (
        ("AB12 CDE", "AB12CDE", "P123 ABC"),
        ("SOC/12/2018", "the M25", "MI5", "GDPR 2018", "AB12", "ward 12 ABCDE", "AB12 cde"),
    ),
    Kind.MARKING: (
        ("OFFICIAL-SENSITIVE", "Official Sensitive", "OFFICIAL", "SECRET", "CONFIDENTIAL"),
        ("official statistics", "a sensitive matter", "in secret", "restricted access",
         "Confidential Helpline"),
    ),
    Kind.MARKUP: (
        ("<b>bold</b>", "R&amp;D", "a&#160;b", "a \ufffd b", "<br>"),
        ("R&D", "3 < 4 > 2", "<https://example.org/a>", "AT&T; and others", "x & y"),
    ),
    Kind.LINK: (
        ("www.example.org", "[page](/page)", "javascript:alert", "file:///c/report",
         r"\\server\share", "[page](ftp://example.org/a)"),
        ("https://example.org/a", "http://www.example.org/", "[page](https://example.org/a)",
         "[us](mailto:soc-board@example.org)", "data: three sets", "file: closed"),
    ),
    Kind.ASK: (
        ("Members are asked to agree the plan.", "The Partnership is invited to comment.",
         "Approval is sought for the plan.", "It is recommended that it be adopted.",
         "Members should decide."),
        ("Members are asked to note the report.", "Each agency was asked for its priorities.",
         "The Board asked the police for figures.", "Members heard the police."),
    ),
}  # fmt: skip
FOUND = [(kind, text) for kind, (texts, _) in WORDS.items() for text in texts]
NEAR = [(kind, text) for kind, (_, texts) in WORDS.items() for text in texts]


@pytest.fixture
def report(quarter):
    """A draft whose own findings are settled: it starts with none."""
    report = make_draft(quarter)
    models.Paragraph.objects.filter(section__report=report, text__contains="nominations").delete()
    for finding in checks.open_findings(report):
        checks.accept(report, finding, by=quarter.world.secretary, reason="Said in the report.")
    return report


def write(report, text):
    return models.Paragraph.objects.create(section=report.sections.last(), order=90, text=text)


def sentence(kind, text):
    return text if kind == Kind.ASK else f"Heard from {text} about boats."


def waiting(report):
    return [(finding.kind, finding.where) for finding in checks.open_findings(report)]


def found_in(text):
    document = make_document(sections=(Section("H", (Paragraph(text),)),))
    return redflags.check(document)


@pytest.mark.parametrize(("kind", "text"), FOUND, ids=str)
def test_it_is_found(kind, text):
    found = found_in(sentence(kind, text))
    assert {(finding.kind, finding.where) for finding in found} == {(kind, "Paragraph 1")}
    assert all(finding.excerpt in text for finding in found)
    if kind == Kind.ASK:
        assert [finding.excerpt for finding in found] == [text]


@pytest.mark.parametrize(("kind", "text"), NEAR, ids=str)
def test_what_only_resembles_it_is_not_found(kind, text):
    assert kind not in {finding.kind for finding in found_in(sentence(kind, text))}


@pytest.mark.parametrize("kind", WORDS)
def test_it_is_settled_by_other_words_or_accepted_with_a_reason(quarter, report, kind):
    text = sentence(kind, WORDS[kind][0][0])
    paragraph = write(report, text)
    found = checks.open_findings(report)
    assert {finding.kind for finding in found} == {str(kind)}
    assert {finding.paragraph.paragraph for finding in found} == {paragraph}

    for finding in found:
        checks.accept(report, finding, by=quarter.world.chair, reason="It is the office's own.")
    kept = [(finding.kind, kept.reason) for finding, kept in checks.check(report).accepted]
    assert kept.count((str(kind), "It is the office's own.")) == len(found)
    assert waiting(report) == []
    another = WORDS[kind][0][1]
    paragraph.text = f"{text} {sentence(kind, another)}"
    paragraph.save()
    assert {finding.kind for finding in checks.open_findings(report)} == {str(kind)}
    paragraph.text = "Heard from nobody about boats."
    paragraph.save()
    assert waiting(report) == []


def test_an_empty_section_is_found_and_one_with_a_line_is_not(report):
    section = models.Section.objects.create(report=report, order=9, heading="Finance")
    assert waiting(report) == [(Kind.EMPTY, "Finance")]
    section.paragraphs.create(order=1, text=" ")
    assert waiting(report) == [(Kind.EMPTY, "Finance")]
    section.paragraphs.update(text="None.")
    assert waiting(report) == []


def test_no_recommendation_is_found_in_a_report_for_decision_alone(report):
    assert waiting(report) == []
    report.purpose = CommitteeReport.Purpose.DECISION
    report.save()
    assert [kind for kind, _ in waiting(report)] == [checks.NO_RECOMMENDATION]
    report.recommendations = " \n"
    report.save()
    assert [kind for kind, _ in waiting(report)] == [checks.NO_RECOMMENDATION]
    report.recommendations = "Agree the plan"
    report.save()
    assert waiting(report) == []


def test_eight_words_are_found_and_seven_are_not_nor_eight_in_another_order(quarter, report):
    quarter.restricted.text = f"Said in confidence: {RUN} today"
    quarter.restricted.save()
    paragraph = write(report, "Nothing yet.")
    for text, found in (
        ("It is said: nine vans were seen at the back, they say.", False),
        (f"It is said: {' '.join(reversed(RUN.split()))}.", False),
        (f"It is said: {RUN.title()}.", True),
        (f"It is said: {RUN.replace(' ', ', ')}.", True),
    ):
        paragraph.text = text
        paragraph.save()
        assert bool(waiting(report)) is found, text


@pytest.mark.parametrize("audience", ["parent", "public"])
def test_words_that_are_marked_are_never_accepted_by_anybody(client, quarter, report, audience):
    report.audience = audience
    report.save()
    quarter.shut_part.marking = "OFFICIAL-SENSITIVE"
    quarter.shut_part.did = RUN
    quarter.shut_part.save()
    write(report, f"We know: {RUN}.")
    (finding,) = (f for f in checks.open_findings(report) if f.kind == Kind.SHARED)
    client.force_login(quarter.world.chair)
    reason = {"act": f"accept:{finding.key}", f"{finding.key[:12]}-reason": "Ours."}
    assert client.post(f"/reports/{report.ref}/checks/", reason).status_code == 403
    assert finding in checks.open_findings(report)


def test_what_is_withheld_is_listed_with_its_ground_before_issue(client, quarter, report):
    client.force_login(quarter.world.chair)
    text = page(client, f"/reports/{report.ref}/checks/")
    assert '<dt>Restricted parts of minutes<span class="sub">Schedule 12A, paragraph 7' in text
    for kind in ("Minutes not cleared", "Returns not cleared", "Threats not cleared",
                 "Learning not cleared", "Restricted actions"):  # fmt: skip
        assert f"<dt>{kind}" in text
    assert "RESTRICTEDNOTE" not in text


def test_every_reason_is_kept_in_what_was_issued(quarter, report):
    chair = quarter.world.chair
    for kind, (texts, _) in WORDS.items():
        write(report, sentence(kind, texts[0]))
    models.Section.objects.create(report=report, order=9, heading="Finance")
    for finding in checks.open_findings(report):
        checks.accept(report, finding, by=chair, reason=f"As to: {finding.kind}.")
    issue = perform(ISSUE, perform(CLEAR, report, by=chair), by=chair).issues.get()
    kept = {finding["kind"]: finding for finding in issue.findings}
    for kind in (*WORDS, Kind.EMPTY):
        assert kept[str(kind)]["reason"] == f"As to: {kind}."
        assert kept[str(kind)]["by"] == str(chair)
