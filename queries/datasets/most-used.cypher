// title: The datasets and benchmarks most trained and evaluated on
// about: Datasets and benchmarks by how many papers train or evaluate on them.
// param limit: INT = 20 | how many rows at most
// columns: data, trained, evaluated, papers, id
// example: kg query datasets/most-used --limit 10
MATCH (p:Paper)-[r:TRAINS_ON|EVALUATES_ON]->(d:Dataset|Benchmark)
RETURN d.name AS data,
       sum(CASE type(r) WHEN 'TRAINS_ON' THEN 1 ELSE 0 END) AS trained,
       sum(CASE type(r) WHEN 'EVALUATES_ON' THEN 1 ELSE 0 END) AS evaluated,
       count(DISTINCT p) AS papers,
       d.id AS id
ORDER BY papers DESC, id
LIMIT $limit
