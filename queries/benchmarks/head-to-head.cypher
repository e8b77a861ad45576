// title: Two models on the same data
// about: Numbers reported for two models on the same dataset or benchmark, in the same metric and unit.
// param one: STRING = "ResNet-50" | the first model or method, by name or alias
// param other: STRING = "ViT" | the second, likewise
// param limit: INT = 20 | how many rows at most
// columns: data, metric, one, other, unit, one_paper, other_paper
// example: kg query benchmarks/head-to-head --one ResNet-50 --other ViT
WITH toLower($one) AS first, toLower($other) AS second
MATCH (a:Model|Method)
WITH a, first, second
WHERE toLower(a.name) = first OR any(alias IN a.aliases WHERE toLower(alias) = first)
MATCH (x:Result)-[:OF_MODEL]->(a)
MATCH (x)-[:ON_DATASET]->(d:Dataset|Benchmark)
MATCH (x)-[:IN_METRIC]->(k:Metric)
MATCH (p:Paper)-[:REPORTS]->(x)
WITH x, d, k, p, second
MATCH (y:Result)-[:ON_DATASET]->(d)
MATCH (y)-[:IN_METRIC]->(k)
MATCH (y)-[:OF_MODEL]->(b:Model|Method)
WITH x, y, b, d, k, p, second
WHERE coalesce(x.unit, '') = coalesce(y.unit, '')
  AND (toLower(b.name) = second OR any(alias IN b.aliases WHERE toLower(alias) = second))
MATCH (q:Paper)-[:REPORTS]->(y)
RETURN d.name AS data, k.name AS metric, x.value AS one, y.value AS other, x.unit AS unit,
       p.title AS one_paper, q.title AS other_paper
ORDER BY d.id, k.id, x.id, y.id
LIMIT $limit
