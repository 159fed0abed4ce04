"""What holds for every answer: headers, the length of a session, the second factor, refusals."""

import time

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from board import audit


def security_headers(get_response):
    """Nothing is kept by a cache unless a view says so; only our own pages may embed answers."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        return response

    return middleware


def session_limits(get_response):
    """End a session 12 hours after sign-in; note its use once a minute, so that it ends 30
    minutes after the last page without every page being a write."""

    def middleware(request):
        session = request.session
        if request.user.is_authenticated:
            now = int(time.time())
            if now - session.setdefault("began", now) > settings.SESSION_LIFE:
                logout(request)
            elif now - session.get("used", 0) > 60:
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
    """Write down what was refused with 403. What `perform` refused it has recorded itself."""

    def middleware(request):
        return get_response(request)

    def process_exception(request, exception):
        if isinstance(exception, PermissionDenied) and not hasattr(exception, "recorded"):
            by = request.user if request.user.is_authenticated else "a visitor"
            audit.record(f"{request.method} {request.path}"[:60], "page", by=by, refused=True)

    middleware.process_exception = process_exception
    return middleware
