"""The API gives what the commands give, to each as much as they may see."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from django.template import Context, Template
from sqlalchemy import insert

from holdfast.actions.describe import describe
from holdfast.catalog import schema
from holdfast.model.rights import AccessLevel, Embargo
from holdfast.model.time import now
from holdfast.show import site
from holdfast.show.machine.json_ld import as_script_data
from holdfast.testing.films import film_plan, write_film
from tests.cli.line import holdfast
from tests.show.stage import WORDS, Stage, as_json, client, signed_in


def test_a_line_is_that_of_the_command(stage: Stage) -> None:
    said = as_json(signed_in("custodian").get("/api/works"))
    assert said == holdfast("ls", "--archive", stage.folder, "--json").records
    assert [one["asset"] for one in as_json(client().get("/api/works"))] == [stage.ids["public"]]


def test_a_moment_has_its_time_in_seconds(stage: Stage) -> None:
    hits = as_json(client().get(f"/api/moments?q={WORDS['public']}"))
    assert (2.5, 4.5) in {(hit["start"], hit["end"]) for hit in hits}


def test_strangers_are_told_neither_what_a_camera_wrote_into_a_film_nor_why_a_work_was_closed(
    own_stage: Stage, tmp_path: Path
) -> None:
    film, place = tmp_path / "seen.mp4", "+52.5200+013.4050/"
    write_film(film_plan(99, 2, (160, 90)), film, tags={"location": place, "artist": "Weidenmann"})
    (said,) = holdfast("add", film, "--access", "public", "--archive", own_stage.folder, "--json").records
    embargo = Embargo(now() - timedelta(days=1), AccessLevel.SEALED, "until Weidenmann has left")
    describe(site.archive(), said["asset"], lambda record: replace(record, embargo=embargo))
    path = f"/api/works/{said['asset']}"
    held = as_json(signed_in("curator").get(path))["record"]
    assert held["instantiations"][0]["technical"]["location"] == place
    assert held["embargo"]["reason"] == embargo.reason
    for browser in (client(), signed_in("member")):
        told = as_json(browser.get(path))["record"]
        assert told["instantiations"][0]["technical"]["video"]
        assert "Weidenmann" not in json.dumps(told)
        assert "52.5" not in json.dumps(told)


def test_an_error_has_the_shape_of_the_command_line(stage: Stage) -> None:
    hidden, nowhere = (client().get(f"/api/works/{one}") for one in (stage.ids["sealed"], "k7m2x9qd4htbr"))
    assert (hidden.status_code, nowhere.status_code) == (404, 404)
    assert as_json(nowhere).keys() == {"error", "what", "holds", "next"}
    assert as_json(hidden)["error"] == as_json(nowhere)["error"] == "HF-N001"
    wrong = client().get("/api/works?limit=many")
    assert (wrong.status_code, as_json(wrong).keys()) == (422, {"error", "what", "holds", "next"})


def test_the_description_names_every_address(stage: Stage) -> None:
    said = as_json(client().get("/api/openapi.json"))
    of_works = {"/api/works", "/api/works/{asset}", "/api/moments", "/api/labels/{kind}"}
    of_pieces = {f"/api/{noun}{one}" for noun in ("posts", "collections") for one in ("", "/{name}")}
    assert of_works | of_pieces <= set(said["paths"])


def test_labels_come_by_their_letters_part_by_part_and_count_the_works_that_are_seen(own_stage: Stage) -> None:
    with site.archive().up_to_date_catalog().engine.begin() as connection:
        for number, (level, text) in enumerate((("public", "b"), ("public", "a"), ("sealed", "a"), ("sealed", "c"))):
            row = {"asset": own_stage.ids[level], "position": 900 + number, "kind": "place", "text": text, "detail": ""}
            connection.execute(insert(schema.labels).values(**row, access=level))
    ask = "/api/labels/place"
    assert as_json(client().get(ask)) == [{"text": "a", "works": 1}, {"text": "b", "works": 1}]
    assert as_json(client().get(f"{ask}?limit=1&offset=1")) == [{"text": "b", "works": 1}]
    assert as_json(signed_in("custodian").get(f"{ask}?limit=1")) == [{"text": "a", "works": 2}]


def test_the_head_of_a_work_is_data_that_ends_no_script(stage: Stage) -> None:
    from holdfast.show import site
    from holdfast.show.machine.public import stranger
    from holdfast.show.works import visible_work

    with site.catalogue() as connection:
        work = visible_work(connection, stranger(), stage.ids["public"])
    request = client().get("/").wsgi_request
    html = Template("{% load machine %}{% json_ld work %}{% machine_links %}").render(
        Context({"request": request, "work": work})
    )
    data = json.loads(html.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert (data["@type"], data["identifier"]) == ("VideoObject", stage.ids["public"])
    assert WORDS["public"] in data["transcript"]
    assert "</script>" not in as_script_data("</script><script>")
