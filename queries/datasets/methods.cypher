// title: What is used with a dataset
// about: Models and methods of the papers that train or evaluate on a dataset or benchmark, by how many name both.
// param name: STRING = "ImageNet" | the dataset or benchmark, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: name, type, papers, id
// example: kg query datasets/methods --name COCO
WITH toLower($name) AS wanted
MATCH (d:Dataset|Benchmark)
WITH d, wanted
WHERE toLower(d.name) = wanted OR any(alias IN d.aliases WHERE toLower(alias) = wanted)
MATCH (p:Paper)-[:TRAINS_ON|EVALUATES_ON]->(d)
MATCH (p)-[]->(n:Model|Method)
RETURN n.name AS name, head(labels(n)) AS type, count(DISTINCT p) AS papers, n.id AS id
ORDER BY papers DESC, id
LIMIT $limit
