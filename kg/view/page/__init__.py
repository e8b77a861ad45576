"""The graph as one HTML file: `part` says what is in it, `payload` makes its data, `picture` the file."""
