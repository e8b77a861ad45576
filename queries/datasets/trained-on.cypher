// title: Which models were trained on a dataset
// about: Models and methods introduced by papers that train on a dataset, with the sentence that names it.
// param name: STRING = "COCO" | the dataset or benchmark, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: model, paper, evidence, id
// example: kg query datasets/trained-on --name COCO
WITH toLower($name) AS wanted
MATCH (d:Dataset|Benchmark)
WITH d, wanted
WHERE toLower(d.name) = wanted OR any(alias IN d.aliases WHERE toLower(alias) = wanted)
MATCH (p:Paper)-[r:TRAINS_ON]->(d)
MATCH (p)-[:INTRODUCES]->(m:Model|Method)
RETURN m.name AS model, p.title AS paper, r.evidence AS evidence, m.id AS id
ORDER BY id, p.id, d.id
LIMIT $limit
