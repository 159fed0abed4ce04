from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.lives import LIVES

PATH = settings.BASE_DIR / "docs" / "workflows.md"
OPENING = """# Workflows

Drawn from the tables in the code by `manage.py draw_workflows`; do not edit. An arrow is a row
of a table: its verb, and the rule in the app's `permissions.py` that says who may.
"""


def drawing():
    """docs/workflows.md as it should be."""
    return "\n".join([OPENING, *(chapter(life) for life in LIVES)])


def chapter(life):
    lines = [f"## {life.name}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {value}: {label}" for value, label in life.states]
    lines.append(f"    [*] --> {life.model._meta.get_field(life.field).default}")
    for row in life.transitions:
        for state in row.before:
            lines.append(f"    {state} --> {row.after}: {row.verb}")
    lines += ["```", "", "| act | from | to | who | asks for |", "|---|---|---|---|---|"]
    labels = dict(life.states)
    for row in life.transitions:
        before = ", ".join(str(labels[state]) for state in row.before)
        asks = f"{row.asks} ({row.note})" if row.note else ""
        lines.append(
            f"| {row.verb} | {before} | {labels[row.after]} | `{row.allowed.__name__}` | {asks} |"
        )
    return "\n".join([*lines, ""])


class Command(BaseCommand):
    help = "Write docs/workflows.md from the transition tables."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Only say whether it is current.")

    def handle(self, *, check, **options):
        current = drawing()
        if check:
            if not PATH.exists() or PATH.read_text() != current:
                raise CommandError("docs/workflows.md is stale: run manage.py draw_workflows.")
            return
        PATH.parent.mkdir(exist_ok=True)
        PATH.write_text(current)
