// title: Repositories that several papers link to
// about: Code repositories by how many papers give them as theirs.
// param least: INT = 2 | how many papers must link to it
// param limit: INT = 20 | how many rows at most
// columns: repository, papers, url
// example: kg query code/repositories --least 2
MATCH (p:Paper)-[:HAS_CODE]->(r:Repository)
WITH r.name AS repository, count(DISTINCT p) AS papers, r.url AS url, r.id AS id
WHERE papers >= $least
RETURN repository, papers, url
ORDER BY papers DESC, id
LIMIT $limit
