"""A queue of work that survives its workers, and the workers. Knows nothing of archives."""
