"""Writes the page that a draft report's PDF is rendered from, with its style sheets inside, and
prints nothing else: `python -m bench.html REF FILE`."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.template.loader import render_to_string  # noqa: E402

from reports.issuing import draft_paper  # noqa: E402
from reports.models import CommitteeReport  # noqa: E402

SHEETS = ("pdf/frame.css", "reports/pdf/report.css")

ref, target = sys.argv[1:]
document = draft_paper(CommitteeReport.objects.get(ref=ref))
html = render_to_string("reports/pdf/page.html", {"document": document})
css = "\n".join(render_to_string(name) for name in SHEETS)
Path(target).write_text(html.replace("</head>", f"<style>{css}</style></head>", 1))
