// SPDX-License-Identifier: MIT
// generate.mjs - every source through every transformation.
//
// usage: node generate.mjs SOURCE_FOLDER     in the folder of the packages
//
// Writes corpus/{miner,benign}/NAME.TRANSFORMATION.{js,html}, and what was made
// and what was left out to corpus/index.json.  Same packages, same corpus.
import fs from 'node:fs';
import path from 'node:path';
import { ascii, layers } from './layers.mjs';
import * as sources from './sources.mjs';
import { minified, tools } from './tools.mjs';

const here = path.resolve(process.argv[2]);
const out = path.resolve('corpus');
const made = [];
const skipped = [];
const times = new Map();

function write(source, way, text) {
    const file = `${source.label}/${source.name}.${way.name}.${way.type}`;

    fs.writeFileSync(path.join(out, file), text);
    made.push({ file, label: source.label, source: source.name,
        way: way.name });
}

async function transform(source, way) {
    const code = way.small ? source.short : source.code;

    if (code.length > way.limit) {
        skipped.push({ source: source.name, way: way.name, bytes: code.length,
            limit: way.limit });
        return;
    }
    const start = performance.now();

    write(source, way, await way.run(code, out));
    times.set(way.name, (times.get(way.name) ?? 0) + performance.now() - start);
}

fs.rmSync(out, { recursive: true, force: true });
for (const label of ['miner', 'benign'])
    fs.mkdirSync(path.join(out, label), { recursive: true });

const all = [...sources.miners(here),
    ...await sources.benign(path.join(here, '../..'))];

for (const source of all) {
    source.code = ascii(source.code);
    source.short = ascii(await minified(source.code)).trim();
    for (const way of [...tools, ...layers])
        await transform(source, way);
}

fs.rmSync(path.join(out, 'bundle'), { recursive: true, force: true });
fs.writeFileSync(path.join(out, 'index.json'),
    JSON.stringify({ made, skipped }, null, 1) + '\n');

const slow = [...times].sort((a, b) => b[1] - a[1]).slice(0, 5)
    .map(([name, time]) => `${name} ${(time / 1000).toFixed(0)} s`);

console.log(`${made.length} files of ${all.length} sources; ` +
    `slowest: ${slow.join(', ')}`);
for (const way of [...tools, ...layers]) {
    const names = skipped.filter((skip) => skip.way === way.name)
        .map((skip) => skip.source);

    if (names.length)
        console.log(`${way.name} takes ${way.limit / 1024} KB at most; ` +
            `left out: ${names.join(', ')}`);
}
