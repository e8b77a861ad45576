// title: What the papers introduce
// about: Models, methods, datasets and benchmarks that a paper proposes or releases, newest first.
// param since: DATE = "0001-01-01" | only papers from this day on
// param limit: INT = 20 | how many rows at most
// columns: published, name, type, paper, id
// example: kg query papers/introducing --since 2023-01-01
MATCH (p:Paper)-[:INTRODUCES]->(n:Model|Method|Dataset|Benchmark)
WHERE coalesce(p.published, date('0001-01-01')) >= $since
RETURN p.published AS published, n.name AS name, head(labels(n)) AS type, p.title AS paper, n.id AS id
ORDER BY coalesce(published, date('0001-01-01')) DESC, id, p.id
LIMIT $limit
