"""gunicorn with the application, started again as often as a line arrives on standard input.

    python -m tests.drills.server PORT [careless]

It is forked from a process that has everything imported, so that a start takes little. Each is
the leader of a process group of its own, whose number is printed: whoever asked for it ends it.
`careless` acknowledges a save before it is stored: the control of the drill.
"""

import os
import signal
import sys
import threading

from django.utils import timezone
from gunicorn.app.base import BaseApplication

from config.wsgi import application
from meetings.saving import Answer, save_note
from meetings.views import minute as minute_view

SOON = 0.3  # seconds


class Server(BaseApplication):
    def __init__(self, port):
        self.port = port
        super().__init__()

    def load_config(self):
        self.cfg.set("bind", f"127.0.0.1:{self.port}")
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 4)
        self.cfg.set("loglevel", "critical")
        self.cfg.set("control_socket_disable", True)

    def load(self):
        return application


def save_later(item, part, text, version, *, by):
    threading.Timer(SOON, save_note, (item, part, text, version), {"by": by}).start()
    return Answer(True, text, version + 1, timezone.now())


def main(port, *flags):
    if "careless" in flags:
        minute_view.save_note = save_later
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setpgid(0, 0)
            Server(int(port)).run()
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
