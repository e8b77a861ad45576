// title: What is used for a task
// about: Models and methods of the papers that name a task, and how many of those papers introduce them.
// param task: STRING = "question answering" | the task, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: name, type, papers, introduce, id
// example: kg query models/used-for --task "object detection"
WITH toLower($task) AS wanted
MATCH (t:Task)
WITH t, wanted
WHERE toLower(t.name) = wanted OR any(alias IN t.aliases WHERE toLower(alias) = wanted)
MATCH (p:Paper)-[]->(t)
MATCH (p)-[r]->(n:Model|Method)
RETURN n.name AS name, head(labels(n)) AS type, count(DISTINCT p) AS papers,
       count(DISTINCT CASE type(r) WHEN 'INTRODUCES' THEN p.id END) AS introduce, n.id AS id
ORDER BY papers DESC, introduce DESC, id
LIMIT $limit
