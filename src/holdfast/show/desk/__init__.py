"""The curators' desk: what its pages decide and make of forms, apart from the pages themselves (`views/desk.py`).

door.py         who may come in; waiting.py how much waits for them
editing.py      a record as a form, and a form as changes of a record
history.py      what changed from version to version
offices.py      who may give which role to whom
writing.py      posts, exhibitions and programmes as forms, and the other way round
moderating.py   comments that wait, and what is decided of them
refusing.py     why something was not kept, for the page
publishing.py   the one place where an accepted comment leaves the desk
"""
