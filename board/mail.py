"""Letters: plain text from templates/emails/, one addressee each, links that begin with
SITE_URL. What may not travel by e-mail is not in the template's context."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string


def letter(person, subject, template, context, *, board):
    """An EmailMessage to one person (a User), from this board's office; not sent yet.

    template  under templates/emails/, given `context`, `person`, `board_name` and `site`
    """
    words = render_to_string(
        f"emails/{template}",
        {
            "person": person,
            "board_name": board.name,
            "site": settings.SITE_URL,
            **context,
        },
    )
    return EmailMessage(
        subject,
        words,
        to=[person.email],
        reply_to=[board.office_email] if board.office_email else None,
    )
