// title: Papers without any code
// about: Papers that introduce something and link to no repository, newest first.
// param since: DATE = "0001-01-01" | only papers from this day on
// param limit: INT = 20 | how many rows at most
// columns: published, paper, introduces, id
// example: kg query code/without --since 2020-01-01
MATCH (p:Paper)
WHERE coalesce(p.published, date('0001-01-01')) >= $since
  AND NOT EXISTS { MATCH (p)-[:HAS_CODE]->(:Repository) }
  AND EXISTS { MATCH (p)-[:INTRODUCES]->(:Model|Method|Dataset|Benchmark) }
WITH p
ORDER BY coalesce(p.published, date('0001-01-01')) DESC, p.id
LIMIT $limit
MATCH (p)-[:INTRODUCES]->(n:Model|Method|Dataset|Benchmark)
RETURN p.published AS published, p.title AS paper, n.name AS introduces, p.id AS id
ORDER BY coalesce(published, date('0001-01-01')) DESC, id, n.id
LIMIT $limit
