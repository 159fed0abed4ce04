"""The second life of a record whose words may travel: not cleared -> cleared -> withdrawn."""

from django.core.exceptions import ValidationError

from board.asking import lower_first
from board.markings import Audience, Clearance
from board.workflow import Transition

CLEAR_VERBS = {
    Audience.BOARD: "clear for the Board",
    Audience.PARENT: "clear for the parent committee",
    Audience.PUBLIC: "clear for the public",
}


def clearance_rows(allowed, ready=None, withdrawn=None):
    """The rows of a Clearable: one for each audience, and withdrawal.

    allowed  (user, record) -> bool: who clears, the originator
    ready    (record): raises ValidationError when there is nothing yet that could be cleared
    withdrawn  (record, by=, note=, at=): what else happens when the words are withdrawn
    """

    def clear_for(audience):
        def prepare(record, *, by, note, at):
            if ready:
                ready(record)
            if not record.text_for_report.strip():
                raise ValidationError("There is no text to clear: write it first.")
            record.cleared_for = audience
            record.cleared_text = record.text_for_report

        def idle(record):
            same = record.cleared_text_is_current and record.cleared_for == audience
            return same or not record.text_for_report.strip()

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
            warns_of=lambda record: narrowing(record, audience),
            idle=idle,
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
        then=withdrawn,
        warns="The text leaves every report that has not been issued.",
    )
    return (*(clear_for(audience) for audience in CLEAR_VERBS), withdraw)


def narrowing(record, audience):
    """What clearing for `audience` takes away from a record cleared for more; "" if nothing."""
    if record.clearance != Clearance.CLEARED or audience.reaches(record.cleared_for):
        return ""
    return (
        f"This text is cleared for {lower_first(record.get_cleared_for_display())} now. It leaves "
        "every report to a wider audience that has not been issued; what was issued stays."
    )
