"""Sign-in by django-allauth, with each try and each change of a key written to the audit trail."""

import logging
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.base.forms import AuthenticateForm
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


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts are made by the secretary, never by a visitor."""
        return False

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
        try:
            super().send_notification_mail(template_prefix, user, context, email)
        except OSError:
            # The change is made; a mail server that is down must not turn it into an error.
            logger.exception("The notice %s was not sent", template_prefix)


class SecondFactorForm(AuthenticateForm):
    def clean_code(self):
        try:
            return super().clean_code()
        except ValidationError:
            audit.refuse("second factor", self.user, by="a visitor")
            raise
