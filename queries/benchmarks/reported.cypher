// title: Where there are numbers to compare
// about: Data with a metric, by how many models have a number there: each is a leaderboard to ask for.
// param name: STRING = "" | part of the name of the dataset or benchmark; empty for all
// param limit: INT = 20 | how many rows at most
// columns: data, metric, models, results, papers, id
// example: kg query benchmarks/reported --limit 10
WITH toLower($name) AS wanted
MATCH (d:Dataset|Benchmark)
WITH d, wanted
WHERE wanted = '' OR toLower(d.name) CONTAINS wanted OR any(alias IN d.aliases WHERE toLower(alias) CONTAINS wanted)
MATCH (x:Result)-[:ON_DATASET]->(d)
MATCH (x)-[:IN_METRIC]->(k:Metric)
MATCH (x)-[:OF_MODEL]->(m:Model|Method)
MATCH (p:Paper)-[:REPORTS]->(x)
WITH d.name AS data, k.name AS metric, count(DISTINCT m) AS models, count(DISTINCT x) AS results,
     count(DISTINCT p) AS papers, d.id AS id, k.id AS metric_id
RETURN data, metric, models, results, papers, id
ORDER BY models DESC, results DESC, id, metric_id
LIMIT $limit
