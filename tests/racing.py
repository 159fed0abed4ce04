"""Several people at once, for tests of locks: each on a thread and a connection of its own."""

import threading

import pytest
from django.db import connection

needs_row_locks = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite has no row locks: there IMMEDIATE transactions keep the order",
)


def at_once(acts):
    """Run the callables at the same moment; return what each returned, or the exception it
    raised, in their order. For transactional tests, since each connection sees what others
    committed."""
    gate = threading.Barrier(len(acts))
    outcomes = [None] * len(acts)

    def run(place, act):
        try:
            gate.wait(10)
            outcomes[place] = act()
        except Exception as failure:
            outcomes[place] = failure
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes
