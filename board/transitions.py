"""The second life of a record whose words may travel: not cleared -> cleared -> withdrawn."""

from django.core.exceptions import ValidationError

from board.markings import Audience, Clearance
from board.workflow import Transition

CLEAR_VERBS = {
    Audience.BOARD: "clear for the Board",
    Audience.PARENT: "clear for the parent committee",
    Audience.PUBLIC: "clear for the public",
}


def clearance_rows(allowed, ready=None):
    """The rows of a Clearable: one for each audience, and withdrawal.

    allowed  (user, record) -> bool: who clears, the originator
    ready    (record): raises ValidationError when there is nothing yet that could be cleared
    """

    def clear_for(audience):
        def prepare(record, *, by, note, at):
            if ready:
                ready(record)
            if not record.text_for_report.strip():
                raise ValidationError("There is no text to clear: write it first.")
            record.cleared_for = audience
            record.cleared_text = record.text_for_report

        return Transition(
            CLEAR_VERBS[audience],
            (Clearance.NOT_CLEARED, Clearance.CLEARED, Clearance.WITHDRAWN),
            Clearance.CLEARED,
            allowed,
            field="clearance",
            stamp="cleared",
            clears=("withdrawn",),
            prepare=prepare,
            text=lambda record: record.cleared_text,
        )

    def forget(record, *, by, note, at):
        record.cleared_text = ""

    withdraw = Transition(
        "withdraw the text",
        (Clearance.CLEARED,),
        Clearance.WITHDRAWN,
        allowed,
        field="clearance",
        stamp="withdrawn",
        note="optional",
        prepare=forget,
        warns="The text leaves every report that has not been issued.",
    )
    return (*(clear_for(audience) for audience in CLEAR_VERBS), withdraw)
