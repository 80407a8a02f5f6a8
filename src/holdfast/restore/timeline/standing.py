"""How the pictures of copies stand to each other: mirrored, turned; and which of them are seen and heard at all.

Segments tell it of two copies at a time. The way most copies have it, by their ties, is taken for the work's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.restore.timeline.ties import Tie

Turn = tuple[bool, int]  # mirrored, then turned clockwise by so many degrees


@dataclass(frozen=True)
class Standing:
    """What is known of a copy's picture and sound against the work's; the fields are those of a placement."""

    mirrored: bool = False
    rotation: int = 0
    is_seen: bool = True
    is_heard: bool = True


def standing(copies: Sequence[int], ties: Sequence[Tie]) -> dict[int, Standing]:
    """The standing of each of these copies. A copy without ties has picture and sound, as far as anybody knows."""
    votes: dict[tuple[int, int], Counter[Turn]] = defaultdict(Counter)
    seen: dict[int, bool] = {}
    heard: dict[int, bool] = {}
    weights: Counter[int] = Counter()
    for tie in ties:
        for segment in tie.segments:
            for copy in (tie.a, tie.b):
                seen[copy] = seen.get(copy, False) or segment.seen
                heard[copy] = heard.get(copy, False) or segment.heard
            if segment.seen:
                said = segment.probability * float(segment.copy.duration)
                votes[tie.a, tie.b][segment.mirrored, segment.rotation % 360] += said  # type: ignore[assignment]
    edges = sorted(((max(turns.values()), pair, max(turns, key=lambda t: turns[t])) for pair, turns in votes.items()))
    turns = _spread(copies, [(pair, turn) for _, pair, turn in reversed(edges)])
    for weight, pair, _ in edges:
        for copy in pair:
            weights[copy] += weight
    share: dict[Turn, float] = defaultdict(float)
    for copy in copies:
        share[turns[copy]] += weights[copy] or 1e-6
    usual = back(max(sorted(share), key=lambda turn: share[turn])) if share else (False, 0)
    return {
        copy: Standing(*after(turns[copy], usual), is_seen=seen.get(copy, True), is_heard=heard.get(copy, True))
        for copy in copies
    }


def _spread(copies: Sequence[int], edges: Sequence[tuple[tuple[int, int], Turn]]) -> dict[int, Turn]:
    """How each copy stands to the first of its group, along the strongest edges (strongest first)."""
    turns = {copy: (copy, (False, 0)) for copy in copies}  # copy: whom it is told against, and how it stands to that
    for (a, b), turn in edges:
        root_a, to_a = turns[a]
        root_b, to_b = turns[b]
        if root_a == root_b:
            continue
        # a = turn(b) = turn(to_b(root_b)), a = to_a(root_a): so root_a = back(to_a)(turn(to_b(root_b)))
        between = after(back(to_a), after(turn, to_b))
        for copy, (root, to_root) in turns.items():
            if root == root_a:
                turns[copy] = (root_b, after(to_root, between))
    return {copy: turn for copy, (_, turn) in turns.items()}


def after(second: Turn, first: Turn) -> Turn:
    """What `first` and then `second` do together."""
    turned = -first[1] if second[0] else first[1]
    return second[0] != first[0], (second[1] + turned) % 360


def back(turn: Turn) -> Turn:
    """What undoes it."""
    return turn[0], turn[1] if turn[0] else -turn[1] % 360
