"""Data goes out and comes back: JSON Lines for everything, and SQLite's own online backup."""
