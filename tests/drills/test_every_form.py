"""Every form that a page offers, sent with what no page would send. Each is answered with a page
or a sentence; none breaks, whichever field it is in."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.db import transaction

from tests.crawling import crawl, furnish, kind

ODD = {
    "nothing": "",
    "a NUL byte": "a\x00b",
    "a number too large": "9" * 40,
    "a negative number": "-1",
    "other figures": "٣",
    "marks that turn the reading round": "ŵ\u202e\u200b😀",
    "a long text": "x" * 20_000,
}
SHORT = ("nothing", "a NUL byte", "a number too large", "a long text")


class Forms(HTMLParser):
    """`found`: the forms of a page as (method, action, {name: [value]}), each with what it would
    send as it stands."""

    def __init__(self, html):
        super().__init__()
        self.found, self.form, self.select = [], None, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "form":
            self.form = {}
            self.found.append((has.get("method", "get").lower(), has.get("action", ""), self.form))
        elif self.form is None:
            return
        elif tag == "select":
            self.select = self.form.setdefault(has["name"], [])
        elif tag == "option" and "selected" in has:
            self.select.append(has["value"])
        elif tag in ("input", "textarea", "button") and has.get("name"):
            values = self.form.setdefault(has["name"], [])
            if has.get("type") not in ("radio", "checkbox") or "checked" in has:
                values.append(has.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


@pytest.mark.parametrize(
    "each",
    [False, pytest.param(True, marks=pytest.mark.drills)],
    ids=["all-fields-at-once", "field-by-field"],
)
@pytest.mark.parametrize("who", ["secretary", "chair", "police_lead"])
def test_whatever_is_sent_is_answered(client, world, who, each, record_property):
    furnish(world)
    client.force_login(getattr(world, who))
    client.raise_request_exception = False
    ways = ODD if each else {odd: ODD[odd] for odd in SHORT}
    known, sent, broken = set(), 0, {}
    for address, form in forms_offered(client):
        method, action, fields = form
        target = urljoin(address, action or address)
        mark = (method, kind(target), *sorted(fields))
        if mark in known or target == "/accounts/logout/":
            continue
        known.add(mark)
        for names in [[name] for name in fields] if each else [list(fields)]:
            for odd, value in ways.items():
                with transaction.atomic():
                    answer = getattr(client, method)(
                        target, fields | {key: [value] for key in names}
                    )
                    transaction.set_rollback(True)
                sent += 1
                if answer.status_code >= 500:
                    broken[method, kind(target), *names, odd] = repr(answer.exc_info[1])
    assert broken == {}
    assert len(known) >= 10
    record_property("figure", f"{who}: {len(known)} forms, {sent} odd answers, none breaks")


def forms_offered(client):
    for address, (status, text) in crawl(client).items():
        if status == 200 and "'text/html" in text[:2000]:
            for form in Forms(text).found:
                yield address.partition("?")[0], form
