"""The definition of this folder as an expert would write it in DuckDB's SQL, and as most people do.

`SORTED` reads the history as Ripeline stores it: one branch a signal, so that a scan reads only the stretch of
one event name; weights in integers from a small table; traits compared only where a lead has several
statements; buckets told apart by numbers. Tried and not faster: weights as list literals, one branch for
signals of the same name, one GROUP BY for fit and engagement together, adding up by day first, windows
instead of `arg_max`.

`WIDE` is the form in most dashboards: one `sum(CASE ...)` a signal, in one pass over events in order of arrival.
"""

import duckdb

from benchmarks.generate import AS_OF_US, Data
from ripeline.adapters.columnar.columns import text_of

SUMMER_US = 1_774_746_000_000_000
"""Since when Berlin is two hours ahead: 2026-03-29T01:00:00Z. Nothing in the history is older than winter."""

_SHARED = f"""
CREATE TEMP MACRO day_of(ts) AS
  (ts + CASE WHEN ts >= {SUMMER_US} THEN 7200000000 ELSE 3600000000 END) // 86400000000;
CREATE TEMP MACRO today() AS day_of({AS_OF_US});
CREATE TEMP MACRO since(days) AS (today() - days - 1) * 86400000000;
CREATE TEMP MACRO half_life(points, days, age) AS
  CAST(round_even(points * 1000000 * power(2.0, -age / days), 0) AS BIGINT);

CREATE TEMP TABLE units AS SELECT
  age,
  half_life(0.5, 7, age) AS home,
  half_life(2, 14, age) AS product,
  half_life(6, 14, age) AS pricing,
  CAST(round_even(1000000 * greatest(30 - age, 0) / 30, 0) AS BIGINT) AS blog,
  half_life(1.5, 21, age) AS docs,
  half_life(3, 30, age) AS link_clicked,
  CAST(round_even(4000000 * power(0.5, age // 30), 0) AS BIGINT) AS case_study,
  half_life(8, 30, age) AS ebook,
  CAST(round_even(7000000 * greatest(60 - age, 0) / 60, 0) AS BIGINT) AS big_cart,
  half_life(20, 30, age) AS trial,
  half_life(3, 14, age) AS video,
  half_life(1, 10, age) AS signed_in,
  half_life(4, 20, age) AS integrations
FROM range(200) ages(age);

-- Whose events a device's are: those of the user it is next tied to, else of the last before.
CREATE TEMP TABLE tied AS SELECT
  device,
  coalesce(lag(ts) OVER per_device, -9223372036854775807) AS after_us,
  CASE WHEN lead(ts) OVER per_device IS NULL THEN 9223372036854775807 ELSE ts END AS until_us,
  who AS person
FROM links WHERE ts <= {AS_OF_US}
WINDOW per_device AS (PARTITION BY device ORDER BY ts, id);

CREATE TEMP VIEW acts AS SELECT
  coalesce(t.person, e.who) AS person,
  day_of(e.ts) AS day,
  e.ts, e.type, e.name,
  e."context.page.path:text" AS path,
  e."properties.channel:text" AS channel,
  e."properties.amount:number" AS amount
FROM events e
LEFT JOIN tied t ON t.device = e.who AND e.ts > t.after_us AND e.ts <= t.until_us
WHERE e.ts <= {AS_OF_US};
"""

_SUMS = """
CREATE TEMP TABLE sums AS
SELECT
  person,
  CAST(sum(CASE WHEN bucket = 0 THEN micro ELSE 0 END) AS BIGINT) AS strong,
  CAST(sum(CASE WHEN bucket = 1 THEN micro ELSE 0 END) AS BIGINT) AS weak,
  CAST(sum(CASE WHEN bucket = 2 THEN micro ELSE 0 END) AS BIGINT) AS buying,
  CAST(sum(CASE WHEN bucket = 3 THEN micro ELSE 0 END) AS BIGINT) AS negative
FROM (
  -- sums that fade, each with a cap
  SELECT person, 1 AS bucket, CAST(least(sum(u.home), 5000000) AS BIGINT) AS micro
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'page' AND name = 'Home' GROUP BY person
  UNION ALL
  SELECT person, 0, CAST(least(sum(u.product), 15000000) AS BIGINT)
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'page' AND name = 'Product' AND path LIKE '/product/%' GROUP BY person
  UNION ALL
  SELECT person, 2, CAST(least(sum(u.pricing), 30000000) AS BIGINT)
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'page' AND name = 'Pricing' GROUP BY person
  UNION ALL
  SELECT person, 0, CAST(least(sum(u.blog), 10000000) AS BIGINT)
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'page' AND name = 'Blog' AND path LIKE '/blog/%' AND ts >= since(30) AND u.age < 30 GROUP BY person
  UNION ALL
  SELECT person, 0, CAST(least(sum(u.docs), 12000000) AS BIGINT)
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'page' AND name = 'Docs' GROUP BY person
  UNION ALL
  SELECT person, 0, CAST(least(sum(u.link_clicked), 15000000) AS BIGINT)
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'track' AND name = 'Link Clicked' AND channel = 'mail' GROUP BY person
  UNION ALL
  SELECT person, 0, CAST(least(sum(u.case_study), 16000000) AS BIGINT)
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'page' AND name = 'Case Study' GROUP BY person
  UNION ALL
  SELECT person, 2, CAST(least(sum(u.ebook), 16000000) AS BIGINT)
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'track' AND name = 'Ebook Downloaded' GROUP BY person
  UNION ALL
  SELECT person, 2, CAST(least(sum(u.big_cart), 20000000) AS BIGINT)
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'track' AND name = 'Product Added' AND amount >= 300000000 AND ts >= since(60) AND u.age < 60
  GROUP BY person
  UNION ALL
  -- the most recent ones, fading
  SELECT person, 2, CAST(list_sum(max(u.trial, 2)) AS BIGINT)
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'track' AND name = 'Trial Downloaded' GROUP BY person
  UNION ALL
  SELECT person, 0, CAST(list_sum(max(u.video, 5)) AS BIGINT)
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'track' AND name = 'Video Played' AND channel <> 'ads' GROUP BY person
  UNION ALL
  SELECT person, 0, CAST(sum(least(times, 3) * u.signed_in) AS BIGINT)
  FROM (
    SELECT person, day, count(*) AS times FROM acts
    WHERE type = 'track' AND name = 'Signed In' GROUP BY person, day
  ) JOIN units u ON u.age = today() - day GROUP BY person
  UNION ALL
  SELECT person, 0, CAST(sum(micro) AS BIGINT)
  FROM (
    SELECT person, list_sum(max(u.integrations, 2)) AS micro
    FROM acts JOIN units u ON u.age = today() - day
    WHERE type = 'page' AND name = 'Integrations' AND path LIKE '%/1_'
    GROUP BY person, (day + 3) // 7
  ) GROUP BY person
  UNION ALL
  -- counts in a window, each with a cap
  SELECT person, 1, least(count(*) * 500000, 5000000) FROM acts
  WHERE type = 'track' AND name = 'Email Opened' AND ts >= since(30) AND day > today() - 30 GROUP BY person
  UNION ALL
  SELECT person, 0, least(count(*) * 3000000, 9000000) FROM acts
  WHERE type = 'page' AND name = 'Webinar' AND (path LIKE '/product/%' OR path LIKE '/cases/%')
    AND ts >= since(60) AND day > today() - 60 GROUP BY person
  UNION ALL
  SELECT person, 0, least(count(*) * 2000000, 6000000) FROM acts
  WHERE type = 'track' AND name = 'Search Performed' AND ts >= since(14) AND day > today() - 14 GROUP BY person
  UNION ALL
  SELECT person, 0, least(count(*) * 6000000, 18000000) FROM acts
  WHERE type = 'track' AND name = 'Form Submitted' AND amount BETWEEN 50000000 AND 400000000
    AND ts >= since(90) AND day > today() - 90 GROUP BY person
  UNION ALL
  -- once, while there are enough
  SELECT person, 0, 10000000 FROM acts
  WHERE type = 'page' AND name = 'Pricing' AND ts >= since(14) AND day > today() - 14
  GROUP BY person HAVING count(*) >= 3
  UNION ALL
  SELECT person, 3, -10000000 FROM acts
  WHERE type = 'track' AND name = 'Email Delivered' AND ts >= since(60) AND day > today() - 60
    AND person NOT IN (
      SELECT person FROM acts
      WHERE type = 'track' AND name IN ('Link Clicked', 'Form Submitted') AND ts >= since(60) AND day > today() - 60
    )
  GROUP BY person HAVING count(*) >= 3
  UNION ALL
  SELECT person, 2, 12000000 FROM acts
  WHERE type = 'track' AND name = 'Demo Used' AND ts >= since(45) AND day > today() - 45
  GROUP BY person HAVING count(*) >= 2
)
GROUP BY person;
"""

_WIDE_SUMS = """
CREATE TEMP TABLE daily AS
SELECT person, CAST(sum(micro) AS BIGINT) AS micro FROM (
  SELECT person, least(count(*), 3) * any_value(u.signed_in) AS micro
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'track' AND name = 'Signed In' GROUP BY person, day
  UNION ALL
  SELECT person, list_sum(max(u.integrations, 2))
  FROM acts JOIN units u ON u.age = today() - day
  WHERE type = 'page' AND name = 'Integrations' AND path LIKE '%/1_' GROUP BY person, (day + 3) // 7
) GROUP BY person;

CREATE TEMP TABLE wide AS
SELECT
  person,
  sum(CASE WHEN type = 'page' AND name = 'Home' THEN u.home END) AS home,
  sum(CASE WHEN type = 'page' AND name = 'Product' AND path LIKE '/product/%' THEN u.product END) AS product,
  sum(CASE WHEN type = 'page' AND name = 'Pricing' THEN u.pricing END) AS pricing,
  sum(CASE WHEN type = 'page' AND name = 'Blog' AND path LIKE '/blog/%' THEN u.blog END) AS blog,
  sum(CASE WHEN type = 'page' AND name = 'Docs' THEN u.docs END) AS docs,
  sum(CASE WHEN type = 'track' AND name = 'Link Clicked' AND channel = 'mail' THEN u.link_clicked END) AS clicked,
  sum(CASE WHEN type = 'page' AND name = 'Case Study' THEN u.case_study END) AS case_study,
  sum(CASE WHEN type = 'track' AND name = 'Ebook Downloaded' THEN u.ebook END) AS ebook,
  sum(CASE WHEN type = 'track' AND name = 'Product Added' AND amount >= 300000000 THEN u.big_cart END) AS big_cart,
  max(CASE WHEN type = 'track' AND name = 'Trial Downloaded' THEN u.trial END, 2) AS trial,
  max(CASE WHEN type = 'track' AND name = 'Video Played' AND channel <> 'ads' THEN u.video END, 5) AS video,
  sum(CASE WHEN type = 'track' AND name = 'Email Opened' AND u.age < 30 THEN 500000 END) AS opened,
  sum(CASE WHEN type = 'page' AND name = 'Webinar' AND (path LIKE '/product/%' OR path LIKE '/cases/%')
    AND u.age < 60 THEN 3000000 END) AS webinar,
  sum(CASE WHEN type = 'track' AND name = 'Search Performed' AND u.age < 14 THEN 2000000 END) AS search,
  sum(CASE WHEN type = 'track' AND name = 'Form Submitted' AND amount BETWEEN 50000000 AND 400000000
    AND u.age < 90 THEN 6000000 END) AS form,
  sum(CASE WHEN type = 'page' AND name = 'Pricing' AND u.age < 14 THEN 1 END) AS pricing_week,
  sum(CASE WHEN type = 'track' AND name = 'Email Delivered' AND u.age < 60 THEN 1 END) AS delivered,
  sum(CASE WHEN type = 'track' AND name IN ('Link Clicked', 'Form Submitted') AND u.age < 60 THEN 1 END) AS asked,
  sum(CASE WHEN type = 'track' AND name = 'Demo Used' AND u.age < 45 THEN 1 END) AS demo
FROM acts JOIN units u ON u.age = today() - day
GROUP BY person;

CREATE TEMP TABLE sums AS
SELECT
  w.person,
  CAST(least(coalesce(product, 0), 15000000) + least(coalesce(blog, 0), 10000000)
    + least(coalesce(docs, 0), 12000000) + least(coalesce(clicked, 0), 15000000)
    + least(coalesce(case_study, 0), 16000000) + coalesce(list_sum(video), 0) + coalesce(d.micro, 0)
    + least(coalesce(webinar, 0), 9000000) + least(coalesce(search, 0), 6000000)
    + least(coalesce(form, 0), 18000000)
    + CASE WHEN pricing_week >= 3 THEN 10000000 ELSE 0 END AS BIGINT) AS strong,
  CAST(least(coalesce(home, 0), 5000000) + least(coalesce(opened, 0), 5000000) AS BIGINT) AS weak,
  CAST(least(coalesce(pricing, 0), 30000000) + least(coalesce(ebook, 0), 16000000)
    + least(coalesce(big_cart, 0), 20000000) + coalesce(list_sum(trial), 0)
    + CASE WHEN demo >= 2 THEN 12000000 ELSE 0 END AS BIGINT) AS buying,
  CASE WHEN delivered >= 3 AND asked IS NULL THEN -10000000 ELSE 0 END AS negative
FROM wide w LEFT JOIN daily d ON d.person = w.person;
"""

_STATED = """
"company_size:number" AS size, "country:text" AS country, "title:text" AS title, "industry:text" AS industry,
"email:domain" AS domain
"""

_LATEST = """
arg_max("company_size:number", ts) AS size, arg_max("country:text", ts) AS country,
arg_max("title:text", ts) AS title, arg_max("industry:text", ts) AS industry,
arg_max("email:domain", ts) AS domain
"""

_SCORES = f"""
CREATE TEMP TABLE again AS
SELECT who FROM traits WHERE ts <= {AS_OF_US} GROUP BY who HAVING count(*) > 1;

CREATE TABLE scores AS
WITH stated AS (
  SELECT who, {_STATED} FROM traits
  WHERE ts <= {AS_OF_US} AND who NOT IN (SELECT who FROM again)
  UNION ALL
  SELECT who, {_LATEST} FROM traits
  WHERE ts <= {AS_OF_US} AND who IN (SELECT who FROM again) GROUP BY who
),
answers AS (
  SELECT
    who, size, country, industry, p.domain, seniority, function, kind,
    function = 'it' AND seniority IN ('head', 'vp', 'chief') AS head_of_it,
    function = 'marketing' AND seniority IN ('manager', 'director') AS marketing
  FROM stated p
  LEFT JOIN titles t ON t.title = p.title
  LEFT JOIN domains d ON d.domain = p.domain
),
fits AS (
  SELECT
    who AS person,
    coalesce(kind = 'disposable', FALSE) AS suppressed,
    CASE WHEN size BETWEEN 100000000 AND 500000000 THEN 30 WHEN size > 500000000 THEN 20 ELSE 0 END
      + CASE WHEN head_of_it OR function = 'purchasing' THEN 25 WHEN marketing THEN 20 ELSE 0 END
      + CASE WHEN country IN ('Germany', 'DE', 'Austria', 'CH') THEN 15 ELSE 0 END
      + CASE WHEN industry IN ('software', 'it services', 'machinery') THEN 10 ELSE 0 END AS up,
    CASE WHEN size < 10000000 THEN -20 ELSE 0 END + CASE WHEN seniority = 'intern' THEN -15 ELSE 0 END
      + CASE WHEN kind = 'free' THEN -15 ELSE 0 END AS down,
    CASE WHEN size IS NULL THEN 0 ELSE 3 END + CASE WHEN head_of_it IS NULL THEN 0 ELSE 1 END
      + CASE WHEN function IS NULL THEN 0 ELSE 1 END + CASE WHEN marketing IS NULL THEN 0 ELSE 1 END
      + CASE WHEN seniority IS NULL THEN 0 ELSE 1 END + CASE WHEN country IS NULL THEN 0 ELSE 1 END
      + CASE WHEN industry IS NULL THEN 0 ELSE 1 END + CASE WHEN domain IS NULL THEN 0 ELSE 1 END AS known
  FROM answers
),
totals AS (
  SELECT
    coalesce(f.person, s.person) AS person,
    coalesce(known, 0) AS known,
    coalesce(suppressed, FALSE) AS suppressed,
    CAST((least(coalesce(up, 0), 90) + greatest(coalesce(down, 0), -30)) * 1000000 AS BIGINT) AS fit,
    coalesce(negative, 0) AS negative,
    coalesce(weak, 0) AS weak,
    coalesce(strong, 0) + least(coalesce(buying, 0), 80000000) AS strong
  FROM fits f FULL JOIN sums s ON s.person = f.person
),
engaged AS (
  SELECT
    person, fit, suppressed,
    CASE WHEN known < 3 THEN 'unknown' WHEN fit >= 50000000 THEN 'great' WHEN fit >= 30000000 THEN 'good'
      WHEN fit >= 10000000 THEN 'fair' ELSE 'poor' END AS fit_level,
    least(strong + weak, 150000000) + negative AS everything,
    least(strong, 150000000) + negative AS without_weak
  FROM totals
),
levels AS (
  SELECT
    person, fit, fit_level, suppressed,
    least(everything, without_weak + greatest(without_weak, 0) * 25 // 100) AS engagement,
    CASE WHEN engagement >= 25000000 THEN 'high' WHEN engagement >= 12000000 THEN 'warm'
      WHEN engagement >= 4000000 THEN 'cool' ELSE 'low' END AS engagement_level
  FROM engaged
)
SELECT
  person, fit, fit_level, CAST(engagement AS BIGINT) AS engagement, engagement_level,
  CASE
    WHEN suppressed THEN NULL
    WHEN fit_level = 'great' AND engagement_level = 'high' THEN 'hot'
    ELSE
      CASE fit_level WHEN 'great' THEN 'A' WHEN 'good' THEN 'B' WHEN 'fair' THEN 'C' WHEN 'poor' THEN 'D'
        ELSE 'U' END
      || CASE engagement_level WHEN 'high' THEN '1' WHEN 'warm' THEN '2' WHEN 'cool' THEN '3' ELSE '4' END
  END AS rating
FROM levels;
"""

_NAMED = """
CREATE TABLE results AS
SELECT i.value AS lead, s.* EXCLUDE (person) FROM scores s JOIN identifiers i ON i.who = s.person ORDER BY i.value;
"""

SORTED = _SHARED + _SUMS + _SCORES
WIDE = _SHARED + _WIDE_SUMS + _SCORES
NAMED = _NAMED
"""The scores under the ids that people know, in their order: what a file of scores holds."""


def open_views(con: duckdb.DuckDBPyConnection, data: Data, *, arrival: bool = False) -> None:
    """Make the files readable under short names. arrival: events as they came in."""
    events = f"read_parquet({text_of(str(data.arrival))})" if arrival else data.of("events")
    sources = {kind: data.of(kind) for kind in ("traits", "links", "identifiers")} | {
        "events": events,
        "titles": text_of(str(data.titles)),
        "domains": text_of(str(data.domains)),
    }
    for name, source in sources.items():
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {source}")
