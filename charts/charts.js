// Charts of the tables on a page: each figure with data-chart is drawn from the table that it names, so that every
// number is written once, and is there without scripts. Nothing here sets a style that the pages' policy forbids.
import { init, use } from "echarts/core";
import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, CustomChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

// ---- what stands in a table ----------------------------------------------------------------------------------

const text = (element) => element.textContent.replace(/\s+/g, " ").trim();
const number = (cell, name) => (name in cell.dataset ? Number(cell.dataset[name]) : null);

/** Return what a figure draws: names of what is across, and a series of points by name. */
function read(figure) {
  const table = document.getElementById(figure.dataset.of);
  const columns = [...table.tHead.rows[0].cells].map((cell, place) => ({ name: text(cell), place, charted: "charted" in cell.dataset }));
  const { only } = figure.dataset;
  const charted = columns.filter((column) => column.charted && (!only || column.name === only));
  const rows = [...table.querySelectorAll(`[data-part="${figure.dataset.part}"] > tr`)].map((row) => ({
    name: row.cells[0].dataset.label,
    isOpen: "open" in row.dataset,
    points: charted.map(({ place }) => point(row.cells[place])),
  }));
  const drawn = rows.filter((row) => row.isOpen || row.points.some((one) => one.value !== null));
  if (figure.dataset.across === "columns") {
    return { across: charted.map(({ name }) => ({ name })), series: drawn.map(({ name, points }) => ({ name, points })) };
  }
  const series = charted.map(({ name }, place) => ({ name, points: drawn.map((row) => row.points[place]) }));
  return { across: drawn, series };
}

function point(cell) {
  const told = cell.cloneNode(true);
  const below = [...told.querySelectorAll("small")].map((one) => (one.remove(), text(one)));
  const [value, low, high] = ["value", "low", "high"].map((name) => number(cell, name));
  return { value, low, high, shown: text(told), below: below.join(", "), link: cell.querySelector("a")?.href };
}

const isShare = ({ series }) => series.some(({ points }) => points.some((one) => one.low !== null));

// ---- how it looks: the colours of the page, by day and by night --------------------------------------------------

function colours() {
  const found = getComputedStyle(document.documentElement);
  const of = (name) => found.getPropertyValue(`--${name}`).trim();
  return { ink: of("ink"), quiet: of("quiet"), line: of("line"), paper: of("paper"), series: ["good", "blue", "bad", "quiet"].map(of) };
}

const FONT = "system-ui, 'Segoe UI', Roboto, sans-serif";
const SYMBOLS = ["circle", "rect", "triangle", "diamond"];
const DASHES = ["solid", [7, 4], [2, 3], [9, 3, 2, 3]];
const HATCH = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 };
const PLAIN = { symbol: "none" };
const asShare = (value) => `${Math.round(value * 100)} %`;
const clean = (words) => words.replace(/[{}|]/g, " ");

function common(figure, read, look) {
  const caption = text(figure.querySelector("figcaption"));
  return {
    animation: false,
    color: look.series,
    textStyle: { fontFamily: FONT, color: look.ink },
    aria: { enabled: true, label: { description: `${caption}. The table below holds its numbers.` } },
    legend: read.series.length > 1 ? { top: 0, left: 0, itemGap: 16, textStyle: { color: look.ink }, itemWidth: 26, selectedMode: false } : undefined,
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: look.paper,
      borderColor: look.line,
      textStyle: { color: look.ink, fontFamily: FONT, fontSize: 13 },
      formatter: ({ data }) => (data?.point ? clean([data.of, data.point.shown, data.point.below].filter(Boolean).join("\n")) : ""),
    },
  };
}

const axisText = (look) => ({ color: look.quiet, fontSize: 12 });
const amounts = (read, look) => ({
  type: "value",
  min: 0,
  max: isShare(read) ? ({ max }) => Math.min(1, Math.ceil(max * 5 + 0.25) / 5) : undefined,
  minInterval: isShare(read) ? undefined : 1,
  axisLabel: { ...axisText(look), formatter: isShare(read) ? asShare : undefined, hideOverlap: true },
  splitLine: { lineStyle: { color: look.line } },
});

/** Return on how many lines a legend stands, more or less. */
function legendLines(figure, names) {
  const wide = names.reduce((sum, one) => sum + (one.name ?? one).length * 7 + 50, 0);
  return Math.ceil(wide / Math.max(figure.clientWidth - 40, 100));
}

function datum(read, series, at) {
  const one = series.points[at];
  const of = [read.across[at].name, read.series.length > 1 ? series.name : ""].filter(Boolean).join(", ");
  return { value: one.value, point: one, of };
}

// ---- bars: with the span of each share as a thin line ------------------------------------------------------------

function bars(figure, read, look) {
  const many = read.series.length;
  const layout = { barMaxWidth: 28, barGap: "20%", barCategoryGap: "35%" };
  const rightOf = ({ data }) => clean(data.point.shown);
  const drawn = read.series.map((one, place) => ({
    type: "bar",
    name: one.name,
    ...layout,
    itemStyle: { borderRadius: 3, color: place ? look.series[3] : look.series[0], decal: place ? HATCH : PLAIN },
    label: { show: !isShare(read), position: "right", color: look.ink, formatter: rightOf },
    data: one.points.map((_, at) => datum(read, one, at)),
  }));
  const spans = read.series.map((one, place) => ({
    type: "custom",
    silent: true,
    z: 4,
    data: one.points.map((point, at) => [point.low, point.high, at]),
    renderItem: (_, api) => span(api, api.barLayout({ ...layout, count: many })[place].offsetCenter, look),
    encode: { x: [0, 1], y: 2 },
  }));
  const labels = read.series.map((one, place) => ({
    type: "custom",
    silent: true,
    z: 5,
    data: one.points.map((point, at) => [point.high, at]),
    renderItem: (_, api) => label(api, api.barLayout({ ...layout, count: many })[place].offsetCenter, one.points, look),
    encode: { x: 0, y: 1 },
  }));
  const narrow = figure.clientWidth < 520;
  const width = narrow ? 96 : 170;
  return {
    ...common(figure, read, look),
    grid: { left: width + 8, right: 64, top: many > 1 ? 12 + 24 * legendLines(figure, read.series) : 6, bottom: 26, outerBoundsMode: "none" },
    xAxis: amounts(read, look),
    yAxis: {
      type: "category",
      inverse: true,
      data: read.across.map(({ name }) => name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: look.line } },
      axisLabel: { color: look.ink, fontSize: 13, lineHeight: 16, width, overflow: "break", interval: 0 },
    },
    series: isShare(read) ? [...drawn, ...spans, ...labels] : drawn,
  };
}

/** Return a line from where a share lies at least to where it lies at most, with its ends. */
function span(api, offset, look) {
  if (Number.isNaN(api.value(0))) return null;
  const [[low, y], [high]] = [api.coord([api.value(0), api.value(2)]), api.coord([api.value(1), api.value(2)])];
  const at = y + offset;
  const ends = [[low, at, high, at], [low, at - 4, low, at + 4], [high, at - 4, high, at + 4]];
  const line = (stroke, lineWidth) => ([x1, y1, x2, y2]) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth, lineCap: "round" } });
  // On a ground of its own, so that it can be seen on a dark bar as beside it.
  return { type: "group", children: [...ends.map(line(look.paper, 4)), ...ends.map(line(look.ink, 1.5))] };
}

function label(api, offset, points, look) {
  const one = points[api.value(1)];
  if (one.high === null) return null;
  const [x, y] = api.coord([one.high, api.value(1)]);
  return { type: "text", style: { text: clean(one.shown), x: x + 8, y: y + offset, verticalAlign: "middle", fill: look.ink, font: `600 13px ${FONT}` } };
}

// ---- lines: told apart by dashes and points too; what is not over is hatched, and nothing is claimed of it -----------

function lines(figure, read, look) {
  const names = read.across.map(({ name }) => name);
  const category = { type: "category", data: names, axisTick: { show: false } };
  const open = {
    type: "bar",
    name: "not over yet",
    xAxisIndex: 1,
    yAxisIndex: 1,
    barWidth: "92%",
    silent: true,
    z: 0,
    itemStyle: { color: look.paper, borderColor: look.line, borderWidth: 1, decal: { ...HATCH, color: look.line } },
    label: { show: names.length <= 8, position: "insideTop", distance: 10, color: look.quiet, formatter: ({ value }) => (value ? "not\nover\nyet" : ""), lineHeight: 15 },
    data: read.across.map(({ isOpen }) => (isOpen ? 1 : null)),
  };
  const shown = { ...common(figure, read, look) };
  shown.legend.data = [
    ...read.series.map(({ name }) => name),
    ...(read.across.some(({ isOpen }) => isOpen) ? [{ name: "not over yet", icon: "rect" }] : []),
  ];
  return {
    ...shown,
    grid: { left: 48, right: 36, top: 14 + 24 * legendLines(figure, shown.legend.data), bottom: 30, outerBoundsMode: "none" },
    xAxis: [
      { ...category, axisLine: { lineStyle: { color: look.line } }, axisLabel: { ...axisText(look), hideOverlap: true } },
      { ...category, show: false },
    ],
    yAxis: [amounts(read, look), { type: "value", min: 0, max: 1, show: false }],
    series: [
      ...read.series.map((one, place) => ({
        type: "line",
        name: one.name,
        symbol: SYMBOLS[place % SYMBOLS.length],
        symbolSize: 9,
        lineStyle: { width: 2, type: DASHES[place % DASHES.length] },
        data: one.points.map((_, at) => datum(read, one, at)),
      })),
      open,
    ],
  };
}

// ---- drawing, again where the light or the room changes -------------------------------------------------------------

const KINDS = { bars, lines };
const HIGH = 270;
const drawn = new Map();

function draw(figure, found) {
  const place = figure.querySelector(".drawn");
  const height = heightOf(figure, found);
  const chart = drawn.get(figure) ?? start(figure, place, height);
  chart.resize({ height });
  chart.setOption(KINDS[figure.dataset.chart](figure, found, colours()), true);
}

/** Return how high a chart is: bars as many of them as there are, and no less than what stands beside them. */
function heightOf(figure, { across, series }) {
  const beside = figure.parentElement.clientWidth > 1.5 * figure.clientWidth || figure.dataset.chart !== "bars";
  const rows = across.length * (series.length * 28 + 14) + 40 + (series.length > 1 ? 24 * legendLines(figure, series) : 0);
  return figure.dataset.chart === "bars" ? Math.max(rows, beside ? HIGH : 0) : HIGH;
}

function start(figure, place, height) {
  place.setAttribute("role", "img");
  const chart = init(place, null, { renderer: "svg", height });
  chart.on("click", ({ data }) => data?.point?.link && location.assign(data.point.link));
  figure.querySelector("button").addEventListener("click", () => save(figure, chart));
  drawn.set(figure, chart);
  watcher.observe(figure);
  return chart;
}

const widths = new WeakMap();
const watcher = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    if (widths.has(target) && widths.get(target) !== contentRect.width) draw(target, read(target));
    widths.set(target, contentRect.width);
  }
});

function drawAll() {
  for (const [figure, chart] of drawn) {
    if (!figure.isConnected) {
      watcher.unobserve(figure);
      chart.dispose();
      drawn.delete(figure);
    }
  }
  const found = [...document.querySelectorAll("figure[data-chart]")].map((figure) => [figure, read(figure)]);
  // All are there before any is drawn: how wide one is depends on the others.
  for (const [figure, { series }] of found) figure.hidden = !series.some(({ points }) => points.some(({ value }) => value !== null));
  for (const [figure, one] of found) if (!figure.hidden) draw(figure, one);
}

drawAll();
document.addEventListener("htmx:after:swap", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);

// ---- a picture of it --------------------------------------------------------------------------------------------------

const SCALE = 2;
const ABOVE = 40;

/** Save a chart as it is shown, under its caption. */
async function save(figure, chart) {
  const [width, height, look] = [chart.getWidth(), chart.getHeight(), colours()];
  const picture = new Image(width, height);
  const drawing = new XMLSerializer().serializeToString(figure.querySelector(".drawn svg"));
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing)}`;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: (width + 32) * SCALE, height: (height + ABOVE + 16) * SCALE });
  const pen = canvas.getContext("2d");
  pen.scale(SCALE, SCALE);
  pen.fillStyle = look.paper;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = look.ink;
  pen.font = `600 15px ${FONT}`;
  pen.fillText(text(figure.querySelector("figcaption")), 16, 26);
  pen.drawImage(picture, 16, ABOVE, width, height);
  canvas.toBlob((blob) => download(blob, `${figure.dataset.name}.png`), "image/png");
}

function download(blob, name) {
  const address = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
