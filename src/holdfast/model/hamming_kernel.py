"""The inner loop of `hamming.within`, compiled for the processor at hand. Importing this loads a compiler (Numba).

Rules, each of which was measured (256 bits, 240 queries, one core of a Sapphire Rapids):

- A block of 1,024 rows stays in the innermost cache while all queries ask it: 3.8 G pairs a second; with blocks of
  4,096 rows, which do not fit there, 2.7 G.
- The vectors are written out. Left to itself the compiler takes half of each register, because processors of 2017
  became slow with whole ones: 0.8 G pairs.
- Groups of rows yield only their least distance; the rare group with a hit is looked at again, row by row.
- No early end after the first words: a bound that loses nothing saves nothing, since the fewer words one has seen the
  weaker it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit
from numba.core import cgutils as untyped_cgutils
from numba.core import types
from numba.extending import intrinsic as untyped_intrinsic

cgutils: Any = untyped_cgutils
intrinsic: Any = untyped_intrinsic

BLOCK_ROWS = 1024
GROUP_ROWS = 256  # a multiple of LANES, a divisor of BLOCK_ROWS
LANES = 8  # uint64 in 512 bits; narrower processors take two or four steps for one
_FAR = 1 << 20

_LANE = ir.IntType(64)
_VECTOR = ir.VectorType(_LANE, LANES)
_PLACE = ir.IntType(32)


def _least(_typing: Any, columns: Any, _first: Any, _count: Any, queries: Any, _query: Any) -> Any:
    """The least distance of query number `_query` to rows [_first, _first + _count), `_count` a multiple of LANES."""
    signature = types.uint64(columns, types.int64, types.int64, queries, types.int64)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        kind, _, _, query_kind, _ = signature.args
        tuples, first, count, query_array, query = values
        words = len(kind)
        data = [
            context.make_array(kind[word])(context, builder, builder.extract_value(tuples, word)).data
            for word in range(words)
        ]
        asked = context.make_array(query_kind)(context, builder, query_array).data
        row = builder.mul(query, _LANE(words))
        wanted = [
            _spread(builder, builder.load(builder.gep(asked, [builder.add(row, _LANE(w))]))) for w in range(words)
        ]
        count_bits = _vector_function(builder, "llvm.ctpop.v8i64", _VECTOR, 1)
        lesser = _vector_function(builder, "llvm.umin.v8i64", _VECTOR, 2)
        best = cgutils.alloca_once_value(builder, ir.Constant(_VECTOR, [_FAR] * LANES))
        with cgutils.for_range_slice(builder, first, builder.add(first, count), _LANE(LANES), _LANE) as (at, _):
            apart = ir.Constant(_VECTOR, [0] * LANES)
            for word in range(words):
                place = builder.bitcast(builder.gep(data[word], [at]), _VECTOR.as_pointer())
                differing = builder.xor(builder.load(place, align=8), wanted[word])
                apart = builder.add(apart, builder.call(count_bits, [differing]))
            builder.store(builder.call(lesser, [builder.load(best), apart]), best)
        least = _vector_function(builder, "llvm.vector.reduce.umin.v8i64", _LANE, 1)
        return builder.call(least, [builder.load(best)])

    return signature, generate


def _vector_function(builder: Any, name: str, gives: Any, takes: int) -> Any:
    return cgutils.get_or_insert_function(builder.module, ir.FunctionType(gives, [_VECTOR] * takes), name)


def _spread(builder: Any, value: Any) -> Any:
    """`value` in every lane."""
    nothing = ir.Constant(_VECTOR, ir.Undefined)
    one = builder.insert_element(nothing, value, _PLACE(0))
    return builder.shuffle_vector(one, nothing, ir.Constant(ir.VectorType(_PLACE, LANES), [0] * LANES))


def _bits(_typing: Any, _value: Any) -> Any:
    """How many bits of a uint64 are set."""

    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return builder.ctpop(values[0])

    return types.uint64(types.uint64), generate


least_distance = intrinsic(_least)
bits_set = intrinsic(_bits)


def _near_rows(queries: Any, columns: Any, radius: Any, query: Any, row: Any, distance: Any) -> Any:
    rows, room, found = columns[0].shape[0], query.shape[0], 0
    furthest = np.uint64(radius)
    for block in range(0, rows, BLOCK_ROWS):
        for asked in range(queries.shape[0]):
            for first in range(block, min(block + BLOCK_ROWS, rows), GROUP_ROWS):
                end = min(first + GROUP_ROWS, rows)
                whole = (end - first) // LANES * LANES
                if whole == end - first and least_distance(columns, first, whole, queries, asked) > furthest:
                    continue
                for at in range(first, end):
                    apart = np.uint64(0)
                    for word in range(len(columns)):
                        apart += bits_set(columns[word][at] ^ queries[asked, word])
                    if apart <= furthest:
                        if found < room:
                            query[found], row[found], distance[found] = asked, at, apart
                        found += 1
    return found


def compiled(function: Any) -> Any:
    """The function, compiled when it is first called, and kept on disk where there is a place for that."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:  # neither beside the source nor in a home can anything be written
        return njit(nogil=True)(function)


# near_rows(queries (q, words), columns: a tuple of (n,) uint64, radius, query, row, distance) -> how many there are.
# The three arrays are filled as far as they reach.
near_rows = compiled(_near_rows)
