"""What templates may ask of us."""
