// title: Pages that papers link to
// about: Project pages, published models, datasets, demos and videos, by kind.
// param kind: STRING = "" | project, model, dataset, demo, video or other; empty for all
// param limit: INT = 20 | how many rows at most
// columns: kind, page, paper, url
// example: kg query code/links --kind model
WITH toLower($kind) AS wanted
MATCH (p:Paper)-[:LINKS_TO]->(g:Page)
WITH p, g, wanted
WHERE wanted = '' OR g.kind = wanted
RETURN coalesce(g.kind, '') AS kind, g.name AS page, p.title AS paper, g.url AS url
ORDER BY kind, g.id, p.id
LIMIT $limit
