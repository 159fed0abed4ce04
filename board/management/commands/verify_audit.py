from django.core.management.base import BaseCommand, CommandError

from board import audit
from board.models import AuditEvent


class Command(BaseCommand):
    help = "Walk the audit trail; name the first bad row, if there is one."

    def handle(self, **options):
        if fault := audit.first_fault():
            raise CommandError(fault[1])
        self.stdout.write(f"The audit trail is whole: {AuditEvent.objects.count()} events.")
