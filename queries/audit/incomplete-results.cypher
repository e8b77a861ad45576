// title: Numbers that lack a part
// about: Reported numbers without a model, data or a metric: what a person could complete from the sentence.
// param limit: INT = 20 | how many rows at most
// columns: result, model, data, metric, evidence, id
// example: kg query audit/incomplete-results --limit 10
MATCH (p:Paper)-[r:REPORTS]->(x:Result)
OPTIONAL MATCH (x)-[:OF_MODEL]->(m:Model|Method)
OPTIONAL MATCH (x)-[:ON_DATASET]->(d:Dataset|Benchmark)
OPTIONAL MATCH (x)-[:IN_METRIC]->(k:Metric)
WITH p, r, x, m, d, k
WHERE m.id IS NULL OR d.id IS NULL OR k.id IS NULL
RETURN x.text AS result, m.name AS model, d.name AS data, k.name AS metric, r.evidence AS evidence, p.id AS id
ORDER BY x.id, coalesce(m.id, ''), coalesce(d.id, ''), coalesce(k.id, '')
LIMIT $limit
