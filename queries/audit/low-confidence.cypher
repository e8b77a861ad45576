// title: Facts to check first
// about: The relationships the extractor was least sure of, with their sentence.
// param below: DOUBLE = 0.5 | only facts with less confidence than this
// param limit: INT = 20 | how many rows at most
// columns: confidence, paper, role, name, evidence
// example: kg query audit/low-confidence --below 0.4
MATCH (p:Paper)-[r:INTRODUCES|TRAINS_ON|EVALUATES_ON|COMPARES_TO|USES|MENTIONS]->(n:Model|Method|Dataset|Benchmark|Task|Metric)
WHERE r.confidence < $below
RETURN r.confidence AS confidence, p.title AS paper, type(r) AS role, n.name AS name, r.evidence AS evidence
ORDER BY confidence, p.id, n.id
LIMIT $limit
