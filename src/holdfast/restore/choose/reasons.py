"""Why a copy was taken, as values, and the one place where they become sentences.

    told(3, of_picture(own, rivals))     # "copy 3: twice the detail of copy 1; 4 % of the picture is cropped."

A `Reason` is a kind and its figures, so that it can be told in any language, drawn, or counted. Each kind is a whole
phrase of its own; phrases are put in a row, never inside of each other. Two copies are only held against each other
where both are: a `Rival` has the figures of both over the part that they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Generic, TypeVar

from holdfast.restore.choose.quality import PictureQuality, SoundQuality

# Differences that a viewer or a listener would name.
_DETAIL, _NOISE, _BLOCKING, _SHARE, _COLOR, _RATE = 1.2, 2.0, 0.6, 0.02, 0.2, 1.25
_BAND, _HISS_DB, _CLIPPED, _HUM_DB = 1.25, 6.0, 0.002, 10.0
# Differences of closeness that nobody sees or hears, and of likelihood that decide.
_EVEN, _DOUBT = 0.01, 0.05
_MANY = 3

PHRASES = {
    "only": "the only copy of this stretch",
    "not measured": "its quality could not be measured here",
    "only measured": "the only copy whose quality could be measured here",
    "surer": "more certain than {other} to show this",
    "kept": "kept to spare a change to {other}, which is not nearer for long enough",
    "beside": "combined with {other}",
    "as good": "as good as any other copy here",
    "closer": "nearest to the original of {count} copies",
    "twice the detail": "twice the detail of {other}",
    "more detail": "{percent} % more detail than {other}",
    "nothing over it": "no logo or lettering as in {other}",
    "less noise": "less noise than {other}",
    "fewer blocks": "fewer coding blocks than {other}",
    "more picture": "shows {percent} % more of the picture than {other}",
    "color": "better color than {other}",
    "smoother": "{rate} frames a second against {less} of {other}",
    "whole frames": "no combed fields as in {other}",
    "cropped": "{percent} % of the picture is cropped",
    "overlaid": "something lies over {percent} % of the picture",
    "noisy": "it is noisy",
    "blocky": "coding blocks are seen",
    "colorless": "its color is poor",
    "combed": "its fields are combed",
    "in step": "it goes with its picture",
    "wider": "sound up to {khz} kHz against {less} of {other}",
    "less hiss": "{db} dB less noise than {other}",
    "undistorted": "not clipped as {other} is",
    "unbroken": "no drop-outs as in {other}",
    "stereo": "stereo, {other} is mono",
    "hum": "mains hum is heard",
    "clipped": "it is clipped for {percent} % of the time",
    "broken": "it drops out for {percent} % of the time",
}


@dataclass(frozen=True)
class Reason:
    """A kind (a key of `PHRASES`) and the figures that its phrase names, already rounded for people."""

    kind: str
    figures: tuple[tuple[str, int | str], ...] = ()

    def __str__(self) -> str:
        return self.worded({})

    def worded(self, names: Mapping[int, str]) -> str:
        """The phrase; another copy that it speaks of is called by its name, or by its number if it has none."""
        figures = dict(self.figures)
        if isinstance(figures.get("other"), int):
            figures["other"] = _called(int(figures["other"]), names)
        return PHRASES[self.kind].format(**figures)


def told(copy: int, reasons: Iterable[Reason], names: Mapping[int, str] | None = None) -> str:
    """The sentence: which copy, and its reasons in a row. `names` are those of copies, by their numbers."""
    known = names or {}
    return f"{_called(copy, known)}: {'; '.join(reason.worded(known) for reason in reasons)}."


def _called(number: int, names: Mapping[int, str]) -> str:
    return names.get(number, f"copy {number}")


def _reason(kind: str, **figures: int | str) -> Reason:
    return Reason(kind, tuple(figures.items()))


_Figures = TypeVar("_Figures", PictureQuality, SoundQuality)


@dataclass(frozen=True)
class Rival(Generic[_Figures]):
    """Another copy where both are: its `number`, its `figures` there, and those of the copy in hand (`own`).

    `doubt` is how much less likely the other is to show this at all, 0 to 1; below 0 if it is likelier.
    """

    number: int
    figures: Sequence[_Figures]
    own: Sequence[_Figures]
    doubt: float = 0.0

    @property
    def gain(self) -> float:
        """How much nearer to the original the copy in hand is expected to be, of what it would show."""
        return mean(each.closeness for each in self.own) - mean(each.closeness for each in self.figures)


def of_picture(own: Sequence[PictureQuality], rivals: Iterable[Rival[PictureQuality]]) -> tuple[Reason, ...]:
    """Why this picture, measured as `own` over a stretch, before those of other copies.

    It is held against the best of the others: what it has more comes first, then what is wrong with it all the same.
    """
    every = tuple(rivals)
    best = _best(every)
    better = [] if best is None else _better_picture(best.own, best.number, best.figures)
    return (*_first(own, every, best, better), *_faults_of_picture(own))


def of_help(first: Rival[PictureQuality]) -> tuple[Reason, ...]:
    """Why a picture is laid beside the one that was taken first: what it has more than that, then its faults."""
    better = _better_picture(first.own, first.number, first.figures)[:_MANY] if first.own and first.figures else []
    return (*(better or [_reason("beside", other=first.number)]), *_faults_of_picture(first.own))


def _best(rivals: Iterable[Rival[_Figures]]) -> Rival[_Figures] | None:
    """The one that was measured to be nearest, beside the copy in hand; of equals the first."""
    measured = [each for each in rivals if each.figures and each.own]
    return min(measured, key=lambda rival: (rival.gain, rival.number), default=None)


def _first(
    own: Sequence[_Figures], rivals: Sequence[Rival[_Figures]], best: Rival[_Figures] | None, better: list[Reason]
) -> list[Reason]:
    """What speaks for a copy: what it has more than the best of its rivals (`better`), or how it stands to them."""
    if not rivals:
        return [_reason("only")]
    if best is None:
        return [_reason("only measured" if own else "not measured")]
    if best.gain < -_EVEN:
        why = "surer" if best.doubt > _DOUBT else "kept"
        return [_reason(why, other=best.number), *better[: _MANY - 1]]
    if better:
        return better[:_MANY]
    count = sum(bool(each.figures) for each in rivals) + 1
    return [_reason("closer", count=count) if best.gain > _EVEN else _reason("as good")]


def _better_picture(own: Sequence[PictureQuality], number: int, other: Sequence[PictureQuality]) -> list[Reason]:
    said = []
    detail = median(each.detail for each in own) / max(1.0, median(each.detail for each in other))
    if detail >= 1.8:
        said.append(_reason("twice the detail", other=number))
    elif detail >= _DETAIL:
        said.append(_reason("more detail", percent=round(100 * (detail - 1)), other=number))
    if mean(each.overlaid for each in other) - mean(each.overlaid for each in own) > _SHARE / 2:
        said.append(_reason("nothing over it", other=number))
    lost = mean(each.lost for each in other) - mean(each.lost for each in own)
    if lost > _SHARE:
        said.append(_reason("more picture", percent=round(100 * lost), other=number))
    if mean(each.color for each in own) - mean(each.color for each in other) > _COLOR:
        said.append(_reason("color", other=number))
    if median(each.noise for each in other) - median(each.noise for each in own) > _NOISE:
        said.append(_reason("less noise", other=number))
    if median(each.blocking for each in other) - median(each.blocking for each in own) > _BLOCKING:
        said.append(_reason("fewer blocks", other=number))
    rate, less = median(each.rate for each in own), median(each.rate for each in other)
    if rate >= _RATE * less:
        said.append(_reason("smoother", rate=round(rate), less=round(less), other=number))
    if median(each.combing for each in other) - median(each.combing for each in own) > _SHARE:
        said.append(_reason("whole frames", other=number))
    return said


def _faults_of_picture(own: Sequence[PictureQuality]) -> list[Reason]:
    if not own:
        return []
    said = []
    lost, overlaid = mean(each.lost for each in own), mean(each.overlaid for each in own)
    if lost >= _SHARE / 2:
        said.append(_reason("cropped", percent=max(1, round(100 * lost))))
    if overlaid > _SHARE / 2:
        said.append(_reason("overlaid", percent=max(1, round(100 * overlaid))))
    if median(each.noise for each in own) > 2 * _NOISE:
        said.append(_reason("noisy"))
    if median(each.blocking for each in own) > 2 * _BLOCKING:
        said.append(_reason("blocky"))
    if mean(each.color for each in own) < 1 - 2 * _COLOR:
        said.append(_reason("colorless"))
    if median(each.combing for each in own) > 2 * _SHARE:
        said.append(_reason("combed"))
    return said


def of_sound(
    own: Sequence[SoundQuality], rivals: Iterable[Rival[SoundQuality]], *, is_in_step: bool = False
) -> tuple[Reason, ...]:
    """Why this sound, as `of_picture`. `is_in_step`: it comes from the copy that the picture comes from."""
    every = tuple(rivals)
    best = _best(every)
    better = [] if best is None else _better_sound(best.own, best.number, best.figures)
    step = [_reason("in step")] if is_in_step else []
    return (*_first(own, every, best, better), *step, *_faults_of_sound(own))


def _better_sound(own: Sequence[SoundQuality], number: int, other: Sequence[SoundQuality]) -> list[Reason]:
    said = []
    band, less = median(each.bandwidth_hz for each in own), median(each.bandwidth_hz for each in other)
    if band >= _BAND * less:
        said.append(_reason("wider", khz=f"{band / 1000:.1f}", less=f"{less / 1000:.1f}", other=number))
    hiss = median(each.noise_db for each in other) - median(each.noise_db for each in own)
    if hiss > _HISS_DB:
        said.append(_reason("less hiss", db=round(hiss), other=number))
    if mean(each.clipped for each in other) - mean(each.clipped for each in own) > _CLIPPED:
        said.append(_reason("undistorted", other=number))
    if mean(each.dropped for each in other) - mean(each.dropped for each in own) > _SHARE:
        said.append(_reason("unbroken", other=number))
    if median(each.channels for each in own) > median(each.channels for each in other):
        said.append(_reason("stereo", other=number))
    return said


def _faults_of_sound(own: Sequence[SoundQuality]) -> list[Reason]:
    if not own:
        return []
    said = []
    clipped, dropped = mean(each.clipped for each in own), mean(each.dropped for each in own)
    if clipped > _CLIPPED:
        said.append(_reason("clipped", percent=f"{100 * clipped:.1f}"))
    if dropped > _SHARE:
        said.append(_reason("broken", percent=round(100 * dropped)))
    if median(each.hum_db for each in own) > _HUM_DB:
        said.append(_reason("hum"))
    return said
