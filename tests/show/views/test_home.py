"""The first page leads to everything that a reader may see, and to nothing else."""

from __future__ import annotations

import re

from sqlalchemy import insert, update

from holdfast.catalog import schema
from holdfast.show import site
from tests.show.stage import Stage, client, signed_in


def test_an_archive_in_which_nothing_may_be_seen_says_so(own_stage: Stage) -> None:
    with site.archive().up_to_date_catalog().engine.begin() as connection:
        for table in (schema.assets, schema.labels):
            connection.execute(update(table).values(access="sealed"))
    shown = client().get("/").content.decode()
    assert "There is nothing here that everybody may see yet." in shown
    assert 'href="/tags"' not in shown
    assert client().get("/works").status_code == 200


def test_collections_and_ways_are_those_that_the_reader_may_see(own_stage: Stage) -> None:
    with site.archive().up_to_date_catalog().engine.begin() as connection:
        for number, (level, name) in enumerate({"public": "Boats", "sealed": "Secrets"}.items()):
            row = {"asset": own_stage.ids[level], "position": 900 + number, "kind": "collection", "text": name}
            connection.execute(insert(schema.labels).values(**row, detail="", access=level))
        row = {"asset": own_stage.ids["sealed"], "position": 910, "kind": "person", "text": "Anna"}
        connection.execute(insert(schema.labels).values(**row, detail="", access="sealed"))
    stranger, custodian = (browser.get("/").content.decode() for browser in (client(), signed_in("custodian")))
    assert ("Boats" in stranger, "Secrets" in stranger, 'href="/people"' in stranger) == (True, False, False)
    assert ("Boats" in custodian, "Secrets" in custodian, 'href="/people"' in custodian) == (True, True, True)


def test_machines_are_told_of_a_page_in_a_sentence_and_people_where_to_send_something(stage: Stage) -> None:
    shown = client().get("/").content.decode()
    told = re.search(r'<meta name="description" content="([^"]*)">', shown)
    assert told
    assert told[1].strip().endswith("No third party learns what you watch here.")
    assert shown.count('<a href="/contribute">Send something in</a></p>\n</footer>') == 1
