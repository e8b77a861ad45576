// title: A dataset year by year
// about: How many papers of each year name a dataset or benchmark, and how many of them train and evaluate on it.
// param name: STRING = "ImageNet" | the dataset or benchmark, by name or alias
// param limit: INT = 20 | how many rows at most
// columns: year, papers, trained, evaluated
// example: kg query datasets/history --name ImageNet
WITH toLower($name) AS wanted
MATCH (d:Dataset|Benchmark)
WITH d, wanted
WHERE toLower(d.name) = wanted OR any(alias IN d.aliases WHERE toLower(alias) = wanted)
MATCH (p:Paper)-[r]->(d)
WHERE p.published IS NOT NULL
WITH p.published AS day, count(DISTINCT p) AS papers,
     count(DISTINCT CASE type(r) WHEN 'TRAINS_ON' THEN p.id END) AS trained,
     count(DISTINCT CASE type(r) WHEN 'EVALUATES_ON' THEN p.id END) AS evaluated
UNWIND ['19', '20'] AS century
UNWIND ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] AS decade
UNWIND ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] AS last
WITH century + decade + last AS year, day, papers, trained, evaluated
WHERE date(year + '-01-01') <= day AND day <= date(year + '-12-31')
RETURN year, sum(papers) AS papers, sum(trained) AS trained, sum(evaluated) AS evaluated
ORDER BY year DESC
LIMIT $limit
