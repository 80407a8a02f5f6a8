"""Doors for machines: what the site tells programs of works, in the forms that they know.

told.py        a work as it is told: title, description, addresses; what all forms are built from
json_ld.py     schema.org, for search engines; iiif.py a IIIF manifest
feeds.py       RSS, Atom and a podcast; sitemaps.py sitemaps; xml.py what may stand in XML
pieces.py       feeds and a sitemap of news and collections; api.py and api_pieces.py the API
public.py      the works that everybody may see, for doors at which nobody is known
views.py       requests in, these forms out
"""
