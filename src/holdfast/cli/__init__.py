"""The command line: one file per command, named as its deed in actions."""
