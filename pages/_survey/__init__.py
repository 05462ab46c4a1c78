"""Parts of the survey's page."""
