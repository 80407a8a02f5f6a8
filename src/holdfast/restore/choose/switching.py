"""The cheapest way along a line: at each step one of those that are there, at a price for changing from one to another.

Dynamic programming over the steps (Source: Viterbi, "Error bounds for convolutional codes", IEEE Trans. Inf. Theory,
1967). Exact, in steps times candidates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Step = Mapping[int, float]


def cheapest(steps: Sequence[Step], prices: Sequence[float]) -> list[int | None]:
    """Which candidate to take at each step, None where there is none.

    A step maps candidates to what they cost there. `prices[n]` is what it costs to change between steps n - 1 and n;
    the first counts nothing, nor does a change that happens because the one before is no longer there or because a
    step had no candidates. Among equals the one already taken stays, then the lowest number wins: the same costs give
    the same choice.

    Raises:
        ValueError: there are not as many prices as steps, or one is below 0.
    """
    if len(prices) != len(steps) or any(price < 0 for price in prices):
        raise ValueError("every step needs a price of 0 or more")
    found: list[int | None] = []
    run: list[int] = []
    for number in range(len(steps) + 1):
        if number < len(steps) and steps[number]:
            run.append(number)
            continue
        if run:
            found += _along([steps[each] for each in run], [prices[each] for each in run])
            run = []
        if number < len(steps):
            found.append(None)
    return found


def _along(steps: Sequence[Step], prices: Sequence[float]) -> list[int]:
    """The same where every step has a candidate."""
    spent = dict(steps[0])
    ways: list[dict[int, int]] = []
    for before, step, price in zip(steps, steps[1:], prices[1:], strict=False):
        best = min(spent, key=lambda each: (spent[each], each))
        # Whoever ends here has to be left: that is no choice, so it costs nothing.
        leaving = [each for each in before if each not in step]
        left = min(leaving, key=lambda each: (spent[each], each), default=None)
        here: dict[int, float] = {}
        way: dict[int, int] = {}
        for candidate in sorted(step):
            choices = [(spent[best] + price, 1, best)]
            if candidate in spent:
                choices.append((spent[candidate], 0, candidate))
            if left is not None:
                choices.append((spent[left], 1, left))
            cost, _, way[candidate] = min(choices)
            here[candidate] = cost + step[candidate]
        ways.append(way)
        spent = here
    last = min(spent, key=lambda each: (spent[each], each))
    found = [last]
    for way in reversed(ways):
        found.append(way[found[-1]])
    return found[::-1]
