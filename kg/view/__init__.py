"""Step 6: the graph to look at. `page` makes one file of it, `serve` is the explorer, `web` their scripts."""
