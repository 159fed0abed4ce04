from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from board.working_days import is_working_day
from config.letters import KINDS
from meetings.invitations import settle


class Command(BaseCommand):
    help = "Send the letters that are due today; for cron, as often as you like, never twice."

    def handle(self, *args, **options):
        at = timezone.now()
        if not is_working_day(timezone.localdate(at)):
            self.stdout.write("Today is no working day: nothing is sent.")
            return
        told = settle(at)
        if told:
            self.stdout.write(f"{told} no longer expected at a meeting, and told so.")
        late = False
        for kind in KINDS:
            tried = kind.daily(at)
            sent = sum(letter.sent_at is not None for letter in tried)
            if sent or kind.slug == "reminder":
                self.stdout.write(f"{sent} {kind.one if sent == 1 else kind.many} sent.")
            for letter in tried:
                if letter.failed:
                    self.stderr.write(f"Not sent to {letter.to}. {letter.failed}.")
            late |= sent < len(tried)
        unknown = sum(kind.letters(at).unconfirmed().count() for kind in KINDS)
        if unknown:
            self.stderr.write(f"Of {unknown} nobody knows whether they left: see /reminders/.")
        if late:
            raise CommandError("Not every letter left: the next run tries what is not sent.")
