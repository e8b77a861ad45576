"""Step 5: questions to a graph: named queries, search, what is around a node, what is new, why two names are one."""
