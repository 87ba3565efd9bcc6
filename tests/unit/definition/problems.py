"""One small definition for each code of a problem, with `«` where each issue stands."""

from tests.unit.definition.texts import CRITERIA, MATRIX, SIGNALS, definition_text

Case = tuple[str, str]


def _signal(written: str) -> str:
    return definition_text(signals=f"{SIGNALS}    x: {written}\n")


def _criterion(written: str) -> str:
    return definition_text(criteria=f"{CRITERIA}    x: {written}\n")


def _when(condition: str) -> str:
    return _criterion(f'{{when: «"{condition}", points: 5}}')


def _likelihood(table: str) -> str:
    return definition_text(more=f"learned: {{likelihood: {{of: fit, table: «{table}}}}}\n")


ERRORS: tuple[Case, ...] = (
    ("yaml-syntax", definition_text(top="required: «[email, phone\n")),
    ("yaml-syntax", definition_text(more="«\taccounts: {}\n")),
    ("yaml-syntax", definition_text(top="name: a«\x07b\n")),
    ("yaml-syntax", definition_text(top="name: «&anchor acme\n")),
    ("yaml-syntax", definition_text(top="name: «!!str acme\n")),
    ("yaml-syntax", definition_text(more="«---\nversion: 1\n")),
    ("yaml-syntax", definition_text(top='name: «"acme\n')),
    ("yaml-syntax", definition_text(top="name: acme«: shop\n")),
    ("yaml-syntax", definition_text(top="«name\n")),
    ("yaml-syntax", "«"),
    ("yaml-syntax", "«# nothing but a comment\n"),
    ("unknown-key", definition_text(top="«nmae: acme\n")),
    ("unknown-key", _signal("{event: A, points: 1, «weight: 2}")),
    ("duplicate-key", definition_text(top="name: a\n«name: b\n")),
    ("duplicate-key", definition_text(signals=f"{SIGNALS}    «trial: {{event: B, points: 1}}\n")),
    ("missing-key", definition_text(criteria="    «x: {points: 50}\n")),
    ("missing-key", "«version: 1\n" + definition_text(matrix="").removeprefix("version: 1\n")),
    ("wrong-type", definition_text(more="suppress: «[]\n")),
    ("wrong-type", definition_text(more="«suppress:\n")),
    ("wrong-type", definition_text(more="handoff: «4h\n")),
    ("wrong-type", definition_text(top="required: «email\n")),
    ("bad-value", _signal("{event: A, points: «'5'}")),
    ("bad-value", _signal("{event: A, «points: }")),
    ("bad-value", _signal("{event: A, points: «5.1234}")),
    ("bad-value", _signal("{event: A, points: «1e3}")),
    ("bad-value", _signal("{event: A, points: 5, at_most: «3 a day}")),
    ("bad-value", _signal("{event: A, points: 5, within: «30}")),
    ("bad-value", _signal("{event: A, points: 5, within: «0d}")),
    ("bad-value", _signal("{event: A, points: 5, evidence: «wek}")),
    ("bad-value", _signal("{event: «[], points: 5}")),
    ("bad-value", _signal("{event: [A, «'  '], points: 5}")),
    ("bad-value", _signal("{event: A, points: 5, «decay: {half_life: 3d, fade: 3d}}")),
    ("bad-value", _signal("{event: A, points: 5, measure: «sum(price)}")),
    ("bad-value", _signal("{event: A, points: 5, trusted: «yes}")),
    ("bad-value", definition_text(top="name: «a@b\n")),
    ("bad-value", definition_text(engagement="  weak_share: «101%\n")),
    ("bad-value", definition_text().replace("version: 1", "version: «2")),
    ("points-range", _signal("{event: A, points: «10000.1}")),
    ("points-range", definition_text(fit="  at_most: «-1\n")),
    ("points-range", definition_text(fit="  floor: «1\n")),
    ("bad-name", definition_text(signals=f"{SIGNALS}    «Demo: {{event: A, points: 1}}\n")),
    ("bad-name", definition_text(fit_levels="  levels: {good: 50, «unknown: 0}\n", matrix=(
        "matrix:\n  good: {high: handoff, low: none}\n  unknown: {high: handoff, low: none}\n"
    ))),
    ("bad-condition", _when("size > ")),
    ("bad-condition", _when("size / 2 > 1")),
    ("too-many", definition_text(
        criteria="".join(f'    c{number}: {{when: "size = {number}", points: 1}}\n' for number in range(501))
    ).replace("  criteria:", "  «criteria:")),
    ("unknown-timezone", definition_text(top="timezone: «Europe/Berln\n")),
    ("level-order", definition_text(fit_levels="  levels: {good: 50, poor: «50}\n")),
    ("level-order", definition_text(fit_levels="  levels: «{}\n")),
    ("cell-missing", definition_text(matrix=MATRIX.replace("  poor: {high: follow_up,", "  «poor: {"))),
    ("cell-missing", definition_text(matrix=MATRIX.replace("  poor: {high: follow_up, low: remove}\n", "")
                                     .replace("matrix", "«matrix"))),
    ("unknown-level", definition_text(matrix=MATRIX + "  «fair: {high: handoff}\n")),
    ("unknown-level", definition_text(matrix=MATRIX.replace("low: remove", "low: remove, «medium: none"))),
    ("unknown-group", _signal("{event: A, points: 1, group: «content}")),
    ("name-clash", definition_text(engagement="  groups: {«trial: {at_most: 70}}\n",
                                   signals=SIGNALS.replace("points", "group: trial, points"))),
    ("name-clash", definition_text(signals=f"{SIGNALS}    «engagement: {{event: A, points: 1}}\n")),
    ("signal-form", _signal("{event: A, at_least: 2 within 7d, points: 5, «decay: {fade: 3d}}")),
    ("signal-form", _signal("{trait: visits, «event: A, points: 5}")),
    ("signal-form", _signal("{event: A, «without: {event: B}, points: 5}")),
    ("signal-form", _signal("{inactive: 30d, points: 5, «hand_raise: true}")),
    ("signal-form", _signal("{trait: visits, points: 5, «hand_raise: {}}")),
    ("cap-side", _signal("{event: A, points: -5, «cap: 10}")),
    ("cap-side", _signal("{event: A, points: 5, «floor: -10}")),
    ("condition-scope", _criterion("{when: «\"properties.plan = 'pro'\", points: 5}")),
    ("condition-scope", _signal("{trait: visits, when: «\"context.page.path = '/'\", points: 5}")),
    ("condition-scope", definition_text(more="suppress: {x: {when: «properties.y = 1}}\n")),
    ("likelihood-table", _likelihood("[[5, 0.1], [0, 0.2]]")),
    ("likelihood-table", _likelihood("[[5, 1.1]]")),
)  # fmt: skip

WARNINGS: tuple[Case, ...] = (
    ("level-unreachable", definition_text(fit_levels="  levels: {good: «51, poor: 0}\n")),
    ("level-unreachable", definition_text(signals="    x: {event: A, points: 5, at_most: 3 ever}\n",
                                          levels="  levels: {high: «16, low: 0}\n")),
    ("level-unreachable", definition_text(signals="    x: {event: A, points: 5, evidence: weak}\n",
                                          levels="  levels: {high: «1, low: 0}\n")),
    ("level-idle", definition_text(fit_levels="  levels: {good: 0, poor: «-10}\n")),
    ("cap-below-one", _signal("{event: A, points: 5, cap: «4}")),
    ("cap-below-one", definition_text(more="accounts: {breadth: 5, breadth_cap: «4}\n")),
    ("unused-group", definition_text(fit="  groups: {«role: {first: true}}\n")),
    ("idle-group", definition_text(fit="  groups: {«role: {}}\n",
                                   criteria=CRITERIA.replace("points", "group: role, points"))),
    ("min-known", definition_text(fit="  min_known: «2\n")),
    ("signal-overlap", definition_text(
        signals=f"{SIGNALS}    «again: {{event: [A, Trial Downloaded], points: 1}}\n"
    )),
    ("signal-overlap", definition_text(signals=f"{SIGNALS}    «all: {{type: any, points: 1}}\n")),
    ("criterion-overlap", definition_text(
        criteria=f'{CRITERIA}    «again: {{when: "size < 10", points: 5}}\n'
    )),
    ("unknown-value", _when("country = 'Germany'")),
    ("unknown-value", _when("country in ('DE', 'at')")),
    ("unknown-value", _when("email_kind = 'busines'")),
    ("unknown-value", _when("title_function <> 'IT'")),
    ("unknown-value", _when("lower(title_seniority) = 'boss'")),
    ("unknown-value", _when("email_domain = '@Acme.com'")),
    ("unknown-value", _when("company_domain = 'ada@acme.com'")),
    ("unknown-value", _when("company_plain in ('acme', 'Rival GmbH')")),
    ("unknown-value", _when("phone_plain in ('+4930901820', '030 901820')")),
    ("unknown-value", _when("phone_plain = 4930901820")),
    ("unknown-value", _when("phone_valid = 'yes'")),
    ("unknown-value", _when("phone_country = 'XK'")),
    ("unknown-value", _signal("{event: A, when: «\"channel.medium = 'cpc'\", points: 1}")),
    ("unknown-value", _signal("{event: A, when: «\"lower(channel.medium) in ('direct', 'web')\", points: 1}")),
    ("unknown-value", _signal("{event: A, when: «channel.medium = direct, points: 1}")),
    ("unknown-value", _signal("{event: A, when: «channel.medium > 5, points: 1}")),
    ("unknown-value", _when("company_size_band > 100")),
    ("unknown-value", _when("company_size_band = 100")),
    ("unknown-value", _criterion("{when: «'country = DE', points: 5}")),
    ("never-true", _when("size between 500 and 100")),
    ("never-true", _when("size > 10 and plan = 'x' and size < 10")),
    ("never-true", _when("plan = 'a' and plan = 'b'")),
    ("never-true", _when("plan is null and plan = 'b'")),
    ("never-true", _when("created > '2026-02-01' and created < '2026-01-01'")),
    ("text-boolean", _when("subscribed = 'true'")),
    ("never-reached", _signal("{event: A, at_least: «3 within 2d, at_most: 1 per day, points: 5}")),
    ("never-reached", _signal("{event: A, at_least: «8 within 7d, measure: days, points: 5}")),
    ("never-reached", _signal("{event: A, at_least: 3 within 7d, «without: {event: [B, A]}, points: 5}")),
    ("any-hand", definition_text(signals="    x: {type: page, points: 60, «hand_raise: true}\n")),
    ("no-handoff", definition_text(matrix=MATRIX.replace("handoff", "nurture").replace("matrix", "«matrix"))),
    ("idle-lot", definition_text(matrix=MATRIX.replace("high: handoff", "high: {action: handoff, «by_lot: 5%}", 1))),
    ("fall-above-rise", definition_text(more="stages: {mql: {fall_below: {engagement: «61}}}\n")),
    ("fall-above-rise", definition_text(more="stages: {mql: {fall_below: {fit: «51}}}\n")),
    ("promise-order", definition_text(more="handoff: {accept_within: 4h, first_touch_within: «30m}\n")),
)  # fmt: skip
