"""KEEP: what enters the archive and how, and whether it is still what it was."""
