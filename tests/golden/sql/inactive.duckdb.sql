WITH stated_again AS (
  SELECT subject FROM (SELECT t.who AS subject FROM traits t WHERE t.ts <= 1774994399999999) GROUP BY subject HAVING count(*) > 1
),
stated AS (
  SELECT subject, "company_size:text" AS "company_size:text", "company_size:number" AS "company_size:number", "email:text" AS "email:text", "email:domain" AS "email:domain" FROM (SELECT t.who AS subject, t.* FROM traits t WHERE t.ts <= 1774994399999999) WHERE NOT subject IN (SELECT subject FROM stated_again) UNION ALL SELECT subject, "company_size".text_ AS "company_size:text", "company_size".number_ AS "company_size:number", "email".text_ AS "email:text", "email".domain_ AS "email:domain" FROM (SELECT subject, arg_max(CASE WHEN "company_size:text" IS NOT NULL OR "company_size:number" IS NOT NULL THEN struct_pack(text_ := "company_size:text", number_ := "company_size:number") END, rank) AS "company_size", arg_max(CASE WHEN "email:text" IS NOT NULL OR "email:domain" IS NOT NULL THEN struct_pack(text_ := "email:text", domain_ := "email:domain") END, rank) AS "email" FROM (SELECT t.who AS subject, t.*, CAST(t.ts - (-4611686018427387904) AS HUGEINT) * 1099511627776 + t.seq AS rank FROM traits t WHERE t.ts <= 1774994399999999) WHERE subject IN (SELECT subject FROM stated_again) GROUP BY subject)
),
profile AS (
  SELECT s.subject, t."company_size:text" AS "company_size:text", t."company_size:number" AS "company_size:number", t."email:text" AS "email:text" FROM subjects s LEFT JOIN stated t ON t.subject = s.subject 
),
answers AS (
  SELECT subject, ((p."company_size:number" >= 100000000) AND (p."company_size:number" <= 500000000)) AS c0, ((p."email:text" IS NOT NULL)) AS reachable FROM profile p
),
seen_0 AS (
  SELECT coalesce(r.person, e.who) AS subject, ((e.ts + CASE WHEN e.ts >= 1774746000000000 THEN 62135604000000000 ELSE 62135600400000000 END) // 86400000000) AS day FROM events e LEFT JOIN tied r ON e.who = r.who AND e.ts >= r.from_us AND e.ts < r.until_us WHERE e.ts <= 1774994399999999
),
raw_0 AS (
  SELECT s.subject, 9000000 AS raw, 0 AS clamped FROM subjects s LEFT JOIN (SELECT subject, max(day) AS youngest FROM seen_0 GROUP BY subject) y ON y.subject = s.subject WHERE (coalesce(y.youngest, s.since_day) = -1 OR greatest(0, 739705 - coalesce(y.youngest, s.since_day)) >= 45)
),
sums AS (
  SELECT subject, CAST(sum(CASE WHEN bucket = 0 THEN micro ELSE 0 END) AS BIGINT) AS b0 FROM (SELECT subject, 0 AS bucket, greatest(-1000000000000000, least(raw, 1000000000000000)) AS micro FROM raw_0) GROUP BY subject
),
totals AS (
  SELECT a.*, s.b0, ((CASE WHEN c0 THEN CAST(30000000 AS BIGINT) ELSE 0 END) + 0) AS fit, (coalesce(b0, 0) + 0) AS engagement FROM answers a LEFT JOIN sums s ON s.subject = a.subject
),
levels AS (
  SELECT *, CASE WHEN (CASE WHEN c0 IS NULL THEN 0 ELSE 1 END) < 1 THEN 'unknown' WHEN fit >= 25000000 THEN 'good' ELSE 'poor' END AS fit_level, CASE  WHEN engagement >= 5000000 THEN 'high' ELSE 'low' END AS engagement_level FROM totals
),
cells AS (
  SELECT *, CASE fit_level WHEN 'good' THEN CASE engagement_level WHEN 'high' THEN 'A1' WHEN 'low' THEN 'A2' END WHEN 'poor' THEN CASE engagement_level WHEN 'high' THEN 'B1' WHEN 'low' THEN 'B2' END WHEN 'unknown' THEN CASE engagement_level WHEN 'high' THEN 'U1' WHEN 'low' THEN 'U2' END END AS cell_rating, CASE fit_level WHEN 'good' THEN CASE engagement_level WHEN 'high' THEN 'handoff' WHEN 'low' THEN 'nurture' END WHEN 'poor' THEN CASE engagement_level WHEN 'high' THEN 'follow_up' WHEN 'low' THEN 'remove' END WHEN 'unknown' THEN CASE engagement_level WHEN 'high' THEN 'handoff' WHEN 'low' THEN 'nurture' END END AS cell_action, coalesce(FALSE, FALSE) AS suppressed, FALSE AS to_sales, FALSE AS to_mql FROM levels
),
verdicts AS (
  SELECT *, (action = 'handoff' AND reachable AND NOT suppressed) AS meets_definition, CASE WHEN suppressed THEN 'suppressed' WHEN (action = 'handoff' AND reachable AND NOT suppressed) AND to_sales THEN 'sales_qualified' WHEN (action = 'handoff' AND reachable AND NOT suppressed) THEN 'mql' ELSE 'lead' END AS stage, CAST(NULL AS BIGINT) AS likelihood, to_sales OR to_mql AS raised FROM (SELECT *, CASE WHEN suppressed THEN NULL ELSE cell_rating END AS rating, CASE WHEN suppressed THEN 'none' WHEN to_sales OR to_mql THEN 'handoff' ELSE cell_action END AS action FROM cells)
)
SELECT subject, fit, fit_level, engagement, engagement_level, rating, action, meets_definition, stage, likelihood, reachable, raised FROM verdicts
