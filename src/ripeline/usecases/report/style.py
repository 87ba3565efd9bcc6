"""How reports look: as all our pages do, and wider; charts in the same few colours, by day, by night and on paper."""

from typing import Final

from ripeline.usecases.page import STYLE as PAGE_STYLE

_COLOURS: Final = """
:root { --paper: #ffffff; --ink: #1d2321; --quiet: #5c6662; --line: #dfe4e1; --field: #f5f7f6;
  --good: #14683f; --soft: #d5e9dd; --bad: #a2470f; --bad-soft: #f6e0d2; --bar: #85908a }
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #141816; --ink: #e6ebe8; --quiet: #9aa59f; --line: #323a36; --field: #1c211f;
    --good: #5fc48f; --soft: #1f3f2e; --bad: #f0a26b; --bad-soft: #452a19; --bar: #66716c }
}
"""

_PAGE: Final = """
body { background: var(--paper); color: var(--ink) }
main { max-width: 62rem; padding: 2.5rem 1.25rem 3rem }
h1 { font-size: 2rem; letter-spacing: -.01em; margin: 0 0 .75rem; text-wrap: balance }
h2 { margin: 0 0 .35rem; color: var(--quiet) }
h3 { font-size: 1rem; margin: 0 0 .25rem }
section { border-color: var(--line); padding: 2rem 0 1.5rem }
.eyebrow, .small { color: var(--quiet); font-size: .875rem }
.eyebrow { margin: 0 0 .5rem }
.lead { font-size: 1.25rem; line-height: 1.4; margin: 0 0 1rem; text-wrap: pretty; max-width: 44rem }
.words { max-width: 44rem }
ul { margin: 0 0 .75rem; padding-left: 1.25rem }
li { margin: 0 0 .35rem }
code { font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--field);
  border: 1px solid var(--line); border-radius: .25rem; padding: .05rem .3rem; white-space: nowrap }
footer { border-top: 1px solid var(--line); padding-top: 1rem; color: var(--quiet); font-size: .875rem }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; margin: 1.5rem 0 }
.tiles div { background: var(--field); border: 1px solid var(--line); border-radius: .5rem; padding: .85rem 1rem }
.tiles dt { color: var(--quiet); font-size: .875rem }
.tiles dd { margin: 0; font-size: .875rem }
.tiles .big { font-size: 1.75rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums }
.beside { display: grid; grid-template-columns: 19rem minmax(0, 1fr); gap: 0 2.5rem }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem 2.5rem }
details { margin: .75rem 0 0 }
summary { color: var(--quiet); font-size: .875rem; cursor: pointer }
details table { margin-top: .5rem }
pre { background: var(--field); border-radius: .375rem; padding: .6rem .8rem; margin: .4rem 0 1.25rem; overflow-x: auto;
  line-height: 1.5 }
pre code { background: none; border: 0; padding: 0; white-space: pre }
"""

_TABLES: Final = """
.grid { font-size: .9375rem; font-variant-numeric: tabular-nums }
.grid th, .grid td { display: table-cell; width: auto; padding: .45rem .75rem .45rem 0; vertical-align: middle }
.grid th { color: var(--quiet); font-size: .8125rem; line-height: 1.3; vertical-align: bottom }
.grid tbody th { color: var(--ink); font-size: inherit; line-height: inherit; vertical-align: middle }
.grid tbody tr { border-top: 1px solid var(--line) }
.grid .number { text-align: right; white-space: nowrap }
.grid tr > :last-child { padding-right: 0 }
.grid svg, .plot svg { display: block }
.rules tr.part th { color: var(--quiet); font-size: .8125rem; padding-top: 1rem; padding-bottom: .25rem }
.rules thead + tbody tr.part { border: 0 }
.rules { table-layout: fixed }
.rules thead th:nth-child(1) { width: 28% }
.rules thead th:nth-child(2) { width: 6rem; text-align: right }
.rules thead th:nth-child(4) { width: 31% }
.rules thead th:nth-child(5) { width: 5.75rem }
.rules .points { font-weight: 600; text-align: right; white-space: nowrap; line-height: 1.3 }
.small { font-weight: normal }
.below { display: block }
.share { display: grid; grid-template-columns: 3.5rem 1fr 7rem; gap: .5rem; white-space: nowrap; align-items: center;
  font-size: .8125rem; line-height: 1.35 }
.share span:first-child { color: var(--quiet) }
.sign { display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .5rem;
  font-size: .75rem; line-height: 1.4; white-space: nowrap }
.yes { color: var(--good) }
.no { color: var(--bad) }
.plain { color: var(--quiet) }
.who tbody tr, .matrix tbody tr { border: 0 }
.who th, .who td { padding-top: 0; padding-bottom: 0 }
.who tbody th { width: 1%; white-space: nowrap; color: var(--quiet); font-size: .875rem }
.who .number { width: 3.5rem }
.who .own th, .who .own .number { color: var(--ink); font-weight: 600 }
.matrix { table-layout: fixed; max-width: 44rem }
.matrix thead th { text-align: center; padding-left: .75rem; vertical-align: middle }
.matrix tbody td { text-align: center; padding-left: .75rem; color: var(--quiet); background: var(--field);
  border: 2px solid var(--paper) }
.matrix tbody td.handed { background: var(--soft); color: var(--good); font-weight: 600 }
.bars th { width: 34% }
.bars th:nth-child(3), .bars th:nth-child(4), .leaks th:nth-child(2) { width: 1% }
.bars td:nth-child(3) { white-space: nowrap }
.leaks tbody th, .clocks tbody th { width: 26% }
.block { margin-top: 2rem }
.sides { table-layout: fixed }
.sides thead th:first-child { width: 25% }
.sides td, .sides tbody th { vertical-align: top }
.sides th, .sides td { padding-right: 2rem }
.sides thead th { color: var(--ink); font-weight: 600; overflow-wrap: anywhere }
.sides.list thead th:nth-child(1) { width: 22% }
.sides.list thead th:nth-child(2), .sides.list thead th:nth-child(4) { width: 15% }
.mark { color: var(--quiet); font-weight: normal; white-space: nowrap }
.whole, .missed td:nth-child(2), .missed td:nth-child(5) { white-space: nowrap }
.names span { display: inline-block; max-width: 100% }
.facts { font-size: .9375rem }
.facts th { width: 11rem; color: var(--quiet) }
.facts th, .facts td { padding: .25rem 1rem .25rem 0 }
"""

_CHARTS: Final = """
.plot { margin: 0 }
.plot .frame { padding: .5rem 1.25rem 1.75rem 3.25rem }
.plot .strip { padding: 0 1.25rem 0 3.25rem }
.axis { color: var(--quiet); font-size: .8125rem; margin: 0 }
.across { padding: 0 1.25rem 0 3.25rem; text-align: center }
.ends { display: flex; justify-content: space-between; gap: 1rem; padding: .25rem 1.25rem 0 3.25rem;
  font-size: .8125rem; color: var(--quiet) }
.ends span + span { text-align: right }
.square { max-width: 30rem }
.square .frame svg { height: auto; aspect-ratio: 1 }
.square .frame svg svg { height: 100%; aspect-ratio: auto }
.legend { display: flex; flex-wrap: wrap; gap: .15rem 1.25rem; margin: 0 0 .5rem; padding: 0; list-style: none;
  font-size: .8125rem }
.legend li { display: flex; align-items: center; gap: .4rem; margin: 0 }
svg { overflow: visible }
svg text { font-size: 12px; fill: var(--quiet); font-variant-numeric: tabular-nums }
svg .strong { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px;
  stroke-linejoin: round }
.mesh { stroke: var(--line); stroke-width: 1 }
.base { stroke: var(--quiet); stroke-width: 1 }
.guide { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 3 3; fill: none }
.curve { stroke: var(--good); stroke-width: 2.5; fill: none; stroke-linejoin: round }
.second { stroke: var(--bad); stroke-width: 2.5; stroke-dasharray: 7 4; fill: none; stroke-linejoin: round }
.under { fill: var(--soft) }
.zone { fill: var(--soft); stroke: var(--good); stroke-width: 1; stroke-dasharray: 4 3 }
.beyond { fill: var(--bad-soft) }
.dot { fill: var(--good); stroke: var(--paper); stroke-width: 1.5 }
.dot.other { fill: var(--paper); stroke: var(--quiet); stroke-width: 2 }
.ring { fill: var(--paper); stroke: var(--ink); stroke-width: 3 }
.whisker { stroke: var(--ink); stroke-width: 1.5 }
.whisker.own { stroke: var(--good); stroke-width: 2 }
.whisker.other { stroke: var(--quiet) }
.plus { fill: var(--good) }
.minus { fill: var(--bad) }
.rest { fill: var(--bar) }
.track { fill: var(--field) }
.hollow { fill: none; stroke: var(--bar); stroke-width: 1.5 }
"""

_NARROW: Final = """
@media (max-width: 52rem) {
  .beside, .pair { grid-template-columns: minmax(0, 1fr); gap: 1rem }
  .tiles { grid-template-columns: 1fr 1fr }
}
@media (max-width: 40rem) {
  main { padding: 1.5rem 1rem 2rem }
  h1 { font-size: 1.6rem }
  .lead { font-size: 1.1rem }
  .tiles { gap: .5rem }
  .tiles .big { font-size: 1.4rem }
  .plot .frame, .plot .strip, .across, .ends { padding-left: 2.75rem; padding-right: .75rem }
  .rules thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
  .rules, .rules tbody { display: block }
  .rules tbody tr { display: grid; grid-template-columns: 6rem 1fr 4.5rem; gap: .3rem .75rem; padding: .65rem 0;
    align-items: center }
  .rules tr.part { display: block; padding: 1rem 0 .35rem; border: 0 }
  .rules tbody th, .rules tbody td { display: block; padding: 0; width: auto }
  .rules tbody th, .rules .won { grid-column: 1 / -1 }
  .rules .won { order: 1 }
  .rules .points { text-align: left }
  .matrix { font-size: .8125rem; overflow-wrap: normal }
  .matrix thead th, .matrix tbody td { padding: .4rem .25rem; font-size: .75rem }
  .matrix tbody th { padding-right: .25rem }
  .matrix .small { font-size: .75rem }
  .who tbody th { font-size: .8125rem; padding-right: .5rem }
  .sides:not(.list), .sides:not(.list) thead, .sides:not(.list) tbody { display: block }
  .sides:not(.list) tr { display: flex; flex-wrap: wrap; padding: .6rem 0 }
  .sides:not(.list) th, .sides:not(.list) td { flex: 1 1 0; min-width: 0; padding: .15rem .75rem 0 0 }
  .sides:not(.list) tbody th { flex-basis: 100% }
  .sides th:empty { display: none }
  .list tbody tr { display: block; padding: .6rem 0 }
  .list thead { display: none }
  .list.grid tbody th, .list.grid tbody td { display: block; width: auto; padding: 0 0 .15rem; white-space: normal }
  .facts th, .facts td { display: block; width: auto; padding: 0 }
  .facts td { padding-bottom: .5rem }
}
"""

_PRINT: Final = """
@media print {
  :root { color-scheme: light }
  body { background: #ffffff; color: #1d2321; font-size: 11pt }
  main { max-width: none; padding: 0 }
  section { padding: 1rem 0 .5rem }
  h2, h3, .lead { break-after: avoid }
  tr, .plot, .tiles, .who, .matrix { break-inside: avoid }
  summary { display: none }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
"""

STYLE: Final = PAGE_STYLE + _COLOURS + _PAGE + _TABLES + _CHARTS + _NARROW + _PRINT
