// SPDX-License-Identifier: MIT
// strings.mjs - of the strings that matter in each miner, how many does npm's
// webcrack bring back out of the obfuscated files, and how many does davy show?
//
// usage: node strings.mjs DAVY SOURCE_FOLDER   in the folder of the packages
//
// A comparison without a verdict.  A string counts when it stands in what the
// tool prints; `as it is` is the file itself.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { webcrack } from 'webcrack';

const davy = path.resolve(process.argv[2]);
const here = path.resolve(process.argv[3]);
const out = path.resolve('corpus');
const { made } = JSON.parse(fs.readFileSync(path.join(out, 'index.json')));

const run = (args) => spawnSync(davy, args, { timeout: 60000,
    maxBuffer: 1 << 30, encoding: 'utf8' }).stdout ?? '';

// What webcrack has to run are decoders of strings out of our own fixtures;
// they get an empty world and bounded time.
const sandbox = async (code) =>
    vm.runInContext(code, vm.createContext({}), { timeout: 10000 });

async function crack(file) {
    const log = console.warn;

    console.warn = () => {};
    try {
        const code = fs.readFileSync(file, 'utf8');

        return (await webcrack(code, { sandbox })).code;
    } catch (error) {
        failures.push(path.basename(file) + ': ' +
            error.message.split('\n')[0]);
        return '';
    } finally {
        console.warn = log;
    }
}

const failures = [];
const tools = [
    ['as it is', (file) => fs.readFileSync(file, 'utf8')],
    ['webcrack', crack],
    ['dump js', (file) => run(['dump', 'js', file])],
    ['dump facts', (file) => run(['dump', 'facts', file])],
];

if (run(['dump', '--help']).includes('--effects'))
    tools.push(['--effects', (file) => run(['dump', 'js', '--effects', file])]);

const wanted = (name) => JSON.parse(fs.readFileSync(
    path.join(here, 'miners', `${name}.json`))).strings;
const rows = new Map();
const behind = [];                      // webcrack has them, davy has not

for (const { file, source, way } of made.filter((one) =>
    one.label === 'miner' && one.way.includes('obfusca'))) {
    const row = rows.get(way) ?? { all: 0, found: tools.map(() => 0) };
    const texts = [];

    for (const [, tool] of tools)
        texts.push(await tool(path.join(out, file)));
    for (const string of wanted(source)) {
        const has = texts.map((text) => text.includes(string));

        row.all++;
        has.forEach((found, i) => { row.found[i] += found; });
        if (has[1] && !has.slice(2).includes(true))
            behind.push({ way, source, string });
    }
    rows.set(way, row);
}

const cell = (value, width) => String(value).padStart(width);

console.log('key strings of the miners'.padEnd(26) +
    tools.map(([name]) => cell(name, 12)).join('') + cell('all', 8));
for (const [way, { all, found }] of rows)
    console.log(way.padEnd(26) + found.map((n) => cell(n, 12)).join('') +
        cell(all, 8));
for (const line of failures)
    console.log(`webcrack failed on ${line}`);
fs.writeFileSync(path.join(out, 'behind.json'),
    JSON.stringify(behind, null, 1) + '\n');
console.log(`${behind.length} strings that webcrack alone has: behind.json`);
