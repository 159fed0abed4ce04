"""What a migration makes of the rows that are there."""

import pytest

from tests.databases import empty_database, manage

pytestmark = [pytest.mark.drills, pytest.mark.django_db(transaction=True)]

BEFORE = ("meetings", "0013_order_of_business")
ONE_OF_EACH = f"""
import datetime
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
model = MigrationExecutor(connection).loader.project_state({BEFORE}).apps.get_model
board = model("board", "Board").objects.create(name="Board", slug="board", kind="parent")
start = datetime.datetime(2018, 9, 19, 10, tzinfo=datetime.UTC)
meeting = model("meetings", "Meeting").objects.create(
    board=board, ref="one", starts_at=start, ends_at=start + datetime.timedelta(hours=1)
)
item = model("meetings", "AgendaItem").objects
second, third = (item.create(meeting=meeting, number=number, title="Item") for number in (2, 3))
for name, arrived, left in (("A", second, third), ("B", second, None), ("C", None, None)):
    model("meetings", "Attendance").objects.create(
        meeting=meeting, name=name, status="present", arrived_item=arrived, left_item=left
    )
"""
WAS_AWAY = """
from meetings.models import Attendance
print([(row.name, row.stay) for row in Attendance.objects.order_by("name")])
"""


def test_one_arrival_and_one_departure_become_absences(tmp_path):
    with empty_database(tmp_path) as url:
        for command in (
            ("migrate", *BEFORE),
            ("shell", "--no-imports", "-c", ONE_OF_EACH),
            ("migrate",),
        ):
            done = manage(url, *command, "--verbosity", "0")
            assert done.returncode == 0, done.stderr
        looked = manage(url, "shell", "--no-imports", "-c", WAS_AWAY)
    assert looked.stdout.strip() == (
        "[('A', 'from item 2 until item 3'), ('B', 'from item 2'), ('C', '')]"
    ), looked.stderr
