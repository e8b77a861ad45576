// title: Code for a model, method or dataset
// about: Repositories of the papers that name a thing; those that introduce it come first.
// param name: STRING = "CLIP" | the thing, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: role, repository, paper, url
// example: kg query code/for --name LoRA
WITH toLower($name) AS wanted
MATCH (n:Model|Method|Dataset|Benchmark|Task|Metric)
WITH n, wanted
WHERE toLower(n.name) = wanted OR any(alias IN n.aliases WHERE toLower(alias) = wanted)
OPTIONAL MATCH (p:Paper)-[r]->(n)
OPTIONAL MATCH (p)-[:HAS_CODE]->(c:Repository)
WITH n, r, p, c
WHERE c.id IS NOT NULL
RETURN type(r) AS role, c.name AS repository, p.title AS paper, c.url AS url
ORDER BY CASE role WHEN 'INTRODUCES' THEN 1 WHEN 'USES' THEN 2 ELSE 3 END, role, p.id, c.id, n.id
LIMIT $limit
