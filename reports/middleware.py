"""What an issued public report costs to download: little more than a static file."""

import functools
import re

from django.db import connection

from reports.models import Issue
from reports.views.papers import kept_paper

PAPER = re.compile(r"/reports/([-\w]+)\.(pdf|docx|html)")
ANY_REF = "(any)"  # no slug: stands for the one that is asked for


def public_papers(get_response):
    """Serve the papers of issued public reports to anybody, before it is asked who they are.

    One query each time, so that a withdrawal bites at once. What it does not find goes on to
    the view, which asks for a sign-in and knows drafts and narrower audiences.
    """

    def middleware(request):
        asked = PAPER.fullmatch(request.path_info)
        if asked and request.method in ("GET", "HEAD"):
            ref, form = asked.groups()
            if kept := public_paper(ref, form):
                response = kept_paper(request, ref, form, *kept)
                # A cache may keep it, and asks each time whether it still stands.
                response.headers["Cache-Control"] = "no-cache"
                return response
        return get_response(request)

    return middleware


def public_paper(ref, form):
    """(SHA-256, bytes) of the newest public issue in force, or None."""
    sql, values = public_query(form)
    with connection.cursor() as cursor:
        cursor.execute(sql, [ref if value == ANY_REF else value for value in values])
        return cursor.fetchone()


@functools.cache
def public_query(form):
    """The queryset's own SQL: to build it for every download takes longer than to run it."""
    issues = Issue.objects.public().filter(report__ref=ANY_REF)
    return issues.values_list(f"{form}_sha256", form)[:1].query.sql_with_params()
