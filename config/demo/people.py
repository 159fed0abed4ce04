"""Who: agencies, people by their roles, boards, seats, offices and agreements."""

import datetime
from types import SimpleNamespace

from board.models import (
    Agency,
    AgencyMember,
    Appointment,
    Board,
    Seat,
    SharingAgreement,
    SharingSignature,
    TermsOfReference,
    User,
)

from .words_board import AIM, SHARING, TERMS_1, TERMS_2

DAY = datetime.date
FOUNDED = DAY(2016, 1, 1)  # the year is known, the day is not
LAST_DAY_OF_OLD_CHAIR = DAY(2018, 12, 31)

# key: name, short name, kind, responsible authority, last digits of the office telephone
AGENCIES = {
    "police": ("City of London Police", "Police", Agency.Kind.POLICE, True, "101"),
    "fire": ("London Fire Brigade", "Fire Brigade", Agency.Kind.FIRE, True, "102"),
    "health": ("Public Health", "", Agency.Kind.HEALTH, True, "103"),
    "probation": ("Probation", "", Agency.Kind.PROBATION, True, "104"),
    "trading-standards": ("Trading Standards", "", Agency.Kind.COUNCIL, True, "105"),
    "community-safety": (
        "Community Safety Team",
        "Community Safety",
        Agency.Kind.COUNCIL,
        True,
        "106",
    ),
    "childrens-services": ("Children's Services", "", Agency.Kind.COUNCIL, True, "107"),
    "home-office": ("Home Office", "", Agency.Kind.GOVERNMENT, False, ""),
}
SEATED = tuple(key for key in AGENCIES if key != "home-office")

# key: name as lists show it, post as minutes and reports name it, agency or none
PEOPLE = {
    "secretary": ("Secretary", "Partnership Support Manager", None),
    "chair": ("Borough Commander", "Borough Commander", "fire"),
    "old_chair": ("Borough Commander (to 2018)", "Borough Commander", "fire"),
    "police": ("Police lead", "Partnership Inspector", "police"),
    "fire": ("Fire Brigade lead", "Station Commander", "fire"),
    "health": ("Public Health lead", "Public Health Commissioner", "health"),
    "probation": ("Probation lead", "Head of Service", "probation"),
    "trading-standards": (
        "Trading Standards lead",
        "Lead Officer, Trading Standards",
        "trading-standards",
    ),
    "community-safety": (
        "Community Safety lead",
        "Community Safety Team Manager",
        "community-safety",
    ),
    "childrens-services": (
        "Children's Services lead",
        "Head of Safeguarding",
        "childrens-services",
    ),
    "police_contributor": ("Police analyst", "Senior Analyst", "police"),
    "police_substitute": ("Police substitute", "Detective Sergeant", "police"),
    "health_substitute": ("Public Health substitute", "Public Health Strategist", "health"),
    "observer": ("Observer", "Policy Officer, Town Clerk's Department", None),
    "guest": (
        "Head of the Serious and Organised Crime Unit",
        "Head of the Serious and Organised Crime Unit, Home Office",
        "home-office",
    ),
    "clerk": ("Clerk to the Partnership", "Committee Clerk, Town Clerk's Department", None),
}
EMAILS = {"old_chair": "chair-to-2018", "guest": "soc-unit"}
SIGN_IN = ("secretary", "chair", *SEATED, "police_contributor")


def make_cast(password_hash):
    """Everybody and every board, as they stand over the years; returns them by name.

    cast.agencies and cast.people are keyed as above; cast.seats by (board's slug, agency key).
    """
    cast = SimpleNamespace(agencies={}, people={}, seats={}, priorities={}, rounds={})
    for key, (name, short, kind, responsible, digits) in AGENCIES.items():
        cast.agencies[key] = Agency.objects.create(
            slug=key,
            name=name,
            short_name=short,
            kind=kind,
            responsible_authority=responsible,
            office_email=f"{key}-office@example.org",
            office_phone=f"020 7946 0{digits}" if digits else "",
            head=f"Director, {short or name}",
            head_email=f"{key}-director@example.org",
        )
    for key, (name, post, agency) in PEOPLE.items():
        email = EMAILS.get(key, key.replace("_", "-")) + "@example.org"
        person = User(email=email, name=name, post=post)
        if key in SIGN_IN:
            person.password = password_hash
        else:
            person.set_unusable_password()
        person.save()
        cast.people[key] = person
        if agency and key not in ("old_chair", "chair"):
            contributor = key.startswith("police_") or key == "health_substitute"
            AgencyMember.objects.create(
                person=person,
                agency=cast.agencies[agency],
                start=FOUNDED,
                role=AgencyMember.Role.CONTRIBUTOR if contributor else AgencyMember.Role.LEAD,
            )
    make_boards(cast)
    make_terms(cast)
    return cast


def make_boards(cast):
    cast.partnership = Board.objects.create(
        name="Safer City Partnership",
        slug="safer-city-partnership",
        kind=Board.Kind.PARENT,
        chair_title=Board.ChairTitle.CHAIRMAN,
        action_prefix="SCP",
        office_email="safer-city-partnership@example.org",
        office_phone="020 7946 0120",
    )
    cast.board = Board.objects.create(
        name="Serious and Organised Crime Board",
        slug="soc-board",
        kind=Board.Kind.BOARD,
        reports_to=cast.partnership,
        established=FOUNDED,
        aim=AIM,
        meeting_interval=3,
        chair_title=Board.ChairTitle.CHAIRMAN,
        action_prefix="SOC",
        office_email="soc-board@example.org",
        office_phone="020 7946 0100",
    )
    cast.group = Board.objects.create(
        name="SOC Working Group",
        slug="soc-working-group",
        kind=Board.Kind.WORKING_GROUP,
        reports_to=cast.board,
        established=DAY(2018, 3, 14),
        meeting_interval=3,
        aim="To prepare the Board's decisions and to see that its plan is carried out.",
        chair_title=Board.ChairTitle.CHAIRMAN,
        action_prefix="SOCWG",
        office_email="soc-board@example.org",
        office_phone="020 7946 0100",
    )
    people = cast.people
    for board, agencies in (
        (cast.partnership, ("police", "fire", "health", "probation", "community-safety")),
        (cast.board, SEATED),
        (cast.group, SEATED),
    ):
        start = max(FOUNDED, board.established or FOUNDED)
        for key in agencies:
            cast.seats[board.slug, key] = Seat.objects.create(
                board=board, agency=cast.agencies[key], start=start
            )
    appoint(cast, cast.partnership, "clerk", "secretary")
    for board in (cast.board, cast.group):
        appoint(cast, board, "secretary", "secretary")
        old = appoint(cast, board, "old_chair", "chair", "fire", end=LAST_DAY_OF_OLD_CHAIR)
        if board == cast.board:
            cast.old_chairmanship = old
        appoint(cast, board, "chair", "substitute", "fire", end=LAST_DAY_OF_OLD_CHAIR)
        appoint(cast, board, "chair", "chair", "fire", start=DAY(2019, 1, 1))
        appoint(cast, board, "trading-standards", "deputy_chair", "trading-standards")
        for key in SEATED:
            if key != "trading-standards":
                appoint(cast, board, key, "member", key)
        appoint(cast, board, "police_substitute", "substitute", "police")
    appoint(cast, cast.board, "health_substitute", "substitute", "health", start=DAY(2018, 4, 3))
    appoint(cast, cast.board, "observer", "observer", start=DAY(2018, 6, 4))
    return people


def appoint(cast, board, person, role, seat=None, start=None, end=None):
    return Appointment.objects.create(
        board=board,
        person=cast.people[person],
        role=role,
        seat=cast.seats[board.slug, seat] if seat else None,
        start=start or max(FOUNDED, board.established or FOUNDED),
        end=end,
    )


def make_terms(cast):
    TermsOfReference.objects.create(
        board=cast.board,
        version=1,
        text=TERMS_1,
        agreed_on=DAY(2016, 10, 17),
        reviewed_on=DAY(2018, 7, 3),
        review_due=DAY(2018, 10, 17),
    )
    agreement = SharingAgreement.objects.create(
        board=cast.board,
        title="Sharing between the members of the Board",
        version=1,
        legal_basis="Section 115 of the Crime and Disorder Act 1998",
        text=SHARING,
        agreed_on=DAY(2018, 7, 3),
    )
    signed = {
        "police": DAY(2018, 7, 3),
        "fire": DAY(2018, 7, 3),
        "community-safety": DAY(2018, 7, 9),
        "trading-standards": DAY(2018, 7, 20),
        "childrens-services": DAY(2018, 8, 30),
        "health": None,
        "probation": None,
    }
    for key, day in signed.items():
        SharingSignature.objects.create(
            agreement=agreement,
            agency=cast.agencies[key],
            signed_on=day,
            signed_by=cast.people[key].post if day else "",
        )


def adopt_second_terms(cast):
    """The version that came out of the review of 3 July, put before the Board in September."""
    return TermsOfReference.objects.create(
        board=cast.board,
        version=2,
        text=TERMS_2,
        agreed_on=DAY(2018, 9, 19),
    )
