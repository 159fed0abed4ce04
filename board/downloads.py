"""Answers that a browser saves instead of showing."""

from django.http import HttpResponse


def attachment(file_name, content_type, content):
    disposition = f'attachment; filename="{file_name}"'
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": disposition}
    )


def pdf_response(data, name):
    """A PDF under its name, to which ".pdf" is added."""
    return attachment(f"{name}.pdf", "application/pdf", bytes(data))
