"""The settings under test: the demo's, whatever is set outside.

A database must be given to the tests by name (TEST_DATABASE_URL): one that merely lies around in
DATABASE_URL is never touched.
"""

import os

for name in ("ALLOWED_HOSTS", "DATABASE_URL", "EMAIL_HOST", "EMAIL_FROM"):
    os.environ.pop(name, None)
os.environ |= {
    "DEPLOYMENT": "demo",
    "SECRET_KEY": "for tests only, and long enough to be taken for a key of production",
    "DEMO_PASSWORD": "for tests only",
}
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from config.settings import *  # noqa: E402, F403

# No collected files here: WhiteNoise looks in static/ itself, under plain names.
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
