"""Bytes at a place. A backend never holds policy; what may be written or removed is decided above it."""
