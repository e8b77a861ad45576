// title: The most named models
// about: Models by how many papers name them, with how many introduce, use and compare with each.
// param limit: INT = 20 | how many rows at most
// columns: model, papers, introduced, used, compared, id
// example: kg query models/most-named --limit 10
MATCH (m:Model)
OPTIONAL MATCH (p:Paper)-[r]->(m)
WITH m, type(r) AS role
RETURN m.name AS model, m.papers AS papers,
       sum(CASE role WHEN 'INTRODUCES' THEN 1 ELSE 0 END) AS introduced,
       sum(CASE role WHEN 'USES' THEN 1 ELSE 0 END) AS used,
       sum(CASE role WHEN 'COMPARES_TO' THEN 1 ELSE 0 END) AS compared,
       m.id AS id
ORDER BY papers DESC, id
LIMIT $limit
