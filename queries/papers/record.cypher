// title: All that is known of a paper
// about: Its authors, what it names and in which role, its numbers, code and links, each with the sentence.
// param paper: STRING = "Mistral 7B" | the id, the arXiv number or the beginning of the title
// param limit: INT = 100 | how many rows at most
// columns: relation, name, type, evidence
// example: kg query papers/record --paper "Mistral 7B"
WITH toLower($paper) AS wanted
MATCH (p:Paper)
WHERE p.id = wanted OR p.id = 'arxiv:' + wanted OR toLower(p.title) STARTS WITH wanted
WITH p ORDER BY size(p.title), p.id LIMIT 1
OPTIONAL MATCH (a:Author)-[w:WROTE]->(p)
WITH p, collect({relation: 'WROTE', name: a.name, type: 'Author', evidence: '', place: w.rank, id: a.id}) AS authors
OPTIONAL MATCH (p)-[r]->(n:Model|Method|Dataset|Benchmark|Task|Metric|Repository|Page|Result)
WITH authors, collect({relation: type(r), name: n.name, type: head(labels(n)), evidence: r.evidence,
                       place: r.start, id: n.id}) AS facts
UNWIND authors + facts AS fact
WITH fact
WHERE fact.id IS NOT NULL
RETURN fact.relation AS relation, fact.name AS name, fact.type AS type, fact.evidence AS evidence
ORDER BY relation, coalesce(fact.place, 0), fact.id
LIMIT $limit
