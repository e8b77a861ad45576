// title: What two things share
// about: Papers that name both of two things, with the role of each.
// param one: STRING = "CLIP" | the first, by name or alias
// param other: STRING = "ImageNet" | the second, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: paper, one_role, other_role, id
// example: kg query discovery/shared --one CLIP --other ImageNet
WITH toLower($one) AS first, toLower($other) AS second
MATCH (a:Model|Method|Dataset|Benchmark|Task|Metric)
WITH a, first, second
WHERE toLower(a.name) = first OR any(alias IN a.aliases WHERE toLower(alias) = first)
MATCH (b:Model|Method|Dataset|Benchmark|Task|Metric)
WITH a, b, second
WHERE toLower(b.name) = second OR any(alias IN b.aliases WHERE toLower(alias) = second)
MATCH (p:Paper)-[r]->(a)
MATCH (p)-[s]->(b)
RETURN p.title AS paper, type(r) AS one_role, type(s) AS other_role, p.id AS id
ORDER BY id
LIMIT $limit
