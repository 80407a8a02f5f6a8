"""A work for search engines: schema.org's VideoObject (AudioObject for sound alone) with its chapters as Clips.

Source: https://schema.org/VideoObject, https://schema.org/Clip
"""

from __future__ import annotations

import json
from typing import Any

from holdfast.model.time import civil, clock
from holdfast.show.machine.told import Told

MOST_TRANSCRIPT = 20_000  # characters: a page's head is no place for more


def json_ld(told: Told) -> dict[str, Any]:
    """What is known of the work, in schema.org's words; nothing is claimed that is not known."""
    record, renditions = told.work.record, told.renditions
    is_sound = bool(renditions) and not any(one.get("width") for one in renditions)
    captions = told.captions()
    said = {
        "@context": "https://schema.org",
        "@type": "AudioObject" if is_sound else "VideoObject",
        "@id": told.page,
        "url": told.page,
        "identifier": told.work.id,
        "name": told.title.text,
        "description": told.description or told.title.text,
        "uploadDate": civil(record.created_at),
        "thumbnailUrl": told.poster,
        "duration": f"PT{max(1, round(told.duration))}S" if told.duration else "",
        "contentUrl": told.file(renditions[-1]["file"]) if renditions else "",
        "embedUrl": told.embed if renditions and told.work.access == "public" else "",
        "inLanguage": list(record.languages),
        "keywords": [tag.text for tag in record.tags],
        "license": record.rights.uri,
        "transcript": " ".join(cue.text for cue in captions[0][1])[:MOST_TRANSCRIPT] if captions else "",
        "hasPart": [
            {
                "@type": "Clip",
                "name": section.title,
                "startOffset": float(section.start),
                "endOffset": float(section.end),
                "url": f"{told.page}?t={clock(section.start)}",
            }
            for section in record.sections
        ],
    }
    return {name: value for name, value in said.items() if value}


def as_script_data(value: Any) -> str:
    """JSON that may stand within a `<script>`: no character of it begins or ends an element.

    Source: https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    """
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
