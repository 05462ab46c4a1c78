"""Data goes out and comes back: JSON Lines for everything, and SQLite's own online backup.

The format is described in `docs/operations.md`.
"""
