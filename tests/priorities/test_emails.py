"""The Word form by e-mail: read into the page with sender and day, whatever the e-mail is like."""

import datetime
import time
from email.message import EmailMessage

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from priorities.emails import WORD, read_email
from priorities.models import Original
from priorities.wordform import NotAForm
from tests.builders import open_round, returns_of

from .test_return_form import opened
from .test_wordform import another, bomb, downloaded, fill_in

SENDER = "Partnership inspector <inspector@example.org>"
DATE = "Thu, 29 Oct 2026 23:30:00 -0100"  # in London it is the day after


def e_mail(*files, sender=SENDER, date=DATE):
    message = EmailMessage()
    if sender is not None:
        message["From"] = sender
    if date is not None:
        message["Date"] = date
    message["Subject"] = "Our return"
    message.set_content("Please find it attached.")
    for name, content in files:
        message.add_attachment(
            content, maintype="application", subtype=WORD.partition("/")[2], filename=name
        )
    return message


def send(client, whole, content, act="read", **more):
    address = reverse("priorities:return_enter", args=[whole.pk])
    data = opened(client, address) | {"act": act} | more
    if content is not None:
        data["original"] = SimpleUploadedFile("return.eml", content)
    return client.post(address, data)


@pytest.fixture
def whole(world):
    return returns_of(open_round(world), world.police)


@pytest.fixture
def form(client, world, whole):
    client.force_login(world.secretary)
    return fill_in(downloaded(client, whole), **{f"{world.slavery.slug}-did": "Visited ten farms."})


def test_sender_day_and_answers_are_shown_and_the_e_mail_itself_is_kept(
    client,
    world,
    whole,
    form,
):
    content = e_mail(("return.docx", form)).as_bytes()
    response = send(client, whole, content)
    assert response.status_code == 200
    entry = response.context["sheet"].entry
    assert entry["sender"].value() == "Partnership inspector, inspector@example.org"
    assert entry["sent_on"].value() == ["30", "10", "2026"]
    part = response.context["sheet"].part(world.slavery.slug).form
    assert part["did"].value() == "Visited ten farms."
    assert "Nothing is entered yet" in response.content.decode()
    kept = Original.objects.get()
    assert (kept.name, bytes(kept.content)) == ("return.eml", content)
    whole.refresh_from_db()
    assert (whole.sender, whole.state) == ("", "draft")
    # What the page shows is confirmed by a press, without the file.
    data = {
        field.html_name: field.value()
        for shown in response.context["forms"]
        for field in shown
        if field.value() not in (None, "") and "period" not in field.name
    }
    day = data.pop("sent_on")
    data |= dict(zip(("sent_on_day", "sent_on_month", "sent_on_year"), day, strict=True))
    data |= {"act": "enter"}
    client.post(reverse("priorities:return_enter", args=[whole.pk]), data)
    whole.refresh_from_db()
    assert (whole.sender, whole.sent_on, whole.state) == (
        "Partnership inspector, inspector@example.org", datetime.date(2026, 10, 30), "received",
    )  # fmt: skip
    assert bytes(whole.original.content) == content


def test_what_was_typed_already_stays(client, whole, form):
    content = e_mail(("return.docx", form)).as_bytes()
    typed = {"sender": "Chief officer", "sent_on_day": 1, "sent_on_month": 10, "sent_on_year": 2026}
    entry = send(client, whole, content, **typed).context["sheet"].entry
    assert entry["sender"].value() == "Chief officer"
    assert entry["sent_on"].value() == ["1", "10", "2026"]


def nested(depth):
    inner = e_mail(("return.docx", b"PK\x03\x04"))
    for _ in range(depth):
        outer = EmailMessage()
        outer.set_content("Forwarded.")
        outer.add_attachment(inner)
        inner = outer
    return inner.as_bytes()


def long_header():
    return b"From: " + b'"a" <a@example.org>,' * 50_000 + b"\r\n\r\nwords"


def renamed():
    message = e_mail()
    message.add_attachment(b"MZ", maintype="application", subtype="x-program", filename="run.exe")
    return message.as_bytes()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: e_mail().as_bytes(), "No Word form (.docx) is attached to this e-mail."),
        (lambda: b"no e-mail at all", "No Word form (.docx) is attached to this e-mail."),
        (renamed, "No Word form (.docx) is attached to this e-mail."),
        (
            lambda: e_mail(("a.docx", another()), ("b.docx", another())).as_bytes(),
            "2 Word files are attached to this e-mail.",
        ),
        (lambda: nested(30), "too many parts or too long headers"),
        (long_header, "too many parts or too long headers"),
        (lambda: e_mail(("a.docx", b"no archive")).as_bytes(), "cannot be read as a Word file"),
        (lambda: e_mail(("a.docx", bomb())).as_bytes(), "too large when unpacked"),
        (lambda: e_mail(("a.docx", another())).as_bytes(), "not the form that was sent out"),
        (lambda: e_mail(("a.docx", b"x" * 4_000_000)).as_bytes(), "This file is over 5 MB"),
        (lambda: b"\x00\x01", "or its name says something else"),
        (lambda: b"", "This file is empty: choose another."),
        (lambda: None, "Choose the file in which the return came."),
    ],
)
def test_a_hostile_e_mail_gets_a_sentence_and_nothing_is_lost_or_kept(
    client,
    world,
    whole,
    content,
    sentence,
):
    client.force_login(world.secretary)
    words = {f"{world.slavery.slug}-did": "Typed before."}
    response = send(client, whole, content(), **words)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "Typed before." in page
    assert not Original.objects.exists()


@pytest.mark.parametrize(
    ("sender", "date", "read"),
    [
        (None, None, ("", None)),
        (SENDER, "yesterday, I think", ("Partnership inspector, inspector@example.org", None)),
        (
            "=?utf-8?q?Inspect=C3=B3r=0A?= <a@example.org>",
            DATE,
            ("", datetime.date(2026, 10, 30)),
        ),
        (
            "=?utf-8?q?Inspect=C3=B3r?= <a@example.org>",
            DATE,
            ("Inspectór, a@example.org", datetime.date(2026, 10, 30)),
        ),
        ("=?utf-8?b?broken", "Mon, 29 Mar 2027 00:30:00 +0100", (None, datetime.date(2027, 3, 29))),
        (f"{'x' * 300} <a@example.org>", "Sun, 25 Oct 2026 00:30:00 -0000", ("x" * 120, None)),
        (
            "a@example.org, b@example.org",
            "Fri, 31 Dec 9999 23:30:00 -1200",
            ("a@example.org", None),
        ),
    ],
)
def test_headers_as_they_come(sender, date, read):
    lines = [f"{n}: {v}" for n, v in (("From", sender), ("Date", date)) if v is not None]
    body = e_mail(("return.docx", b"PK"), sender=None, date=None).as_bytes()
    letter = read_email("\r\n".join(lines).encode() + b"\r\n" * bool(lines) + body)
    assert letter.form == b"PK"
    if read[0] is not None:
        assert letter.sender == read[0]
    if sender and "x" * 300 not in sender:
        assert letter.sent_on == read[1]
    assert letter.sender.isprintable()


def test_what_the_e_mail_does_not_say_is_asked_for(client, whole, form):
    content = e_mail(("return.docx", form), sender=None, date=None).as_bytes()
    page = send(client, whole, content).content.decode()
    assert "The e-mail does not say who sent it or when it was sent: write it here." in page


def test_five_megabytes_of_boundaries_take_no_time():
    content = b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\n" * 700_000
    begun = time.perf_counter()
    with pytest.raises(NotAForm):
        read_email(content)
    assert time.perf_counter() - begun < 2
