"""Listings of works, as others left them: bytes to `ListedWork`, whatever the form, told by the content.

front               which form it is, and the reader for it: `read_listings`
json_listings       yt-dlp's `info.json`, playlists, lines of JSON
tables, columns     CSV and TSV, with a mapping or with guessed names of columns
feeds, xml_items    RSS and Atom, without DTDs
pages, page_parts   saved web pages: `schema_org` and `youtube` for what they embed, `links` for plain lists
captures, warc      web captures: WARC and WACZ
durations, dates    `1:02:03`, `PT1H2M3S`, `1 ч 2 мин`; `3 мая 2012 г.`, `2012年5月3日`
statements          one work from what a reader found, cleaned and bounded
extract             what one listing says of one work, where the listing is too large to be kept with it
"""
