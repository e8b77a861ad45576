// title: The papers of an author
// about: An author's papers, newest first, with what each introduces.
// param name: STRING | the author, in any case
// param limit: INT = 20 | how many rows at most
// columns: published, paper, introduces, id
// example: kg query papers/by-author --name "Kaiming He"
WITH toLower($name) AS wanted
MATCH (a:Author)
WITH a, wanted
WHERE toLower(a.name) = wanted
MATCH (a)-[:WROTE]->(p:Paper)
OPTIONAL MATCH (p)-[:INTRODUCES]->(n:Model|Method|Dataset|Benchmark|Task|Metric)
RETURN p.published AS published, p.title AS paper, n.name AS introduces, p.id AS id
ORDER BY coalesce(published, date('0001-01-01')) DESC, id, coalesce(n.id, '')
LIMIT $limit
