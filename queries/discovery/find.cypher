// title: Find things by part of their name
// about: Models, methods, datasets, benchmarks, tasks and metrics whose name or an alias holds the text.
// param name: STRING | part of a name, in any case
// param limit: INT = 20 | how many rows at most
// columns: name, type, papers, id
// example: kg query find --name clip
WITH toLower($name) AS wanted
MATCH (n:Model|Method|Dataset|Benchmark|Task|Metric)
WITH n, wanted
WHERE toLower(n.name) CONTAINS wanted OR any(alias IN n.aliases WHERE toLower(alias) CONTAINS wanted)
RETURN n.name AS name, head(labels(n)) AS type, n.papers AS papers, n.id AS id
ORDER BY papers DESC, id
LIMIT $limit
