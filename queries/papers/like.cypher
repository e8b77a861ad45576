// title: Papers most like a paper
// about: Papers that name the same things; each counts for 1000 shared out among its papers.
// param paper: STRING = "Mistral 7B" | the id, the arXiv number or the beginning of the title
// param limit: INT = 20 | how many rows at most
// columns: likeness, shared, paper, id
// example: kg query papers/like --paper "Mistral 7B"
WITH toLower($paper) AS wanted
MATCH (p:Paper)
WHERE p.id = wanted OR p.id = 'arxiv:' + wanted OR toLower(p.title) STARTS WITH wanted
WITH p ORDER BY size(p.title), p.id LIMIT 1
OPTIONAL MATCH (p)-[]->(n:Model|Method|Dataset|Benchmark|Task|Metric)
WITH p, n
WHERE n.papers > 1 AND n.papers <= 1000
OPTIONAL MATCH (q:Paper)-[]->(n)
WITH p, n, q
WHERE q.id <> p.id
RETURN sum(1000 / n.papers) AS likeness, count(DISTINCT n) AS shared, q.title AS paper, q.id AS id
ORDER BY likeness DESC, id
LIMIT $limit
