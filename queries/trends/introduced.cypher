// title: What was introduced in a period
// about: What papers introduce from one day to another: in how many papers, and how many name it in all.
// param since: DATE = "0001-01-01" | the first day
// param until: DATE = "9999-12-31" | the last day
// param limit: INT = 20 | how many rows at most
// columns: name, type, papers, named_by, id
// example: kg query trends/introduced --since 2022-01-01 --until 2022-12-31
MATCH (p:Paper)-[:INTRODUCES]->(n:Model|Method|Dataset|Benchmark)
WHERE $since <= p.published AND p.published <= $until
RETURN n.name AS name, head(labels(n)) AS type, count(*) AS papers, n.papers AS named_by, n.id AS id
ORDER BY named_by DESC, id
LIMIT $limit
