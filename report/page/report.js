// Draws the charts of the page and moves its sliders. The data are in the element run-data.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("run-data").textContent);
  const charts = [];  // those over iterations, which show one range
  const others = new Map();  // id: chart, and which colours of the page it has

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const seriesColor = (i) => color(`--series-${i % 8}`);
  const seriesColors = (n) => Array.from({length: n}, (_, i) => seriesColor(i));
  const lineColors = () => ({axisLineColor: color("--line"), gridLineColor: color("--grid")});
  const numberText = (x) => (x === null || !isFinite(x)) ? "none" : String(Number(x.toPrecision(5)));

  /** [x, y of the first series, y of the second, ...] by rising x, null where a series has none. */
  function rowsOf(series) {
    const rows = new Map();
    series.forEach((each, i) => each.x.forEach((x, k) => {
      if (!rows.has(x)) rows.set(x, [x, ...series.map(() => null)]);
      rows.get(x)[i + 1] = each.y[k];
    }));
    return [...rows.values()].sort((one, other) => one[0] - other[0]);
  }

  /**
   * Names of series, which come from files, as dygraphs takes them: it keeps them as members of
   * objects, so none may be twice or a member of every object.
   */
  function labelsOf(xName, series) {
    const labels = [xName];
    for (const {name} of series) {
      let label = name;
      while (label in {} || labels.includes(label)) label += "\u00a0";
      labels.push(label);
    }
    return labels;
  }

  function optionsOf(series, xName, legend) {
    return {
      ...lineColors(), labels: labelsOf(xName, series),
      colors: seriesColors(series.length), strokeWidth: 1.6, labelsDiv: legend, legend: "always",
      connectSeparatedPoints: true, highlightCircleSize: 4,
      axes: {
        x: {valueFormatter: numberText, axisLabelFormatter: numberText, pixelsPerLabel: 60},
        y: {valueFormatter: numberText, axisLabelFormatter: numberText, axisLabelWidth: 58},
      },
    };
  }

  // ---- Curves

  const iterations = data.charts.flatMap((chart) => chart.series.flatMap((each) => each.x));
  const first = iterations.reduce((low, x) => Math.min(low, x), Infinity);
  const last = iterations.reduce((high, x) => Math.max(high, x), -Infinity);
  // A run of one row is a point in the middle.
  const whole = first < last ? [first, last] : [first - 1, last + 1];
  let range = whole;

  function showRange(low, high) {
    const width = Math.min(Math.max(high - low, 1e-3 * (whole[1] - whole[0])), whole[1] - whole[0]);
    const begin = Math.min(Math.max(low, whole[0]), whole[1] - width);
    range = [begin, begin + width];
    for (const chart of charts) chart.updateOptions({dateWindow: range});
  }

  function zoom(how) {
    const [low, high] = range, middle = (low + high) / 2, half = (high - low) / 2;
    if (how === "in") showRange(middle - half / 2, middle + half / 2);
    if (how === "out") showRange(middle - half * 2, middle + half * 2);
    if (how === "earlier") showRange(low - half / 2, high - half / 2);
    if (how === "later") showRange(low + half / 2, high + half / 2);
    if (how === "all") {
      for (const chart of charts) chart.updateOptions({valueRange: null}, true);
      showRange(...whole);
    }
  }

  /** Fingers have to scroll the page, which dygraphs would take for itself. */
  function interactionModel() {
    const model = {...Dygraph.defaultInteractionModel};
    for (const name of ["touchstart", "touchmove", "touchend"]) delete model[name];
    model.dblclick = () => zoom("all");
    return model;
  }

  /**
   * Arrows move the reading of a chart to the next point, as a mouse would; those over iterations
   * are zoomed too.
   */
  function readByKeys(element, chart, zooms) {
    let row = -1;
    element.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;  // the browser's own
      const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
      const how = zooms ? {"+": "in", "=": "in", "-": "out", "0": "all"}[event.key] : undefined;
      if (!chart() || (step === undefined && how === undefined)) return;
      event.preventDefault();
      if (how !== undefined) return zoom(how);
      const within = zooms ? range : [-Infinity, Infinity];
      const inRange = (i) => i >= 0 && i < chart().numRows() &&
          chart().getValue(i, 0) >= within[0] && chart().getValue(i, 0) <= within[1];
      if (!inRange(row)) {
        row = step > 0 ? -1 : chart().numRows();
        do { row += step; } while (row >= 0 && row < chart().numRows() && !inRange(row));
      } else if (inRange(row + step)) {
        row += step;
      }
      if (inRange(row)) chart().setSelection(row);
    });
    element.addEventListener("blur", () => chart()?.clearSelection());
  }

  function drawCurves() {
    const model = interactionModel();
    data.charts.forEach((chart, i) => {
      const element = document.getElementById(`chart-${i}`);
      const rows = rowsOf(chart.series);
      const drawn = new Dygraph(element, rows, {
        ...optionsOf(chart.series, "iteration", document.getElementById(`chart-${i}-legend`)),
        drawPoints: rows.length <= 60, pointSize: 2, dateWindow: whole, interactionModel: model,
        zoomCallback: (low, high) => showRange(low, high),
      });
      charts.push(drawn);
      readByKeys(element, () => drawn, true);
    });
    for (const button of document.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => zoom(button.dataset.zoom));
    }
    document.getElementById("smoothing")?.addEventListener("input", (event) => {
      for (const chart of charts) chart.updateOptions({rollPeriod: Number(event.target.value)});
    });
  }

  // ---- What changes over training: show(step) for the step of a slider

  function slide(id, steps, show) {
    const slider = document.getElementById(`${id}-slider`);
    if (!slider || steps.length === 0) return;
    const play = document.getElementById(`${id}-play`);
    const output = document.getElementById(`${id}-iteration`);
    let timer = null;
    const update = () => {
      const step = steps[Number(slider.value)];
      output.textContent = `iteration ${step.iteration}`;
      slider.setAttribute("aria-valuetext", output.textContent);
      show(step);
    };
    const stop = () => {
      clearInterval(timer);
      timer = null;
      play.textContent = "Play";
      play.setAttribute("aria-pressed", "false");
    };
    slider.max = String(steps.length - 1);
    slider.value = slider.max;
    slider.disabled = play.disabled = steps.length === 1;
    slider.addEventListener("input", update);
    play.addEventListener("click", () => {
      if (timer !== null) return stop();
      play.textContent = "Stop";
      play.setAttribute("aria-pressed", "true");
      if (slider.value === slider.max) slider.value = "0";
      update();
      timer = setInterval(() => {
        slider.value = String(Number(slider.value) + 1);
        update();
        if (slider.value === slider.max) stop();
      }, 350);
    });
    update();
  }

  function showSamples(step) {
    for (const image of document.querySelectorAll("img[data-kind]")) {
      const kind = image.dataset.kind;
      // A kind is the name of a file, and may be that of a member of every object.
      const source = Object.hasOwn(step.pictures, kind) ? step.pictures[kind] : undefined;
      image.hidden = source === undefined;
      if (source === undefined) continue;
      image.src = source;
      image.alt = `Samples from ${kind} at iteration ${step.iteration}`;
    }
  }

  /** A histogram as a line of steps: each density twice, from edge to edge. */
  function outlineOf(series) {
    const x = [series.edges[0]], y = [0];
    series.densities.forEach((density, i) => {
      // Dygraphs wants rising x: an edge is two points that no screen tells apart.
      const tiny = 1e-9 * (series.edges[series.edges.length - 1] - series.edges[0]);
      x.push(series.edges[i] + tiny, series.edges[i + 1] - tiny);
      y.push(density, density);
    });
    x.push(series.edges[series.edges.length - 1]);
    y.push(0);
    return {name: series.name, x, y};
  }

  /** Draws a chart that is not over iterations in place of what its element held. */
  function drawOther(id, rows, options, colorNumbers) {
    others.get(id)?.chart.destroy();
    const chart = new Dygraph(document.getElementById(id), rows, {
      ...options, colors: colorNumbers.map(seriesColor),
      interactionModel: Dygraph.nonInteractiveModel_ ?? {},
    });
    others.set(id, {chart, colorNumbers});
    return chart;
  }

  const densityOptions = (series, legend) => ({
    ...optionsOf(series, "energy", document.getElementById(legend)),
    fillGraph: true, fillAlpha: 0.2, includeZero: true, xRangePad: 8,
  });

  function showHistogram(step) {
    const series = step.series.map(outlineOf);
    drawOther("histogram", rowsOf(series), densityOptions(series, "histogram-legend"),
              series.map((_, i) => i));
    document.getElementById("histogram").setAttribute(
        "aria-label", `Density of energies at iteration ${step.iteration}`);
  }

  // ---- The evaluation

  /** Steps grow by ratios: they are drawn at 0, 1, 2, ... and labelled as what they are. */
  function drawLongRun() {
    const {steps, series} = data.long_run;
    const stepText = (i) => Number.isInteger(i) && i in steps ? numberText(steps[i]) : "";
    const ticker = (low, high, pixels) => {
      const every = Math.max(1, Math.ceil(steps.length * 52 / pixels));
      return steps.map((_, i) => ({v: i, label: stepText(i)})).filter((_, i) => i % every === 0);
    };
    series.forEach((each, i) => {
      const id = `long-run-${i}`;
      const options = optionsOf([each], "step", document.getElementById(`${id}-legend`));
      options.axes.x = {valueFormatter: (x) => `step ${stepText(x)}`, axisLabelFormatter: stepText,
                        ticker};
      const rows = steps.map((_, k) => [k, each.y[k]]).filter(([, y]) => y !== null);
      const whole = [-0.5, steps.length - 0.5];
      drawOther(id, rows, {...options, drawPoints: true, pointSize: 2, dateWindow: whole}, [i]);
      readByKeys(document.getElementById(id), () => others.get(id)?.chart, false);
    });
  }

  function drawEnergies() {
    const sets = data.energies, id = "energies-chart";
    if (sets.length === 0) return;
    const boxes = [...document.querySelectorAll("#energies-sets input")];
    // What ebm eval calls what it compares; too many sets at once hide each other.
    const isMain = (set) => /^(data|train|test|sample)/.test(set.name);
    const numbers = [...sets.keys()], main = numbers.filter((i) => isMain(sets[i]));
    const atFirst = new Set((main.length > 0 ? main : numbers).slice(0, 8));
    const update = () => {
      const shown = boxes.filter((box) => box.checked).map((box) => Number(box.value));
      others.get(id)?.chart.destroy();
      others.delete(id);
      document.getElementById(`${id}-legend`).textContent = shown.length ? "" : "No set is chosen.";
      if (shown.length === 0) return;
      const series = shown.map((i) => outlineOf(sets[i]));
      drawOther(id, rowsOf(series), densityOptions(series, `${id}-legend`), shown);
    };
    boxes.forEach((box, i) => {
      box.checked = atFirst.has(i);
      box.nextElementSibling.className = `swatch swatch-${i % 8}`;
      box.addEventListener("change", update);
    });
    update();
    readByKeys(document.getElementById(id), () => others.get(id)?.chart, false);
  }

  drawCurves();
  slide("samples", data.samples, showSamples);
  slide("histograms", data.histograms, showHistogram);
  const histogram = document.getElementById("histogram");
  if (histogram) readByKeys(histogram, () => others.get("histogram")?.chart, false);
  drawLongRun();
  drawEnergies();

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const chart of charts) {
      chart.updateOptions({...lineColors(), colors: seriesColors(chart.numColumns() - 1)});
    }
    for (const {chart, colorNumbers} of others.values()) {
      chart.updateOptions({...lineColors(), colors: colorNumbers.map(seriesColor)});
    }
  });
})();
