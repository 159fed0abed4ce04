"""A quarter in which every kind of record exists, and a reader who follows every link."""

import datetime
import io
import re
import zipfile
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.utils import timezone

from board.workflow import perform
from meetings.models import BetweenMeetings
from meetings.transitions import CHECK, CIRCULATE, END, PUBLISH
from tests.builders import (
    fill,
    make_action,
    make_decision,
    make_item,
    make_learning,
    make_meeting,
    make_note,
    make_paper,
    make_threat,
    open_round,
    part_of,
    receive,
    submit,
)
from tests.reports.papers import pdf_text

# Pages that differ only in a number, or in how they are sorted, are one kind.
MANY_OF_ONE_KIND = 5


def furnish(world):
    """A quarter in which every kind of record exists."""
    round = open_round(world)
    receive(submit(part_of(round, world.police, world.slavery), world.police_lead), world.secretary)
    submit(part_of(round, world.police, world.drugs), world.police_lead)
    fill(part_of(round, world.fire, world.slavery))
    threat = make_threat(world.board, world.police, world.police_lead)
    make_learning(world.board)
    past = make_meeting(
        world.board, starts_at=timezone.now() - datetime.timedelta(days=3), round=round
    )
    item = make_item(past, threat=threat, priority=world.slavery)
    make_note(item)
    make_decision(item)
    make_action(world.board, agency=world.police, item=item)
    perform(PUBLISH, past, by=world.secretary)
    perform(END, past, by=world.secretary)
    minutes = perform(CHECK, past.minutes.get(), by=world.chair)
    perform(CIRCULATE, minutes, by=world.secretary)
    BetweenMeetings.objects.create(
        board=world.board,
        text="The agreement is signed.",
        reason="It runs out.",
        deadline=timezone.localdate(),
        opened_at=timezone.now(),
        opened_by=world.secretary,
    )
    coming = make_meeting(world.board)
    make_paper(make_item(coming), by=world.secretary)
    perform(PUBLISH, coming, by=world.secretary)


def links(page, html):
    for href in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', html):
        target = urlsplit(urljoin(f"http://testserver{page}", unescape(href)))
        if target.scheme == "http" and target.netloc == "testserver":
            yield target.path + (f"?{target.query}" if target.query else "")


def kind(address):
    """Addresses that differ only in a number or in what is asked for are of one kind."""
    return re.sub(r"\d+", "0", re.sub(r"=[^&]*", "=", address))


def crawl(client, start="/"):
    """{address: (status, what can be read in it)} of every page and paper that links lead to, a
    handful of one kind. What can be read includes the headers. A paper that was not printed is
    an error of the crawl: its link leads to another page then, and a sentence stands on it."""
    seen, waiting, kinds = {}, [start], {}
    while waiting:
        address = waiting.pop(0)
        of_kind = kind(address)
        if address in seen or kinds.get(of_kind, 0) >= MANY_OF_ONE_KIND:
            continue
        kinds[of_kind] = kinds.get(of_kind, 0) + 1
        response = client.get(address)
        text = readable(response)
        printed = response.headers.get("Content-Type") == "application/pdf"
        asked = address.partition("?")[0].endswith(".pdf")
        assert printed or not asked, f"{address} was not printed: {text}"
        seen[address] = (response.status_code, text)
        if response.status_code in (301, 302):
            waiting.append(urljoin(address, response.headers["Location"]))
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            waiting += links(address.partition("?")[0], text)
    return seen


def readable(response):
    """Headers and words of an answer: pages, papers, tables and calendars."""
    body = b"".join(response) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if kind == "application/pdf":
        words = pdf_text(body) + body.decode("latin-1")
    elif body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            files = [archive.read(name) for name in archive.namelist()]
        words = "\n".join(file.decode(errors="replace") for file in files)
    else:
        words = body.decode()
    return "\n".join([*map(str, response.headers.items()), words])
