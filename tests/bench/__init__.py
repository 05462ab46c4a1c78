"""`make bench`: how many empty pages each page costs, at three sizes, with bounds that decide the exit code."""
