"""Words that came from a page which somebody else had overtaken: they are not stored, and not
lost either. They are kept beside the record, as a row of its history that says so."""

BESIDE = "Kept beside: somebody else had saved first"


def keep_beside(record, *, by, at):
    """Write down the values of `record`, which is not saved, in its history; return `at`."""
    record.history.model.objects.create(
        history_date=at,
        history_type="~",
        history_change_reason=BESIDE,
        history_user=by,
        **{field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields},
    )
    return at


def last_save(record):
    """(who, when) saved a record last: a name and an aware moment, or None where neither is
    known."""
    rows = record.history.exclude(history_change_reason=BESIDE).select_related("history_user")
    row = rows.first()
    who = str(row.history_user) if row and row.history_user_id else "Somebody else"
    return who, row and row.history_date
