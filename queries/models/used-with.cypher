// title: What is used with a model, and on what data
// about: For the papers that name a model or method: the datasets and benchmarks they name, by how many do.
// param name: STRING = "CLIP" | the model or method, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: data, role, papers, id
// example: kg query models/used-with --name CLIP
WITH toLower($name) AS wanted
MATCH (m:Model|Method)
WITH m, wanted
WHERE toLower(m.name) = wanted OR any(alias IN m.aliases WHERE toLower(alias) = wanted)
MATCH (p:Paper)-[]->(m)
MATCH (p)-[r]->(d:Dataset|Benchmark)
RETURN d.name AS data, type(r) AS role, count(DISTINCT p) AS papers, d.id AS id
ORDER BY papers DESC, id, role
LIMIT $limit
