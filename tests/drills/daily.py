"""The daily run, started again as often as a line arrives on standard input.

    python -m tests.drills.daily [careless]

It is forked from a process that has everything imported, and its number is printed. `careless`
hands a letter over before it writes that down: the control of the drill.
"""

import os
import signal
import sys
from unittest import mock

import django


def careless(pk, rows, message, connection):
    """Without the moment before the server has it: what is killed in between goes again."""
    row = rows.get(pk=pk)
    connection.send_messages([mail_of(row, message)])
    row.handed_at = row.sent_at = timezone.now()
    row.failed = ""
    row.save()
    return row, None


def mail_of(row, message):
    letter = message(row)
    letter.extra_headers["Message-ID"] = f"<{row.identity}@127.0.0.1>"
    return letter


def run():
    with (
        open(os.devnull, "w") as nowhere,
        mock.patch("config.management.commands.remind.is_working_day", return_value=True),
        mock.patch("config.reminders.is_working_day", return_value=True),
    ):
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        if "careless" in sys.argv:
            mail.hand_over = careless
        call_command("remind")


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from board import mail

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                run()
                code = 0
            finally:
                os._exit(code)
        print(child, flush=True)
