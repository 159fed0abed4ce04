from django.core.management.base import BaseCommand

from config.backups import write_backup


class Command(BaseCommand):
    help = "Write everything into one new file, while others go on working."

    def add_arguments(self, parser):
        parser.add_argument("file", help="the file to write; it must not exist yet")

    def handle(self, file, **options):
        manifest = write_backup(file)
        rows = sum(rows for rows, _ in manifest["tables"].values())
        self.stdout.write(
            f"{file}: {len(manifest['tables'])} tables, {rows} rows, read back and whole."
        )
