// title: Families of models by the papers that name any member
// about: Versions and sizes counted with their family, each paper once; models/most-named counts each alone.
// param limit: INT = 20 | how many rows at most
// columns: family, papers, alone, members, id
// example: kg query models/families --limit 10
MATCH (m:Model)
OPTIONAL MATCH (m)-[:VARIANT_OF*1..3]->(r:Model)
WHERE NOT EXISTS { MATCH (r)-[:VARIANT_OF]->(:Model) }
WITH m, coalesce(r.id, m.id) AS id, coalesce(r.name, m.name) AS family, coalesce(r.papers, m.papers) AS alone
MATCH (p:Paper)-[:INTRODUCES|TRAINS_ON|EVALUATES_ON|COMPARES_TO|USES|MENTIONS]->(m)
RETURN family, count(DISTINCT p.id) AS papers, alone, count(DISTINCT m.id) AS members, id
ORDER BY papers DESC, id
LIMIT $limit
