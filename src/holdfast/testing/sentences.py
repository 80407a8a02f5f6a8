"""What people say in made films, and what the films are called: the same made-up sentences in five languages.

Every name and place is invented. Row n of each table means the same in every column (`LANGUAGES`).
"""

from __future__ import annotations

LANGUAGES = ("en", "ru", "zh", "de", "ko")

Row = tuple[str, str, str, str, str]

TITLES: tuple[Row, ...] = (
    ("The Ferry at Dusk", "Паром в сумерках", "黄昏的渡船", "Die Fähre in der Dämmerung", "해 질 녘의 나룻배"),
    (
        "A Village Bakes Its Bread",
        "Деревня печёт хлеб",
        "一个村庄的面包",
        "Ein Dorf backt sein Brot",
        "마을이 빵을 굽다",
    ),
    ("The Clockmaker's Street", "Улица часовщика", "钟表匠的街道", "Die Straße des Uhrmachers", "시계 장인의 거리"),
    ("Harvest in the High Valley", "Жатва в высокой долине", "高谷的收获", "Ernte im Hochtal", "높은 골짜기의 추수"),
    ("Songs of the River People", "Песни речных людей", "河边人的歌", "Lieder der Flussleute", "강마을 사람들의 노래"),
    ("The School on the Hill", "Школа на холме", "山上的学校", "Die Schule auf dem Hügel", "언덕 위의 학교"),
    ("Winter Bridge", "Зимний мост", "冬天的桥", "Winterbrücke", "겨울 다리"),
    ("The Last Lamp Lighter", "Последний фонарщик", "最后的点灯人", "Der letzte Laternenanzünder", "마지막 등불지기"),
    ("Letters from the Island", "Письма с острова", "岛上来信", "Briefe von der Insel", "섬에서 온 편지"),
    ("Market Day", "Базарный день", "赶集的日子", "Markttag", "장날"),
    (
        "The Weaver and Her Daughter",
        "Ткачиха и её дочь",
        "织女和她的女儿",
        "Die Weberin und ihre Tochter",
        "베 짜는 어머니와 딸",
    ),
    ("Old Roads, New Snow", "Старые дороги, новый снег", "旧路新雪", "Alte Wege, neuer Schnee", "오래된 길, 새 눈"),
)

SENTENCES: tuple[Row, ...] = (
    (
        "The ferry leaves when the lamp is lit.",
        "Паром отходит, когда зажигают фонарь.",
        "灯一亮，渡船就开。",
        "Die Fähre fährt ab, wenn die Lampe brennt.",
        "등불이 켜지면 나룻배가 떠납니다.",
    ),
    (
        "My grandmother kept the seeds in a tin box.",
        "Моя бабушка хранила семена в жестяной коробке.",
        "我的祖母把种子放在铁盒里。",
        "Meine Großmutter bewahrte die Samen in einer Blechdose auf.",
        "할머니는 씨앗을 양철 상자에 보관하셨습니다.",
    ),
    (
        "We rebuilt the bridge after the flood.",
        "После наводнения мы заново построили мост.",
        "洪水过后，我们重建了桥。",
        "Nach dem Hochwasser haben wir die Brücke wieder aufgebaut.",
        "홍수가 난 뒤에 우리는 다리를 다시 세웠습니다.",
    ),
    (
        "Nobody remembers who wrote this song.",
        "Никто не помнит, кто написал эту песню.",
        "没有人记得这首歌是谁写的。",
        "Niemand weiß mehr, wer dieses Lied geschrieben hat.",
        "이 노래를 누가 지었는지 아무도 기억하지 못합니다.",
    ),
    (
        "The school had one window and forty children.",
        "В школе было одно окно и сорок детей.",
        "学校里只有一扇窗和四十个孩子。",
        "Die Schule hatte ein Fenster und vierzig Kinder.",
        "학교에는 창문 하나와 아이들 마흔 명이 있었습니다.",
    ),
    (
        "First the dough must rest for a whole night.",
        "Сначала тесто должно отдыхать целую ночь.",
        "面团先要醒一整夜。",
        "Zuerst muss der Teig eine ganze Nacht ruhen.",
        "먼저 반죽을 하룻밤 동안 재워야 합니다.",
    ),
    (
        "In winter the wolves came down to the road.",
        "Зимой волки спускались к дороге.",
        "冬天，狼会下山走到路边。",
        "Im Winter kamen die Wölfe bis an die Straße herunter.",
        "겨울이면 늑대들이 길까지 내려왔습니다.",
    ),
    (
        "He repaired every clock in the valley.",
        "Он чинил все часы в долине.",
        "山谷里的钟都是他修的。",
        "Er reparierte jede Uhr im Tal.",
        "그는 골짜기의 모든 시계를 고쳤습니다.",
    ),
    (
        "These photographs were hidden behind the wall.",
        "Эти фотографии были спрятаны за стеной.",
        "这些照片曾藏在墙后面。",
        "Diese Fotografien waren hinter der Wand versteckt.",
        "이 사진들은 벽 뒤에 숨겨져 있었습니다.",
    ),
    (
        "On market day you could hear seven languages.",
        "В базарный день можно было услышать семь языков.",
        "赶集那天能听到七种语言。",
        "Am Markttag konnte man sieben Sprachen hören.",
        "장날에는 일곱 가지 말을 들을 수 있었습니다.",
    ),
    (
        "The apples from that garden were the sweetest.",
        "Яблоки из того сада были самыми сладкими.",
        "那个果园的苹果最甜。",
        "Die Äpfel aus jenem Garten waren die süßesten.",
        "그 과수원의 사과가 가장 달았습니다.",
    ),
    (
        "They closed the library and we carried the books home.",
        "Библиотеку закрыли, и мы унесли книги домой.",
        "图书馆关了，我们把书搬回了家。",
        "Man schloss die Bücherei, und wir trugen die Bücher nach Hause.",
        "도서관이 문을 닫아서 우리는 책을 집으로 옮겼습니다.",
    ),
    (
        "A good weaver never counts the threads.",
        "Хорошая ткачиха никогда не считает нити.",
        "好的织工从不数线。",
        "Eine gute Weberin zählt die Fäden nie.",
        "훌륭한 직조공은 실을 세지 않습니다.",
    ),
    (
        "The train stopped here only once a week.",
        "Поезд останавливался здесь только раз в неделю.",
        "火车每星期只在这里停一次。",
        "Der Zug hielt hier nur einmal in der Woche.",
        "기차는 일주일에 한 번만 여기에 섰습니다.",
    ),
    (
        "Please keep this film for our grandchildren.",
        "Пожалуйста, сохраните этот фильм для наших внуков.",
        "请为我们的孙辈保存这部影片。",
        "Bitte bewahrt diesen Film für unsere Enkel auf.",
        "우리 손주들을 위해 이 영화를 간직해 주세요.",
    ),
    (
        "Under the ice the river goes on singing.",
        "Подо льдом река продолжает петь.",
        "冰层下面，河水还在歌唱。",
        "Unter dem Eis singt der Fluss weiter.",
        "얼음 밑에서 강은 계속 노래합니다.",
    ),
)

SPEAKERS = (
    "Anna Merle, weaver",
    "Pavel Orlin, clockmaker",
    "Lin Haoyu, teacher",
    "Jorg Tamm, ferryman",
    "Han Seori, singer",
)


def in_language(row: Row, language: str) -> str:
    """The column of a row. Raises ValueError for a language that is not in `LANGUAGES`."""
    return row[LANGUAGES.index(language)]
