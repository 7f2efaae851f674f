"""Whole evenings before a screen, told by each source in its own way over real HTTP, and judged at the stand-in of Trakt."""
