"""The index of fingerprints: which works look or sound like what is asked about. A cache, made from the store alone.

`shelf.Shelf` is its face. What lies on it are shards (`shard`), files that are never changed; `points` and `sounds` are
the tables in them, `rising` their times, `search` asks one of them and is a pure function, so that many can be asked
side by side.
"""
