"""The engagement sums of the definition in ClickHouse (chdb), over the same files.

One wide pass of `sumIf`, which is how ClickHouse is used, after an ASOF join of devices to persons. Engagement
with all its caps in integers, without levels, fit and rating: less than the others do.
"""

from pathlib import Path

import chdb

from benchmarks.generate import AS_OF_US, Data
from benchmarks.hand_sql import SUMMER_US

DAY_US = 86_400_000_000


def _weights() -> str:
    ages = range(200)
    tables = {
        "home": [round(500_000 * 2 ** (-age / 7)) for age in ages],
        "product": [round(2_000_000 * 2 ** (-age / 14)) for age in ages],
        "pricing": [round(6_000_000 * 2 ** (-age / 14)) for age in ages],
        "blog": [round(1_000_000 * max(30 - age, 0) / 30) for age in ages],
        "docs": [round(1_500_000 * 2 ** (-age / 21)) for age in ages],
        "clicked": [round(3_000_000 * 2 ** (-age / 30)) for age in ages],
        "case_study": [round(4_000_000 * 0.5 ** (age // 30)) for age in ages],
        "ebook": [round(8_000_000 * 2 ** (-age / 30)) for age in ages],
        "big_cart": [round(7_000_000 * max(60 - age, 0) / 60) for age in ages],
        "trial": [round(20_000_000 * 2 ** (-age / 30)) for age in ages],
        "video": [round(3_000_000 * 2 ** (-age / 14)) for age in ages],
        "signed_in": [round(1_000_000 * 2 ** (-age / 10)) for age in ages],
        "integrations": [round(4_000_000 * 2 ** (-age / 20)) for age in ages],
    }
    return ", ".join(f"{values} AS w_{name}" for name, values in tables.items())


def _files(data: Data, kind: str) -> str:
    (path,) = {str(file) for file in (data.root / "history" / kind).glob("*.parquet")}
    return f"file('{path}', Parquet)"


def engagement_sql(data: Data) -> str:
    """Return the query: person, engagement."""
    today = (AS_OF_US + 7_200_000_000) // DAY_US
    return f"""
WITH {_weights()},
tied AS (
  SELECT device, assumeNotNull(who) AS person,
    if(leadInFrame(ts, 1, 0) OVER w = 0, 9223372036854775807, ts) AS until_us
  FROM {_files(data, "links")} WHERE ts <= {AS_OF_US}
  WINDOW w AS (PARTITION BY device ORDER BY ts, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
),
acts AS (
  SELECT
    if(t.person = 0, assumeNotNull(e.who), t.person) AS person,
    type = 'page' AS page, name, path, channel, amount,
    intDiv(e.ts + if(e.ts >= {SUMMER_US}, 7200000000, 3600000000), {DAY_US}) AS day, {today} - day AS age
  FROM (
    SELECT who, assumeNotNull(ts) AS ts, type, name, `context.page.path:text` AS path,
      `properties.channel:text` AS channel, `properties.amount:number` AS amount
    FROM {_files(data, "events")} WHERE ts <= {AS_OF_US}
  ) e ASOF LEFT JOIN tied t ON t.device = e.who AND e.ts <= t.until_us
),
wide AS (
  SELECT person,
    least(sumIf(w_home[age + 1], page AND name = 'Home'), 5000000) AS home,
    least(sumIf(w_product[age + 1], page AND name = 'Product' AND path LIKE '/product/%'), 15000000) AS product,
    least(sumIf(w_pricing[age + 1], page AND name = 'Pricing'), 30000000) AS pricing,
    least(sumIf(w_blog[age + 1], page AND name = 'Blog' AND path LIKE '/blog/%'), 10000000) AS blog,
    least(sumIf(w_docs[age + 1], page AND name = 'Docs'), 12000000) AS docs,
    least(sumIf(w_clicked[age + 1], NOT page AND name = 'Link Clicked' AND channel = 'mail'), 15000000) AS clicked,
    least(sumIf(w_case_study[age + 1], page AND name = 'Case Study'), 16000000) AS case_study,
    least(sumIf(w_ebook[age + 1], NOT page AND name = 'Ebook Downloaded'), 16000000) AS ebook,
    least(sumIf(w_big_cart[age + 1], NOT page AND name = 'Product Added' AND amount >= 300000000), 20000000) AS cart,
    arraySum(arraySlice(arrayReverseSort(
      groupArrayIf(w_trial[age + 1], NOT page AND name = 'Trial Downloaded')), 1, 2)) AS trial,
    arraySum(arraySlice(arrayReverseSort(
      groupArrayIf(w_video[age + 1], NOT page AND name = 'Video Played' AND channel <> 'ads')), 1, 5)) AS video,
    sumMapIf([age], [1], NOT page AND name = 'Signed In') AS signed,
    arraySum((a, n) -> least(n, 3) * w_signed_in[a + 1], signed.1, signed.2) AS signed_in,
    groupArrayIf((intDiv(day + 3, 7), w_integrations[age + 1]),
      page AND name = 'Integrations' AND path LIKE '%/1_') AS weekly,
    arraySum(w -> arraySum(arraySlice(arrayReverseSort(arrayMap(x -> x.2, arrayFilter(x -> x.1 = w, weekly))), 1, 2)),
      arrayDistinct(arrayMap(x -> x.1, weekly))) AS integrations,
    least(500000 * countIf(NOT page AND name = 'Email Opened' AND age < 30), 5000000) AS opened,
    least(3000000 * countIf(page AND name = 'Webinar' AND age < 60
      AND (path LIKE '/product/%' OR path LIKE '/cases/%')), 9000000) AS webinar,
    least(2000000 * countIf(NOT page AND name = 'Search Performed' AND age < 14), 6000000) AS search,
    least(6000000 * countIf(NOT page AND name = 'Form Submitted' AND age < 90
      AND amount BETWEEN 50000000 AND 400000000), 18000000) AS form,
    if(countIf(page AND name = 'Pricing' AND age < 14) >= 3, 10000000, 0) AS pricing_week,
    if(countIf(NOT page AND name = 'Email Delivered' AND age < 60) >= 3
      AND countIf(NOT page AND name IN ('Link Clicked', 'Form Submitted') AND age < 60) = 0, -10000000, 0) AS silent,
    if(countIf(NOT page AND name = 'Demo Used' AND age < 45) >= 2, 12000000, 0) AS demo
  FROM acts GROUP BY person
),
totals AS (
  SELECT person, silent, home + opened AS weak,
    product + blog + docs + clicked + case_study + video + signed_in + integrations + webinar + search + form
      + pricing_week + least(pricing + ebook + cart + trial + demo, 80000000) AS strong,
    least(strong + weak, 150000000) + silent AS everything,
    least(strong, 150000000) + silent AS without_weak
  FROM wide
)
SELECT toInt64(person) AS person,
  toInt64(least(everything, without_weak + intDiv(greatest(without_weak, 0) * 25, 100))) AS engagement
FROM totals
"""


def score(data: Data, out: Path) -> None:
    """Write person and engagement to a Parquet file."""
    chdb.query(f"{engagement_sql(data)} INTO OUTFILE '{out}' TRUNCATE FORMAT Parquet")
