"""Requests in, pages out: a view asks the catalogue with the reader's levels, and hands what it got to a template."""
