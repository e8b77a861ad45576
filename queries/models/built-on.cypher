// title: What is built on a model or method
// about: Models and methods that papers say they fine-tune from it, extend it with or build on it; the surest first.
// param name: STRING = "CLIP" | a model or method, by name or alias
// param family: INT = 0 | 1 for what is built on its versions and sizes too
// param limit: INT = 20 | how many rows at most
// columns: built, base, confidence, paper, published, evidence, id
// example: kg query models/built-on --name BERT
WITH toLower($name) AS wanted, $family AS family
MATCH (m:Model|Method)
WITH m, wanted, family
WHERE toLower(m.name) = wanted OR any(alias IN m.aliases WHERE toLower(alias) = wanted)
MATCH (m)<-[:VARIANT_OF*0..3]-(b:Model|Method)
WITH DISTINCT b, m, family
WHERE family = 1 OR b.id = m.id
MATCH (n:Model|Method)-[r:BASED_ON]->(b)
MATCH (p:Paper)
WHERE p.id = r.paper
WITH DISTINCT n, r, b, p
RETURN n.name AS built, b.name AS base, r.confidence AS confidence, p.title AS paper, p.published AS published,
       r.evidence AS evidence, n.id AS id
ORDER BY confidence DESC, id, base
LIMIT $limit
