"""The nouns of the archive: frozen values without I/O. Their words are those of GLOSSARY.md."""
