"""Tests of our HTTP, over real connections."""
