"""The Board's own standing texts."""

AIM = (
    "To put the intelligence and the powers that the City's public bodies hold side by side, so "
    "that together they tackle serious and organised crime and lessen the harm it does in the City."
)

TERMS_1 = """\
The Board:

- advises the Safer City Partnership on serious and organised crime, and reports to it
- scopes the areas of serious and organised crime that touch the City, one after another
- brings together what its members know and the powers that they have

It takes no decisions on operations and holds no intelligence of its own. The Borough Commander of
the London Fire Brigade, who represents the Brigade on the Partnership, chairs it.
"""

TERMS_2 = """\
The Board:

- advises the Safer City Partnership on serious and organised crime, and reports to it each quarter
- seeks reassurance from each member about its own work, by asking what its emerging priorities
  are and how it captures new information
- keeps three priorities under review, one at each quarterly meeting in turn
- hears at each meeting what members see emerging
- keeps an action plan in four parts: Pursue, Prevent, Protect, Prepare

It takes no decisions on operations and holds no intelligence of its own: names of cases and of
suspects belong in no paper of the Board. Its members are listed with the day from which they sit,
and each names a substitute. A working group prepares its meetings.

These terms are read through once a year.
"""

SHARING = """\
Members share what the Board needs to see the whole picture, and no more:

- counts, patterns and places before anything about a person
- case by case, where a power to share exists, between named officers and outside this Board
- each paper marked by the member that wrote it, and passed on only as that member allows

Each member names an officer who answers for what it shares.
"""
