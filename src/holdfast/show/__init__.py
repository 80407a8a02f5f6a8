"""The public site and the curators' desk: a thin Django project on one archive, started by `holdfast serve`.

What it shows it reads from the catalogue and the store; what it changes it changes through `holdfast.actions`. Its own
database, `desk.db`, holds accounts, sessions, drafts and queues, and is never the only copy of what was promised.

site.py        the archive of this process, and Django set up for it
settings.py    Django's settings, made from the archive's own
serving.py     the server: one process, eight threads, migrations and the first link
reader.py      who is looking, and so which levels may be seen: the one gate that every page passes
models.py      what the desk keeps
urls.py        every address of the site
views/         requests in, pages out; thin
templates/     what the pages look like; static/show/ their style, scripts and pictures
"""
