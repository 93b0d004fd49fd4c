"""Pages to look at in a browser, each one file that needs nothing else: text, tables and charts."""
