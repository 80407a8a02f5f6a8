"""The pictures of a reconstruction, frame by frame, from the copies that were chosen for it.

For each frame the copy that was chosen is asked what it shows at that moment, and its picture is brought back to the
work's place, size and colours. What a crop or an inset took from it is filled from the next copy, if there is one;
else it stays black. Where a copy fails, the next one is taken; where all fail, a slate says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from holdfast.errors import SourceMissing
from holdfast.model.edit import Edit, EditList, Take
from holdfast.model.time import Span
from holdfast.restore.assemble.color import NONE, Correction
from holdfast.restore.assemble.consensus import combined
from holdfast.restore.assemble.panel import Panel, Panels
from holdfast.restore.assemble.plan import middle
from holdfast.restore.assemble.record import Recorder, Shares, cells
from holdfast.restore.assemble.slate import Slates
from holdfast.restore.assemble.sources import Reels
from holdfast.restore.assemble.view import Pixels, View

Tell = Callable[[str, Span, str], None]

# A copy that shows nothing for less than this at its ends holds its first or last frame, as a player does.
_HELD_S = Fraction(1, 4)
# A frame of a damaged copy that stands for longer than this is a hole in it, if another copy is there.
_STALE_S = Fraction(1, 2)
_HOLE = "it is damaged and its picture stands still there, another copy was used"


@dataclass
class _Scene:
    """The edit that is being made: the takes that still serve, and the last that each of them showed."""

    edit: Edit
    takes: list[Take]
    last: dict[str, tuple[Fraction, View]] = field(default_factory=dict)
    gap: Span | None = None
    panel: Panel | None = None
    failed: set[str] = field(default_factory=set)
    holes: dict[str, Span] = field(default_factory=dict)


class Screen:
    """The pictures of an edit list, asked for in order. `tell(source, span, why)` hears what failed it.

    With `panels` the takes of an edit are combined; else those after the first only fill what it lacks.
    """

    def __init__(
        self,
        edit: EditList,
        reels: Reels,
        slates: Slates,
        colors: Mapping[str, Correction],
        tell: Tell,
        panels: Panels | None = None,
    ) -> None:
        self._edit, self._reels, self._slates, self._colors, self._tell = edit, reels, slates, colors, tell
        self._panels = panels
        self._edits = [each for each in edit.edits if each.asset.duration]
        self._number = 0
        self._scene = _Scene(self._edits[0], list(self._edits[0].picture))
        self.recorder = Recorder()

    def picture(self, number: int) -> Pixels:
        """Frame `number` (h, w, 3) of the result."""
        time = middle(number, self._edit.frame_rate)
        self._move_to(time)
        views = self._views(time)
        span = Span(number / self._edit.frame_rate, (number + 1) / self._edit.frame_rate)
        if not views:
            self.recorder.add(span, {})
            return self._slates.picture(time, self._gap(time))
        picture, shares = self._combined(views)
        self.recorder.add(span, shares)
        return picture

    def finish(self) -> None:
        """No more pictures of this edit are wanted: tell what has not been told of it."""
        for source, hole in self._scene.holes.items():
            self._tell(source, hole, _HOLE)
        self._scene.holes.clear()

    def _combined(self, views: list[View]) -> tuple[Pixels, dict[str, Shares | None]]:
        panel = self._scene.panel
        if panel is None or panel.plan is None or len(views) < 2:
            return filled(views)
        order = [take.source for take in panel.takes]
        views = [view for view in views if view.source in order]
        if len(views) < 2:
            return filled(views)
        plan = panel.plan.of([order.index(view.source) for view in views])
        picture, _, weights = combined(views, plan)
        return picture, {view.source: cells(weight) for view, weight in zip(views, weights, strict=True)}

    def _move_to(self, time: Fraction) -> None:
        while time >= self._scene.edit.asset.end and self._number + 1 < len(self._edits):
            self._number += 1
            self.finish()
            edit = self._edits[self._number]
            self._scene = _Scene(edit, list(edit.picture))
            coming = {take.source for each in self._edits[self._number :] for take in each.picture}
            self._reels.keep(coming)
        if self._panels is not None and len(self._scene.edit.picture) > 1:
            self._convene(self._panels, time)

    def _convene(self, panels: Panels, time: Fraction) -> None:
        """The panel of the stretch that begins here, unless one sits already."""
        scene = self._scene
        if scene.panel is not None and time < scene.panel.span.end:
            return
        serving = [take for take in scene.edit.picture if take.source not in scene.failed]
        scene.takes = serving
        if len(serving) < 2:
            scene.panel = None
            return
        start = scene.panel.span.end if scene.panel is not None else scene.edit.asset.start
        scene.panel = panels.panel(scene.edit, serving, start)
        seated = {take.source for take in scene.panel.takes}
        scene.takes = [*scene.panel.takes, *(take for take in serving if take.source not in seated)]

    def _views(self, time: Fraction) -> list[View]:
        """What the copies show, until nothing of the picture is wanting."""
        panel, views = self._scene.panel, list[View]()
        seated = {take.source for take in panel.takes} if panel is not None and panel.plan is not None else set()
        for take in list(self._scene.takes):
            if views and take.source not in seated and np.maximum.reduce([view.mask for view in views]).all():
                break
            view = self._view(take, time)
            if view is not None:
                views.append(view)
        return views

    def _view(self, take: Take, time: Fraction) -> View | None:
        scene, source = self._scene, take.source
        moment = take.placement.copy_time(time)
        try:
            shown = self._reels.shown(source, moment)
            step = self._reels.step(source)
            tries = 0
            while shown.pixels is None and source not in scene.last and tries * step < _HELD_S:
                tries += 1
                shown = self._reels.shown(source, moment + tries * step)
        except SourceMissing as error:
            self._give_up(take, time, str(error.values.get("reason", "")))
            return None
        if shown.pixels is None:
            last = scene.last.get(source)
            if last is not None and time - last[0] < _HELD_S:
                return last[1]
            self._give_up(take, time, "it shows nothing there")
            return None
        is_stale = shown.start is not None and moment - shown.start > _STALE_S
        if is_stale and len(scene.takes) > 1 and self._reels.is_damaged(source):
            self._pass_over(source, time)
            return None
        colors = scene.panel.colors if scene.panel is not None else self._colors
        view = View.of(shown.pixels, take.placement, colors.get(source, NONE), self._edit.size)
        scene.last[source] = (time, view)
        return view

    def _pass_over(self, source: str, time: Fraction) -> None:
        """Another copy shows this frame; which ones those were is told when the hole is over."""
        frame = 1 / self._edit.frame_rate
        hole = self._scene.holes.get(source)
        if hole is not None and time - hole.end >= frame:
            self._tell(source, hole, _HOLE)
            hole = None
        end = min(time + frame / 2, self._scene.edit.asset.end)
        self._scene.holes[source] = Span(time - frame / 2 if hole is None else hole.start, end)

    def _give_up(self, take: Take, time: Fraction, why: str) -> None:
        span = Span(min(time, self._scene.edit.asset.end), self._scene.edit.asset.end)
        self._scene.takes.remove(take)
        self._scene.failed.add(take.source)
        self._tell(take.source, span, why)

    def _gap(self, time: Fraction) -> Span:
        """The whole of the gap around this moment, as far as it is known."""
        if not self._scene.edit.picture:
            known = (gap for gap in self._edit.gaps if gap.start <= time < gap.end)
            return next(known, self._scene.edit.asset)
        if self._scene.gap is None:
            self._scene.gap = Span(max(self._scene.edit.asset.start, time), self._scene.edit.asset.end)
        return self._scene.gap


def filled(views: list[View]) -> tuple[Pixels, dict[str, Shares | None]]:
    """The first copy's picture, its holes filled from the next ones; and whose share is how large where."""
    first = views[0]
    if len(views) == 1:
        return first.pixels, {first.source: None}
    picture, known = first.pixels.copy(), first.mask.copy()
    shares: dict[str, Shares | None] = {first.source: cells(known)}
    for view in views[1:]:
        fresh = (known == 0) & (view.mask > 0)
        if fresh.any():
            picture[fresh] = view.pixels[fresh]
            known[fresh] = 255
            shares[view.source] = cells(np.where(fresh, np.uint8(255), np.uint8(0)))
    if len(shares) == 1:
        shares[first.source] = None
    return picture, shares
