"""The words of invented returns: for each agency and priority three answers that take turns.

Each is what we did, what is emerging, the text for the report, and the 4 Ps ticked.
"""

TWO = {
    "police": (
        (
            "Short lets taken for a week and used to store or to sell; callers who pretend to be "
            "bank staff.",
            "Daily reading of reports and partners' calls against the whole national list.",
        ),
        (
            "Riders who deliver more than food; invoices that are altered on their way.",
            "Daily reading of reports, and since this quarter a shared inbox for partners.",
        ),
    ),
    "fire": (
        ("People who sleep where they work.", "Cards that crews fill in on every visit."),
        (
            "Batteries and cables in rooms let by the bed.",
            "Cards that crews fill in on every visit, read each Monday.",
        ),
    ),
    "health": (
        ("Stronger tablets under familiar names.", "Monthly figures without names from treatment."),
        (
            "Vapes whose contents nobody can tell.",
            "Monthly figures, and a call with the two laboratories.",
        ),
    ),
    "probation": (
        ("People drawn into debt before release.", "Officers' notes, read by the head of service."),
        ("Former clients used as drivers.", "Officers' notes, read by the head of service."),
    ),
    "trading-standards": (
        ("Investments advertised in the names of real firms.", "Complaints and inspections."),
        ("Repair work sold at the door to office managers.", "Complaints and inspections."),
    ),
    "community-safety": (
        ("Begging that looks organised.", "Patrol notes, and a weekly call with hotels."),
        ("Street games for money by the bridges.", "Patrol notes, and a weekly call with hotels."),
    ),
    "childrens-services": (
        ("Children found in the City with cash.", "Referrals, and a meeting with schools."),
        ("Lifts offered to children at stations.", "Referrals, and a meeting with schools."),
    ),
}

ALL = "pursue prevent protect"
WORDS = {
    ("police", "drugs"): (
        (
            "Closed one courier line; fourteen people whom it had used were offered support.",
            "Sellers change numbers every few days.",
            "The City of London Police closed one courier line.",
            "pursue prevent",
        ),
        (
            "Searched three short lets with the landlord's help.",
            "Short lets booked for a week at a time, near stations.",
            "Three short lets were searched.",
            "pursue",
        ),
        (
            "Ran two weeks of patrols with neighbouring forces on the main routes.",
            "Riders who deliver for two trades at once.",
            "Two weeks of joint patrols were held with neighbouring forces.",
            "pursue prevent",
        ),
    ),
    ("police", "modern-slavery"): (
        (
            "Visited nine workplaces with other members and found two people in need of help.",
            "Labour supplied to night cleaning.",
            "Joint visits to nine workplaces led to help for two people.",
            "pursue protect",
        ),
        (
            "Trained 40 officers to take a first account.",
            "Workers who are moved as soon as one of them is spoken to.",
            "Forty officers were trained to take a first account.",
            "prepare",
        ),
        (
            "Ended one arrangement in which wages were kept back; one person charged.",
            "Debts for travel that grow by the month.",
            "One arrangement in which wages were kept back was ended.",
            "pursue protect",
        ),
    ),
    ("police", "fraud"): (
        (
            "Held two days of action on courier fraud.",
            "Callers who pretend to be bank staff.",
            "Two days of action on courier fraud were held.",
            "pursue protect",
        ),
        (
            "Warned 1,200 small firms about altered invoices.",
            "Invoices that are altered on their way, with one digit changed.",
            "Small firms were warned about altered invoices.",
            "protect",
        ),
        (
            "Froze money from four cases before it left the country.",
            "Money passed through accounts of students.",
            "Money from four cases was frozen.",
            "pursue",
        ),
    ),
    ("fire", "modern-slavery"): (
        (
            "Trained two watches to see the signs; reported three addresses.",
            "Mattresses in store rooms of kitchens.",
            "Two watches were trained to see the signs of modern slavery.",
            "prevent protect",
        ),
        (
            "Went on four joint visits.",
            "People who sleep where they work, above shops.",
            "Crews took part in four joint visits.",
            "pursue protect",
        ),
        (
            "Trained the last watch; all four now know the signs.",
            "Beds let by the shift.",
            "All four watches are now trained.",
            "prevent",
        ),
    ),
    ("fire", "drugs"): (
        (
            "Reported one building with altered electricity.",
            "Heat and light where nobody lives.",
            "One building was reported.",
            "pursue",
        ),
    ),
    ("health", "drugs"): (
        (
            "Opened an evening clinic.",
            "Stronger tablets under familiar names.",
            "An evening clinic was opened.",
            "protect",
        ),
        (
            "Sent two alerts to services about a dangerous batch.",
            "A batch that looks like a common medicine.",
            "Two alerts about a dangerous batch were sent.",
            "protect prepare",
        ),
        (
            "Gave out 300 kits against overdose.",
            "People who use alone in hotels.",
            "Three hundred kits against overdose were given out.",
            "protect",
        ),
    ),
    ("health", "modern-slavery"): (
        (
            "Trained reception staff of two practices.",
            "People who let somebody else speak.",
            "Reception staff of two practices were trained.",
            "protect",
        ),
        (
            "Saw five people who had been found, within two days.",
            "Untreated injuries from work.",
            "Five people who had been found were seen within two days.",
            "protect",
        ),
        (
            "Trained three more practices; all five are now trained.",
            "Nothing new.",
            "All five practices are now trained.",
            "protect",
        ),
    ),
    ("probation", "drugs"): (
        (
            "Put 22 people in touch with treatment.",
            "Debts that follow people out of prison.",
            "Twenty-two people were put in touch with treatment.",
            "prevent",
        ),
        (
            "Agreed with the police how to warn of a return to supply.",
            "Former clients as drivers.",
            "A way to warn of a return to supply was agreed.",
            "prevent pursue",
        ),
        (
            "Started a group for people under 25.",
            "Recruitment by messages.",
            "A group for people under 25 was started.",
            "prevent",
        ),
    ),
    ("probation", "fraud"): (
        ("Supervised nine people convicted of fraud.", "Little that is new.", "", "prevent"),
        (
            "Supervised eight people convicted of fraud; one was recalled.",
            "False references.",
            "",
            "prevent pursue",
        ),
        (
            "Asked each person convicted of fraud what would have stopped them.",
            "Nothing new.",
            "People convicted of fraud were asked what would have stopped them.",
            "prevent",
        ),
    ),
    ("trading-standards", "modern-slavery"): (
        (
            "Looked for the signs on 31 inspections and reported one.",
            "Staff who own no keys.",
            "Signs were looked for on 31 inspections.",
            "protect",
        ),
        (
            "Added three questions to the form for inspections.",
            "Staff changed every week.",
            "Inspections now ask about the signs of modern slavery.",
            "protect",
        ),
    ),
    ("trading-standards", "fraud"): (
        (
            "Took down eleven advertisements for investments that did not exist.",
            "Advertisements in the names of real firms.",
            "Eleven advertisements for false investments were taken down.",
            "prevent protect",
        ),
        (
            "Stopped two traders who sold repairs at the door.",
            "Repairs sold to office managers.",
            "Two traders who sold repairs at the door were stopped.",
            "pursue",
        ),
        (
            "Sent an alert to 900 firms within a day.",
            "Parcels that nobody ordered.",
            "An alert was sent to 900 firms within a day.",
            "protect",
        ),
    ),
    ("community-safety", "drugs"): (
        (
            "Patrolled around the stations on 20 evenings.",
            "Small groups that move on quickly.",
            "Patrols were held around the stations.",
            "prevent",
        ),
        (
            "Trained door staff of twelve premises.",
            "Sales in queues.",
            "Door staff of twelve premises were trained.",
            "prevent protect",
        ),
        (
            "Lit two passages and closed a third at night.",
            "Sales moved to a car park.",
            "Two passages were lit.",
            "prevent",
        ),
    ),
    ("community-safety", "modern-slavery"): (
        (
            "Spoke with 26 hotels.",
            "Housekeeping staff offered at very low rates.",
            "Twenty-six hotels were spoken with.",
            "prevent protect",
        ),
        (
            "Held a breakfast for facilities managers; 35 came.",
            "Agencies that change names.",
            "Thirty-five facilities managers came to a meeting on the signs.",
            "prevent",
        ),
        (
            "Put the page of signs on the back of every contractor's pass.",
            "Nothing new.",
            "The signs are now on every contractor's pass.",
            "prevent",
        ),
    ),
    ("community-safety", "fraud"): (
        (
            "Visited eleven residents who had lost money.",
            "Second calls that promise it back.",
            "Eleven residents who had lost money were visited.",
            "protect",
        ),
        (
            "Held two afternoons in the library.",
            "Calls in other languages.",
            "Two afternoons on fraud were held in the library.",
            "protect prepare",
        ),
    ),
    ("childrens-services", "drugs"): (
        (
            "Held strategy meetings on four young people.",
            "Younger children than last year.",
            "",
            "protect prevent",
        ),
        (
            "Made an offer within five days in six cases of nine.",
            "Lifts offered at stations.",
            "Six young people were made an offer within five days.",
            "prevent",
        ),
        ("Met six schools.", "Children asked to hold money.", "Six schools were met.", "prevent"),
    ),
    ("childrens-services", "modern-slavery"): (
        ("Found placements for two young people.", "Little that is new.", "", "protect"),
        (
            "Kept ten reception places ready and tested the plan.",
            "Nothing new.",
            "The plan for reception places was tested.",
            "prepare protect",
        ),
        (
            "Placed one young person within a day.",
            "A route by coach.",
            "One young person was placed within a day.",
            "protect",
        ),
    ),
}

# Five quarters, oldest first; the last is the open round. Confidence H, F, L or C (cannot say),
# direction + = or -; then marks:
#   o nothing to report   x no return    l three days late   e by e-mail, entered by the secretary
#   q query, answered     Q query, waiting   s submitted, not yet received   d draft begun
#   . not yet begun       S OFFICIAL-SENSITIVE   n text written but not cleared   b for the Board
GRID = {
    ("police", "drugs"): ("L=", "F=", "F=", "F=", "d"),
    ("police", "modern-slavery"): ("L=", "L=", "L+", "F+", "."),
    ("police", "fraud"): ("F=", "H=", "H=l", "H=", "."),
    ("fire", "drugs"): ("o", "L=", "o", "o", "o"),
    ("fire", "modern-slavery"): ("x", "L=", "L=", "F+", "H+"),
    ("health", "drugs"): ("F=", "F=", "F-q", "L-", "L-b"),
    ("health", "modern-slavery"): ("x", "L=", "o", "L=n", "L=Q"),
    ("probation", "drugs"): ("F=", "F=", "L=e", "x", "d"),
    ("probation", "fraud"): ("L=", "C=", "x", "x", "."),
    ("trading-standards", "modern-slavery"): ("x", "o", "L=", "o", "F=s"),
    ("trading-standards", "fraud"): ("F=", "F=", "F=", "F=l", "F=s"),
    ("community-safety", "drugs"): ("F=", "F=", "F=", "F=n", "F="),
    ("community-safety", "modern-slavery"): ("C=", "L=", "L=", "L=", "F+"),
    ("community-safety", "fraud"): ("F=", "F=", "o", "x", "F=n"),
    ("childrens-services", "drugs"): ("F=", "F=", "F-", "L-S", "."),
    ("childrens-services", "modern-slavery"): ("L=", "F=", "x", "F=", "d"),
}

BECAUSE = {
    "high": "Figures from three sources agree.",
    "fair": "We see our own cases well, others' less.",
    "low": "One officer, and figures that come late.",
    "cannot_say": "The figures could not be compared with last quarter's.",
}
