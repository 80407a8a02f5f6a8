"""Restoring: what a film is known by, which seconds of a copy show which seconds of a work. Asks an index, has none."""
