"""Sending something in without an account: what it means first, then the files and a few words; and how it stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from holdfast.formats.canonical import printable
from holdfast.model.language import is_well_formed
from holdfast.show import site
from holdfast.show.desk import contributing
from holdfast.show.desk.contributing import LONGEST, MOST_FILES, Words
from holdfast.show.limits import Limit, place_of
from holdfast.show.middleware import not_here
from holdfast.show.reader import reader_of
from holdfast.show.uploads.plain import MOST_BYTES, IntoShelf, Shelved
from holdfast.show.uploads.protocol import Refused
from holdfast.show.uploads.shelf import Upload
from holdfast.show.views.uploads import check_may_send, new_uploads, receiving, shelf
from holdfast.show.works import visible_work

contributions = Limit(10, 3600)
askings = Limit(60, 600)
FORGED = 403


@csrf_exempt  # the form is checked inside, when it is known where its files go
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contribute(request: HttpRequest) -> HttpResponse:
    """The page, and what is sent from it."""
    try:
        check_may_send(request)
    except Refused:
        raise not_here() from None
    if request.method != "POST":
        code = request.GET.get("code", "").strip()
        return redirect("receipt", code=code) if code and "/" not in code else _page(request)
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > MOST_BYTES:
        return _page(request, _("Without scripts a form may have %(most)s MB.") % _MOST, status=413)
    if not new_uploads.allows(place_of(request)):
        return _page(request, _("That was a lot. Wait an hour; nothing is lost on your side."), status=429)
    handler = IntoShelf(request, shelf(), max(length, 1))
    request.upload_handlers = [handler]
    try:
        with receiving(request):
            request.POST  # noqa: B018 (the form is read here)
        response = _sent(request)
    except Refused as refused:
        handler.drop()
        return _page(request, _refusal(refused), status=refused.status)
    if response.status_code == FORGED:
        handler.drop()
    return response


@csrf_protect
def _sent(request: HttpRequest) -> HttpResponse:
    typed = request.POST
    files = [file for file in request.FILES.getlist("file") if isinstance(file, Shelved)]
    ids = list(dict.fromkeys((*typed.getlist("upload"), *(file.upload_id for file in files))))
    words = _words(typed.dict())
    there = [one for one in map(_found, ids) if one is not None]
    refused, status = "", 422
    if typed.get("consent") != "yes":
        refused = _("Please read what happens with what you send, and say that you agree.")
    elif not there:
        refused = _("Choose at least one file.")
    elif len(there) > MOST_FILES:
        refused = _("Send at most %(most)s files at once.") % {"most": MOST_FILES}
    elif not all(one.is_complete for one in there):
        refused = _("Not all of a file has come; choose it again, and it goes on where it stopped.")
    elif words.language and not is_well_formed(words.language):
        refused = _("Write the language as a tag, such as ru or pt-BR, or leave it empty.")
    elif words.answers and not _title_of(request, words.answers):
        refused = _("The work that it answers to is not here.")
    elif not contributions.allows(place_of(request)):
        refused, status = _("That was a lot. Wait an hour; nothing is lost on your side."), 429
    if refused:
        return _page(request, refused, status=status, there=there)
    return redirect("receipt", code=contributing.hand_over(shelf(), [one.id for one in there], words))


@never_cache
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """How it stands with what somebody sent in, by the code that they were given."""
    if not askings.allows(place_of(request)):
        page = {"refused": _("That were many codes. Wait ten minutes.")}
        return render(request, "show/contribute/receipt.html", page, status=429)
    found = contributing.standing(code)
    if found is None:
        raise not_here()
    return render(request, "show/contribute/receipt.html", {"code": code, "one": found, "state": found.state})


def _words(typed: dict[str, str]) -> Words:
    said = {name: printable(typed.get(name, "")).replace("\r\n", "\n").strip()[:most] for name, most in LONGEST.items()}
    return Words(**said, answers=typed.get("answers", "").strip()[:32])


def _found(upload: str) -> Upload | None:
    try:
        return shelf().upload(upload)
    except Refused:
        return None


def _title_of(request: HttpRequest, asset: str) -> str:
    """The title of the work that it may help; "" if the sender may not see one of this id."""
    from django.http import Http404

    reader = reader_of(request)
    try:
        with site.catalogue() as connection:
            return visible_work(connection, reader, asset).record.title(reader.languages)
    except Http404:
        return ""


_MOST = {"most": MOST_BYTES // 1_000_000}


def _refusal(refused: Refused) -> str:
    if refused.status == 507:
        return _("The archive has no room for this now. Please come back another day.")
    if refused.status == 413:
        return _("This file is larger than the archive takes through its site.")
    return _("The file could not be taken now. Please try again in a moment.")


def _page(
    request: HttpRequest, refused: str = "", *, status: int = 200, there: list[Upload] | None = None
) -> HttpResponse:
    typed = request.POST.dict() if there is not None else {}
    answers = typed.get("answers") or request.GET.get("for", "")
    title = _title_of(request, answers) if answers else ""
    page = {
        "refused": refused,
        "typed": typed,
        "there": there or [],
        "answers": answers if title else "",
        "answers_title": title,
        "most_plain": MOST_BYTES // 1_000_000,
        "largest": site.archive().settings.largest_upload_bytes,
        "longest": LONGEST,
    }
    return render(request, "show/contribute/contribute.html", page, status=status)
