"""One file per deed: check, do, record the event in the same OCFL version, refresh the catalogue."""
