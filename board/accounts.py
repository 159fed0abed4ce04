"""Sign-in by django-allauth, with each try written to the audit trail."""

from allauth.account.adapter import DefaultAccountAdapter

from board import audit
from board.models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts are made by the secretary, never by a visitor."""
        return False

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        audit.record("sign in", user, by=user)
        return response

    def authentication_failed(self, request, **credentials):
        """Name the account only if there is one: people type passwords into the wrong box."""
        email = (credentials.get("email") or "").lower()
        known = User.objects.filter(email=email).first()
        audit.record("sign in", known or "no such account", by="a visitor", refused=True)
