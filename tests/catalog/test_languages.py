"""What readers of five languages expect to find, and what they must not: one sentence a case, found or not found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, MetaData, create_engine

from holdfast.catalog.fulltext import Passage, define_passages, load_passages, search

FOUND = [
    # Korean: a noun of two syllables, whatever particle follows it
    ("a korean noun with the topic particle eun", "ko", "그 전쟁은 오래 계속되었다", "전쟁"),
    ("a korean noun with the topic particle neun", "ko", "우리 학교는 바다 옆에 있다", "학교"),
    ("a korean noun with the subject particle i", "ko", "마을 사람들이 모여 춤을 추었다", "사람"),
    ("a korean noun with the subject particle ga", "ko", "새 영화가 시작되었다", "영화"),
    ("a korean noun with the object particle eul", "ko", "할머니는 서울을 떠났다", "서울"),
    ("a korean noun with the object particle reul", "ko", "아이들이 노래를 불렀다", "노래"),
    ("a korean noun with the place particle eseo", "ko", "부산에서 온 편지", "부산"),
    ("a korean noun with the direction particle euro", "ko", "기차는 평양으로 갔다", "평양"),
    ("a korean noun inside a compound", "ko", "국립영상자료원 개관식", "영상"),
    ("a korean phrase across a space", "ko", "한국 영화를 보존하는 사람들", '"한국 영화"'),
    ("a single korean syllable", "ko", "강 건너 마을", "강"),
    ("korean typed as separate jamo", "ko", "고향의 봄", "\u1100\u1169\u1112\u1163\u11bc"),
    # Chinese: two characters anywhere in a sentence, as written
    ("two simplified characters inside a sentence", "zh", "他们在战争结束以后回到了家乡", "战争"),
    ("two simplified characters at the end of a sentence", "zh", "这是一部关于农民的电影", "电影"),
    ("two traditional characters inside a sentence", "zh-Hant", "這部紀錄片記錄了臺灣的歷史", "臺灣"),
    ("three traditional characters inside a sentence", "zh-Hant", "這部紀錄片記錄了臺灣的歷史", "紀錄片"),
    ("four characters as one word", "zh", "中华人民共和国成立的那一天", "人民共和"),
    ("a single chinese character in the middle", "zh", "我们看见了海和山", "海"),
    ("a single chinese character at the end", "zh", "我们看见了海和山", "山"),
    ("a chinese year with its number", "zh", "1949年的北京街头", "1949年"),
    ("two chinese words typed with a space", "zh", "上海的工人在电影院门口", "电影院 上海"),
    # Russian: cases, numbers, yo
    ("a russian recording asked for in the singular", "ru", "Редкие видеозаписи хранятся в архиве", "видеозапись"),
    ("a russian recording asked for in the plural", "ru", "Это единственная видеозапись спектакля", "видеозаписи"),
    ("a russian manuscript in the instrumental", "ru", "Она работала над рукописью всю зиму", "рукопись"),
    ("a russian war in the genitive", "ru", "Дети войны рассказывают", "война"),
    ("a russian war in the prepositional", "ru", "Он никогда не говорил о войне", "войны"),
    ("russian archives in the plural dative", "ru", "Доступ к архивам был закрыт", "архив"),
    ("a russian yo asked for as ye", "ru", "Новогодняя ёлка на площади", "елка"),
    ("a russian ye asked for as yo", "ru", "Дети пришли на елку", "ёлка"),
    ("a russian word with a written stress", "ru", "Старый за\u0301мок над рекой", "замок"),
    ("a russian word in capitals", "ru", "ХРОНИКА БЛОКАДЫ", "блокада"),
    ("a russian hyphenated word written together", "ru", "видео-архив завода", "видеоархив"),
    # German: umlauts, sharp s, compounds
    ("an umlaut asked for as two vowels", "de", "Die Müllerin singt am Bach", "Muellerin"),
    ("an umlaut asked for without dots", "de", "Die Müllerin singt am Bach", "Mullerin"),
    ("two vowels asked for as an umlaut", "de", "Frau Mueller aus Koeln", "Müller Köln"),
    ("a plural with an umlaut", "de", "Die Häuser am Hafen", "Haus"),
    ("a sharp s asked for as two", "de", "Unter der Straße liegt der Strand", "Strasse"),
    ("two s asked for as a sharp s", "de-CH", "Die Strasse nach Bern", "Straße"),
    ("a vowel pair that is no umlaut", "de", "Zwei Statuen vor dem Museum", "Statue"),
    ("the first part of a german compound", "de", "Besuch im Filmarchiv", "Film"),
    ("the last part of a german compound", "de", "Besuch im Bundesfilmarchiv", "Archiv"),
    ("a part in the middle of a long compound", "de", "Die Donaudampfschifffahrtsgesellschaft", "Dampf"),
    ("a compound inside a longer one", "de", "Die Donaudampfschifffahrtsgesellschaft", "Schifffahrt"),
    ("a short compound", "de", "Der erste Tonfilm", "Film"),
    ("a part before linking letters", "de", "Ein Geschichtsbuch für Kinder", "Geschichte"),
    ("a name as part of a compound", "de", "Der Kulenkampffabend im Fernsehen", "Kulenkampff"),
    ("a compound in a text of unknown language", "", "Besuch im Filmarchiv", "Film"),
    ("a german name in an english text", "en", "An interview with Günter Müller", "Mueller"),
    # English: plurals, possessives, forms
    ("an english plural asked for in the singular", "en", "Letters from the prisoners", "letter prisoner"),
    ("an english singular asked for in the plural", "en", "A miner speaks", "miners"),
    ("an english possessive", "en", "The miner's daughter remembers", "miner"),
    ("an english possessive with a curly apostrophe", "en", "The director\u2019s cut", "director"),
    ("an english verb in another form", "en", "They were marching to the harbour", "march"),
    ("an irish name without its apostrophe", "en", "Maureen O\u2019Brien in conversation", "OBrien"),
    ("a double name written together", "en", "A Rolls-Royce in the yard", "rollsroyce"),
    ("a double name typed with a space", "en", "A Rolls-Royce in the yard", "rolls royce"),
    ("a prefix longer than the stem", "en", "Two universities closed", "universit*"),
    # Across scripts, widths and codes
    ("a latin letter beside hangul", "ko", "K팝 공연 실황", "K팝"),
    ("a latin name inside chinese", "zh", "他在BBC工作了十年", "bbc"),
    ("a latin name in a russian text", "ru", "Съёмки камерой Arriflex", "arriflex"),
    ("full-width letters", "zh", "ＤＶＤ版本", "dvd"),
    ("letters asked for in full width", "en", "The DVD edition", "ＤＶＤ"),
    ("half-width kana", "ja", "ﾆｭｰｽ映画", "ニュース"),
    ("an episode code in small letters", "en", "Harvest S01E02 The Storm", "s01e02"),
    ("a season of an episode code", "en", "Harvest S01E02 The Storm", "s01*"),
    ("a year", "de", "Sommer 1974 am See", "1974"),
    ("a decade asked for by its first year", "en", "Street life in the 1970s", "1970"),
    ("a word broken by a soft hyphen", "de", "Das Film\u00adarchiv", "Filmarchiv"),
    ("an accent left out", "fr", "Le café de la gare", "cafe"),
    ("a quoted phrase in the right order", "en", "the city of the dead", '"city of the dead"'),
]

NOT_FOUND = [
    ("a korean syllable pair across a space", "ko", "대한 국민", "한국"),
    ("chinese characters in another order", "zh", "国中学生在这里", "中国"),
    ("chinese characters across a comma", "zh", "他在家中，国王也在", "中国"),
    ("a simplified word in traditional text", "zh-Hant", "這部電影", "电影"),
    ("a russian word with the same beginning", "ru", "Войско ушло на юг", "война"),
    ("a letter sequence inside a german word", "de", "Die Verwandtschaft kam zu Besuch", "Wand"),
    ("a sport in a transport", "de", "Der Transport nach Osten", "Sport"),
    ("an english pot for a poet", "en", "The poet reads", "pot"),
    ("an english toe for to", "en", "They walked to the sea", "toe"),
    ("a quoted phrase in the wrong order", "en", "the city of the dead", '"dead city"'),
    ("one of two words missing", "en", "Letters from the prisoners", "letter guard"),
    ("an excluded word", "de", "Ein Film über Köln", "Film -Koeln"),
    ("the whole compound for one part", "de", "Ein Film", "Filmarchiv"),
    ("a prefix in the middle of a word", "en", "Two universities closed", "versit*"),
    ("another year", "de", "Sommer 1974 am See", "1975"),
]

CASES = [(*case, True) for case in FOUND] + [(*case, False) for case in NOT_FOUND]


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    metadata = MetaData()
    define_passages(metadata)
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        load_passages(
            connection,
            ((str(n), Passage("caption", text, "public", language)) for n, (_, language, text, *_) in enumerate(CASES)),
        )
        yield connection
    engine.dispose()


@pytest.mark.parametrize(
    ("number", "query", "expected"),
    [(n, query, expected) for n, (_, _, _, query, expected) in enumerate(CASES)],
    ids=[f"{name} is {'found' if expected else 'not found'}" for name, *_, expected in CASES],
)
def test_what_a_reader_expects_is_found_and_nothing_else(
    connection: Connection, number: int, query: str, expected: bool
) -> None:
    page = search(connection, query, asset=str(number))
    assert [hit.asset for hit in page.hits] == ([str(number)] if expected else [])
    assert all(hit.marks for hit in page.hits), "what is found is marked"
