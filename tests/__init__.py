"""Tests; the folders mirror those of watchd."""
