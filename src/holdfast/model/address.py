"""Web addresses: made whole, made comparable, and asked which work they name.

Two addresses of one page differ in their scheme, in `www.`, in what advertising hangs on them, and in the archive that
a page was saved from. Known video sites put their id of a work into its address in several ways.

    >>> source_id_of("https://youtu.be/aB3_dE-fGh1?t=12")
    SourceId(site='youtube', item='aB3_dE-fGh1')

Source: RFC 3986, sections 3 and 5.2 (references); addresses of the sites as yt-dlp's documentation names them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from holdfast.model.lost import SourceId

LONGEST = 4_000
_SPLIT = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]{0,30}):)?(?://([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_ARCHIVED = re.compile(r"https?://web\.archive\.org/(?:web/)?([0-9]{4,14})(?:[a-z]{2}_)?/(https?:/.*)", re.DOTALL)
_NOISE = re.compile(r"(?:utm_\w+|fbclid|gclid|yclid|feature|si|pp|ab_channel|index|start_radio|t|ref|from)")
_PREFIX = re.compile(r"(?:www|m|mobile|music)\.")
_SITES = tuple(
    (site, re.compile(pattern))
    for site, pattern in (
        ("youtube", r"(?:youtube\.com|youtube-nocookie\.com)/watch\?(?:[^#]*&)?v=([\w-]{11})(?![\w-])"),
        ("youtube", r"(?:youtube\.com|youtube-nocookie\.com)/(?:embed|v|shorts|live|e)/([\w-]{11})(?![\w-])"),
        ("youtube", r"youtu\.be/([\w-]{11})(?![\w-])"),
        ("youtube", r"(?:i\d?\.ytimg\.com|img\.youtube\.com)/(?:vi|vi_webp|an_webp)/([\w-]{11})/"),
        ("vimeo", r"(?:player\.)?vimeo\.com/(?:video/|channels/[^/]+/|groups/[^/]+/videos/)?([0-9]{4,12})(?![0-9])"),
        ("vk", r"(?:vk\.com|vk\.ru|vkvideo\.ru)/(?:[^#]*?)video(-?[0-9]+_[0-9]+)"),
        ("rutube", r"rutube\.ru/(?:video|play/embed|shorts)/(?:private/)?([0-9a-f]{32}|[0-9]+)"),
        ("dailymotion", r"(?:dailymotion\.com/(?:embed/)?video|dai\.ly)/([A-Za-z0-9]{5,10})"),
        ("archiveorg", r"archive\.org/(?:details|embed|download)/([\w.-]+)"),
        ("bilibili", r"bilibili\.com/video/((?:BV|av)[A-Za-z0-9]+)"),
        ("odnoklassniki", r"(?:ok\.ru|odnoklassniki\.ru)/(?:video|videoembed|live)/([0-9]+)"),
        ("niconico", r"(?:nicovideo\.jp/watch|nico\.ms)/((?:sm|nm|so)?[0-9]+)"),
        ("youku", r"v\.youku\.com/v_show/id_(X[A-Za-z0-9=]+)"),
        ("navertv", r"tv\.naver\.com/v/([0-9]+)"),
    )
)
_SAME_SITE = {"youtubetab": "youtube", "youtubeshorts": "youtube", "vkvideo": "vk", "ok": "odnoklassniki"}
# Extractors that name no site, and whose ids are names of files.
_NO_SITE = {"", "generic", "html5mediaembed"}


def joined(base: str, reference: str) -> str:
    """The address that `reference` means on the page at `base`; the reference itself if the base is unknown."""
    reference = reference.strip()[:LONGEST]
    scheme, host, path, query, _ = _parts(reference)
    base_scheme, base_host, base_path, base_query, _ = _parts(base)
    if scheme or not base_scheme:
        return reference
    if host is not None:
        return f"{base_scheme}:{reference}"
    start = f"{base_scheme}://{base_host or ''}"
    if not path:
        return f"{start}{base_path}{query or base_query or ''}"
    if not path.startswith("/"):
        path = (base_path[: base_path.rfind("/") + 1] or "/") + path
    return f"{start}{_without_dots(path)}{query or ''}"


def unarchived(address: str) -> tuple[str, datetime | None]:
    """The address that was archived, and when, if `address` is that of a copy in the Wayback Machine."""
    match = _ARCHIVED.fullmatch(address[:LONGEST])
    if match is None:
        return address, None
    original = re.sub(r"^(https?):/+", r"\1://", match[2])
    digits = match[1] + "00000101000000"[len(match[1]) :]
    try:
        return original, datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return original, None


def comparable(address: str) -> str:
    """One spelling of all addresses of a page: no scheme, no `www.`, no fragment, nothing of advertising; "" if it is
    no address of the web.
    """
    scheme, host, path, query, _ = _parts(unarchived(address.strip())[0])
    if scheme not in ("http", "https") or not host:
        return ""
    name = _PREFIX.sub("", host.lower().rpartition("@")[2], count=1)
    name = re.sub(r":(?:80|443)$", "", name)
    pairs = sorted(pair for pair in (query or "")[1:].split("&") if pair and not _NOISE.fullmatch(pair.split("=")[0]))
    return f"{name}{path.rstrip('/')}" + (f"?{'&'.join(pairs)}" if pairs else "")


def source_id_of(address: str) -> SourceId | None:
    """The work of a known site that `address` names (also that of its thumbnail); None if it is of another kind."""
    scheme, host, path, query, _ = _parts(unarchived(address.strip())[0])
    if scheme not in ("http", "https") or not host:
        return None
    plain = _PREFIX.sub("", host.lower(), count=1) + path + (query or "")
    for site, pattern in _SITES:
        if match := pattern.match(plain):
            return SourceId(site, match[1])
    return None


def source_id(site: str, item: str, address: str = "") -> SourceId | None:
    """What identifies a work: the site's name and its id as listed, else what its address says; None if neither does.

    `site` may be spelled in any way, as yt-dlp's `Youtube`, `youtube:tab` or `archive.org`.
    """
    from_address = source_id_of(address) if address else None
    plain = re.sub(r"[^a-z0-9]", "", site.lower())
    plain = _SAME_SITE.get(plain, plain)
    if plain in _NO_SITE or not item:
        return from_address
    if from_address is not None and from_address.site == plain:
        return from_address
    return SourceId(plain, item)


def _parts(address: str) -> tuple[str, str | None, str, str | None, str | None]:
    match = _SPLIT.fullmatch(address[:LONGEST])
    assert match is not None  # every part may be empty
    scheme, host, path, query, fragment = match.groups()
    return (scheme or "").lower(), host, path or "", query, fragment


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4: `/a/b/../c` is `/a/c`."""
    kept: list[str] = []
    pieces = path.split("/")
    for piece in pieces:
        if piece == "..":
            kept = kept[: max(1, len(kept) - 1)]
        elif piece != ".":
            kept.append(piece)
    if pieces[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)
