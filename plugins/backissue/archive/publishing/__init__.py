"""How a publish reaches readers: whole, or not at all."""
