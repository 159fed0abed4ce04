from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from board import audit
from board.invitations import send_link, site_address
from board.models import Appointment, Board, User

BY = "the command create_board"
# Words that stand where a board's address stands.
RESERVED = {"agencies"}


class Command(BaseCommand):
    help = (
        "Make a board with its first secretary, who does the rest on the pages. Run again it "
        "changes nothing, and sends the secretary another link while no password is set. A board "
        "whose last secretary has left gets one by the same command."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="such as: SOC Board")
        above = parser.add_mutually_exclusive_group(required=True)
        above.add_argument("--committee", help="what it answers to, by name; made with it")
        above.add_argument(
            "--answers-to",
            metavar="SLUG",
            help="the board that is here already and that it answers to",
        )
        parser.add_argument(
            "--schedule-12a", action="store_true", help="the new committee falls under Schedule 12A"
        )
        parser.add_argument("--working-group", action="store_true", help="it is a working group")
        parser.add_argument("--secretary", required=True, metavar="EMAIL")
        parser.add_argument("--secretary-name", default="", metavar="NAME")
        parser.add_argument("--secretary-post", default="", metavar="POST")

    def handle(self, **options):
        site = site_address()
        with transaction.atomic():
            board, made = the_board(options)
            person = the_person(options)
            appointed = the_secretary(board, person)
        self.stdout.write(
            f"{board}: {'made' if made else 'there already'}, {site}board/{board.slug}/"
        )
        self.stdout.write(
            f"{person}: {'appointed' if appointed else 'there already'} as its secretary"
        )
        if person.has_usable_password():
            return
        if not send_link(person, site):
            raise CommandError(
                "The link to set a password could not be sent: the mail server did not take it. "
                "What is said above is kept; run the same command again."
            )
        self.stdout.write(f"A link to set a password is on its way to {person.email}.")


def the_board(options):
    """(the board of that name, whether it was made now)."""
    name, slug = options["name"].strip(), slugify(options["name"])[:50]
    if not slug or slug in RESERVED:
        raise CommandError(f"“{name}” makes no address: choose another name.")
    board = Board.objects.filter(slug=slug).select_related("reports_to").first()
    above = the_committee(options, board)
    if board:
        return board, False
    kind = Board.Kind.WORKING_GROUP if options["working_group"] else Board.Kind.BOARD
    board = Board.objects.create(name=name, slug=slug, kind=kind, reports_to=above)
    audit.record("make the board", board, by=BY)
    return board, True


def the_committee(options, board):
    """What the board answers to, found or made; of a board that is there, what it says itself."""
    if slug := options["answers_to"]:
        above = Board.objects.filter(slug=slug).first()
        if above is None:
            known = ", ".join(Board.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no board {slug}. There are: {known}.")
        if board and board.reports_to != above:
            raise CommandError(f"The {board} is here already and answers to another board.")
        return above
    name = options["committee"].strip()
    if board:
        if board.reports_to.name.lower() != name.lower():
            raise CommandError(
                f"The {board} is here already and answers to the {board.reports_to}."
            )
        return board.reports_to
    slug = slugify(name)[:50]
    if not slug or slug in RESERVED or slug == slugify(options["name"])[:50]:
        raise CommandError(f"“{name}” makes no address of its own: choose another name.")
    if Board.objects.filter(slug=slug).exists():
        raise CommandError(f"The {name} is here already: say --answers-to {slug}.")
    above = Board.objects.create(
        name=name,
        slug=slug,
        kind=Board.Kind.PARENT,
        schedule_12a=options["schedule_12a"],
    )
    audit.record("make the board", above, by=BY)
    return above


def the_person(options):
    email = options["secretary"].strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"“{email}” is no e-mail address.") from None
    person = User.objects.filter(email=email).first()
    if person:
        return person
    if not options["secretary_name"].strip():
        raise CommandError(f"Nobody has the address {email} yet: say --secretary-name too.")
    person = User.objects.create_user(
        email, name=options["secretary_name"].strip(), post=options["secretary_post"].strip()
    )
    audit.record("make an account", person, by=BY)
    return person


def the_secretary(board, person):
    """Appoint `person`, if the board has no secretary; whether it was done now."""
    today = timezone.localdate()
    present = board.appointments.current(today).filter(role=Appointment.Role.SECRETARY)
    holders = [each.person for each in present.select_related("person")]
    if person in holders:
        return False
    if holders:
        raise CommandError(
            f"The {board} has a secretary already, {holders[0]}, who appoints others on its pages."
        )
    made = Appointment.objects.create(
        person=person, board=board, role=Appointment.Role.SECRETARY, start=today
    )
    audit.record("appoint", made, by=BY)
    return True
