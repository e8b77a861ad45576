"""The explorer: a server on this machine that answers what its page asks."""
