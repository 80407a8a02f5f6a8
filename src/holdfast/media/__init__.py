"""Probe, decode, encode. The only room that imports FFmpeg (PyAV); needs the extra [media]."""
