"""Every question that a page may ask, one short function each, gathered from one module a topic."""
