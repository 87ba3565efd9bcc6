"""Where the engines differ in what they call things. How to say it; where to run it is an adapter's matter.

Only what differs is here; everything else the emitters write is common SQL over 64-bit integers.
DuckDB is run by the tests. Spark and PostgreSQL have their table and are not run yet.
"""

from dataclasses import dataclass

from ripeline.vocabulary.columns import column_of


@dataclass(frozen=True, slots=True)
class Dialect:
    """Templates by what they mean; arguments are SQL text in {braces}.

    divide: whole-number division of non-negative numbers. wide: a type that holds 36 digits. bounded:
    NULL where a wide number leaves 18 digits. latest: the value of the row that is greatest by a wide
    key. record, part: several values carried as one, and one of them back.
    """

    name: str
    divide: str
    wide: str
    bounded: str
    latest: str
    record: str
    part: str
    contains: str
    starts_with: str
    list_contains: str
    escapes_backslash: bool

    def text(self, value: str) -> str:
        """Return a text constant."""
        escaped = value.replace("\\", "\\\\") if self.escapes_backslash else value
        return "'" + escaped.replace("'", "''") + "'"

    def name_of(self, name: str) -> str:
        """Return the column of a name, quoted."""
        quote = "`" if self.name == "spark" else '"'
        return quote + column_of(name).replace(quote, quote * 2) + quote

    def div(self, left: str, right: int) -> str:
        """Return left divided by a constant, cut to whole numbers; left must not be negative."""
        return self.divide.format(left=left, right=right)


DUCKDB = Dialect(
    name="duckdb",
    divide="({left} // {right})",
    wide="HUGEINT",
    bounded="CAST(TRY_CAST({value} AS DECIMAL(18, 0)) AS HUGEINT)",
    latest="arg_max({value}, {key})",
    record="struct_pack({fields})",
    part="{record}.{field}",
    contains="contains({text}, {item})",
    starts_with="starts_with({text}, {item})",
    list_contains="list_contains({items}, {item})",
    escapes_backslash=False,
)
SPARK = Dialect(
    name="spark",
    divide="({left} div {right})",
    wide="DECIMAL(38, 0)",
    bounded="TRY_CAST({value} AS DECIMAL(18, 0))",
    latest="max_by({value}, {key})",
    record="named_struct({fields})",
    part="{record}.{field}",
    contains="contains({text}, {item})",
    starts_with="startswith({text}, {item})",
    list_contains="array_contains({items}, {item})",
    escapes_backslash=True,
)
POSTGRES = Dialect(
    name="postgres",
    divide="({left} / {right})",
    wide="NUMERIC(38, 0)",
    bounded="CASE WHEN {value} BETWEEN -999999999999999999 AND 999999999999999999 THEN {value} END",
    latest="(array_agg({value} ORDER BY {key} DESC) FILTER (WHERE {value} IS NOT NULL))[1]",
    record="jsonb_build_object({fields})",
    part="({record} -> '{field}')",
    contains="(position({item} IN {text}) > 0)",
    starts_with="starts_with({text}, {item})",
    list_contains="({item} = ANY({items}))",
    escapes_backslash=False,
)
