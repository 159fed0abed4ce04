"""The checks before issue over a report of five thousand words, against twenty years of returns
and some three million words of what agencies wrote: `python -m bench.gate REF`, after
`seed_history`. Prints how long they take. Changes the database that it is given."""

import os
import random
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import transaction  # noqa: E402

from priorities.models import PriorityReturn  # noqa: E402
from reports import checks  # noqa: E402
from reports.contents import gather  # noqa: E402
from reports.echoes import shelves  # noqa: E402
from reports.models import CommitteeReport  # noqa: E402

HISTORY, REPORT = 3_000_000, 5_000
SYLLABLES = "ba den fir gol hum kel lon mar nest pol rud sta tin vor wick".split()
LINKS = ("", "", " of", " the", ",", ".", "\u2019s")
chance = random.Random(2018)


def words(count):
    return " ".join(
        "".join(chance.choices(SYLLABLES, k=2)) + chance.choice(LINKS) for _ in range(count)
    )


def count(texts):
    return sum(len(text.split()) for text in texts)


parts = list(PriorityReturn.objects.only("pk"))
for part in parts:
    part.did = words(HISTORY // len(parts))
report = CommitteeReport.objects.get(ref=sys.argv[1])
with transaction.atomic():
    PriorityReturn.objects.bulk_update(parts, ["did"], batch_size=300)
    section = report.sections.reverse()[:1].get()
    for order in range(REPORT // 100):
        section.paragraphs.create(order=1000 + order, text=words(100))

ours = count(text for _, text in gather(report).document(draft=True).texts())
theirs = count(text for shelf in shelves(report) for text in shelf.texts)
wall, spent = [], []
for _ in range(5):
    started, busy = time.perf_counter(), time.process_time()
    checks.check(report)
    wall.append(time.perf_counter() - started)
    spent.append(time.process_time() - busy)
took, own = sorted(wall)[2], sorted(spent)[2]
print(
    f"{ours:,} words against {theirs:,}: {took:.2f} s, {own:.2f} s of the processor",
    f"(aim 1: {'met' if took <= 1 else 'not met'})",
)
