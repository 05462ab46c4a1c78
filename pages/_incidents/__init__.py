"""Parts of the pages Report, Log and Incidents."""
