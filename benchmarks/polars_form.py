"""The engagement sums of the definition in Polars, over the same files.

Lazy and streaming, one branch a signal so that filters reach the scan; devices are joined to persons in a branch
of their own. Engagement with all its caps in integers, without levels, fit and rating: less than the others do.
"""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from benchmarks.generate import AS_OF_US, Data
from benchmarks.hand_sql import SUMMER_US

DAY_US = 86_400_000_000
NEVER = 2**63 - 1
TODAY = (AS_OF_US + 7_200_000_000) // DAY_US
PATH, CHANNEL, AMOUNT = (
    pl.col(name) for name in ("context.page.path:text", "properties.channel:text", "properties.amount:number")
)
AGE = pl.lit(TODAY) - pl.col("day")


def _page(name: str) -> pl.Expr:
    return (pl.col("type") == "page") & (pl.col("name") == name)


def _track(*names: str) -> pl.Expr:
    return (pl.col("type") == "track") & pl.col("name").is_in(names)


def _half_life(points: float, days: int) -> list[int]:
    return [round(points * 1_000_000 * 2 ** (-age / days)) for age in range(200)]


def _fade(points: int, days: int) -> list[int]:
    return [round(points * 1_000_000 * max(days - age, 0) / days) for age in range(200)]


def score(data: Data, out: Path) -> None:
    """Write person and engagement to a Parquet file."""
    tied = _tied(data)
    events = pl.scan_parquet(data.root / "history" / "events" / "*.parquet").filter(pl.col("ts") <= AS_OF_US)
    by_device = events.join(tied, left_on="who", right_on="device").filter(
        (pl.col("ts") > pl.col("after_us")) & (pl.col("ts") <= pl.col("until_us"))
    )
    by_user = events.join(tied, left_on="who", right_on="device", how="anti").with_columns(person=pl.col("who"))

    def acts(where: pl.Expr, days: int = 200) -> pl.LazyFrame:
        shift = pl.when(pl.col("ts") >= SUMMER_US).then(7_200_000_000).otherwise(3_600_000_000)
        since = (TODAY - days - 1) * DAY_US
        chosen = [
            part.filter(where, pl.col("ts") >= since).select("person", day=(pl.col("ts") + shift) // DAY_US)
            for part in (by_device, by_user)
        ]
        return pl.concat(chosen).filter(days > AGE)

    parts = [part.with_columns(pl.lit(bucket).alias("bucket")) for bucket, part in _signals(acts)]
    sums = (
        pl.concat(parts)
        .group_by("person")
        .agg(
            **{name: pl.col("micro").filter(pl.col("bucket") == name).sum() for name in ("strong", "weak", "buying")},
            negative=pl.col("micro").filter(pl.col("bucket") == "negative").sum(),
        )
    )
    strong = pl.col("strong") + pl.min_horizontal("buying", pl.lit(80_000_000))
    everything = pl.min_horizontal(strong + pl.col("weak"), pl.lit(150_000_000)) + pl.col("negative")
    firm = pl.min_horizontal(strong, pl.lit(150_000_000)) + pl.col("negative")
    supported = firm + pl.max_horizontal(firm, pl.lit(0)) * 25 // 100
    result = sums.select("person", engagement=pl.min_horizontal(everything, supported))
    result.collect(engine="streaming").write_parquet(out)


def _tied(data: Data) -> pl.LazyFrame:
    links = pl.read_parquet(data.root / "history" / "links" / "*.parquet").filter(pl.col("ts") <= AS_OF_US)
    following = pl.col("ts").shift(-1).over("device")
    return (
        links.sort("device", "ts")
        .select(
            "device",
            person=pl.col("who"),
            after_us=pl.col("ts").shift(1).over("device").fill_null(-NEVER),
            until_us=pl.when(following.is_null()).then(NEVER).otherwise(pl.col("ts")),
        )
        .lazy()
    )


def _signals(acts: Callable[..., pl.LazyFrame]) -> list[tuple[str, pl.LazyFrame]]:
    def weighed(where: pl.Expr, weights: list[int], days: int = 200) -> pl.LazyFrame:
        table = pl.LazyFrame({"day": [TODAY - age for age in range(200)], "micro": weights})
        return acts(where, days).join(table, on="day")

    def fading(where: pl.Expr, weights: list[int], cap: int, days: int = 200) -> pl.LazyFrame:
        total = pl.min_horizontal(pl.col("micro").sum(), pl.lit(cap * 1_000_000))
        return weighed(where, weights, days).group_by("person").agg(micro=total)

    def youngest(where: pl.Expr, weights: list[int], most: int) -> pl.LazyFrame:
        return weighed(where, weights).group_by("person").agg(micro=pl.col("micro").top_k(most).sum())

    def counted(where: pl.Expr, days: int, points: float, cap: int) -> pl.LazyFrame:
        micro = pl.min_horizontal(pl.len().cast(pl.Int64) * int(points * 1_000_000), pl.lit(cap * 1_000_000))
        return acts(where, days).group_by("person").agg(micro=micro)

    def often(where: pl.Expr, days: int, least: int, points: int) -> pl.LazyFrame:
        times = acts(where, days).group_by("person").agg(times=pl.len())
        return times.filter(pl.col("times") >= least).select("person", micro=pl.lit(points * 1_000_000, pl.Int64))

    daily = weighed(_track("Signed In"), _half_life(1, 10)).group_by("person", "day")
    daily = daily.agg(micro=pl.col("micro").top_k(3).sum()).group_by("person").agg(pl.col("micro").sum())
    integrations = weighed(_page("Integrations") & PATH.str.contains("/1.$"), _half_life(4, 20))
    weekly = integrations.group_by("person", week=(pl.col("day") + 3) // 7)
    weekly = weekly.agg(micro=pl.col("micro").top_k(2).sum()).group_by("person").agg(pl.col("micro").sum())
    webinar = PATH.str.starts_with("/product/") | PATH.str.starts_with("/cases/")
    asked = acts(_track("Link Clicked", "Form Submitted"), 60).select("person").unique()
    steps = [round(4_000_000 * 0.5 ** (age // 30)) for age in range(200)]
    return [
        ("weak", fading(_page("Home"), _half_life(0.5, 7), 5)),
        ("strong", fading(_page("Product") & PATH.str.starts_with("/product/"), _half_life(2, 14), 15)),
        ("buying", fading(_page("Pricing"), _half_life(6, 14), 30)),
        ("strong", fading(_page("Blog") & PATH.str.starts_with("/blog/"), _fade(1, 30), 10, 30)),
        ("strong", fading(_page("Docs"), _half_life(1.5, 21), 12)),
        ("strong", fading(_track("Link Clicked") & (CHANNEL == "mail"), _half_life(3, 30), 15)),
        ("strong", fading(_page("Case Study"), steps, 16)),
        ("buying", fading(_track("Ebook Downloaded"), _half_life(8, 30), 16)),
        ("buying", fading(_track("Product Added") & (AMOUNT >= 300_000_000), _fade(7, 60), 20, 60)),
        ("buying", youngest(_track("Trial Downloaded"), _half_life(20, 30), 2)),
        ("strong", youngest(_track("Video Played") & (CHANNEL != "ads"), _half_life(3, 14), 5)),
        ("strong", daily),
        ("strong", weekly),
        ("weak", counted(_track("Email Opened"), 30, 0.5, 5)),
        ("strong", counted(_page("Webinar") & webinar, 60, 3, 9)),
        ("strong", counted(_track("Search Performed"), 14, 2, 6)),
        ("strong", counted(_track("Form Submitted") & AMOUNT.is_between(50_000_000, 400_000_000), 90, 6, 18)),
        ("strong", often(_page("Pricing"), 14, 3, 10)),
        ("negative", often(_track("Email Delivered"), 60, 3, -10).join(asked, on="person", how="anti")),
        ("buying", often(_track("Demo Used"), 45, 2, 12)),
    ]
