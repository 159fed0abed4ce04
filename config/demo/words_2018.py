"""Returns of July to September 2018. The meetings of that quarter are in the record of the City;
these answers are invented for the demo, and the round says so."""

from .returns import NONE, Answer

TWO = {
    "police": (
        "Courier lines that reach into the City from outside, and fraud that begins with a "
        "telephone call.",
        "Daily intake of reports and partners' calls, read against all the areas that the Home "
        "Office names; a summary goes to the Board's members each month.",
    ),
    "fire": (
        "People who sleep where they work, seen on visits to kitchens and building sites.",
        "Crews note what they see on a card; the station passes it on the same day.",
    ),
    "health": (
        "More people in treatment who buy by telephone.",
        "Treatment services report each month without names.",
    ),
    "trading-standards": (
        "Advertisements for investments that do not exist.",
        "Complaints, and what officers meet on inspections.",
    ),
    "community-safety": (
        "Begging that looks organised, near the stations.",
        "Patrol notes, and a weekly call with hotels and licensed premises.",
    ),
    "childrens-services": (
        "Young people from other boroughs found in the City with cash.",
        "Referrals, and a meeting with schools each half-term.",
    ),
}

ANSWERS = {
    ("police", "drugs"): Answer(
        "Closed one courier line and supported 14 people who had been used by it.",
        "Sellers change numbers every few days and ask for payment in advance.",
        "fair", "steady", "One line closed; its successor is not yet known.",
        "pursue prevent",
        "The City of London Police closed one courier line in the quarter.", "public", came=-3,
    ),
    ("police", "modern-slavery"): Answer(
        "Visited nine workplaces with other members and found two people in need of help.",
        "Labour supplied to night cleaning through a chain of small firms.",
        "fair", "improving", "", "pursue protect",
        "Joint visits to nine workplaces led to help for two people.", "public", came=-2,
    ),
    ("police", "fraud"): Answer(
        "Ran two days of action on courier fraud.",
        "Callers who pretend to be bank staff, and send a courier for the card.",
        "high", "steady", "", "pursue protect",
        "Two days of action were held on courier fraud.", "parent", came=10,
        late="The figures of the second day of action came late.",
    ),
    ("fire", "drugs"): Answer(nothing=True, came=-4),
    ("fire", "modern-slavery"): Answer(
        "Trained two watches to see the signs on visits; reported three addresses.",
        "Mattresses in store rooms of kitchens.",
        "fair", "improving", "Two watches of four are trained.", "prevent protect",
        "Two watches of the London Fire Brigade were trained to see the signs of modern slavery.",
        "public", came=-3,
    ),
    ("health", "drugs"): Answer(
        "Opened an evening clinic.", "Stronger tablets sold under familiar names.",
        "low", "worsening", "Tests take a week.", "protect",
        "An evening clinic for people who use drugs was opened.", "", came=0,
    ),
    ("health", "modern-slavery"): Answer(
        "Trained reception staff of two practices to recognise and refer.",
        "People who come with somebody else who speaks for them.",
        "low", "steady", "", "protect", came=0,
        query=(5, "How many staff were trained, and in how many practices?",
               "Eleven, in two practices of five."),
    ),
    ("probation", "drugs"): NONE,
    ("probation", "fraud"): NONE,
    ("trading-standards", "modern-slavery"): Answer(nothing=True, came=0),
    ("trading-standards", "fraud"): Answer(
        "Took down eleven advertisements for investments that did not exist.",
        "Advertisements that copy the names of real firms in the City.",
        "fair", "steady", "", "prevent protect",
        "Eleven advertisements for false investments were taken down.", "public", came=3,
        late="The officer who writes the return was away.",
    ),
    ("community-safety", "drugs"): Answer(
        "Patrolled around the stations on 20 evenings.", "Small groups that move on within minutes.",
        "fair", "steady", "", "prevent", came=0,
    ),
    ("community-safety", "modern-slavery"): Answer(
        "Wrote to 29 hotels.", "Agencies that offer housekeeping staff at very low rates.",
        "low", "steady", "Five hotels have answered.", "prevent",
        "Twenty-nine hotels were written to about modern slavery.", "board", came=0,
    ),
    ("community-safety", "fraud"): NONE,
    ("childrens-services", "drugs"): Answer(
        "Held strategy meetings on four young people.", "Younger children than last year.",
        "low", "worsening", "", "protect prevent", came=-1,
    ),
    ("childrens-services", "modern-slavery"): Answer(
        "Found placements for two young people.", "Little that is new.",
        "fair", "steady", "", "protect", came=-1,
    ),
}

