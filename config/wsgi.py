"""The web server's way in. Only here do the time limits of a page hold: no command has them."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
if connections["default"].vendor == "postgresql":
    connections.settings["default"]["OPTIONS"]["options"] += settings.PAGE_TIMEOUTS
