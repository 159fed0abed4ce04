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


def in_step(acts, rounds):
    """Call each of `acts` with 0, 1, … rounds - 1, all of them beginning each round at the same
    moment, each on a thread and a connection of its own; return a list of the outcomes for each
    round, in their order. An act that raises ends the others too, and its exception is raised."""
    gate = threading.Barrier(len(acts))
    outcomes = [[None] * len(acts) for _ in range(rounds)]
    failures = []

    def run(place, act):
        try:
            for number in range(rounds):
                gate.wait(60)
                outcomes[number][place] = act(number)
        except threading.BrokenBarrierError:
            pass
        except Exception as failure:
            failures.append(failure)
            gate.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return outcomes
