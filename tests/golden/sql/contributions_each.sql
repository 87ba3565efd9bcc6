WITH stated_again AS (
  SELECT subject FROM (SELECT r.subject, r.today FROM traits t JOIN reach r ON t.who = r.who AND t.ts >= r.from_us AND t.ts < r.until_us WHERE t.ts <= r.as_of_us) GROUP BY subject HAVING count(*) > 1
),
stated AS (
  SELECT subject, today, "company_size:text" AS "company_size:text", "company_size:number" AS "company_size:number", "email:text" AS "email:text", "email:domain" AS "email:domain" FROM (SELECT r.subject, r.today, t.* FROM traits t JOIN reach r ON t.who = r.who AND t.ts >= r.from_us AND t.ts < r.until_us WHERE t.ts <= r.as_of_us) WHERE NOT subject IN (SELECT subject FROM stated_again) UNION ALL SELECT subject, today, "company_size".text_ AS "company_size:text", "company_size".number_ AS "company_size:number", "email".text_ AS "email:text", "email".domain_ AS "email:domain" FROM (SELECT subject, today, arg_max(CASE WHEN "company_size:text" IS NOT NULL OR "company_size:number" IS NOT NULL THEN struct_pack(text_ := "company_size:text", number_ := "company_size:number") END, rank) AS "company_size", arg_max(CASE WHEN "email:text" IS NOT NULL OR "email:domain" IS NOT NULL THEN struct_pack(text_ := "email:text", domain_ := "email:domain") END, rank) AS "email" FROM (SELECT r.subject, r.today, t.*, CAST(t.ts - (-4611686018427387904) AS HUGEINT) * 1099511627776 + t.seq AS rank FROM traits t JOIN reach r ON t.who = r.who AND t.ts >= r.from_us AND t.ts < r.until_us WHERE t.ts <= r.as_of_us) WHERE subject IN (SELECT subject FROM stated_again) GROUP BY subject, today)
),
profile AS (
  SELECT s.subject, s.today, t."company_size:text" AS "company_size:text", t."company_size:number" AS "company_size:number", t."email:text" AS "email:text" FROM subjects s LEFT JOIN stated t ON t.subject = s.subject 
),
answers AS (
  SELECT subject, ((p."company_size:number" >= 100000000) AND (p."company_size:number" <= 500000000)) AS c0, ((p."email:text" IS NOT NULL)) AS reachable FROM profile p
),
seen_0 AS (
  SELECT r.subject, r.today, ((e.ts + CASE WHEN e.ts >= 1774746000000000 THEN 62135604000000000 ELSE 62135600400000000 END) // 86400000000) AS day FROM events e JOIN reach r ON e.who = r.who AND e.ts >= r.from_us AND e.ts < r.until_us WHERE e.ts <= r.as_of_us AND e.type = 'track' AND e.name = 'Trial Downloaded'
),
raw_0 AS (
  SELECT subject, CAST(sum(u.micro) AS BIGINT) AS raw, 0 AS clamped FROM seen_0 JOIN units u ON u.signal = 0 AND u.age = greatest(0, today - day) WHERE u.age < 768 GROUP BY subject
),
sums AS (
  SELECT subject, CAST(sum(CASE WHEN bucket = 0 THEN micro ELSE 0 END) AS BIGINT) AS b0 FROM (SELECT subject, 0 AS bucket, least(greatest(-1000000000000000, least(raw, 1000000000000000)), 30000000) AS micro FROM raw_0) GROUP BY subject
),
totals AS (
  SELECT a.*, s.b0, ((CASE WHEN c0 THEN CAST(30000000 AS BIGINT) ELSE 0 END) + 0) AS fit, (coalesce(b0, 0) + 0) AS engagement FROM answers a LEFT JOIN sums s ON s.subject = a.subject
)
SELECT subject, 'fit' AS part, 0 AS position, 'mid_size' AS name, CAST((CASE WHEN c0 THEN CAST(30000000 AS BIGINT) ELSE 0 END) AS BIGINT) AS micro FROM totals WHERE (CASE WHEN c0 THEN CAST(30000000 AS BIGINT) ELSE 0 END) <> 0 UNION ALL SELECT subject, 'fit' AS part, 1 AS position, 'limit:fit' AS name, CAST(((CASE WHEN c0 THEN CAST(30000000 AS BIGINT) ELSE 0 END) + 0) - ((CASE WHEN c0 THEN CAST(30000000 AS BIGINT) ELSE 0 END) + 0) AS BIGINT) AS micro FROM totals WHERE ((CASE WHEN c0 THEN CAST(30000000 AS BIGINT) ELSE 0 END) + 0) <> ((CASE WHEN c0 THEN CAST(30000000 AS BIGINT) ELSE 0 END) + 0) UNION ALL SELECT subject, 'engagement' AS part, 0 AS position, 'signal' AS name, CAST(raw AS BIGINT) AS micro FROM raw_0 WHERE raw <> 0 UNION ALL SELECT subject, 'engagement' AS part, 1 AS position, 'clamp:signal' AS name, CAST(greatest(-1000000000000000, least(raw, 1000000000000000)) - raw AS BIGINT) AS micro FROM raw_0 WHERE clamped = 1 OR greatest(-1000000000000000, least(raw, 1000000000000000)) <> raw UNION ALL SELECT subject, 'engagement' AS part, 2 AS position, 'limit:signal' AS name, CAST(least(greatest(-1000000000000000, least(raw, 1000000000000000)), 30000000) - greatest(-1000000000000000, least(raw, 1000000000000000)) AS BIGINT) AS micro FROM raw_0 WHERE least(greatest(-1000000000000000, least(raw, 1000000000000000)), 30000000) <> greatest(-1000000000000000, least(raw, 1000000000000000)) UNION ALL SELECT subject, 'engagement' AS part, 3 AS position, 'limit:engagement' AS name, CAST((coalesce(b0, 0) + 0) - (coalesce(b0, 0) + 0) AS BIGINT) AS micro FROM totals WHERE (coalesce(b0, 0) + 0) <> (coalesce(b0, 0) + 0) UNION ALL SELECT subject, 'engagement' AS part, 4 AS position, 'limit:weak evidence' AS name, CAST(engagement - (coalesce(b0, 0) + 0) AS BIGINT) AS micro FROM totals WHERE engagement <> (coalesce(b0, 0) + 0) ORDER BY subject, part, position
