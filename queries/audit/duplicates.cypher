// title: Names that look like duplicates
// about: Spellings that several things share, but for case, spaces and hyphens; the first and last by id. Most names first.
// param limit: INT = 20 | how many rows at most
// columns: spelling, names, one_id, other_id
// example: kg query audit/duplicates --limit 10
MATCH (n:Model|Method|Dataset|Benchmark|Task|Metric)
WITH n.id AS id, n.aliases + [n.name] AS names
UNWIND names AS name
WITH id, replace(replace(replace(toLower(name), '-', ''), ' ', ''), '_', '') AS spelling
WITH spelling, count(*) AS names, min(id) AS one_id, max(id) AS other_id
WHERE one_id <> other_id
RETURN spelling, names, one_id, other_id
ORDER BY names DESC, one_id, other_id, spelling
LIMIT $limit
