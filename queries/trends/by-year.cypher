// title: The papers year by year
// about: How many papers each year has, how many of them introduce something and how many link to code.
// param since: DATE = "0001-01-01" | only papers from this day on
// param limit: INT = 20 | how many rows at most
// columns: year, papers, introducing, with_code
// example: kg query trends/by-year --since 2015-01-01
MATCH (p:Paper)
WHERE p.published >= $since
WITH p.published AS day, count(*) AS papers,
     sum(CASE WHEN EXISTS { MATCH (p)-[:INTRODUCES]->(:Model|Method|Dataset|Benchmark) } THEN 1 ELSE 0 END) AS introducing,
     sum(CASE WHEN EXISTS { MATCH (p)-[:HAS_CODE]->(:Repository) } THEN 1 ELSE 0 END) AS with_code
UNWIND ['19', '20'] AS century
UNWIND ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] AS decade
UNWIND ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] AS last
WITH century + decade + last AS year, day, papers, introducing, with_code
WHERE date(year + '-01-01') <= day AND day <= date(year + '-12-31')
RETURN year, sum(papers) AS papers, sum(introducing) AS introducing, sum(with_code) AS with_code
ORDER BY year DESC
LIMIT $limit
