from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from board.working_days import is_working_day
from config.models import Notice
from config.reminders import remind
from meetings.invitations import settle
from meetings.question_letters import remind_of_questions
from priorities.telling import send_what_waits


class Command(BaseCommand):
    help = "Send the reminders that are due today; for cron, as often as you like, never twice."

    def handle(self, *args, **options):
        if not is_working_day(timezone.localdate()):
            self.stdout.write("Today is no working day: nothing is sent.")
            return
        told = settle()
        if told:
            self.stdout.write(f"{told} no longer expected at a meeting, and told so.")
        asked = sum(row.sent_at is not None for row in remind_of_questions())
        if asked:
            self.stdout.write(f"{asked} {'letter' if asked == 1 else 'letters'} on questions sent.")
        heard = sum(row.sent_at is not None for row in send_what_waits())
        if heard:
            self.stdout.write(f"{heard} {'letter' if heard == 1 else 'letters'} on threats sent.")
        tried = remind()
        sent = sum(notice.sent_at is not None for notice in tried)
        self.stdout.write(f"{sent} {'reminder' if sent == 1 else 'reminders'} sent.")
        for notice in tried:
            if notice.failed:
                self.stderr.write(f"Not sent to {notice.address}. {notice.failed}")
        if unknown := Notice.objects.unconfirmed().count():
            self.stderr.write(f"Of {unknown} nobody knows whether they left: see /reminders/.")
        if sent < len(tried):
            raise CommandError("Not every reminder left: the next run tries what is not sent.")
