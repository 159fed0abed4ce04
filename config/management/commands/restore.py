from django.core.management.base import BaseCommand

from config.backups import read_manifest, restore_backup


class Command(BaseCommand):
    help = "Put a backup into an empty database, and prove that it is what was backed up."

    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", help="a file that `backup` wrote")
        parser.add_argument(
            "--check", action="store_true", help="only say whether the file itself is whole"
        )

    def handle(self, file, check, **options):
        manifest = read_manifest(file) if check else restore_backup(file)
        rows = sum(rows for rows, _ in manifest["tables"].values())
        made = f"made {manifest['made_at']}, {len(manifest['tables'])} tables, {rows} rows"
        if check:
            self.stdout.write(f"The file is whole: {made}. Restore it somewhere to prove the rest.")
        else:
            self.stdout.write(
                f"Restored and compared, row by row: {made}. The audit trail is whole. Everybody"
                " signs in again; run migrate if this version is newer."
            )
