// title: The first papers on a task or any thing
// about: The oldest papers that name it; papers without a date are left out.
// param name: STRING = "question answering" | the task or thing, by name or alias
// param since: DATE = "0001-01-01" | only papers from this day on
// param limit: INT = 20 | how many rows at most
// columns: published, role, paper, id
// example: kg query papers/first --name "object detection"
WITH toLower($name) AS wanted
MATCH (n:Model|Method|Dataset|Benchmark|Task|Metric)
WITH n, wanted
WHERE toLower(n.name) = wanted OR any(alias IN n.aliases WHERE toLower(alias) = wanted)
OPTIONAL MATCH (p:Paper)-[r]->(n)
WITH n, r, p
WHERE p.published >= $since
RETURN p.published AS published, type(r) AS role, p.title AS paper, p.id AS id
ORDER BY published, id, n.id
LIMIT $limit
