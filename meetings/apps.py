from django.apps import AppConfig

# Approved minutes may still be signed; nothing else about them may change.
KEPT = "OLD.state IN ('approved', 'signed')"
CHANGED = (
    "NEW.state NOT IN ('approved', 'signed') OR (OLD.state = 'signed' AND NEW.state <> 'signed')"
    " OR NEW.sha256 <> OLD.sha256 OR NEW.text <> OLD.text OR NEW.pdf IS NULL"
    " OR NEW.pdf <> OLD.pdf OR NEW.paragraphs <> OLD.paragraphs"
)


class MeetingsConfig(AppConfig):
    name = "meetings"
    frozen = {
        "meetings_minutes": {"UPDATE": f"{KEPT} AND ({CHANGED})", "DELETE": KEPT},
        "meetings_circulation": {"UPDATE": None, "DELETE": None},
    }
