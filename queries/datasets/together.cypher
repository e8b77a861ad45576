// title: Which datasets and benchmarks go together
// about: Pairs of datasets and benchmarks that the same papers train or evaluate on.
// param least: INT = 2 | how many papers a pair must share
// param limit: INT = 20 | how many rows at most
// columns: one, other, papers, one_id, other_id
// example: kg query datasets/together --least 3
MATCH (a:Dataset|Benchmark)<-[:TRAINS_ON|EVALUATES_ON]-(p:Paper)-[:TRAINS_ON|EVALUATES_ON]->(b:Dataset|Benchmark)
WHERE a.id < b.id
WITH a.name AS one, b.name AS other, a.id AS one_id, b.id AS other_id, count(DISTINCT p) AS papers
WHERE papers >= $least
RETURN one, other, papers, one_id, other_id
ORDER BY papers DESC, one_id, other_id
LIMIT $limit
