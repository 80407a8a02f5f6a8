"""The jobs page: counts of all, reasons of what may be seen, and one more try."""

from __future__ import annotations

from holdfast.jobs.queue import State
from holdfast.show import site
from tests.show.stage import Stage, signed_in


def test_a_failed_job_is_shown_with_its_reason_and_tried_again(own_stage: Stage) -> None:
    queue, browser = site.archive().queue, signed_in("curator")
    for level in ("public", "sealed"):
        object_id = str(site.archive().find(own_stage.ids[level]).object_id)
        queue.put("access", f"key of {level}", {"object": object_id})
        job = queue.claim("worker", 60, ["access"])
        assert job is not None
        queue.fail(job, {"error": "HF-M001", "what": f"could not read <{level}>"}, retry=False)
    page = browser.get("/desk/jobs").content.decode()
    assert "could not read &lt;public&gt;" in page
    assert "sealed" not in page
    assert browser.post("/desk/jobs", {"kind": "access", "key": "key of sealed"}).status_code == 404
    assert browser.post("/desk/jobs", {"kind": "access", "key": "key of public"}).status_code == 302
    states = [getattr(queue.get("access", f"key of {level}"), "state", None) for level in ("public", "sealed")]
    assert states == [State.WAITING, State.FAILED]
