"""Parts of the tracker's page."""
