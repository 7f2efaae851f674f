"""Measurements: watchd beside a bare aiohttp in one and the same run."""
