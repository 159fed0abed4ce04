"""What an error says when an answer is missing or has the wrong form, in the words of its label.

A label is a noun ("Due date": Enter the due date) or a phrase ("Who is to sign": Choose an
answer under “Who is to sign”)."""

# A label that begins or ends so cannot follow "Enter the".
BEGINS = frozenset(
    "a an as at by do for from give how i in is it my on our put since the there this to we what "
    "when where whether which who why you your".split()
)
ENDS = frozenset("as at by called for from in of on there to with".split())
SOMETHING = {"Enter": "Write something", "Choose": "Choose an answer", "Give": "Give a day"}


def please(verb, label):
    """What to do about a missing answer; `verb` is Enter, Choose or Give (a day)."""
    label = label.strip().rstrip("?:")
    words = label.lower().replace(",", "").split()
    if not words:
        return f"{verb} it"
    if words[0] in BEGINS or words[-1] in ENDS:
        return f"{SOMETHING[verb]} under “{label}”"
    return f"{'Enter' if verb == 'Give' else verb} the {lower_first(label)}"


def lower_first(text):
    """ "Due date" → "due date", but "SCP date" stays."""
    if len(text) > 1 and text[1].isupper():
        return text
    return text[:1].lower() + text[1:]


# By the code of one of Django's own errors; filled with its label and params.
WRONG = {
    "max_length": "{label} must be {limit_value} characters or fewer; it has {show_value}",
    "min_value": "{label} must be {limit_value} or more",
    "max_value": "{label} must be {limit_value} or less",
    "invalid_choice": "Choose one of the answers offered under “{label}”",
    "invalid_list": "Choose one of the answers offered under “{label}”",
    "invalid_pk_value": "Choose one of the answers offered under “{label}”",
    "empty": "The file under “{label}” is empty: choose another",
    "null_characters_not_allowed": "{label} holds a character that cannot be kept: type it again",
}


def what_is_wrong(label, code, params):
    """The sentence for an error of Django's own, or None where Django's says what to do."""
    sentence = WRONG.get(code)
    return sentence and sentence.format_map({"label": label} | (params or {}))
