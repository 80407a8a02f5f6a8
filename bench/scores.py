"""From answers to figures: which pairs are true, how far the times are off, and what a class's line says."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from recognisers import Found, Stretch

NEAR_S = 0.5
_STEP_S = 0.1


@dataclass
class Pair:
    """A work that a copy truly shows, and what was said about it. Errors in seconds, of rate in per cent."""

    work: str
    score: float = 0.0
    is_claimed: bool = False
    is_doubtful: bool = False
    offsets: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    placed_s: float = 0.0
    said_s: float = 0.0
    astray_s: float = 0.0
    true_s: float = 0.0
    segments: tuple[int, int] = (0, 0)


@dataclass
class Row:
    """One copy. `worst` is the highest score of a wrong pair, `wrong` names the works that were claimed wrongly."""

    file: str
    kind: str
    is_aside: bool
    seconds: float
    pairs: list[Pair]
    worst: float
    worst_work: str
    wrong: list[str]
    found: list[Found]
    strengths: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def judged(truth: dict[str, Any], found: Sequence[Found], seconds: float, pools: Any) -> Row:
    """The answer about one copy beside the truth. `pools` knows families, slides and what is kept aside."""
    shown = dict.fromkeys(pools.family(each["work"]) for each in truth["segments"])
    pairs = []
    for name in shown:
        true = [each for each in truth["segments"] if pools.family(each["work"]) == name]
        # By its own name only: times in other copies of the same work may differ.
        said = max((each for each in found if each.work == true[0]["work"]), key=lambda each: each.score, default=None)
        kin = [each.score for each in found if pools.family(each.work) == name]
        pair = Pair(true[0]["work"], max(kin, default=0.0))
        pair.is_claimed = any(each.is_claimed for each in found if pools.family(each.work) == name)
        pair.is_doubtful = not pair.is_claimed and bool(kin)
        if said is not None:
            measure(
                pair, true, said.segments, is_slides=pair.work in pools.SLIDES, is_still=truth["class"] == "thumbnail"
            )
        else:
            pair.true_s = sum(each["copy"][1] - each["copy"][0] for each in true) / 1e6
        pairs.append(pair)
    others = [each for each in found if pools.family(each.work) not in shown]
    worst = max(others, key=lambda each: each.score, default=None)
    return Row(
        truth["file"],
        truth["class"],
        pools.is_kept_aside(truth["segments"][0]["work"]),
        seconds,
        pairs,
        worst.score if worst else 0.0,
        worst.work if worst else "",
        [each.work for each in others if each.is_claimed],
        list(found),
        truth["strengths"],
    )


def measure(
    pair: Pair, true: Sequence[dict[str, Any]], said: Sequence[Stretch], *, is_slides: bool, is_still: bool
) -> None:
    """Fill in the errors of one work in one copy."""
    pair.segments = (len(said), len(true))
    lines = []
    for segment in true:
        begin, end = (each / 1e6 for each in segment["copy"])
        rate = float(Fraction(segment["rate"]))
        line = Stretch((begin, end), (segment["asset"][0] / 1e6, segment["asset"][1] / 1e6), rate)
        if is_still:
            pair.offsets += [abs(each.asset[0] - line.asset[0]) for each in said[:1]]
            continue
        best = max(said, key=lambda each: _overlap(each, line), default=None)
        if best is not None and _overlap(best, line) > 0 and not is_slides:
            middle = (max(begin, best.copy[0]) + min(end, best.copy[1])) / 2
            pair.offsets.append(abs(best.place(middle) - line.place(middle)))
            if not best.is_anchor:
                pair.ends += [abs(best.copy[0] - begin), abs(best.copy[1] - end)]
            if best.rate is not None:
                pair.rates.append(100 * abs(best.rate / rate - 1))
        lines.append(line)
        moments, step = _moments(line)
        pair.placed_s += step * sum(_is_placed(said, line, at) for at in moments)
        pair.true_s += end - begin
    for each in (each for each in said if not is_still and not each.is_anchor):
        moments, step = _moments(each)
        right = sum(any(_is_placed([each], line, at) for line in lines if _covers(line, at)) for at in moments)
        pair.said_s += step * len(moments)
        pair.astray_s += step * (len(moments) - right)


def _overlap(one: Stretch, line: Stretch) -> float:
    """Seconds of the copy that both cover; what lies far from the line counts little."""
    first, last = max(one.copy[0], line.copy[0]), min(one.copy[1], line.copy[1])
    if last <= first:
        return 0.0
    middle = (first + last) / 2
    return (last - first) * (1.0 if abs(one.place(middle) - line.place(middle)) < 2 * NEAR_S else 0.01)


def _moments(line: Stretch) -> tuple[list[float], float]:
    """Moments of the copy evenly within it, and how far apart they are."""
    begin, end = line.copy
    steps = max(1, round((end - begin) / _STEP_S))
    return [begin + (number + 0.5) * (end - begin) / steps for number in range(steps)], (end - begin) / steps


def _covers(line: Stretch, at: float) -> bool:
    return line.copy[0] <= at < line.copy[1]


def _is_placed(said: Sequence[Stretch], line: Stretch, at: float) -> bool:
    here = (each for each in said if _covers(each, at))
    return any(abs(each.place(at) - line.place(at)) <= NEAR_S for each in here)


def summary(rows: Sequence[Row], zero: float) -> str:
    """The line of a class at this threshold."""
    pairs = [pair for row in rows for pair in row.pairs]
    found = [pair for pair in pairs if pair.score > zero]
    claimed, wrong = sum(pair.is_claimed for pair in pairs), sum(len(row.wrong) for row in rows)
    doubtful = sum(pair.is_doubtful for pair in pairs)
    margin = f"{min(pair.score for pair in pairs) / zero:.1f}" if zero > 0 else "-"
    offsets = [error for pair in found for error in pair.offsets]
    ends = [error for pair in found for error in pair.ends]
    rates = [error for pair in found for error in pair.rates]
    true_s = sum(pair.true_s for pair in pairs)
    counts = [sum(pair.segments[side] for pair in found) for side in (0, 1)]
    says_where = any(pair.said_s for pair in pairs)
    placed = f"{100 * sum(pair.placed_s for pair in pairs) / true_s:.0f} %" if true_s and says_where else "-"
    said_s = sum(pair.said_s for pair in pairs)
    astray = f"{100 * sum(pair.astray_s for pair in pairs) / said_s:.0f} %" if said_s else "-"
    counted = f"{counts[0]}/{counts[1]}" if says_where else "-"
    return (
        f"{len(pairs):6}{100 * len(found) / len(pairs):6.1f} %{claimed:9}{len(pairs) - claimed - doubtful:7}{wrong:6}"
        f"{doubtful:6}{margin:>8}{_two(offsets, 95):>16}{_two(ends, 90):>14}"
        f"{f'{statistics.median(rates):.2f}' if rates else '-':>8}{placed:>8}{astray:>8}{counted:>10}"
    )


def _two(errors: Sequence[float], share: int) -> str:
    if not errors:
        return "-"
    ranked = sorted(errors)
    return f"{statistics.median(ranked):.2f}/{ranked[min(len(ranked) - 1, len(ranked) * share // 100)]:.2f}"
