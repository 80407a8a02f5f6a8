"""How dates are written where Django's own manner is not ours: one module for each language, as Django looks for them."""
