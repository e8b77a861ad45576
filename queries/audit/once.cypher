// title: Things that are named once
// about: Things that only one paper names, and does not introduce; the least sure first.
// param type: STRING = "" | Model, Method, Dataset, Benchmark, Task or Metric; empty for all
// param limit: INT = 20 | how many rows at most
// columns: name, type, confidence, evidence, id
// example: kg query audit/once --type dataset
WITH toLower($type) AS wanted
MATCH (p:Paper)-[r:TRAINS_ON|EVALUATES_ON|COMPARES_TO|USES|MENTIONS]->(n:Model|Method|Dataset|Benchmark|Task|Metric)
WHERE n.papers = 1 AND (wanted = '' OR toLower(head(labels(n))) = wanted)
RETURN n.name AS name, head(labels(n)) AS type, r.confidence AS confidence, r.evidence AS evidence, n.id AS id
ORDER BY coalesce(confidence, 0.0), id
LIMIT $limit
