// title: The family tree of a model
// about: The root of the model's family and all its versions and sizes, from the root down.
// param name: STRING = "CLIP" | any member of the family, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: depth, model, variant_of, papers, id
// example: kg query models/family --name CLIP
WITH toLower($name) AS wanted
MATCH (m:Model)
WITH m, wanted
WHERE toLower(m.name) = wanted OR any(alias IN m.aliases WHERE toLower(alias) = wanted)
MATCH (m)-[:VARIANT_OF*0..3]->(root:Model)
WHERE NOT EXISTS { MATCH (root)-[:VARIANT_OF]->(:Model) }
WITH DISTINCT root
MATCH path = (v:Model)-[:VARIANT_OF*0..3]->(root)
WITH v, length(path) AS depth
OPTIONAL MATCH (v)-[:VARIANT_OF]->(parent:Model)
RETURN depth, v.name AS model, parent.name AS variant_of, v.papers AS papers, v.id AS id
ORDER BY depth, coalesce(variant_of, ''), id
LIMIT $limit
