"""Runs the suite on SQLite, then on PostgreSQL; what it is given goes to pytest both times.

    python -m tests.run [--drills | --whole] [ARGUMENT...]

Without an argument PostgreSQL is asked what asks something of the database itself, and the
browser's walks; with --whole, or with arguments of one's own, the same as SQLite and more.
With --drills the long forms of the drills run, and nothing else, one after the other.

Exits 0 only if both passed. What pytest says of the second is the last that is printed, unless
the first failed.
"""

import os
import sys
import time

from tests.postgres import cluster, run

NOTHING_COLLECTED = 5  # pytest's own exit code


def main(arguments):
    environment = {
        # Neither a database nor an option of the person's own must change what is tested.
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "DJANGO_", "PYTEST_")) and name != "DATABASE_URL"
    }
    drills, whole = (arguments[:1] == [word] for word in ("--drills", "--whole"))
    chosen = [] if arguments else ["--of-the-database"]
    if drills or whole:
        arguments = arguments[1:]
    if drills:
        mark, spread = ["-m", "drills"], []
    else:
        mark, spread = ["-m", "not browser and not drills"], ["-n", "2", "--dist", "worksteal"]
    pytest = [sys.executable, "-m", "pytest", *spread, *arguments]

    started = time.monotonic()
    if drills:
        say("The drills on SQLite")
    else:
        say("SQLite: all but the browser tests, which run below on the database of production")
    on_sqlite = run([*pytest, *mark], environment)
    if on_sqlite < 0 or on_sqlite == 2:  # ended by a signal, or interrupted
        return 1
    what = "what asks something of the database" if chosen else "everything"
    say(f"SQLite took {time.monotonic() - started:.0f} s. PostgreSQL: {what}")
    with cluster() as url:
        on_postgres = run(
            [*pytest, *(mark if drills else chosen)], environment | {"TEST_DATABASE_URL": url}
        )

    # A person may ask for tests that one of the two does not have, never for none at all.
    if arguments and on_sqlite == NOTHING_COLLECTED:
        on_sqlite = 0
    if on_sqlite:
        print("The tests failed on SQLite: see the first summary above.", flush=True)
    return 1 if on_sqlite or on_postgres else 0


def say(text):
    print(f"== {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
