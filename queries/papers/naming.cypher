// title: Papers that name a thing, and how
// about: Every paper that names it, with the role and the sentence that says so.
// param name: STRING = "CLIP" | the name or an alias, in any case
// param limit: INT = 20 | how many rows at most
// columns: role, paper, evidence, id
// example: kg query papers/naming --name CLIP
WITH toLower($name) AS wanted
MATCH (n:Model|Method|Dataset|Benchmark|Task|Metric)
WITH n, wanted
WHERE toLower(n.name) = wanted OR any(alias IN n.aliases WHERE toLower(alias) = wanted)
OPTIONAL MATCH (p:Paper)-[r]->(n)
WITH n, r, p
WHERE p.id IS NOT NULL
RETURN type(r) AS role, p.title AS paper, r.evidence AS evidence, p.id AS id
ORDER BY role, id, n.id
LIMIT $limit
