"""Why a copy was taken, as values, and the one place where they become sentences.

    told(3, of_picture(own, others))     # "copy 3: twice the detail of copy 1; 4 % of the picture is cropped."

A `Reason` is a kind and its figures, so that it can be told in any language, drawn, or counted. Each kind is a whole
phrase of its own; phrases are put in a row, never inside of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from holdfast.restore.choose.quality import PictureQuality, SoundQuality

# Differences that a viewer or a listener would name.
_DETAIL, _NOISE, _BLOCKING, _SHARE, _COLOR, _RATE = 1.2, 2.0, 0.6, 0.02, 0.2, 1.25
_BAND, _HISS_DB, _CLIPPED, _HUM_DB = 1.25, 6.0, 0.002, 12.0
_MANY = 3

PHRASES = {
    "only": "the only copy of this stretch",
    "not measured": "its quality could not be measured here",
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


Others = Sequence[tuple[int, Sequence[PictureQuality]]]
OtherSounds = Sequence[tuple[int, Sequence[SoundQuality]]]


def of_picture(own: Sequence[PictureQuality], others: Others) -> tuple[Reason, ...]:
    """Why this picture, measured as `own` over a stretch, before those of other copies (number and measurements).

    It is held against the best of the others: what it has more comes first, then what is wrong with it all the same.
    """
    if not own:
        return (_reason("not measured"),) if others else (_reason("only"),)
    rivals = [(number, figures) for number, figures in others if figures]
    said: list[Reason] = []
    if rivals:
        number, figures = max(rivals, key=lambda rival: (mean(each.closeness for each in rival[1]), -rival[0]))
        said = _better_picture(own, number, figures)[:_MANY]
        if not said:
            gain = mean(each.closeness for each in own) - mean(each.closeness for each in figures)
            said = [_reason("closer", count=len(rivals) + 1) if gain > 0.01 else _reason("as good")]
    else:
        said = [_reason("only")]
    return (*said, *_faults_of_picture(own))


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


def of_sound(own: Sequence[SoundQuality], others: OtherSounds, *, is_in_step: bool = False) -> tuple[Reason, ...]:
    """Why this sound, as `of_picture`. `is_in_step`: it comes from the copy that the picture comes from."""
    step = [_reason("in step")] if is_in_step else []
    if not own:
        return (_reason("not measured"), *step) if others else (_reason("only"), *step)
    rivals = [(number, figures) for number, figures in others if figures]
    if not rivals:
        return (_reason("only"), *step, *_faults_of_sound(own))
    number, figures = max(rivals, key=lambda rival: (mean(each.closeness for each in rival[1]), -rival[0]))
    said = _better_sound(own, number, figures)[:_MANY]
    if not said:
        gain = mean(each.closeness for each in own) - mean(each.closeness for each in figures)
        said = [_reason("closer", count=len(rivals) + 1) if gain > 0.01 else _reason("as good")]
    return (*said, *step, *_faults_of_sound(own))


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
    said = []
    clipped, dropped = mean(each.clipped for each in own), mean(each.dropped for each in own)
    if clipped > _CLIPPED:
        said.append(_reason("clipped", percent=f"{100 * clipped:.1f}"))
    if dropped > _SHARE:
        said.append(_reason("broken", percent=round(100 * dropped)))
    if median(each.hum_db for each in own) > _HUM_DB:
        said.append(_reason("hum"))
    return said
