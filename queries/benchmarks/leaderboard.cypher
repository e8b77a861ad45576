// title: The leaderboard of a dataset or benchmark
// about: Numbers reported on it, with model, paper and sentence; the highest first within each metric and unit.
// param data: STRING = "ImageNet" | the dataset or benchmark, by name or alias
// param metric: STRING = "" | part of the metric's name; empty for all
// param lowest: INT = 0 | 1 for measures of which less is better
// param limit: INT = 20 | how many rows at most
// columns: value, unit, metric, model, paper, evidence
// example: kg query benchmarks/leaderboard --data ImageNet --metric accuracy
WITH toLower($data) AS wanted, toLower($metric) AS measure
MATCH (d:Dataset|Benchmark)
WITH d, wanted, measure
WHERE toLower(d.name) = wanted OR any(alias IN d.aliases WHERE toLower(alias) = wanted)
MATCH (x:Result)-[:ON_DATASET]->(d)
MATCH (x)-[:IN_METRIC]->(k:Metric)
WITH x, k, measure
WHERE x.value IS NOT NULL
  AND (measure = '' OR toLower(k.name) CONTAINS measure
       OR any(alias IN k.aliases WHERE toLower(alias) CONTAINS measure))
MATCH (x)-[:OF_MODEL]->(m:Model|Method)
MATCH (p:Paper)-[r:REPORTS]->(x)
RETURN x.value AS value, x.unit AS unit, k.name AS metric, m.name AS model, p.title AS paper, r.evidence AS evidence
ORDER BY k.id, coalesce(unit, ''), CASE $lowest WHEN 1 THEN value ELSE 0 - value END, x.id, m.id, p.id
LIMIT $limit
