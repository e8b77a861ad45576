// title: What goes along with a thing
// about: Things that the same papers name, by how many do.
// param name: STRING = "CLIP" | the thing, by name or alias
// param type: STRING = "" | Model, Method, Dataset, Benchmark, Task or Metric; empty for all
// param limit: INT = 20 | how many rows at most
// columns: name, type, papers, of, id
// example: kg query discovery/alongside --name LoRA --type model
WITH toLower($name) AS wanted, toLower($type) AS kind
MATCH (n:Model|Method|Dataset|Benchmark|Task|Metric)
WITH n, wanted, kind
WHERE toLower(n.name) = wanted OR any(alias IN n.aliases WHERE toLower(alias) = wanted)
OPTIONAL MATCH (p:Paper)-[]->(n)
OPTIONAL MATCH (p)-[]->(o:Model|Method|Dataset|Benchmark|Task|Metric)
WITH n, p, o, kind
WHERE o.id <> n.id AND (kind = '' OR toLower(head(labels(o))) = kind)
RETURN o.name AS name, head(labels(o)) AS type, count(DISTINCT p) AS papers, o.papers AS of, o.id AS id
ORDER BY papers DESC, of, id
LIMIT $limit
