"""Conditions as SQL over the twins of values. SQL's own three-valued logic does the rest."""

from collections.abc import Callable
from dataclasses import dataclass

from ripeline.definition.conditions import (
    And,
    Arithmetic,
    Coalesce,
    Compare,
    Condition,
    Contains,
    DaysSince,
    Expr,
    IsNull,
    Like,
    Literal,
    Lower,
    Name,
    Not,
    Or,
    StartsWith,
    Truth,
    Wildcard,
)
from ripeline.scoring.dialects import Dialect
from ripeline.vocabulary.points import MICRO
from ripeline.vocabulary.values import TWINS, Value

NULL = "NULL"
SCALAR_TWINS = ("text", "number", "boolean", "day", "instant")
_TYPES = {"text": "VARCHAR", "number": "BIGINT", "boolean": "BOOLEAN", "day": "BIGINT", "instant": "BIGINT"}


@dataclass(frozen=True, slots=True)
class ConditionSql:
    """Emits conditions.

    column: the SQL of a name's twin, or None where no value has that twin. day_of: the local day of an
    instant. today: the scored day.
    """

    dialect: Dialect
    column: Callable[[Name, str], str | None]
    day_of: Callable[[str], str]
    today: str

    def holds(self, condition: Condition) -> str:
        """Return the condition as SQL, in parentheses."""
        match condition:
            case And(args):
                return "(" + " AND ".join(map(self.holds, args)) + ")"
            case Or(args):
                return self._in_list(args) or "(" + " OR ".join(map(self.holds, args)) + ")"
            case Not(arg):
                return f"(NOT {self.holds(arg)})"
            case IsNull(arg):
                return f"(NOT {self.known(arg)})"
            case Compare(op, left, Literal(constant)):
                twin, text = self._reading(op, constant)
                return f"({self.twin(left, twin)} {op} {text})"
            case Compare(op, left, right):
                return self._compare_values(op, left, right)
            case Truth(arg):
                return f"({self.twin(arg, 'boolean')})"
        return self._of_text(condition)

    def known(self, expr: Expr) -> str:
        """Return whether an expression has a value; never NULL itself."""
        match expr:
            case Name():
                twins = [sql for twin in TWINS if (sql := self.column(expr, twin)) is not None]
                return "(" + (" OR ".join(f"{sql} IS NOT NULL" for sql in twins) or "FALSE") + ")"
            case Literal():
                return "TRUE"
            case Coalesce(args):
                return "(" + " OR ".join(map(self.known, args)) + ")"
            case Lower():
                return f"({self.twin(expr, 'text')} IS NOT NULL)"
        return f"({self.twin(expr, 'number')} IS NOT NULL)"

    def twin(self, expr: Expr, twin: str) -> str:
        """Return one reading of an expression, NULL where it has none."""
        match expr:
            case Name():
                return self._fold(expr) if twin == "fold" else self.column(expr, twin) or self._null(twin)
            case Literal(value):
                return self._constant(value, twin)
            case Coalesce(args):
                cases = " ".join(f"WHEN {self.known(arg)} THEN {self.twin(arg, twin)}" for arg in args)
                return f"CASE {cases} END"
            case Lower(arg):
                return self.twin(arg, "fold") if twin in {"text", "fold"} else self._null(twin)
        return self._number(expr) if twin == "number" else self._null(twin)

    def _fold(self, name: Name) -> str:
        text, folded = self.column(name, "text"), self.column(name, "folded")
        if text is None:
            return self._null("text")
        lowered = f"lower({text})"
        return lowered if folded is None else f"coalesce({folded}, {lowered})"

    def _null(self, twin: str) -> str:
        return f"CAST(NULL AS {_TYPES[twin]})" if twin in _TYPES else NULL

    def _constant(self, value: Value, twin: str) -> str:
        raw = value.fold if twin == "fold" else getattr(value, twin)
        if raw is None:
            return self._null("text" if twin == "fold" else twin)
        if isinstance(raw, bool):
            return "TRUE" if raw else "FALSE"
        return self.dialect.text(raw) if isinstance(raw, str) else str(raw)

    def _reading(self, op: str, constant: Value) -> tuple[str, str]:
        """Return under which twin a constant is compared, and the constant: it decides, not the value."""
        if constant.text is None:
            twin = "boolean" if constant.number is None else "number"
        elif op in {"=", "<>"}:
            twin = "text"
        else:
            twin = "instant" if constant.day is None else "day"
        return twin, self._constant(constant, twin)

    def _in_list(self, args: tuple[Condition, ...]) -> str | None:
        """Write equalities of one expression with texts as one IN: long lists stay fast."""
        texts: list[str] = []
        for arg in args:
            match arg:
                case Compare("=", left, Literal(Value(text=str() as text))) if left == _left(args[0]):
                    texts.append(self.dialect.text(text))
                case _:
                    return None
        return f"({self.twin(_left(args[0]), 'text')} IN ({', '.join(texts)}))"

    def _compare_values(self, op: str, left: Expr, right: Expr) -> str:
        twins = SCALAR_TWINS if op in {"=", "<>"} else ("number", "day", "instant")
        cases: list[str] = []
        for twin in twins:
            one, other = self.twin(left, twin), self.twin(right, twin)
            cases.append(f"WHEN {one} IS NOT NULL AND {other} IS NOT NULL THEN {one} {op} {other}")
        return f"(CASE {' '.join(cases)} END)"

    def _of_text(self, condition: Like | StartsWith | Contains) -> str:
        text = self.twin(condition.arg, "text")
        match condition:
            case Like(_, pattern):
                like, escape = self.dialect.text(_pattern(pattern)), self.dialect.text("\\")
                return f"({text} LIKE {like} ESCAPE {escape})"
            case StartsWith(_, prefix):
                return "(" + self.dialect.starts_with.format(text=text, item=self.dialect.text(prefix)) + ")"
            case Contains(arg, item):
                return self._contains(arg, text, item)

    def _contains(self, arg: Expr, text: str, item: Value) -> str:
        within = NULL
        if item.text is not None:
            within = self.dialect.contains.format(text=text, item=self.dialect.text(item.text))
        texts, numbers = self._list(arg, "texts"), self._list(arg, "numbers")
        looked_in = texts if item.text is not None else numbers
        if texts is None and numbers is None:
            return f"({within})"
        constant = self.dialect.text(item.text) if item.text is not None else str(item.number)
        held = "FALSE" if looked_in is None else self.dialect.list_contains.format(items=looked_in, item=constant)
        is_list = " OR ".join(f"{part} IS NOT NULL" for part in (texts, numbers) if part)
        return f"(CASE WHEN {is_list} THEN coalesce({held}, FALSE) ELSE {within} END)"

    def _list(self, arg: Expr, twin: str) -> str | None:
        match arg:
            case Name():
                return self.column(arg, twin)
            case Coalesce(args):
                parts = [(self.known(one), self._list(one, twin)) for one in args]
                if all(part is None for _, part in parts):
                    return None
                return "CASE " + " ".join(f"WHEN {known} THEN {part or NULL}" for known, part in parts) + " END"
        return None

    def _number(self, expr: Expr) -> str:
        match expr:
            case DaysSince(trait):
                instant, day = self.column(trait, "instant"), self.column(trait, "day")
                days = [self.day_of(instant)] if instant else []
                days += [day] if day else []
                if not days:
                    return self._null("number")
                return f"(({self.today} - coalesce({', '.join(days)})) * {MICRO})"
            case Arithmetic(op, left, right):
                one, other = (f"CAST({self.twin(side, 'number')} AS {self.dialect.wide})" for side in (left, right))
                result = f"({one} {op} {other})"
                return self.dialect.bounded.format(value=self._millionth(result) if op == "*" else result)
        return self._null("number")

    def _millionth(self, value: str) -> str:
        """Divide a wide number by a million, half to even; shifted so that nothing negative is divided."""
        shift = 10**37
        above = f"({value} + {shift})"
        whole, rest = self.dialect.div(above, MICRO), f"({above} % {MICRO})"
        half = MICRO // 2
        up = f"CASE WHEN {rest} > {half} OR ({rest} = {half} AND {whole} % 2 = 1) THEN 1 ELSE 0 END"
        return f"({whole} + {up} - {shift // MICRO})"


def _left(condition: Condition) -> Expr:
    return condition.left if isinstance(condition, Compare) else Literal(Value())


def _pattern(parts: tuple[str | Wildcard, ...]) -> str:
    escaped = (
        part.value if isinstance(part, Wildcard) else "".join(f"\\{c}" if c in "%_\\" else c for c in part)
        for part in parts
    )
    return "".join(escaped)
