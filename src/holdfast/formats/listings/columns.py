"""Which column of a table is what: by a mapping, or guessed from its name in five languages.

    >>> guessed(["№", "Название", "Длительность (мин)"])
    {'title': 1, 'duration': 2}

A name is compared folded and without what stands in brackets; a guess takes the first column that fits. What a
number in a column of durations counts stands in its name: `Länge in Minuten`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from holdfast.errors import BadValue
from holdfast.formats.listings.statements import Told
from holdfast.model.folding import fold_text
from holdfast.model.lost import Thumbnail

_NAMES = {
    "title": """title|name|video title|video name|film|movie|programme|program|episode title|fulltitle
        название|заголовок|наименование|имя|фильм|ролик|видео|передача
        titel|name|bezeichnung|filmtitel|sendung
        标题|標題|片名|名称|名稱|视频标题|节目名称|题名|題名
        제목|영상 제목|영상제목|명칭|작품명""",
    "duration": """duration|length|runtime|run time|running time|duration string|time|duration seconds|seconds|minutes
        длительность|продолжительность|хронометраж|длина|время
        dauer|länge|laufzeit|spieldauer|spielzeit
        时长|時長|长度|長度|片长|片長|播放时长
        길이|재생 시간|재생시간|상영 시간|상영시간|영상 길이""",
    "published": """date|published|publish date|publication date|published at|release date|released|aired|air date|year
        upload date|uploaded|uploaded at|date uploaded|broadcast date|timestamp
        дата|дата публикации|опубликовано|дата выхода|дата загрузки|загружено|год|дата эфира
        datum|veröffentlicht|veröffentlicht am|veröffentlichungsdatum|erscheinungsdatum|jahr|sendedatum|hochgeladen am
        日期|发布日期|發布日期|上传日期|上傳日期|发布时间|年份|播出日期
        날짜|게시일|업로드 날짜|공개일|업로드일|연도|방송일""",
    "description": """description|summary|synopsis|about|notes|abstract
        описание|аннотация|содержание|примечание|примечания
        beschreibung|inhalt|zusammenfassung|anmerkung
        描述|简介|簡介|说明|說明|内容简介
        설명|내용|소개|줄거리""",
    "publisher": """channel|uploader|channel name|author|creator|publisher|channel title|user
        канал|автор|загрузил|пользователь|издатель|источник
        kanal|autor|hochgeladen von|herausgeber
        频道|頻道|作者|上传者|上傳者|发布者
        채널|채널명|업로더|게시자|작성자""",
    "address": """url|link|address|webpage url|video url|href|permalink|web address|original url
        ссылка|адрес|адрес страницы|урл
        adresse|verweis|webadresse
        链接|鏈接|連結|网址|網址|地址
        주소|링크|영상 주소""",
    "item": "id|video id|videoid|identifier|код|идентификатор|kennung|kennnummer|编号|編號|视频id|아이디|영상 id",
    "site": "site|platform|extractor|extractor key|service|ie key|сайт|платформа|plattform|网站|平台|사이트|플랫폼",
    "language": "language|lang|язык|sprache|语言|語言|언어",
    "thumbnail": "thumbnail|image|poster|thumbnail url|обложка|превью|миниатюра|vorschaubild|封面|缩略图|썸네일",
}
FIELDS = tuple(_NAMES)
_MINUTES = re.compile(r"\b(?:min|mins|minutes|minuten|мин|минут|минутах|минуты)\b|分|분")
_HOURS = re.compile(r"\b(?:hours|hrs|stunden|часах|часов|ч)\b|小时|小時|시간 단위")
_BRACKETS = re.compile(r"[(\[（].*?[)\]）]")


def _folded(name: str) -> str:
    return " ".join(_BRACKETS.sub(" ", fold_text(name)).replace("_", " ").replace("-", " ").strip(" :.*#").split())


_FIELD = {
    _folded(name): field for field, names in _NAMES.items() for line in names.splitlines() for name in line.split("|")
}
_FIELD.pop("", None)


def parse_mapping(text: str) -> dict[str, str]:
    """The mapping that somebody typed: `title=Name,duration=Length` as field to column.

    Raises:
        BadValue: a part is no `field=column`, or a field is none of `FIELDS`.
    """
    found: dict[str, str] = {}
    for part in text.split(","):
        field, is_one, column = part.partition("=")
        field = field.strip().lower()
        if not is_one or field not in FIELDS or not column.strip():
            raise BadValue(name="the mapping", found=part[:100], expected=f"FIELD=COLUMN, fields: {', '.join(FIELDS)}")
        found[field] = column.strip()
    return found


def guessed(names: Sequence[str]) -> dict[str, int]:
    """Which field each column is, by its name; fields that no column is named after are left out."""
    places: dict[str, int] = {}
    for place, name in enumerate(names[:1000]):
        folded = _folded(name[:200])
        field = _FIELD.get(folded) or _FIELD.get(re.sub(r"\s+(?:in|в|,).*$", "", folded))
        if field and field not in places:
            places[field] = place
    return places


def mapped(names: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """The columns that `mapping` names, and guesses for the fields that it does not.

    Raises:
        ValueError: a column that it names is not there.
    """
    spelled = {name.strip(): place for place, name in reversed(list(enumerate(names)))}
    folded = {fold_text(name.strip()): place for place, name in reversed(list(enumerate(names)))}
    places = {}
    for field, column in mapping.items():
        place = spelled.get(column, folded.get(fold_text(column)))
        if place is None:
            raise ValueError(f"it has no column {column!r}; its columns are {', '.join(names)[:300]}")
        places[field] = place
    taken = set(places.values())
    return {field: place for field, place in guessed(names).items() if place not in taken} | places


def unit_of(name: str) -> int:
    """What a number in a column of durations counts, in seconds, as its name tells: `мин` are 60, else 1."""
    folded = fold_text(name)
    return 60 if _MINUTES.search(folded) else 3600 if _HOURS.search(folded) else 1


def told_of_row(row: Sequence[str], places: Mapping[str, int], unit_s: int = 1) -> Told:
    """What one row tells, its cells at the places of their fields; a short row lacks its last cells."""
    cell = {field: row[place].strip() for field, place in places.items() if place < len(row)}
    thumbnail = cell.get("thumbnail", "")
    return Told(
        title=cell.get("title", ""),
        duration=cell.get("duration"),
        unit_s=unit_s,
        published=cell.get("published"),
        description=cell.get("description", ""),
        publisher=cell.get("publisher", ""),
        site=cell.get("site", ""),
        item=cell.get("item", ""),
        address=cell.get("address", ""),
        thumbnails=(Thumbnail(thumbnail),) if thumbnail else (),
        language=cell.get("language", ""),
    )
