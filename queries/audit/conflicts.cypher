// title: Conflicting results
// about: Different values of one metric for the same model and data; those of several papers first.
// param papers: INT = 1 | how many papers must report them
// param limit: INT = 20 | how many rows at most
// columns: model, data, metric, lowest, highest, papers, id
// example: kg query audit/conflicts --papers 1
MATCH (p:Paper)-[:REPORTS]->(x:Result)
MATCH (x)-[:OF_MODEL]->(m:Model|Method)
MATCH (x)-[:ON_DATASET]->(d:Dataset|Benchmark)
MATCH (x)-[:IN_METRIC]->(k:Metric)
WITH m.name AS model, d.name AS data, k.name AS metric, m.id AS id, d.id AS data_id, k.id AS metric_id,
     coalesce(x.unit, '') AS unit, min(x.value) AS lowest, max(x.value) AS highest, count(DISTINCT p) AS papers
WHERE lowest < highest AND papers >= $papers
RETURN model, data, metric, lowest, highest, papers, id
ORDER BY papers DESC, id, data_id, metric_id, unit
LIMIT $limit
