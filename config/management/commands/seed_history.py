from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.history import demo_board, seed


class Command(BaseCommand):
    help = "Give the demo's board many agencies and many years, to measure how pages bear them."

    def add_arguments(self, parser):
        parser.add_argument("--years", type=int, default=20, help="years back from today (1 to 50)")
        parser.add_argument("--agencies", type=int, default=40, help="agencies in all (1 to 200)")

    def handle(self, *, years, agencies, **options):
        if not settings.DEMO:
            raise CommandError("Invented history is written only with DEPLOYMENT=demo.")
        if not (1 <= years <= 50 and 1 <= agencies <= 200):
            raise CommandError("Give 1 to 50 years and 1 to 200 agencies.")
        found = demo_board()
        if found is None:
            raise CommandError("Load the demo first: manage.py demo.")
        board, secretary = found
        seed(
            board,
            secretary,
            years=years,
            agencies=agencies,
            today=timezone.localdate(),
            say=self.stdout.write,
        )
