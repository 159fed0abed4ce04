"""What every answer carries, errors included, and what no page holds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from tests.builders import make_user

ROOT = Path(settings.BASE_DIR)


def boom(request):
    raise RuntimeError("a fault of ours")


def busy(request):
    raise OperationalError("database is locked")


def body(request):
    return HttpResponse(len(request.POST))


urlpatterns = [
    path("boom/", boom),
    path("body/", body),
    path("busy/", busy),
    path("", include("config.urls")),
]
handler400 = "config.views.bad_request"


def lenient(**defaults):
    return Client(raise_request_exception=False, **defaults)


def signed_in(user):
    client = lenient()
    client.force_login(user)
    return client


def answers(world):
    """(name, status, response) of one answer of each kind."""
    secretary, lead = signed_in(world.secretary), signed_in(world.police_lead)
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(world.secretary)
    big = "x" * 3_000_000
    file = lenient().get("/static/js/app.js")
    assert b"".join(file.streaming_content)
    return [
        ("page", 200, secretary.get("/board/")),
        ("sign-in", 200, lenient().get("/accounts/login/")),
        ("readiness", 200, lenient().get("/healthz")),
        ("redirect to sign-in", 302, lenient().get("/board/")),
        ("wrong host", 400, lenient().get("/board/", headers={"host": "evil.example"})),
        ("NUL in the address", 400, lenient().get("/board/a%00b/")),
        ("NUL in the query", 400, secretary.get("/audit/?page=%00")),
        ("not yours to do", 403, lead.get("/audit/")),
        ("no CSRF token", 403, strict.post("/body/", {"a": "b"})),
        ("no such address", 404, secretary.get("/nothing/here/")),
        ("too large", 413, secretary.post("/body/", {"text": big})),
        ("our fault", 500, secretary.get("/boom/")),
        ("somebody else writes", 503, secretary.post("/busy/")),
        ("static file", 200, file),
        ("no such static file", 404, lenient().get("/static/nothing.js")),
    ]


@pytest.mark.urls(__name__)
def test_every_answer_carries_the_headers(world):
    for name, status, response in answers(world):
        assert response.status_code == status, name
        headers = response.headers
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in headers["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == "'none'", name
        assert policy["object-src"] == policy["base-uri"] == "'none'", name
        assert policy["frame-ancestors"] == "'none'", name
        assert policy["form-action"] == policy["style-src"] == "'self'", name
        assert re.fullmatch(r"('nonce-[\w+/=]{24}')?", policy.get("script-src", "")), name
        assert "unsafe" not in headers["Content-Security-Policy"], name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["X-Frame-Options"] == "DENY", name
        assert headers["Referrer-Policy"] == "same-origin", name
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", name
        if name != "static file":
            assert "no-store" in headers["Cache-Control"], name
        assert "Access-Control-Allow-Origin" not in headers, name
        assert not {"Server", "X-Powered-By"} & set(headers), name


@pytest.mark.urls(__name__)
def test_a_refusal_says_what_to_do(world):
    words = {
        "wrong host": "This could not be read",
        "NUL in the address": "Go back and try once more",
        "not yours to do": "your present roles do not allow this",
        "no CSRF token": "This page had grown old",
        "no such address": "Either there is no page at this address",
        "too large": "send it in smaller parts",
        "our fault": "The fault is ours",
        "somebody else writes": "send it once more in a minute",
    }
    for name, _, response in answers(world):
        if name in words:
            text = response.content.decode()
            assert words.pop(name) in text, name
            assert "Traceback" not in text, name
            assert "RuntimeError" not in text, name
    assert not words


def test_the_nonce_is_new_each_time_and_is_the_one_of_the_page(world):
    seen = set()
    for _ in range(3):
        response = lenient().get("/accounts/login/")
        policy = response.headers["Content-Security-Policy"]
        nonce = re.search(r"'nonce-([^']+)'", policy)[1]
        scripts = re.findall(r'<script[^>]* nonce="([^"]*)"', response.content.decode())
        assert scripts
        assert set(scripts) == {nonce}
        seen.add(nonce)
    assert len(seen) == 3


def test_a_form_with_a_nul_byte_gets_a_sentence(client, db):
    response = client.post("/accounts/login/", {"login": "a\0b@example.org", "password": "x\0y"})

    assert response.status_code == 200
    assert "holds a character that cannot be kept" in response.content.decode()


INLINE = re.compile(
    r"""\s(?:style|on[a-z]+)\s*=\s*["'{]|<style\b|javascript:|<script(?![^>]*\bnonce=)""", re.I
)
# Paper is no page: WeasyPrint reads these, no browser does.
PAPER = ("pdf", "reports/pdf", "meetings/pdf", "priorities/pdf")


def page_templates():
    for file in sorted((ROOT / "templates").rglob("*.html")):
        name = file.relative_to(ROOT / "templates").as_posix()
        if not name.startswith(tuple(f"{folder}/" for folder in PAPER)):
            yield name, file.read_text()


def test_no_template_holds_anything_inline():
    found = {name: INLINE.findall(text) for name, text in page_templates()}

    assert len(found) > 20
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_the_search_for_inline_parts_finds_them():
    for bad in (
        '<p style="color: red">',
        "<a onclick='x()'>",
        "<style>",
        '<a href="javascript:x">',
        "<script>x()</script>",
        '<script src="/x.js"></script>',
    ):
        assert INLINE.search(bad), bad
    assert not INLINE.search('<script src="/x.js" nonce="{{ request.csp_nonce }}"></script>')


PRODUCTION = """
import os
os.environ.update(DEPLOYMENT="production", SECRET_KEY="k" * 50, ALLOWED_HOSTS="board.example.org",
                  DJANGO_SETTINGS_MODULE="config.settings")
os.environ.pop("DATABASE_URL", None)
import django
django.setup()
from django.conf import settings
from django.test import Client, override_settings
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain},
                       DATABASES={}, LOGGING_CONFIG=None):
    client = Client(raise_request_exception=False, headers={"host": "board.example.org"})
    for secure, address in ((False, "/accounts/login/"), (True, "/nothing/"), (True, "/admin/")):
        answer = client.get(address, secure=secure)
        print(answer.status_code, answer.headers.get("Location", "-"),
              answer.headers.get("Strict-Transport-Security", "-"), sep="|")
    print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SECOND_FACTOR_REQUIRED,
          settings.SESSION_COOKIE_SECURE, settings.ALLAUTH_TRUSTED_PROXY_COUNT, sep="|")
"""


def test_production_asks_for_tls_and_has_no_admin():
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stderr
    hsts = "max-age=31536000; includeSubDomains; preload"
    assert done.stdout.splitlines() == [
        "301|https://board.example.org/accounts/login/|-",
        f"404|-|{hsts}",
        f"404|-|{hsts}",
        "__Host-sessionid|__Host-csrftoken|True|True|1",
    ]


@pytest.mark.parametrize("address", ["/admin/", "/admin/board/user/"])
def test_the_admin_is_for_staff_alone(client, world, address):
    visitor = client.get(address, follow=True)
    assert visitor.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    client.force_login(world.secretary)
    assert client.get(address, follow=True).status_code == 403

    client.force_login(make_user("staff@example.org", is_staff=True, is_superuser=True))
    response = client.get(address)
    assert response.status_code == 200
    assert "Reference data" in response.content.decode()
