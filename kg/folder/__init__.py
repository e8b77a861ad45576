"""The graph folder: where its files are, who may write to it, what was read and extracted, what was set aside."""
