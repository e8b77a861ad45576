// title: What is rising
// about: Things by how much their share of all papers grew from one period to the next; the counts are papers.
// param since: DATE | the first day of the later period
// param before: DATE = "0001-01-01" | the first day of the earlier period
// param until: DATE = "9999-12-31" | the last day of the later period
// param least: INT = 3 | how many papers must name the thing
// param limit: INT = 20 | how many rows at most
// columns: name, type, earlier, later, id
// example: kg query trends/rising --since 2021-01-01 --before 2018-01-01
MATCH (p:Paper)
WHERE $before <= p.published AND p.published <= $until
WITH count(CASE WHEN p.published < $since THEN 1 END) AS all_earlier,
     count(CASE WHEN p.published >= $since THEN 1 END) AS all_later
MATCH (n:Model|Method|Dataset|Benchmark|Task|Metric)
WHERE n.papers >= $least
WITH n, all_earlier, all_later
MATCH (p:Paper)-[]->(n)
WHERE $before <= p.published AND p.published <= $until
WITH n, all_earlier, all_later,
     count(CASE WHEN p.published < $since THEN 1 END) AS earlier,
     count(CASE WHEN p.published >= $since THEN 1 END) AS later
WHERE later * all_earlier > earlier * all_later
RETURN n.name AS name, head(labels(n)) AS type, earlier, later, n.id AS id
ORDER BY later * all_earlier - earlier * all_later DESC, id
LIMIT $limit
