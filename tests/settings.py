"""The settings under test: the demo's, whatever is set outside.

A database must be given to the tests by name (TEST_DATABASE_URL): one that merely lies around in
DATABASE_URL is never touched.
"""

import os
import tempfile

for name in list(os.environ):
    if name in ("ALLOWED_HOSTS", "DATABASE_URL") or name.startswith("EMAIL_"):
        os.environ.pop(name)
os.environ |= {
    "DEPLOYMENT": "demo",
    "SECRET_KEY": "for tests only, and long enough to be taken for a key of production",
    "DEMO_PASSWORD": "for tests only",
}
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

# In a file, because threads that share a database in memory share its locks too; without waiting
# for the disk, because it is thrown away.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    folder = tempfile.TemporaryDirectory(prefix="soc-board-test-")
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(folder.name, "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )

# No collected files here: WhiteNoise looks in static/ itself, under plain names.
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# Argon2 is slow on purpose; what is tested is not the hash.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
