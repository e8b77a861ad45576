// title: Papers with code for a task
// about: Papers that name a task and link to their code.
// param task: STRING = "" | part of the task's name; empty for all
// param limit: INT = 20 | how many rows at most
// columns: task, paper, repository, url
// example: kg query code/with-code --task segmentation
WITH toLower($task) AS wanted
MATCH (t:Task)
WITH t, wanted
WHERE wanted = '' OR toLower(t.name) CONTAINS wanted OR any(alias IN t.aliases WHERE toLower(alias) CONTAINS wanted)
MATCH (p:Paper)-[]->(t)
MATCH (p)-[:HAS_CODE]->(r:Repository)
RETURN t.name AS task, p.title AS paper, r.name AS repository, r.url AS url
ORDER BY task, paper, repository, t.id, p.id, r.id
LIMIT $limit
