// title: What two things share
// about: Papers that name both of two things, with the role of each.
// param one: STRING = "CLIP" | the first, by name or alias
// param other: STRING = "ImageNet" | the second, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: paper, one_role, other_role, id
// example: kg query discovery/shared --one CLIP --other ImageNet
WITH toLower($one) AS first, toLower($other) AS second
MATCH (n:Model|Method|Dataset|Benchmark|Task|Metric)
UNWIND n.aliases + [n.name] AS name
WITH n, toLower(name) AS name, first, second
WHERE name = first OR name = second
WITH n, max(CASE name WHEN first THEN 1 ELSE 0 END) = 1 AS is_one,
     max(CASE name WHEN second THEN 1 ELSE 0 END) = 1 AS is_other
WITH n, is_one, is_other ORDER BY n.papers DESC, n.id LIMIT 10
OPTIONAL MATCH (p:Paper)-[r]->(n)
WITH p, max(CASE WHEN is_one THEN type(r) ELSE '' END) AS one_role, max(CASE WHEN is_other THEN type(r) ELSE '' END) AS other_role
WHERE one_role <> '' AND other_role <> ''
RETURN p.title AS paper, one_role, other_role, p.id AS id
ORDER BY id
LIMIT $limit
