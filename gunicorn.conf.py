"""How gunicorn serves the app, in the demo and in production; it reads this file by itself."""

import os

wsgi_app = "config.wsgi"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Only threads keep a connection open between requests: a quarter more speed at the least.
worker_class = "gthread"
threads = 4
keepalive = 30
timeout = 60
graceful_timeout = 10
preload_app = True
loglevel = "warning"
# One fixed path for all who serve on this machine, and nobody asked for it.
control_socket_disable = True

AGENCIES = (
    "police fire health probation trading-standards community-safety childrens-services".split()
)


def when_ready(server):
    """Tells where the demo is and how to sign in, once it answers."""
    if os.environ.get("DEPLOYMENT") != "demo":
        return
    agencies = "\n".join(f"           {name}@example.org" for name in AGENCIES)
    print(
        f"\nThe demo is served on http://{bind} (Ctrl-C ends it)\n\n"
        f"secretary: secretary@example.org\n"
        f"chair:     chair@example.org\n"
        f"agencies:\n{agencies}\n"
        f"password: {os.environ['DEMO_PASSWORD']}\n",
        flush=True,
    )
