"""Files on their way in: sent in pieces, kept apart, and known by nothing that a sender could choose.

protocol.py     the words of tus 1.0.0, read and written: pure
shelf.py        where the bytes lie until somebody decides: a folder that no address leads to
plain.py        the same for a form that a browser without scripts sends
"""
