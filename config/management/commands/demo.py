from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from board.models import Board
from config.demo import invented, plan, reminding, reporting, standards, story_2018
from config.demo.people import make_cast
from config.demo.script import Script


class Command(BaseCommand):
    help = "Load the demo: the City's quarter of 2018 retold, and invented quarters up to today."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("The demo is loaded only with DEPLOYMENT=demo.")
        if not settings.DEMO_PASSWORD:
            raise CommandError("Set DEMO_PASSWORD: it becomes the password of the demo's accounts.")
        if Board.objects.filter(slug="soc-board").exists():
            self.stdout.write("The demo is there already; nothing was changed.")
            return
        load(timezone.now())
        self.stdout.write("The demo is loaded.")


@transaction.atomic
def load(now):
    """Write the whole demo as of `now` (aware), all of it or nothing."""
    # Hashed once: Argon2 is slow on purpose, and they all have the same password.
    cast = make_cast(make_password(settings.DEMO_PASSWORD))
    script = Script(now)
    story_2018.add_story(script, cast)
    invented.add_quarters(script, cast)
    script.play()
    plan.make_plan(cast, timezone.localdate(now))
    standards.assess_board(cast, timezone.localdate(now))
    reporting.draft_2018(cast, now)
    reminding.write_log(now)
