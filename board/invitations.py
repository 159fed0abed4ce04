"""How somebody comes to a first password, or back in without a second factor."""

import logging

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from board import audit

logger = logging.getLogger(__name__)


def site_address():
    """Where this installation answers, for a command: the first host that it has a full name of."""
    for host in settings.ALLOWED_HOSTS:
        if host != "*" and not host.startswith("."):
            return f"http://{host}/" if settings.DEMO else f"https://{host}/"
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the site's name first: the mail leads there.")


def send_link(person, site):
    """Mail `person` a link that sets a password, once and for an hour; True when it went out.

    `site` is where the application answers: "https://board.example.org/".
    """
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    link = reverse("account_reset_password_from_key", kwargs=key)
    facts = {
        "person": person,
        "link": site.rstrip("/") + link,
        "site": site,
        "again": site.rstrip("/") + reverse("account_reset_password"),
    }
    try:
        send_mail(
            "Set your password",
            render_to_string("emails/set_password.txt", facts),
            None,
            [person.email],
        )
    except OSError:
        logger.exception("The link to set a password was not sent")
        return False
    return True


@transaction.atomic
def remove_second_factor(person, *, by, note):
    """For somebody who lost it, and the recovery codes too. The password goes with it: a link by
    mail sets a new one, so that the mailbox proves what the second factor did."""
    Authenticator.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    audit.record("remove the second factor", person, by=by, note=note)
