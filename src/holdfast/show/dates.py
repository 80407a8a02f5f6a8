"""Dates of works as people say them: EDTF in, words of the reader's language out.

    1974-05-01  ->  1 May 1974          197X     ->  1970s          1974~       ->  about 1974
    1974-05     ->  May 1974            1974?    ->  1974 (uncertain)
    1974/1976   ->  1974 – 1976         1974/..  ->  1974 or later      1974-21  ->  spring 1974

Days and months are written as the language writes them. What has no short form in words (a set, a date with a doubt
about its month alone) is shown as it stands: it is exact, and nothing of it is guessed away.
"""

from __future__ import annotations

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

_PLAIN = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>0[1-9]|1[0-2]|2[1-4])(?:-(?P<day>[0-9]{2}))?)?")
_DECADE = re.compile(r"([0-9]{3})X")
_CENTURY = re.compile(r"([0-9]{2})XX")


def in_words(edtf: str) -> str:
    """The date in the language that is being spoken; the EDTF itself if it has no short form in words."""
    start, slash, end = edtf.partition("/")
    if not slash:
        return _one(edtf) or edtf
    first, last = _one(start), _one(end)
    if first and last:
        return _("%(start)s – %(end)s") % {"start": first, "end": last}
    if first and end == "..":
        return _("%(start)s or later") % {"start": first}
    if last and start == "..":
        return _("%(end)s or earlier") % {"end": last}
    return edtf


def _one(edtf: str) -> str:
    """One date with a doubt about the whole of it at most; "" if it is something else."""
    bare, doubt = (edtf[:-1], edtf[-1:]) if edtf.endswith(("?", "~", "%")) else (edtf, "")
    said = _plain(bare)
    if not said or not doubt:
        return said
    doubts = {
        "~": _("about %(date)s"),
        "?": _("%(date)s (uncertain)"),
        "%": _("about %(date)s (uncertain)"),
    }
    return doubts[doubt] % {"date": said}


def _plain(edtf: str) -> str:
    if match := _DECADE.fullmatch(edtf):
        return _("%(decade)ss") % {"decade": f"{match[1]}0"}
    if match := _CENTURY.fullmatch(edtf):
        return _("%(start)s – %(end)s") % {"start": f"{match[1]}00", "end": f"{match[1]}99"}
    match = _PLAIN.fullmatch(edtf)
    if match is None or match["year"] == "0000":
        return ""
    year, month, day = int(match["year"]), match["month"], match["day"]
    if month is None:
        return _("%(year)s") % {"year": year}
    if season := _season(month):
        return season % {"year": year} if not day else ""
    try:
        known = date(year, int(month), int(day or 1))
    except ValueError:
        return ""
    return date_format(known, "DATE_FORMAT" if day else "YEAR_MONTH_FORMAT")


def _season(month: str) -> str:
    """EDTF puts the seasons in the place of a month, from 21 on."""
    seasons = {
        "21": _("spring %(year)s"),
        "22": _("summer %(year)s"),
        "23": _("autumn %(year)s"),
        "24": _("winter %(year)s"),
    }
    return seasons.get(month, "")
