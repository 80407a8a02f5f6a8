"""Matching: which stretches of a copy show which works, asked of an index, told as lines with what speaks for them."""
