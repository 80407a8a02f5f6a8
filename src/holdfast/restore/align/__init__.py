"""Aligning: a line that was proposed made exact, to the frame of picture and the millisecond of sound."""
