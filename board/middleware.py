"""What holds for every answer: headers, the length of a session, the second factor, refusals."""

import functools
import logging
import time

from allauth.mfa.utils import is_mfa_enabled
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.loader import render_to_string

from board import audit

logger = logging.getLogger(__name__)
METHODS = ("GET", "HEAD", "POST")
# What PostgreSQL says when a lock, a statement or two that wait for each other took too long.
BUSY = ("55P03", "57014", "40P01")


def security_headers(get_response):
    """What every answer carries, also those that other middleware gave up on: a wrong host, a
    static file, an error. Nothing is kept by a cache unless a view says so."""
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }

    def middleware(request):
        response = get_response(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


class ContentPolicy(CSPMiddleware):
    """django-csp builds the policy anew for each answer, twice. Of an answer without a nonce it
    is always the same, so that is built once: a stored paper costs little else."""

    def process_response(self, request, response):
        if getattr(request, "_csp_nonce", None) is not None:
            return super().process_response(request, response)
        response.headers.setdefault("Content-Security-Policy", plain_policy())
        # Whoever asks for a nonce from now on is told that it is too late.
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)
        return response


@functools.cache
def plain_policy():
    return build_policy()


def readable_request(get_response):
    """Refuse what no page or form of ours sends: a method that no view was written for, and an
    address with a NUL byte, which PostgreSQL cannot store or look for."""

    def middleware(request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address holds a NUL byte.")
        return get_response(request)

    return middleware


def busy_database(get_response):
    """Say that somebody else was writing, rather than that something is broken: the same request
    may succeed in a minute."""

    def middleware(request):
        return get_response(request)

    def process_exception(request, exception):
        code = getattr(exception.__cause__, "pgcode", None)
        locked = code in BUSY or "database is locked" in str(exception)
        if not (isinstance(exception, OperationalError) and locked):
            return None
        logger.warning("The database was busy: %s %s: %s", request.method, request.path, exception)
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})

    middleware.process_exception = process_exception
    return middleware


def session_limits(get_response):
    """End a session 12 hours after sign-in; note its use once a minute, so that it ends 30
    minutes after the last page without every page being a write. What a page asks by itself
    (Quiet) is no use."""

    def middleware(request):
        session = request.session
        if request.user.is_authenticated:
            now = int(time.time())
            if now - session.setdefault("began", now) > settings.SESSION_LIFE:
                logout(request)
            elif now - session.get("used", 0) > 60 and "Quiet" not in request.headers:
                session["used"] = now
        return get_response(request)

    return middleware


def second_factor(get_response):
    """In production whoever can see OFFICIAL-SENSITIVE sets up a second factor first."""

    def middleware(request):
        if (
            settings.SECOND_FACTOR_REQUIRED
            and request.user.is_authenticated
            and not request.path.startswith(("/accounts/", "/static/", "/healthz"))
            and not is_mfa_enabled(request.user)
        ):
            return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware


def refused_acts(get_response):
    """Write down what was refused, after every transaction of the request has ended. What
    `perform` refused it has handed in itself; a 403 from elsewhere is handed in here."""

    def middleware(request):
        with audit.refusals_after():
            return get_response(request)

    def process_exception(request, exception):
        if not isinstance(exception, PermissionDenied) or hasattr(exception, "recorded"):
            return
        match = request.resolver_match
        act = f"{request.method} {match.view_name if match else request.path}"[:60]
        if request.user.is_authenticated:
            # The address names a record, perhaps of one board: people of another do not read it.
            path = request.path[:300] if len(request.user.roles.reach) == 1 else ""
            audit.refuse(act, request.user, by=request.user, note=path)
        else:
            audit.refuse(act, request.path, by="a visitor")

    middleware.process_exception = process_exception
    return middleware
