// title: Families of models by the papers that name any member
// about: Versions and sizes counted with their family, each paper once; models/most-named counts each alone.
// param limit: INT = 20 | how many rows at most
// columns: family, papers, alone, members, id
// example: kg query models/families --limit 10
MATCH (root:Model)
WHERE NOT EXISTS { MATCH (root)-[:VARIANT_OF]->(:Model) }
MATCH (v:Model)-[:VARIANT_OF*0..3]->(root)
MATCH (p:Paper)-[:INTRODUCES|TRAINS_ON|EVALUATES_ON|COMPARES_TO|USES|MENTIONS]->(v)
RETURN root.name AS family,
       count(DISTINCT p.id) AS papers,
       root.papers AS alone,
       count(DISTINCT v.id) AS members,
       root.id AS id
ORDER BY papers DESC, id
LIMIT $limit
