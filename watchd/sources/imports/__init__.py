"""Files that are imported; reading them is pure, and what is wrong with one part of them stops no other."""
