"""Simulators shipped with the code: films with known truth, backends that fail on purpose."""
