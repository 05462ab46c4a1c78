"""What pages, charts and documents are made from: frozen rows, ready to show. One module a screen."""
