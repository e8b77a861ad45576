// title: What two papers share
// about: Things that both papers name, with the role in each; what few papers name comes first.
// param one: STRING = "Mistral 7B" | the first: its id, arXiv number or title
// param other: STRING = "Mixtral of Experts" | the second, likewise
// param limit: INT = 20 | how many rows at most
// columns: name, type, one_role, other_role, id
// example: kg query papers/in-common --one "Mistral 7B" --other "Mixtral of Experts"
WITH toLower($one) AS first, toLower($other) AS second
MATCH (p:Paper)
WITH p, p.id = first OR p.id = 'arxiv:' + first OR toLower(p.title) = first AS is_one,
     p.id = second OR p.id = 'arxiv:' + second OR toLower(p.title) = second AS is_other
WHERE is_one OR is_other
WITH p, is_one, is_other ORDER BY p.id LIMIT 10
MATCH (p)-[r]->(n:Model|Method|Dataset|Benchmark|Task|Metric)
WITH n, max(CASE WHEN is_one THEN type(r) ELSE '' END) AS one_role, max(CASE WHEN is_other THEN type(r) ELSE '' END) AS other_role
WHERE one_role <> '' AND other_role <> ''
RETURN n.name AS name, head(labels(n)) AS type, one_role, other_role, n.id AS id
ORDER BY n.papers, id
LIMIT $limit
