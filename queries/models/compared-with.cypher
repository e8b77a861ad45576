// title: What a model is compared with
// about: What papers set against it (one of the two is the paper's own) or beside it (both are baselines).
// param name: STRING = "BERT" | the model or method, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: name, against, beside, id
// example: kg query models/compared-with --name BERT
WITH toLower($name) AS wanted
MATCH (m:Model|Method)
WITH m, wanted
WHERE toLower(m.name) = wanted OR any(alias IN m.aliases WHERE toLower(alias) = wanted)
OPTIONAL MATCH (p:Paper)-[r:INTRODUCES|COMPARES_TO]->(m)
OPTIONAL MATCH (p)-[s:INTRODUCES|COMPARES_TO]->(o:Model|Method)
WITH m, r, p, s, o
WHERE o.id <> m.id AND (type(r) = 'COMPARES_TO' OR type(s) = 'COMPARES_TO')
RETURN o.name AS name,
       count(DISTINCT CASE WHEN type(r) <> type(s) THEN p.id END) AS against,
       count(DISTINCT CASE WHEN type(r) = type(s) THEN p.id END) AS beside,
       o.id AS id
ORDER BY against DESC, beside DESC, id
LIMIT $limit
