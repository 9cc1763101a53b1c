// Reads a log and the JSON result of the same run with hdr-histogram-js, and compares every figure.
//   node check.mjs RUN.hlog RUN.json
import { readFileSync } from "node:fs";
import hdr from "hdr-histogram-js";

const [log, json] = process.argv.slice(2);
const result = JSON.parse(readFileSync(json, "utf8"));
const keys = { p50: 50, p75: 75, p90: 90, p95: 95, p99: 99, p99_9: 99.9, p99_99: 99.99 };
let compared = 0;
let wrong = 0;

function same(what, theirs, ours, allowed = 0) {
  compared++;
  if (Math.abs(theirs - ours) <= allowed) return;
  wrong++;
  console.log(`${what}: hdr-histogram-js says ${theirs}, the result ${ours}`);
}

// Figures of the result are microseconds with three decimals, histograms hold nanoseconds.
function compare(what, histogram, figures) {
  same(`${what}.count`, histogram.totalCount, figures.count);
  for (const [key, percent] of Object.entries(keys)) {
    same(`${what}.${key}`, histogram.getValueAtPercentile(percent) / 1000, figures[key]);
  }
  // Its maxValue grows by half a microsecond each time a histogram is decoded or added.
  same(`${what}.max`, histogram.getValueAtPercentile(100) / 1000, figures.max);
  same(`${what}.mean`, histogram.mean / 1000, figures.mean, 0.001 + figures.mean * 1e-9);
  same(`${what}.stddev`, histogram.stdDeviation / 1000, figures.stddev, 0.001 + figures.stddev * 1e-6);
}

const reader = new hdr.HistogramLogReader(readFileSync(log, "utf8"));
const sums = new Map();
for (let line = reader.nextIntervalHistogram(); line; line = reader.nextIntervalHistogram()) {
  const sum = sums.get(line.tag);
  if (sum) {
    sum.add(line);
  } else {
    sums.set(line.tag, line);
  }
}

for (const [kind, figures] of Object.entries(result.latency_us)) {
  const tags = { [kind]: figures, [`${kind}.uncorrected`]: figures.uncorrected };
  for (const [tag, expected] of Object.entries(tags)) {
    if (!expected) continue;
    if (sums.has(tag)) {
      compare(`log ${tag}`, sums.get(tag), expected);
    } else {
      same(`log ${tag}`, 0, 1);
    }
    // The cells in the JSON are the same histogram once more.
    compare(`json ${tag}`, hdr.decodeFromCompressedBase64(expected.hdr, 64), expected);
  }
}

console.log(`${compared} figures compared, ${wrong} differ`);
process.exit(compared > 0 && wrong === 0 ? 0 : 1);
