from django.core.management.base import BaseCommand, CommandError

from board.invitations import remove_second_factor, send_link, site_address
from board.models import User


class Command(BaseCommand):
    help = (
        "For a secretary who lost the second factor and the recovery codes; anybody else's is "
        "removed by the secretary, on the page of accounts. The password goes with it, and a "
        "link to set a new one is sent."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument(
            "--reason", required=True, help="how you know that it is this person who asks"
        )

    def handle(self, email, reason, **options):
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        site = site_address()
        remove_second_factor(person, by="the command remove_second_factor", note=reason)
        self.stdout.write(f"The second factor of {person} is gone, and the password with it.")
        if not send_link(person, site):
            raise CommandError(
                "The link to set a password could not be sent. “Forgot your password?” on the "
                "sign-in page sends another."
            )
        self.stdout.write(f"A link to set a new one is on its way to {person.email}.")
