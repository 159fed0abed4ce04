from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from board.pdf import RenderError
from reports.issuing import FORMATS, draft_paper, render, stored
from reports.models import CommitteeReport


class Command(BaseCommand):
    help = (
        "Write a report to a file: a draft is rendered and marked DRAFT, an issued one is the "
        "bytes that were issued."
    )

    def add_arguments(self, parser):
        parser.add_argument("ref", help="such as safer-city-partnership-2018-09-27")
        parser.add_argument("--format", choices=list(FORMATS), default="pdf")
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *, ref, format, output, **options):
        report = (
            CommitteeReport.objects.select_related("board", "to_board", "layout")
            .filter(ref=ref)
            .first()
        )
        if report is None:
            raise CommandError(f"There is no report {ref}.")
        if report.state == CommitteeReport.State.WITHDRAWN:
            raise CommandError("This report was withdrawn: it is not given out any more.")
        try:
            data = stored(report, format) or render(draft_paper(report), format)
            output.write_bytes(data)
        except RenderError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{output}: {len(data)} bytes")
