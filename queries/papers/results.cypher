// title: Reported results
// about: Numbers that papers report, with model, metric and data, and the sentence.
// param metric: STRING = "" | part of the metric's name; empty for all
// param limit: INT = 20 | how many rows at most
// columns: value, unit, metric, model, data, paper, evidence
// example: kg query papers/results --metric accuracy
MATCH (p:Paper)-[r:REPORTS]->(x:Result)-[:IN_METRIC]->(m:Metric)
WITH p, r, x, m, toLower($metric) AS wanted
WHERE wanted = '' OR toLower(m.name) CONTAINS wanted
OPTIONAL MATCH (x)-[:OF_MODEL]->(o:Model|Method)
OPTIONAL MATCH (x)-[:ON_DATASET]->(d:Dataset|Benchmark)
RETURN x.value AS value, x.unit AS unit, m.name AS metric, o.name AS model, d.name AS data, p.title AS paper, r.evidence AS evidence
ORDER BY metric, value DESC, x.id, m.id, coalesce(o.id, ''), coalesce(d.id, '')
LIMIT $limit
