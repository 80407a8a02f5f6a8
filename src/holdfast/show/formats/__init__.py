"""How dates are written where Django's own manner is not ours: a module for each language, as Django looks for it."""
