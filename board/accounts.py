"""Sign-in by django-allauth, with each try and each change of a key written to the audit trail."""

import hashlib
import logging
import secrets
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError

from board import audit
from board.models import User

logger = logging.getLogger(__name__)

# allauth tells a person of these by mail; the trail has them in our own words.
CHANGES = {
    "account/email/password_changed": "change the password",
    "account/email/password_reset": "reset the password",
    "account/email/password_set": "set a password",
    "mfa/email/totp_activated": "add a second factor",
    "mfa/email/totp_deactivated": "remove the second factor",
    "mfa/email/recovery_codes_generated": "make new recovery codes",
}


def refuse_sign_in(email, note=""):
    """Name the account only if there is one: people type passwords into the wrong box."""
    known = User.objects.filter(email=(email or "").lower()).first()
    audit.refuse("sign in", known or "no such account", by="a visitor", note=note)


KNOWN = "a device that signed in before"


def known_device(request, email):
    """The name this device was given when it last signed in to the account of `email`, or ""."""
    value = request.get_signed_cookie(
        settings.KNOWN_DEVICE_COOKIE, default="", salt=KNOWN, max_age=settings.KNOWN_DEVICE_AGE
    )
    whose, _, device = value.partition(".")
    return device if whose == owner(email or "") else ""


def owner(email):
    """The address in a form that the cookie need not spell out."""
    return hashlib.sha256(email.lower().encode()).hexdigest()[:16]


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "The e-mail address or the password is not right: try again, or ask for a new password"
        ),
        "too_many_login_attempts": (
            "There were too many wrong tries: wait five minutes, then try again, or use a device "
            "on which you signed in before"
        ),
        "enter_current_password": "That is not your present password: enter it again",
        "incorrect_password": "That is not your password: enter it again",
    }

    def is_open_for_signup(self, request):
        """Accounts are made by the secretary, never by a visitor."""
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Whom a wrong try counts against: the account as all strange devices see it, or as one
        device sees it that signed in to it before. So nobody elsewhere can lock its owner out."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        device = known_device(request, credentials.get("email"))
        return f"{key}:{device}" if device else key

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            refuse_sign_in(credentials.get("email"), note="Too many tries")
            raise

    def authentication_failed(self, request, **credentials):
        refuse_sign_in(credentials.get("email"))

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        audit.record("sign in", user, by=user)
        device = known_device(request, user.email) or secrets.token_urlsafe(12)
        response.set_signed_cookie(
            settings.KNOWN_DEVICE_COOKIE,
            f"{owner(user.email)}.{device}",
            salt=KNOWN,
            max_age=settings.KNOWN_DEVICE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def is_reauthentication_required(self, *, app, **kwargs):
        """Signing in within the last half hour counts: nobody types a password twice at once."""
        began = self.request.session.get("began", 0)
        if time.time() - began < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def logout(self, request):
        audit.record("sign out", request.user, by=request.user)
        super().logout(request)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Called once after each change of a password or a second factor."""
        if act := CHANGES.get(template_prefix):
            audit.record(act, user, by=user)
        super().send_notification_mail(template_prefix, user, context, email)

    def send_mail(self, template_prefix, email, context):
        """A mail server that is down must not turn a change that is made into an error, nor tell
        a visitor by an error that an address has an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logger.exception("The message %s was not sent", template_prefix)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right: enter the one that the app shows now",
    }
