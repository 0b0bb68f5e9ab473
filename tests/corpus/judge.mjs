// SPDX-License-Identifier: MIT
// judge.mjs - what davy says of the corpus: a line a transformation, then all
// that is wrong.
//
// usage: node judge.mjs DAVY PACK      in the folder of the packages
//
// A miner must be found to be one; what is benign must be clean.  The last line
// is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const [davy, pack] = process.argv.slice(2).map((name) => path.resolve(name));
const out = path.resolve('corpus');
const { made } = JSON.parse(fs.readFileSync(path.join(out, 'index.json')));

function scan(files) {
    const start = performance.now();
    const { stdout, stderr, status, signal } = spawnSync(davy, ['scan',
        '--pack', pack, '--format', 'jsonl', '--severity', 'info', '-v',
        '-j', '1', '--fail-on', 'never', '--no-progress', '--files-from', '-',
    ], { cwd: out, input: files.join('\n') + '\n', timeout: 1200000,
        maxBuffer: 1 << 30, encoding: 'utf8' });

    if (stderr)
        console.log(stderr.trim());
    if (status !== 0)
        throw new Error(`davy scan ended with ${signal ?? status}`);
    return {
        reports: new Map(stdout.trim().split('\n').map(JSON.parse)
            .map((report) => [report.target, report])),
        seconds: (performance.now() - start) / 1000,
    };
}

const { reports, seconds } = scan(made.map(({ file }) => file));
const rows = new Map();
const wrong = [];
const limited = [];
let slowest = { micros: 0 };
let passed = 0;

for (const { file, label, source, way } of made) {
    const report = reports.get(file);
    const right = report &&
        report.verdict === (label === 'miner' ? 'miner' : 'clean');
    const row = rows.get(way) ?? { miner: [0, 0], benign: [0, 0], micros: 0 };

    rows.set(way, row);
    row[label][1]++;
    row.micros += report?.micros ?? 0;
    if (right) {
        row[label][0]++;
        passed++;
    } else {
        const rules = (report?.findings ?? []).map((found) => found.rule);

        wrong.push({ way, label, text: report
            ? [source, report.verdict, report.score, ...rules].join(' ')
            : `${source} has no report` });
    }
    if (report?.limits.length)
        limited.push(`${file}: ${JSON.stringify(report.limits)}`);
    if (report?.micros > slowest.micros)
        slowest = report;
}

const cell = (value, width) => String(value).padStart(width);

console.log(`${'transformation'.padEnd(20)}${cell('miners found', 15)}` +
    `${cell('benign clean', 15)}${cell('ms', 9)}`);
for (const [way, { miner, benign, micros }] of rows)
    console.log(way.padEnd(20) + cell(miner.join('/'), 15) +
        cell(benign.join('/'), 15) + cell((micros / 1000).toFixed(0), 9));

for (const label of ['miner', 'benign'])
    for (const way of rows.keys()) {
        const texts = wrong.filter((one) => one.way === way &&
            one.label === label).map(({ text }) => text);

        if (texts.length)
            console.log(`not ok ${label} ${way}: ${texts.join(', ')}`);
    }
for (const line of limited)
    console.log(`limit ${line}`);
console.log(`${made.length} files in ${seconds.toFixed(1)} s; slowest: ` +
    `${slowest.target}, ${(slowest.micros / 1000).toFixed(0)} ms`);
console.log(`${passed} passed, ${wrong.length} failed`);
process.exit(wrong.length ? 1 : 0);
