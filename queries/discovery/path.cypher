// title: How two things are connected
// about: Shortest first: one paper names both, or two papers name a thing between them, the rarest first.
// param one: STRING = "CLIP" | the first, by name or alias
// param other: STRING = "BERT" | the second, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: papers, one_paper, through, other_paper
// example: kg query discovery/path --one CLIP --other BERT
WITH toLower($one) AS first, toLower($other) AS second
MATCH (n:Model|Method|Dataset|Benchmark|Task|Metric)
UNWIND n.aliases + [n.name] AS name
WITH n, toLower(name) AS name, first, second
WHERE name = first OR name = second
WITH n, first, second, max(CASE name WHEN first THEN 1 ELSE 0 END) = 1 AS is_one,
     max(CASE name WHEN second THEN 1 ELSE 0 END) = 1 AS is_other
WITH n.id AS end_id, n, is_one, first, second ORDER BY n.papers DESC, end_id LIMIT 10
OPTIONAL MATCH (p:Paper)-[]->(n)
OPTIONAL MATCH (p)-[]->(x:Model|Method|Dataset|Benchmark|Task|Metric)
WITH p, x, end_id, is_one, first, second
WHERE x.id <> end_id
WITH x, first, second,
     min(CASE WHEN is_one THEN p.id ELSE '~' END) AS from_one, min(CASE WHEN is_one THEN '~' ELSE p.id END) AS from_other
WHERE from_one <> '~'
UNWIND x.aliases + [x.name] AS name
WITH x, from_one, from_other, toLower(name) AS name, first, second
WITH x, from_one, from_other, max(CASE name WHEN first THEN 1 ELSE 0 END) = 1 AS is_one,
     max(CASE name WHEN second THEN 1 ELSE 0 END) = 1 AS is_other
WHERE NOT is_one AND (is_other OR (from_other <> '~' AND from_other <> from_one))
RETURN CASE WHEN is_other THEN 1 ELSE 2 END AS papers, from_one AS one_paper,
       CASE WHEN is_other THEN '' ELSE x.name END AS through,
       CASE WHEN is_other THEN from_one ELSE from_other END AS other_paper
ORDER BY papers, x.papers, x.id
LIMIT $limit
