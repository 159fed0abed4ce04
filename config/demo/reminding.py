"""The chase log: what the agencies that are late now were written the day after."""

import datetime

from django.utils import timezone

from board.models import Board
from board.working_days import working_day_from
from config.models import Notice
from config.owed import owed_to
from config.reminders import digest, people_of, still_owed, write_down

A_DAY = datetime.timedelta(days=1)


def write_log(now):
    """As if `remind` had run each morning; nothing is sent."""
    today = timezone.localdate(now)
    for board in Board.objects.exclude(kind=Board.Kind.PARENT):
        for agency, things in owed_to(board, today).items():
            for owed in things:
                day = working_day_from(owed.due + A_DAY)
                if day < today:
                    at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(7, 30)))
                    for person in people_of(agency, day):
                        write_down(board, agency, person, [owed], at)
    for notice in Notice.objects.all():
        day = timezone.localdate(notice.made_at)
        notice.subject, notice.text = digest(
            notice, still_owed(notice, owed_to(notice.board, day)), day
        )
        notice.handed_at = notice.sent_at = notice.made_at
        notice.save()
