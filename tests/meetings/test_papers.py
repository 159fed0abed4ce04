"""Papers and the pack: who reads what, on which page, and what a late one moves (nothing)."""

import datetime
import io
import subprocess
import zipfile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from board.models import AuditEvent
from board.workflow import perform
from meetings.carrying import carry_papers
from meetings.models import Paper
from meetings.pack import volume_of
from meetings.pages import label, pages_of
from meetings.papers import WITHDRAW
from meetings.transitions import CHECK, CIRCULATE, PUBLISH
from tests import builders as make
from tests.meetings.rooms import held

SECRET = {"part": "restricted", "marking": "OFFICIAL-SENSITIVE"}


@pytest.fixture
def meeting(world):
    """A planned meeting of three items."""
    record = make.make_meeting(world.board, ref="soc-board-next", presiding=world.chair)
    for number, title in enumerate(("Apologies", "Plan", "Night work"), 1):
        make.make_item(record, number, title)
    return record


def item(meeting, number):
    return meeting.items.get(number=number)


def published(world, meeting, **options):
    return perform(PUBLISH, meeting, by=world.secretary, **options)


def signed_in(client, person):
    client.force_login(person)
    return client


def address(name, meeting, *args):
    return reverse(f"meetings:{name}", args=[meeting.ref, *args])


def post(client, meeting, number=2, upload=None, **fields):
    data = {"title": "The plan", "timing": "with_agenda", "part": "board", "marking": "OFFICIAL"}
    data |= fields
    if upload is not None:
        name, content = upload
        data["upload"] = SimpleUploadedFile(name, content)
    return client.post(address("paper_new", meeting, item(meeting, number).pk), data)


def words(data, *options):
    run = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True
    )
    return " ".join(run.stdout.decode().split())


def pack(client, meeting, part=""):
    response = client.get(address("pack", meeting) + (f"?part={part}" if part else ""))
    assert response.status_code == 200
    return response.content


def labels(data):
    with pikepdf.open(io.BytesIO(data)) as document:
        return [page.label for page in document.pages]


def hidden(data):
    """What a PDF says outside its pages: bookmarks, title, all keys and texts."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return b" ".join(
            obj.unparse(resolved=True)
            for obj in document.objects
            if not isinstance(obj, pikepdf.Stream)
        )


def zipped(*names, first=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, first if name == "mimetype" else b"x")
    return out.getvalue()


WORD = zipped("[Content_Types].xml", "word/document.xml")


def test_a_paper_is_added_cleaned_and_read_once_the_agenda_is_published(world, client, meeting):
    signed_in(client, world.secretary)
    with pikepdf.open(io.BytesIO(make.a_pdf("The words", "More"))) as document:
        document.attachments["canary.txt"] = b"canary"
        document.save(out := io.BytesIO())
    response = post(client, meeting, upload=("../../con.pdf", out.getvalue()))
    assert response.status_code == 302
    page = client.get(response.url)
    assert "“The plan” is with item 2. Left out of the file: attached files." in (
        page.content.decode()
    )
    assert "Pages 1 to 2" in page.content.decode()
    paper = Paper.objects.get()
    assert (paper.file.kind, paper.file.pages, paper.first_page) == ("pdf", 2, None)

    address_of = paper.get_absolute_url()
    signed_in(client, world.member)
    assert client.get(address_of).status_code == 404
    assert client.get(address("pack", meeting)).status_code == 404
    published(world, meeting)
    response = client.get(address_of)
    assert response.headers["Content-Disposition"] == 'inline; filename="the-plan.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "The words" in words(response.content)
    assert b"canary" not in response.content
    assert "Page 1" in words(pack(client, meeting))


@pytest.mark.parametrize(
    ("upload", "fields", "sentence"),
    [
        (None, {}, "Choose the file, or say that it is to follow"),
        (None, {"timing": "to_follow"}, "Say why it does not come with the agenda"),
        (("a.pdf", b""), {}, "file is empty"),
        (("a.pdf", b"MZ"), {}, "This is not a PDF"),
        (("a.pdf", b"%PDF-1.7 and no more"), {}, "damaged, or it is no PDF"),
        (("a.docm", WORD), {}, "This is not a PDF"),
        (("a.xlsx", WORD), {}, "This is not a PDF"),
        (("a.docx", b"PK\x03\x04 and no more"), {}, "This is not a PDF"),
        (
            ("a.docx", zipped("[Content_Types].xml", "word/a.xml", "word/vbaProject.bin")),
            {},
            "This is not a PDF",
        ),
        (("a.odt", zipped("mimetype", "a", first=b"text/html")), {}, "This is not a PDF"),
        (("a.html", b"<script>"), {}, "This is not a PDF"),
        (("a.pdf", b"%PDF-" + b"x" * 20_000_001), {}, "This file is over 20 MB"),
        (("a.pdf", make.a_pdf()), {"title": ""}, "Choose the file again"),
        (("a.pdf", make.a_pdf()), {"marking": "OFFICIAL-SENSITIVE"}, "belongs in the restricted"),
    ],
)
def test_what_will_not_do_is_said_and_what_was_typed_is_kept(
    world, client, meeting, upload, fields, sentence
):
    signed_in(client, world.secretary)
    response = post(client, meeting, upload=upload, **{"reason": "", "title": "A plan", **fields})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    if fields.get("title") != "":
        assert 'value="A plan"' in response.content.decode()
    assert not Paper.objects.exists()


def test_a_word_file_stays_by_itself_and_every_page_says_so(world, client, meeting):
    signed_in(client, world.secretary)
    page = client.get(post(client, meeting, upload=("Plan.DOCX", WORD)).url)
    assert "It does not join the pack" in page.content.decode()
    published(world, meeting)
    signed_in(client, world.member)
    assert "Word, not in the pack" in client.get(meeting.get_absolute_url()).content.decode()
    assert "By itself on the meeting’s page: Word" in words(pack(client, meeting))
    response = client.get(Paper.objects.get().get_absolute_url())
    assert response.content == WORD
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"] == "sandbox"


def test_a_late_paper_stands_after_a_page_that_is_there_and_moves_none(world, client, meeting):
    by, at = world.secretary, timezone.now() - datetime.timedelta(days=2)
    first = make.make_paper(item(meeting, 2), "The plan", by=by, pages=3, at=at)
    late = make.make_paper(
        item(meeting, 2), "Figures", by=by, pages=0, at=at, timing="to_follow", reason="Awaited"
    )
    last = make.make_paper(item(meeting, 3), "Night", by=by, pages=2, at=at)
    secret = make.make_paper(item(meeting, 2), "Held back", by=by, at=at, **SECRET)
    meeting = published(world, meeting, at=at)
    before = {paper.pk: paper.first_page for paper in Paper.objects.all()}
    assert before == {first.pk: 1, late.pk: None, last.pk: 4, secret.pk: 6}

    signed_in(client, world.secretary)
    edit = address("paper_edit", meeting, late.pk)
    data = {"title": "Figures", "part": "board", "marking": "OFFICIAL", "version": "0"}
    data["upload"] = SimpleUploadedFile("figures.pdf", make.a_pdf("a", "b"))
    assert client.post(edit, data).status_code == 302
    new = SimpleUploadedFile("more.pdf", make.a_pdf("c"))
    more = {"title": "More", "timing": "supplementary", "reason": "It came today", "upload": new}
    client.post(
        address("paper_new", meeting, item(meeting, 2).pk),
        more | {"part": "board", "marking": "OFFICIAL"},
    )
    make.make_paper(item(meeting, 1), "Before all", by=by, timing="tabled", reason="Late")
    found = {
        paper.title: [label(page) for page in pages_of(paper)]
        for paper in Paper.objects.select_related("file")
    }
    assert found == {
        "The plan": ["1", "2", "3"],
        "Figures": ["3a", "3b"],
        "More": ["3c"],
        "Night": ["4", "5"],
        "Held back": ["6"],
        "Before all": ["7"],
    }
    signed_in(client, world.member)
    data = pack(client, meeting)
    assert labels(data)[1:] == ["1", "2", "3", "3a", "3b", "3c", "4", "5", "7"]
    front = words(data, "-l", "1")
    assert "What changed since the agenda was published" in front
    assert "“Figures” joined item 2 as pages 3a to 3b. To follow: Awaited" in front
    assert "“More” joined item 2 as page 3c. Supplementary: It came today" in front
    assert "Not in this copy: page 6." in front


def test_what_was_sent_out_is_withdrawn_with_a_reason_and_never_replaced(world, client, meeting):
    by = world.secretary
    paper = make.make_paper(item(meeting, 2), "A name in it", by=by, pages=2)
    make.make_paper(item(meeting, 3), "Night", by=by)
    meeting = published(world, meeting)
    signed_in(client, by)
    assert "upload" not in client.get(address("paper_edit", meeting, paper.pk)).content.decode()
    page = client.post(address("paper_remove", meeting, paper.pk), follow=True)
    assert "Withdraw the paper instead" in page.content.decode()
    perform(WITHDRAW, paper, by=by, note="A figure was wrong.")
    signed_in(client, world.member)
    assert client.get(paper.get_absolute_url()).status_code == 404
    data = pack(client, meeting)
    assert labels(data)[1:] == ["3"]
    assert "Pages 1 to 2 of item 2 were withdrawn. A figure was wrong." in words(data)
    assert "A name in it" not in words(data)
    signed_in(client, by)
    assert "A name in it" in client.get(address("papers", meeting)).content.decode()


def test_before_publishing_a_paper_goes_and_the_pages_close_up(world, client, meeting):
    by = world.secretary
    gone = make.make_paper(item(meeting, 2), "First draft", by=by, pages=2)
    make.make_paper(item(meeting, 3), "Night", by=by)
    signed_in(client, by)
    assert labels(pack(client, meeting))[1:] == ["1", "2", "3"]
    client.post(address("paper_remove", meeting, gone.pk))
    data = pack(client, meeting)
    assert labels(data)[1:] == ["1"]
    assert "DRAFT" in words(data, "-f", "2")
    assert AuditEvent.objects.filter(act="remove a paper").exclude(digest="").count() == 1


def test_a_restricted_paper_is_for_those_it_names_and_no_word_of_it_for_others(
    world, client, meeting
):
    by = world.secretary
    make.make_paper(item(meeting, 2), "The plan", by=by)
    secret = make.make_paper(item(meeting, 3), "Two addresses", by=by, pages=2, **SECRET)
    secret.shared_with.add(world.fire)
    meeting = published(world, meeting)
    pages = [meeting.get_absolute_url(), address("papers", meeting)]
    for person in (world.secretary, world.chair, world.fire_lead):
        signed_in(client, person)
        for url in pages:
            page = client.get(url).content.decode()
            assert "Two addresses" in page
            assert page.count("OFFICIAL-SENSITIVE") >= 3
        data = pack(client, meeting, "restricted")
        assert labels(data)[1:] == ["1", "2", "3"]
        assert words(data, "-f", "3").count("OFFICIAL-SENSITIVE") == 4
    assert AuditEvent.objects.filter(act="read the restricted pack").count() == 3
    response = client.get(secret.get_absolute_url())
    assert response.headers["Content-Disposition"] == (
        f'inline; filename="restricted-paper-{secret.pk}.pdf"'
    )
    for person in (world.member, world.police_lead, world.observer):
        signed_in(client, person)
        for url in pages:
            page = client.get(url).content.decode()
            assert "Two addresses" not in page
            assert "OFFICIAL-SENSITIVE</strong>" not in page
        assert client.get(secret.get_absolute_url()).status_code == 404
        assert client.get(address("pack", meeting) + "?part=restricted").status_code == 404
        data = pack(client, meeting)
        assert "Two addresses" not in words(data)
        assert b"Two addresses" not in hidden(data)
        assert "Not in this copy: pages 2 to 3." in words(data)


def test_the_open_pack_of_a_keeper_holds_nothing_restricted(world, client, meeting):
    make.make_paper(item(meeting, 3), "Two addresses", by=world.secretary, **SECRET)
    published(world, meeting)
    data = pack(signed_in(client, world.secretary), meeting)
    assert "Two addresses" not in words(data)
    assert b"Two addresses" not in hidden(data)
    assert "OFFICIAL-SENSITIVE" not in words(data)


@pytest.fixture
def with_returns(world, meeting):
    """The meeting's round is over: the police answered openly on slavery, the fire service under a
    marking; nobody answered on drugs."""
    round = make.open_round(world)
    part = make.part_of(round, world.police, world.slavery)
    make.receive(make.submit(part, world.police_lead), world.secretary)
    part = make.part_of(round, world.fire, world.slavery)
    part.marking = "OFFICIAL-SENSITIVE"
    part.did = "Words under a marking."
    make.receive(make.submit(part, world.fire_lead), world.secretary)
    type(round).objects.update(due=make.days_ago(1))
    meeting.round = round
    meeting.save()
    meeting.items.filter(number=2).update(priority=world.slavery)
    meeting.items.filter(number=3).update(priority=world.drugs)
    return meeting


def test_returns_are_pulled_in_with_one_press_each_for_its_own_readers(world, client, with_returns):
    meeting = with_returns
    signed_in(client, world.secretary)
    page = client.get(address("papers", meeting)).content.decode()
    assert "Police of soc-board: return on Modern slavery" in page
    keys = [f"priority_return-{pk}" for pk in world.slavery.returns.values_list("pk", flat=True)]
    client.post(address("paper_take", meeting, item(meeting, 2).pk), {"record": keys})
    assert Paper.objects.count() == 2
    # The words as they stand when the agenda goes out are those the Board gets.
    world.slavery.returns.filter(agency_return__agency=world.police).update(did="Twelve hotels.")
    meeting = published(world, meeting)

    data = pack(signed_in(client, world.member), meeting)
    assert "Twelve hotels." in words(data)
    assert "Words under a marking" not in words(data)
    assert "No return: Police of soc-board" in words(data, "-l", "1")
    assert "Not in this copy: page 2." in words(data)
    # Observers are told of meetings and read no returns.
    data = pack(signed_in(client, world.observer), meeting)
    assert labels(data) == ["i"]
    assert "Twelve hotels." not in words(data)
    assert "No return" not in words(data)
    data = pack(signed_in(client, world.fire_lead), meeting, "restricted")
    assert labels(data) == ["i", "1", "2"]
    assert words(data, "-f", "3").count("OFFICIAL-SENSITIVE") == 2

    part = world.slavery.returns.get(agency_return__agency=world.police)
    part.marking = "OFFICIAL-SENSITIVE"
    part.save()
    data = pack(signed_in(client, world.member), meeting)
    assert "Twelve hotels." not in words(data)


def test_the_last_minutes_come_as_they_were_circulated(world, client, meeting):
    minutes = held(world).minutes.get()
    meeting.items.filter(number=1).update(kind="minutes")
    signed_in(client, world.secretary)
    assert (
        "Minutes of 19 September 2018"
        not in client.get(address("papers", meeting)).content.decode()
    )
    for row, by in ((CHECK, world.chair), (CIRCULATE, world.secretary)):
        minutes = perform(row, minutes, by=by)
    take = address("paper_take", meeting, item(meeting, 1).pk)
    client.post(take, {"record": f"minutes-{minutes.pk}"})
    again = client.post(take, {"record": f"minutes-{minutes.pk}"}, follow=True)
    assert "Nothing was added" in again.content.decode()
    published(world, meeting)
    data = pack(signed_in(client, world.member), meeting)
    assert "Members heard the police." in words(data)
    assert "Page 1 of" not in words(data)


def test_carried_papers_join_those_that_are_there_already(world, client, meeting):
    by = world.secretary
    make.make_paper(item(meeting, 2), "From before", by=by, pages=2)
    later = make.make_meeting(world.board, ref="soc-board-later")
    new = make.make_item(later, carried_from=item(meeting, 2))
    make.make_paper(new, "Of today", by=by)
    later = published(world, later, at=timezone.now() - datetime.timedelta(hours=1))
    carry_papers(item(meeting, 2), type(new).objects.get(pk=new.pk))
    signed_in(client, world.member)
    data = pack(client, later)
    assert labels(data)[1:] == ["1", "1a", "1b"]
    assert "“From before” joined item 1 as pages 1a to 1b." in words(data)


def test_two_who_save_one_paper(world, client, meeting):
    paper = make.make_paper(item(meeting, 2), "The plan", by=world.secretary)
    signed_in(client, world.secretary)
    data = {"part": "board", "marking": "OFFICIAL", "version": "0"}
    edit = address("paper_edit", meeting, paper.pk)
    assert client.post(edit, data | {"title": "One"}).status_code == 302
    page = client.post(edit, data | {"title": "Two"})
    assert page.status_code == 409
    assert "One" in page.content.decode()
    assert "Two" in page.content.decode()
    paper.refresh_from_db()
    assert paper.title == "One"


@pytest.mark.parametrize("number", [1, 6])
def test_queries_are_as_many_for_one_paper_as_for_six(
    world, client, meeting, number, django_assert_num_queries
):
    for count in range(number):
        make.make_paper(item(meeting, 2), f"Paper {count}", by=world.secretary)
    meeting = published(world, meeting)
    signed_in(client, world.member)
    client.get(address("papers", meeting))
    with django_assert_num_queries(7):
        client.get(address("papers", meeting))
    user = world.member
    user.roles  # noqa: B018
    with django_assert_num_queries(3):
        volume_of(meeting, user, restricted=True, at=timezone.now())
