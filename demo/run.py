"""The main job on a fresh machine, in some four minutes: `make demo`, or `make demo VIDEOS=/your/folder`.

Makes a dozen films (or takes yours), keeps them in an archive, searches what was said, makes three altered copies and
knows them again, makes access copies, damages one kept file on purpose, lets the audit find it, and mends it. Then the
masters are lost; copies of many kinds turn up, and the works are put together again. In the end the archive is shown as
a site. Every step is a command that is printed before it runs, so that you can type it yourself. Everything lies in
demo/films, demo/copies, demo/found, demo/report and demo/archive, which this script makes anew each time; your own
folder is only read.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import loss
import showing

DEMO = Path(__file__).resolve().parent
FILMS = DEMO / "films"
COPIES = DEMO / "copies"
FOUND = DEMO / "found"
REPORT = DEMO / "report"
ARCHIVE = DEMO / "archive"
HOLDFAST = Path(sys.executable).parent / "holdfast"
COUNT = 12
SECONDS = 8
SHOWN_LINES = 16
WORDS = ("library", "bridges", "Strasse", "школы", "女儿", "노래")  # said in the films, or a form of a title's word


def main() -> None:
    """Tell the story from beginning to end; stops at the first step that does not do what it should."""
    begun = time.monotonic()
    given = Path(sys.argv[1]).expanduser().resolve() if len(sys.argv) > 1 else None
    if given is not None and not given.is_dir():
        sys.exit(f"{given} is not a folder. Give one with films in it: make demo VIDEOS=/your/folder")
    films = given or make_films()
    if ARCHIVE.exists():
        shutil.rmtree(ARCHIVE)

    title("1. Make an archive and keep the films in it")
    run("init", ARCHIVE, "--name", "Demo", "--custodian", "Demo custodian", archive=False)
    run("add", films, "--access", "public")
    if not asked("ls"):
        sys.exit(f"No film was found in {films}. Give a folder with films in it: make demo VIDEOS=/your/folder")

    title("2. Look at what is there")
    run("ls")
    run("show", asked("ls")[0]["asset"])

    title("3. Search titles and what was said, in any word form")
    for words in WORDS if given is None else ("the",):
        run("search", words, "--limit", "2", expect=(0, 1))

    title("4. Copies turn up: mirrored and cropped, inside somebody's compilation, the sound alone")
    copies = make_copies()
    if copies:
        run("identify", *copies, expect=(0, 1))
        copy, work = next(iter(copies.items()))
        run("compare", copy, work, "--html", COPIES / "compared.html", archive=False, expect=(0, 1))

    title("5. Make copies for watching (posters, storyboards, renditions)")
    run("work", expect=(0, 1))

    title("6. Check every byte")
    run("audit")

    title("7. One file is damaged behind the archive's back, and the audit finds it")
    wounded = damage()
    run("audit", expect=(1,))

    title("8. The same file from elsewhere mends it")
    run("add", wounded)
    run("audit")

    title("9. Anybody can check it without this program")
    run("verify-offline")
    script = ARCHIVE / "verify-archive.sh"
    say(f"$ sh {shown(script)}")
    subprocess.run(["sh", str(script)], check=True)

    lost_and_restored(3 if given else COUNT)
    shown_to_all(begun, WORDS[0] if given is None else "")


def lost_and_restored(count: int) -> None:
    """The second half: so many works lose their masters, and come back from copies."""
    from holdfast.testing.films import film_plan, write_film

    assets = [line["asset"] for line in asked("ls")[:count]]
    films = {line["asset"]: Path(line["file"]) for line in added if line["asset"]}

    title("10. A disk dies: the masters are gone")
    places = [file["place"] for asset in assets for file in masters_of(asset)]
    loss.lose(ARCHIVE, places)
    say(f"  {len(places)} files were removed, the first: {shown(ARCHIVE / places[0])}")
    run("lost", "declare", *assets, "--reason", "the disk died")
    run("coverage", *assets)

    title("11. Copies turn up in a heap: parts, mirrored, with logos, filmed from a screen, the sound alone")
    stranger = write_film(film_plan(seed=1001, seconds=SECONDS, size=(320, 180)), DEMO / "stranger.mp4")
    say(f"Making them in {shown(FOUND)}")
    heap = loss.scatter([films[asset] for asset in assets], FOUND, stranger)
    stranger.unlink()
    run("found", "add", *heap, "--from", "a heap on somebody's shelf", expect=(0, 1))

    title("12. The works are put together again, as far as they turned up")
    shutil.rmtree(REPORT, ignore_errors=True)
    run("restore", "--all", "--report", REPORT, expect=(0, 1))
    run("coverage", *assets)

    title("13. What is still wanted")
    run("wanted")


def shown_to_all(begun: float, words: str) -> None:
    """The archive as a site, for as long as somebody looks at it. `words` are said in it; "" if none are known."""
    title("14. Anybody may look: the archive as a site")
    run("work", expect=(0, 1))
    port = showing.free_port()
    line = ["serve", str(ARCHIVE), "--port", str(port)]
    say("\n$ holdfast " + " ".join(quoted(word) for word in line))
    address = f"http://localhost:{port}/"
    with showing.site([str(HOLDFAST), *line], address) as process:
        showing.pages(address, asked("ls")[0]["asset"], words, say)
        farewell(time.monotonic() - begun)
        say(f"\nThe site of this archive: {address}")
        showing.stay(process, shown(ARCHIVE), say)


def masters_of(asset: str) -> list[dict[str, Any]]:
    """The masters of an asset, with their places on the disk."""
    return [file for file in asked("show", asset)[0]["files"] if file["file"].startswith("masters/")]


# ------------------------------------------------------------------------------------------------------ films


def make_films() -> Path:
    """A dozen films with captions in five languages and listings, as a downloader would have left them."""
    if len(list(FILMS.glob("*.mp4"))) == COUNT:
        return FILMS
    shutil.rmtree(FILMS, ignore_errors=True)
    FILMS.mkdir(parents=True)
    say(f"Making {COUNT} films of {SECONDS} s in {shown(FILMS)} (pictures, speech, music; nothing is downloaded)")
    with ProcessPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for done, name in enumerate(pool.map(make_film, range(COUNT)), start=1):
            say(f"  {done:2} of {COUNT}  {name}")
    return FILMS


def make_film(seed: int) -> str:
    """One film, its captions and its listing; its name."""
    from holdfast.testing.films import film_plan, write_film

    plan = film_plan(seed=seed, seconds=SECONDS, size=(320, 180))
    titles = plan.truth.titles
    language = plan.truth.language
    name = f"{titles[language]} [{seed:02d}]".replace("/", "-")
    for caption_language in titles:
        (FILMS / f"{name}.{caption_language}.vtt").write_text(plan.webvtt(caption_language), "utf-8")
    listing = {
        "id": f"demo{seed:02d}",
        "title": titles[language],
        "language": language,
        "description": f"A film made on the fly, with seed {seed}.",
        "upload_date": f"19{70 + seed}0501",
        "uploader": "Demo group",
        "extractor_key": "Demo",
        "webpage_url": f"https://video.example/watch/demo{seed:02d}",
        "tags": ["demo", language],
        "chapters": [
            {"start_time": float(c.start), "end_time": float(c.end), "title": c.title} for c in plan.chapters()
        ],
    }
    (FILMS / f"{name}.info.json").write_text(json.dumps(listing, ensure_ascii=False, indent=1), "utf-8")
    write_film(plan, FILMS / f"{name}.mp4")
    return name


def make_copies() -> dict[Path, Path]:
    """Three copies as they turn up elsewhere, and the film that each was made from; fewer, if films are unsuited."""
    from holdfast.testing.copies import Film, Material, make_copy
    from holdfast.testing.films import film_plan, write_film

    shutil.rmtree(COPIES, ignore_errors=True)
    COPIES.mkdir()
    say(f"Making altered copies in {shown(COPIES)}")
    stranger = Film(write_film(film_plan(seed=1000, seconds=4 * SECONDS, size=(320, 180)), COPIES / "stranger.mp4"))
    films = [Path(line["file"]) for line in added if line["asset"]]
    made: dict[Path, Path] = {}
    for number, kinds in enumerate((("mirror", "crop15"), ("compile",), ("audio_only",))):
        work = films[number % len(films)]
        between = made_of = work
        try:
            for kind in kinds:  # each is made of the one before
                fillers = (stranger,) if kind == "compile" else ()
                stem = " and ".join(kinds) if kind == kinds[-1] else "between"
                copied = make_copy(kind, Material((Film(made_of),), fillers), number, COPIES, stem)
                between, made_of = made_of, COPIES / copied.file
            if between.parent == COPIES:
                between.unlink()
            made[made_of] = work
        except (ValueError, OSError) as error:
            say(f"  no {' and '.join(kinds)} of {work.name}: {error}")
    stranger.path.unlink()
    return made


def damage() -> Path:
    """Flips one bit of a kept master, as a dying disk would; the file outside from which it came."""
    asset = asked("ls")[0]["asset"]
    record = asked("show", asset)[0]
    master = record["record"]["instantiations"][0]
    place = next(f["place"] for f in record["files"] if f["file"] == master["file"])
    kept = ARCHIVE / place
    outside = next(Path(line["file"]) for line in added if line["asset"] == asset)
    data = bytearray(kept.read_bytes())
    data[len(data) // 2] ^= 1
    kept.write_bytes(data)
    say(f"  one bit of {shown(kept)} was turned over")
    return outside


# --------------------------------------------------------------------------------------------------- commands

added: list[dict[str, Any]] = []


def run(*arguments: object, archive: bool = True, expect: tuple[int, ...] = (0,)) -> None:
    """Print a command, run it, show what it says (the middle of long answers left out)."""
    words = [str(argument) for argument in arguments]
    say("\n$ holdfast " + " ".join(quoted(word) for word in words))
    if words[0] == "add":
        lines = asked(*words, may_fail=True)
        added.extend(lines)
        for line in lines[:SHOWN_LINES]:
            say(f"{line['outcome']:12}  {line['asset'] or '-':13}  {Path(line['file']).name}")
        return
    ended = subprocess.run(command(words, archive=archive), stdout=subprocess.PIPE, check=False)
    told = ended.stdout.decode("utf-8", "replace").splitlines()
    for number, line in enumerate(told):
        if len(told) <= SHOWN_LINES or number < SHOWN_LINES - 2 or number >= len(told) - 2:
            say(line)
        elif number == SHOWN_LINES - 2:
            say(f"  ... {len(told) - SHOWN_LINES} lines more")
    code = ended.returncode
    if code not in expect:
        sys.exit(f"holdfast {words[0]} ended with exit code {code}; the demo expected {expect}")


def asked(*arguments: str, may_fail: bool = False) -> list[dict[str, Any]]:
    """What a command answers with --json."""
    ended = subprocess.run([*command(list(arguments), archive=True), "--json"], stdout=subprocess.PIPE, check=False)
    if ended.returncode not in ((0, 1) if may_fail else (0,)):
        sys.exit(f"holdfast {arguments[0]} ended with exit code {ended.returncode}")
    return [json.loads(line) for line in ended.stdout.splitlines()]


def command(words: list[str], *, archive: bool) -> list[str]:
    """The command line, with the demo's archive."""
    return [str(HOLDFAST), *words, *(["--archive", str(ARCHIVE)] if archive else [])]


# ----------------------------------------------------------------------------------------------------- saying


def title(text: str) -> None:
    """A step of the story."""
    say(f"\n{text}\n{'-' * len(text)}")


def say(text: str) -> None:
    """One line, at once."""
    print(text, flush=True)


def shown(path: Path) -> str:
    """A path as short as it can be told."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def quoted(word: str) -> str:
    """A word as it would be typed."""
    word = shown(Path(word)) if word.startswith("/") else word
    return f'"{word}"' if " " in word else word


def farewell(seconds: float) -> None:
    """What to look at next."""
    posters = sorted(ARCHIVE.glob("cache/access/*/*/*/poster.jpg"))
    say(f"\nDone in {seconds:.0f} s. What to look at next:")
    say(f"  {shown(ARCHIVE / 'ocfl')}/   what is kept: plain files, one folder an asset, readable without this program")
    if (COPIES / "compared.html").exists():
        say(f"  {shown(COPIES / 'compared.html')}   a copy and its work side by side, with the map of their times")
    pages = sorted(REPORT.glob("*.html"))
    if pages:
        say(f"  {shown(pages[0])}   what one work was put together from, and what it still lacks")
    if posters:
        say(f"  {shown(posters[0].parent)}/   a poster, a storyboard and renditions for watching")
    say(f"  {shown(HOLDFAST)} show ASSET --events --archive {shown(ARCHIVE)}")
    say(f"  {shown(HOLDFAST)} doctor --archive {shown(ARCHIVE)}")
    say("  docs/start/your-first-archive.md   the same with your own films")


if __name__ == "__main__":
    main()
