// title: What a task is evaluated on
// about: Datasets and benchmarks that the papers naming a task evaluate on.
// param task: STRING = "question answering" | the task, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: data, type, papers, id
// example: kg query benchmarks/for-task --task "object detection"
WITH toLower($task) AS wanted
MATCH (t:Task)
WITH t, wanted
WHERE toLower(t.name) = wanted OR any(alias IN t.aliases WHERE toLower(alias) = wanted)
MATCH (p:Paper)-[]->(t)
MATCH (p)-[:EVALUATES_ON]->(d:Dataset|Benchmark)
RETURN d.name AS data, head(labels(d)) AS type, count(DISTINCT p) AS papers, d.id AS id
ORDER BY papers DESC, id
LIMIT $limit
