"""What the archive holds: one SQLite file, and the catalogue of articles in it."""
