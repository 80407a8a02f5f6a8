"""Bytes to model and back: pure and versioned. Every reader keeps the fields that it does not know."""
