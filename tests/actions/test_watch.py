from __future__ import annotations

from holdfast.actions.watch import UNWATCHED, NobodyWatches, Watch
from holdfast.cli.meter import Meter
from holdfast.cli.speak import Speaker


def test_nobody_and_the_terminals_meter_can_both_watch() -> None:
    watches: list[Watch] = [UNWATCHED, NobodyWatches(), Meter(Speaker(as_json=True))]
    for watch in watches:
        watch.begin("Keeping", items=1, size_bytes=3)
        watch.at("film.mp4")
        watch.advance(3)
        watch.done("result")
        watch.note("done")
