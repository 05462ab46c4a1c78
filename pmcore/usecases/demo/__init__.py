"""The demo: a year of a small company, told by the same commands that people use, with the clocks of its stories.

What happened stands in `stories/*.toml`; this package reads it and plays it, everything in the order in which it
happened and in one transaction. Randomness comes from a fixed seed, so the same "now" gives the same year.
"""
