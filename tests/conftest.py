import pytest

from board import triggers
from tests.builders import make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture(autouse=True)
def _tables_can_be_emptied(request, _django_db_helper):
    """A transactional test ends by emptying every table, which the triggers refuse: take them
    down for that. The flush sends post_migrate, which puts them back."""
    yield
    marker = request.node.get_closest_marker("django_db")
    transactional = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    )
    if transactional:
        triggers.remove()
