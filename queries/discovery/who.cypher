// title: Who works on a thing
// about: Authors of the papers that name it, and of how many of those that introduce it.
// param name: STRING = "CLIP" | the thing, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: author, introduce, papers, id
// example: kg query discovery/who --name LoRA
WITH toLower($name) AS wanted
MATCH (n:Model|Method|Dataset|Benchmark|Task|Metric)
WITH n, wanted
WHERE toLower(n.name) = wanted OR any(alias IN n.aliases WHERE toLower(alias) = wanted)
MATCH (p:Paper)-[r]->(n)
MATCH (a:Author)-[:WROTE]->(p)
RETURN a.name AS author, count(DISTINCT CASE type(r) WHEN 'INTRODUCES' THEN p.id END) AS introduce,
       count(DISTINCT p) AS papers, a.id AS id
ORDER BY introduce DESC, papers DESC, id
LIMIT $limit
