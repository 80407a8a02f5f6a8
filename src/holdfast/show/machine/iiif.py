"""A work as a manifest that viewers of other archives play.

Source: https://iiif.io/api/presentation/3.0/
"""

from __future__ import annotations

import re
from typing import Any

from holdfast.model.asset import UNKNOWN_LANGUAGE
from holdfast.show.machine.told import Told, mime

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
# Section 3.1, rights: only addresses of these two are permitted.
_RIGHTS = re.compile(r"https?://(creativecommons\.org|rightsstatements\.org)/")


def manifest(told: Told, address: str) -> dict[str, Any]:
    """The manifest that stands at `address`: one canvas of media, captions beside it, chapters as ranges."""
    record, label = told.work.record, _words(told.title.text, told.title.language)
    said: dict[str, Any] = {
        "@context": CONTEXT,
        "id": address,
        "type": "Manifest",
        "label": label,
        "homepage": [
            {
                "id": told.page,
                "type": "Text",
                "format": "text/html",
                "label": label,
            }
        ],
        "items": [_canvas(told, address)],
    }
    if told.description:
        said["summary"] = _words(told.description, UNKNOWN_LANGUAGE)
    if told.poster:
        said["thumbnail"] = [{"id": told.poster, "type": "Image", "format": "image/jpeg"}]
    if _RIGHTS.match(record.rights.uri):
        said["rights"] = record.rights.uri.replace(
            "https://", "http://", 1
        )  # as both spell their own, and 3.1 wants it
    if record.sections:
        said["structures"] = [
            {
                "id": f"{address}/range/{number}",
                "type": "Range",
                "label": _words(section.title, section.language),
                "items": [{"id": _stretch(address, section.start, section.end), "type": "Canvas"}],
            }
            for number, section in enumerate(record.sections, start=1)
        ]
    return said


def _canvas(told: Told, address: str) -> dict[str, Any]:
    canvas: dict[str, Any] = {"id": f"{address}/canvas", "type": "Canvas", "items": []}
    if told.duration is None:
        return canvas | {"width": 1, "height": 1}  # a work of which nothing can be watched is still a work
    shown, extent = told.renditions[-1], {"duration": float(told.duration)}
    if shown.get("width"):
        extent |= {"width": shown["width"], "height": shown["height"]}
    body = {"id": told.file(shown["file"]), "type": "Video" if shown.get("width") else "Sound", "format": mime(shown)}
    painting = {
        "id": f"{address}/painting",
        "type": "Annotation",
        "motivation": "painting",
        "body": body | extent,
        "target": canvas["id"],
    }
    canvas |= extent
    canvas["items"] = [{"id": f"{address}/page", "type": "AnnotationPage", "items": [painting]}]
    pages = [
        {
            "id": f"{address}/captions/{number}",
            "type": "AnnotationPage",
            "items": [
                {
                    "id": f"{address}/captions/{number}/{at}",
                    "type": "Annotation",
                    "motivation": "supplementing",
                    "body": {"type": "TextualBody", "value": cue.text, "format": "text/plain", "language": language},
                    "target": _stretch(address, cue.span.start, cue.span.end),
                }
                for at, cue in enumerate(cues, start=1)
            ],
        }
        for number, (language, cues) in enumerate(told.captions(), start=1)
    ]
    return canvas | ({"annotations": pages} if pages else {})


def _stretch(address: str, start: Any, end: Any) -> str:
    return f"{address}/canvas#t={float(start):.3f},{float(end):.3f}"


def _words(text: str, language: str) -> dict[str, list[str]]:
    """A language map; the key is `none` where no language is known (section 4.1)."""
    return {"none" if language == UNKNOWN_LANGUAGE else language: [text]}
