"""The Board's own standing texts. A break in a line is kept as a break, so a paragraph has none."""

AIM = (
    "To put the intelligence and the powers that the City's public bodies hold side by side, so "
    "that together they tackle serious and organised crime and lessen the harm it does in the City."
)

TERMS_1 = (
    "The Board:\n\n"
    "- advises the Safer City Partnership on serious and organised crime, and reports to it\n"
    "- scopes the areas of serious and organised crime that touch the City, one after "
    "another\n"
    "- brings together what its members know and the powers that they have\n\n"
    "It takes no decisions on operations and holds no intelligence of its own. The Borough "
    "Commander of the London Fire Brigade, who represents the Brigade on the Partnership, "
    "chairs it.\n"
)

TERMS_2 = (
    "The Board:\n\n"
    "- advises the Safer City Partnership on serious and organised crime, and reports to it"
    " each quarter\n"
    "- seeks reassurance from each member about its own work, by asking what its emerging "
    "priorities are and how it captures new information\n"
    "- keeps three priorities under review, one at each quarterly meeting in turn\n"
    "- hears at each meeting what members see emerging\n"
    "- keeps an action plan in four parts: Pursue, Prevent, Protect, Prepare\n\n"
    "It takes no decisions on operations and holds no intelligence of its own: names of "
    "cases and of suspects belong in no paper of the Board. Its members are listed with the"
    " day from which they sit, and each names a substitute. A working group prepares its "
    "meetings.\n\n"
    "These terms are read through once a year.\n"
)

SHARING = (
    "Members share what the Board needs to see the whole picture, and no more:\n\n"
    "- counts, patterns and places before anything about a person\n"
    "- case by case, where a power to share exists, between named officers and outside this"
    " Board\n"
    "- each paper marked by the member that wrote it, and passed on only as that member "
    "allows\n\n"
    "Each member names an officer who answers for what it shares.\n"
)
