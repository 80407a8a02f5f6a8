"""The time line of a work: where each stretch of each found copy lies in it. Pure rules; nothing is read or decoded.

line.py       the nouns: what is known of copies and how they lie to each other, and the time line made of it
known.py      the line of a work whose fingerprint survives: what recognition said, cleared of contradictions
inferred.py   the line of a work of which nothing survives but copies: they are laid out against each other
speeds.py     how fast each copy runs, measured against the others
ties.py       stretches of two copies that show the same, on a common clock, cleared of chance matches
pieces.py     copies cut wherever any of them leaves another; pieces that show the same are one passage
order.py      passages in the order in which most copies have them
judging.py    what belongs to the work, by a majority of the copies that pass the place
solving.py    where everything lies, by least squares that a few wrong ties cannot pull away
"""
