"""The cache that lists and searches: made from the store alone, with a version instead of migrations."""
