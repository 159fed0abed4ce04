"""Who is to do an action, found by what somebody types: "police", "Boa", "a name"."""

import re
from difflib import get_close_matches

from django.core.exceptions import ValidationError

from board.models import Agency, AgencyMember, Appointment, User

# More than one owner: the first leads, the others support.
BETWEEN = re.compile(r"\s*(?:,|;|\+|\bwith\b)\s*")


class Owners:
    """The agencies with a seat on a board that day, the Board itself, and their people; four
    queries. A name is found by the beginnings of its words."""

    def __init__(self, board, day):
        self.board = board
        seated = board.seats.current(day)
        self.agencies = list(Agency.objects.filter(pk__in=seated.values("agency")))
        by_key = {agency.pk: agency for agency in self.agencies}
        members = AgencyMember.objects.current(day).filter(agency__in=by_key)
        office_holders = Appointment.objects.current(day).filter(board=board)
        agency_of = dict(office_holders.values_list("person", "seat__agency"))
        agency_of |= dict(members.values_list("person", "agency"))
        self.people = list(User.objects.filter(pk__in=agency_of))
        self.agency_of = {key: by_key.get(agency) for key, agency in agency_of.items()}

    def bodies(self):
        """[(name, full name)] of who may own an action as a body: agencies, then the Board."""
        return [
            *((agency.short, agency.name) for agency in self.agencies),
            ("The Board", self.board.name),
        ]

    def persons(self):
        """[(name, their agency or the board)]."""
        return [
            (person.name, str(self.agency_of[person.pk] or self.board)) for person in self.people
        ]

    def lead_and_support(self, text):
        """(agency or None for the Board, person or None, [supporting agencies]).

        Raises ValidationError when a name is nobody's or may be several people's.
        """
        first, *others = self.names(text)
        lead, person = self.find(first)
        supporting = []
        for name in others:
            agency, _ = self.find(name)
            if agency is None:
                raise ValidationError(f"“{name}” cannot support an action: only an agency can")
            if agency != lead and agency not in supporting:
                supporting.append(agency)
        return lead, person, supporting

    def names(self, text):
        """What stands between the commas, unless all of it is one agency's name."""
        whole = [agency for agency in self.agencies if agency.name.casefold() == text.casefold()]
        return [text] if whole else [name for name in BETWEEN.split(text) if name] or [text]

    def find(self, name):
        """(agency or None for the Board, person or None) of one name."""
        bodies = [(agency, None, (agency.name, agency.short_name)) for agency in self.agencies]
        bodies.append((None, None, ("The Board", "Board", self.board.name)))
        people = [
            (self.agency_of[person.pk], person, (person.name, person.post))
            for person in self.people
        ]
        for candidates in (bodies, people):
            found = matching(name, candidates)
            if len(found) == 1:
                agency, person, _ = found[0]
                return agency, person
            if found:
                names = " or ".join(names[0] for *_, names in found[:4])
                raise ValidationError(f"“{name}” may be {names}: type more of the name")
        raise ValidationError(f"“{name}” is nobody on this board: {self.instead(name)}")

    def instead(self, name):
        """What to give for a name that is nobody's: the one that is spelt like it, or any."""
        names = [*(agency.short for agency in self.agencies), "The Board"]
        spelt = {each.casefold(): each for each in [*names, *(one.name for one in self.people)]}
        if like := get_close_matches(name.casefold(), spelt, n=1, cutoff=0.75):
            return f"did you mean {spelt[like[0]]}?"
        return f"give one of {', '.join(names)}"

    def person(self, name):
        """Whose name or post this is, in full or unmistakably begun; None otherwise."""
        found = matching(name, [(person, (person.name, person.post)) for person in self.people])
        return found[0][0] if len(found) == 1 else None


def matching(typed, candidates):
    """The candidates (their names come last) that bear just this name; else those with a name
    in which each word typed begins a word."""
    typed = typed.casefold().strip()
    exact = [row for row in candidates if typed in (name.casefold() for name in row[-1])]
    return exact or [row for row in candidates if any(begins(typed, name) for name in row[-1])]


def begins(typed, name):
    words = re.findall(r"[\w’']+", name.casefold())
    parts = re.findall(r"[\w’']+", typed)
    return bool(parts) and all(any(word.startswith(part) for word in words) for part in parts)
