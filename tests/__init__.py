"""The tests: `tests/<room>/test_<module>.py` for each module, `tests/house/` about the code itself."""
