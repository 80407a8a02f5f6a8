"""The public site and the curators' desk: a thin Django project on one archive, started by `holdfast serve`.

What it shows it reads from the catalogue and the store; what it changes it changes through `holdfast.actions`. Its own
database, `desk.db`, holds accounts, sessions, drafts and queues, and is never the only copy of what was promised.

site.py         the archive of this process, and Django set up for it
settings.py     Django's settings, made from the archive's own
serving.py      the server: one process, eight threads, migrations; worker.py its threads; first.py the first link
reader.py       who is looking, and so which levels may be seen: the one gate that every page passes
works.py        a work that may be seen, with its access copies; cards.py the same in a list
pieces.py       posts, exhibitions and programmes that may be seen; markdown.py their texts as HTML
paging.py       long lists, page by page
tracks.py       what runs beside a film; ranges.py how much of a file one answer carries; citing.py how to cite it
asking.py       what an address asks of a list: filters, order, page; suggesting.py what to search for instead
stills.py       what is on the screen at a moment; telling.py what the keepers wrote of the archive; prose.py as HTML
addresses.py    addresses that do not change; middleware.py headers, and our errors as pages
granting.py     roles and links given at the archive's machine; limits.py how often a stranger may
accounts.py     who may sign up; models.py and desk_models.py what the desk keeps in desk.db
urls.py         every address of the site
views/          requests in, pages out; thin
desk/           what the curators' pages decide
machine/        doors for machines: feeds, sitemaps, manifests, the API
templates/      what the pages look like; static/show/ their style, scripts and pictures; locale/ their languages
"""
