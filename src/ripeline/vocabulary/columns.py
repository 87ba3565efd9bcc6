"""Names of keys as names of columns, where upper and lower case must not meet.

SQL engines take `Plan` and `plan` for one column; a history holds both. So a name with capitals is followed
by a number in hexadecimal that says where they stand: `Plan^1`, `properties.userId:text^20000`.
"""

RESERVED = frozenset({"line", "rowid", "file_row_number"})
"""Columns that number the rows of a file being read; a file's own columns of these names get a mark too."""


REST = "rest"
"""The column of live events and statements that holds values without a column of their own, as JSON by name."""


def column_of(name: str) -> str:
    """Return the column of a name: no two names have columns that differ in case alone.

    >>> column_of("plan"), column_of("Plan"), column_of("plan^1"), column_of("userId:text")
    ('plan', 'Plan^1', 'plan^1^0', 'userId:text^10')
    """
    capitals = sum(1 << place for place, letter in enumerate(name) if "A" <= letter <= "Z")
    return f"{name}^{capitals:x}" if capitals or "^" in name or name in RESERVED else name


def name_of(column: str) -> str:
    """Return the name that a column stands for.

    >>> name_of("userId:text^10"), name_of("plan"), name_of("plan^1^0")
    ('userId:text', 'plan', 'plan^1')
    """
    name, mark, _ = column.rpartition("^")
    return name if mark else column
