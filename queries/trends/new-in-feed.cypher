// title: What is new in a feed
// about: What the papers of a feed introduce: how many of them do, and how many papers of all feeds name it.
// param feed: STRING = "" | the name of the feed; empty for the newest
// param limit: INT = 20 | how many rows at most
// columns: name, type, papers, named_by, id
// example: kg query trends/new-in-feed --feed sample
WITH toLower($feed) AS wanted
MATCH (f:Feed)
WITH f, wanted
WHERE wanted = '' OR toLower(f.name) = wanted
WITH f ORDER BY coalesce(f.published, date('0001-01-01')) DESC, f.id DESC LIMIT 1
MATCH (f)-[:LISTS]->(p:Paper)
MATCH (p)-[:INTRODUCES]->(n:Model|Method|Dataset|Benchmark)
RETURN n.name AS name, head(labels(n)) AS type, count(*) AS papers, n.papers AS named_by, n.id AS id
ORDER BY named_by DESC, id
LIMIT $limit
