import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.models import AuditEvent
from meetings.models import Minutes
from meetings.transitions import NOTE_CLEARANCE
from priorities.transitions import PART_CLEARANCE
from reports import checks
from reports.contents import gather
from reports.drafting import draft_report
from reports.echoes import every_fourth_five, grams, runs_of_five, words_in
from reports.models import CommitteeReport, Paragraph
from reports.redflags import Kind
from tests.builders import london, make_action, make_item, make_meeting, make_note, make_world

from .conftest import COMMITTEE, FROM, TO, clear
from .test_views import issue, make_draft

RUN = "nine vans were seen at the back gate before dawn on Monday"


@pytest.fixture
def report(quarter):
    return draft_report(
        quarter.world.board, quarter.world.parent, committee_date=COMMITTEE, period_from=FROM,
        period_to=TO, by=quarter.world.secretary,
    )  # fmt: skip


def kinds(report):
    return sorted(finding.kind for finding in checks.open_findings(report))


def found(report, kind):
    return [finding for finding in checks.find(report) if finding.kind == kind]


def write(report, text, words="CLEAREDRETURN"):
    paragraph = Paragraph.objects.get(section__report=report, text__contains=words)
    paragraph.text += f" {text}"
    paragraph.save()
    return paragraph


def test_a_fresh_draft_asks_in_a_report_for_information_and_rests_on_draft_minutes(report):
    assert kinds(report) == [str(Kind.ASK), "From draft minutes"]
    (ask,) = found(report, Kind.ASK)
    assert ask.excerpt.startswith("The Parent of SOC Board is asked to consider nominations")
    assert ask.where == "Paragraph 9"
    assert ask.paragraph.number == 9
    (draft,) = found(report, "From draft minutes")
    assert draft.excerpt == "SOC Board, 19 September 2018"


def test_the_words_are_looked_at_wherever_they_stand(report):
    report.contact += "\nMobile: 07700 900123\njo.bloggs@example.org"
    report.save()
    write(report, "<p>See EC1A 1BB, OFFICIAL-SENSITIVE, AB12 CDE, www.example.org")
    assert set(kinds(report)) >= {
        Kind.PHONE, Kind.EMAIL, Kind.POSTCODE, Kind.PLATE, Kind.MARKING, Kind.MARKUP, Kind.LINK,
    }  # fmt: skip
    (phone,) = found(report, Kind.PHONE)
    assert (phone.where, phone.excerpt, phone.paragraph) == ("Contact", "07700 900123", None)


def test_an_excerpt_is_shown_in_its_context(report):
    write(report, "Write to EC1A 1BB today.")
    (postcode,) = found(report, Kind.POSTCODE)
    before, after = postcode.around
    assert before.endswith("Write to ")
    assert after == " today."


def test_a_report_for_decision_needs_a_recommendation(report):
    report.purpose = CommitteeReport.Purpose.DECISION
    report.save()
    assert "No recommendation" in kinds(report)
    assert str(Kind.ASK) not in kinds(report)
    report.recommendations = "Note the report"
    report.save()
    assert "No recommendation" not in kinds(report)


def test_a_source_that_is_taken_back_cannot_be_accepted(quarter, report):
    clear([PART_CLEARANCE[-1]], quarter.part, quarter.world.police_lead, audience=0)
    (finding,) = found(report, "Words withdrawn")
    assert not finding.acceptable
    assert finding.must == "Only Police of soc-board can clear them."
    assert finding.can_leave_out
    document = gather(report).document(draft=True, hold=True)
    printed = " ".join(text for _, text in document.texts())
    assert "CLEAREDRETURN" not in printed
    assert "[Held back until these words are cleared by Police of soc-board.]" in printed


def test_a_source_cleared_for_fewer_than_before_cannot_be_accepted(quarter, report):
    clear(NOTE_CLEARANCE, quarter.note, quarter.world.secretary, audience=1)
    (finding,) = found(report, "Words not cleared")
    assert not finding.acceptable
    assert finding.where == "Paragraph 7"


def test_a_source_that_is_marked_later_cannot_be_accepted(quarter, report):
    quarter.part.marking = "OFFICIAL-SENSITIVE"
    quarter.part.save()
    (finding,) = found(report, "Marked OFFICIAL-SENSITIVE")
    assert not finding.acceptable


def test_a_source_that_changed_is_named_with_its_new_words(quarter, report):
    quarter.part.report_text = "Eleven hotels."
    quarter.part.save()
    assert found(report, "Source has changed") == []  # what was cleared still stands
    clear(PART_CLEARANCE, quarter.part, quarter.world.police_lead)
    (finding,) = found(report, "Source has changed")
    assert finding.excerpt == "Eleven hotels."
    assert finding.acceptable
    assert finding.can_take


def test_minutes_that_are_approved_since_change_the_meeting_not_the_words(quarter, report):
    Minutes.objects.create(
        meeting=quarter.meeting, state="approved", text="x", pdf=b"%PDF", sha256="a" * 64,
        approved_at=quarter.meeting.ends_at, approved_by=quarter.world.secretary,
        approved_at_meeting=quarter.meeting,
    )  # fmt: skip
    assert found(report, "From draft minutes") == []
    (finding,) = found(report, "Source has changed")
    assert finding.reading.source.meeting == quarter.meeting


def test_a_run_of_eight_words_of_a_restricted_minute_is_found(quarter, report):
    quarter.restricted.text = f"Said in confidence: {RUN}."
    quarter.restricted.save()
    write(report, f"It was heard that {RUN.upper()}!")
    (finding,) = found(report, Kind.SHARED)
    assert finding.excerpt == RUN.upper()
    assert finding.why == "The same words stand in a restricted minute."
    assert finding.acceptable
    assert "confidence" not in finding.excerpt + finding.why


@pytest.mark.parametrize("extra", ["", " " + " ".join(f"word{n}" for n in range(300))])
def test_working_notes_and_restricted_actions_are_looked_into(quarter, report, extra):
    quarter.item.working_notes = RUN + extra
    quarter.item.save()
    make_action(quarter.world.board, agency=quarter.world.fire, wording=RUN, part="restricted")
    write(report, RUN)
    assert {finding.why for finding in found(report, Kind.SHARED)} == {
        "The same words stand in a restricted action.",
        "The same words stand in the secretary's working notes.",
    }


def test_words_of_a_marked_return_can_never_be_accepted(quarter, report):
    quarter.shut_part.marking = "OFFICIAL-SENSITIVE"
    quarter.shut_part.did = RUN
    quarter.shut_part.save()
    write(report, RUN)
    (finding,) = found(report, Kind.SHARED)
    assert not finding.acceptable
    assert finding.why == "The same words stand in a return marked OFFICIAL-SENSITIVE."


def test_words_that_were_cleared_are_no_finding_though_a_restricted_text_has_them(quarter, report):
    words = "CLEAREDRETURN was done by nine hotels and by two of the banks here"
    quarter.part.report_text = words
    quarter.part.save()
    clear(PART_CLEARANCE, quarter.part, quarter.world.police_lead)
    quarter.restricted.text = words
    quarter.restricted.save()
    write(report, "and by two of the banks here", "CLEAREDRETURN")
    paragraph = Paragraph.objects.get(section__report=report, text__contains="CLEAREDRETURN")
    paragraph.text = words
    paragraph.save()
    assert found(report, Kind.SHARED) == []
    quarter.restricted.text = f"{words} until late in the night"
    quarter.restricted.save()
    paragraph.text = f"{words} until late in the night"
    paragraph.save()
    assert [f.excerpt for f in found(report, Kind.SHARED)] == [f"{words} until late in the night"]


def test_seven_words_are_no_finding(quarter, report):
    quarter.restricted.text = "one two three four five six seven eighth"
    quarter.restricted.save()
    write(report, "one two three four five six seven other")
    assert found(report, Kind.SHARED) == []


def test_an_accepted_finding_stays_accepted_while_it_is_the_same(quarter, report):
    (ask,) = found(report, Kind.ASK)
    checks.accept(report, ask, by=quarter.world.chair, reason="The clerk knows.")
    result = checks.check(report)
    assert [finding.kind for finding in result.open] == ["From draft minutes"]
    assert [acceptance.reason for _, acceptance in result.accepted] == ["The clerk knows."]
    assert result.total == 2
    # One paragraph more before it: the finding stands at another number, and is the same.
    Paragraph.objects.create(section=report.sections.first(), order=0, text="First of all.")
    assert kinds(report) == ["From draft minutes"]
    assert found(report, Kind.ASK)[0].where == "Paragraph 10"
    write(report, "Members are asked to vote.", "nominations")
    assert kinds(report) == [str(Kind.ASK), "From draft minutes"]
    paragraph = Paragraph.objects.get(section__report=report, text__contains="nominations")
    paragraph.text = paragraph.text.replace("nominations", "any nominations")
    paragraph.save()
    assert kinds(report).count(str(Kind.ASK)) == 2


def test_an_acceptance_is_on_the_record_once(quarter, report):
    (ask,) = found(report, Kind.ASK)
    for _ in range(2):
        checks.accept(report, ask, by=quarter.world.chair, reason="The clerk knows.")
    event = AuditEvent.objects.get(act="accept a finding")
    assert event.actor == quarter.world.chair
    assert "The clerk knows." in event.note
    assert checks.open_again(report, ask.key, by=quarter.world.chair)
    assert not checks.open_again(report, ask.key, by=quarter.world.chair)
    assert str(Kind.ASK) in kinds(report)


def test_an_acceptance_of_old_words_does_not_cover_newer_ones(quarter, report):
    for text in ("Eleven hotels.", "Twelve hotels."):
        quarter.part.report_text = text
        quarter.part.save()
        quarter.part = clear(PART_CLEARANCE, quarter.part, quarter.world.police_lead)
        (finding,) = found(report, "Source has changed")
        assert finding in checks.open_findings(report)
        checks.accept(report, finding, by=quarter.world.chair, reason="Ours is better.")
        assert finding not in checks.open_findings(report)


def test_the_checks_ask_the_database_as_often_for_many_records(
    quarter, report, django_assert_num_queries
):
    with django_assert_num_queries(45):
        checks.check(report)
    for number in range(3):
        item = quarter.meeting.items.create(number=10 + number, title="More")
        make_note(item, f"{RUN} {number}")
        paragraph = Paragraph.objects.create(
            section=report.sections.last(), order=50 + number, text=f"More {number}"
        )
        paragraph.sources.create(label="x", digest="0" * 64, note=quarter.note)
    with django_assert_num_queries(45):
        checks.check(report)


SECOND = "two men were let in by the porter shortly after the shift had changed"


def test_runs_of_one_kind_of_text_take_one_reason(quarter, report):
    quarter.restricted.text = f"{RUN}. {SECOND}."
    quarter.restricted.save()
    write(report, f"{RUN}.")
    write(report, f"{SECOND}.", "CLEAREDTHREAT")
    (finding,) = found(report, Kind.SHARED)
    assert finding.where == "2 places"
    assert [place.run for place in finding.places] == [SECOND, RUN]
    checks.accept(report, finding, by=quarter.world.chair, reason="Known to all.")
    assert str(Kind.SHARED) not in kinds(report)
    write(report, "In all nine vans were seen at the back gate before noon.", "CLEAREDLEARNING")
    assert str(Kind.SHARED) in kinds(report)  # another run: another reason


def test_another_board_and_another_decade_are_looked_into(quarter, report):
    other = make_world("other-board")
    meeting = make_meeting(other.board, starts_at=london(1998, 3, 2))
    make_note(make_item(meeting), RUN)
    write(report, RUN)
    (finding,) = found(report, Kind.SHARED)
    assert finding.why == "The same words stand in a minute that was not cleared."


def test_words_of_an_earlier_public_report_are_no_finding(quarter, report):
    quarter.restricted.text = f"Said in confidence: {RUN}."
    quarter.restricted.save()
    write(report, RUN)
    earlier = make_draft(quarter)
    write(earlier, RUN)
    assert found(report, Kind.SHARED) != []
    issue(earlier, quarter.world.chair)
    assert found(report, Kind.SHARED) == []


@given(
    st.lists(
        st.sampled_from(["vans", "don't", "gate’s", "dawn", "Zoë", "x_y", "nine"]), max_size=9
    ),
    st.lists(st.sampled_from(["seen", "the—gate", "“dawn”", "Monday", "ﬁve"]), max_size=9),
    st.lists(st.sampled_from(["a", "b", "c d", "nine"]), max_size=9),
)
def test_the_first_look_misses_no_shared_run(shared, before, after):
    ours = " ".join([*shared, "and", *after])
    theirs = ", ".join([*before, *shared]) + " or " + " ".join(before)
    if grams(ours) & grams(theirs):
        fives = set(runs_of_five(words_in(ours)))
        assert not fives.isdisjoint(every_fourth_five(words_in(theirs)))


@pytest.mark.parametrize("text", ["EC1A 1BB", "AB12 CDE", "07700 900123", "OFFICIAL-SENSITIVE"])
def test_a_leak_into_a_public_report_takes_the_chairs_reason(client, quarter, report, text):
    write(report, f"See {text}.")
    (leak,) = (f for f in checks.open_findings(report) if f.leak)
    client.force_login(quarter.world.secretary)
    address = f"/reports/{report.ref}/checks/"
    assert "The chair alone can accept this" in client.get(address).content.decode()
    reason = {"act": f"accept:{leak.key}", f"{leak.key[:12]}-reason": "Ours."}
    assert client.post(address, reason).status_code == 403
    assert leak in checks.open_findings(report)
    client.force_login(quarter.world.chair)
    assert client.post(address, reason).status_code == 302
    assert leak not in checks.open_findings(report)


def test_a_secretarys_reason_given_for_the_committee_is_not_enough_for_the_public(quarter, report):
    report.audience = "parent"
    report.save()
    write(report, "See EC1A 1BB.")
    (leak,) = found(report, Kind.POSTCODE)
    checks.accept(report, leak, by=quarter.world.secretary, reason="Our office.")
    assert leak not in checks.open_findings(report)
    report.audience = "public"
    report.save()
    assert leak in checks.open_findings(report)
    checks.accept(report, leak, by=quarter.world.chair, reason="Our office.")
    assert leak not in checks.open_findings(report)


def test_short_forms_are_advice_until_the_glossary_has_them(client, quarter, report):
    write(
        report, "The SCP met the National Crime Agency (NCA); the NCA came by HGV. NO NEWS AT ALL."
    )
    result = checks.check(report)
    assert [finding.excerpt for finding in result.advice] == ["SOC", "SCP", "HGV"]
    assert not {f.kind for f in result.open} & {str(Kind.ACRONYM)}
    client.force_login(quarter.world.secretary)
    address = f"/reports/glossary/{quarter.world.board.slug}/"
    answer = client.post(address, {"text": "SCP Safer City", "version": 0})
    assert answer.status_code == 422
    assert "Write “SCP Safer City” as a short form, a colon and the long form." in (
        answer.content.decode()
    )
    text = "SCP: Safer City Partnership\nSOC: serious and organised crime"
    assert client.post(address, {"text": text, "version": 0}).status_code == 302
    assert [finding.excerpt for finding in checks.check(report).advice] == ["HGV"]
    stale = client.post(address, {"text": "HGV: lorry", "version": 0})
    assert stale.status_code == 422
    assert "Somebody else saved this" in stale.content.decode()
    assert "HGV: lorry" in stale.content.decode()
