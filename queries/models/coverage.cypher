// title: What a model has been evaluated on
// about: Data that papers with the model evaluate on, and how many numbers are reported for it there.
// param name: STRING = "CLIP" | the model or method, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: data, papers, results, id
// example: kg query models/coverage --name ResNet
WITH toLower($name) AS wanted
MATCH (m:Model|Method)
WITH m, wanted
WHERE toLower(m.name) = wanted OR any(alias IN m.aliases WHERE toLower(alias) = wanted)
MATCH (p:Paper)-[:INTRODUCES|USES|COMPARES_TO]->(m)
MATCH (p)-[:EVALUATES_ON]->(d:Dataset|Benchmark)
WITH m, d, count(DISTINCT p) AS papers
OPTIONAL MATCH (x:Result)-[:OF_MODEL]->(m)
OPTIONAL MATCH (x)-[:ON_DATASET]->(e:Dataset|Benchmark)
WITH d, papers, CASE WHEN e.id = d.id THEN x.id END AS result
RETURN d.name AS data, max(papers) AS papers, count(DISTINCT result) AS results, d.id AS id
ORDER BY results DESC, papers DESC, id
LIMIT $limit
