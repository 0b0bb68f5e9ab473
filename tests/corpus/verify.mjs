// SPDX-License-Identifier: MIT
// verify.mjs - each transformation must leave code that still runs: a probe is
// sent through all of them and run in a model of a page.
//
// usage: node verify.mjs      in the folder of the packages
//
// The last line is `N passed, N failed`.
import path from 'node:path';
import vm from 'node:vm';
import { layers } from './layers.mjs';
import { minified, tools } from './tools.mjs';

// Calls, strings, an object, a loop and a function that needs its name.
const PROBE = `(function () {
  var parts = ['he', 'll', 'o'], text = '';
  function add(part) { text += part; }
  for (var i = 0; i < parts.length; i++) add(parts[i]);
  hit(text + ' "w\\\\orld"', { size: parts.length, tag: '</p>' });
})();
`;
const WANTED = JSON.stringify(['hello "w\\orld"', { size: 3, tag: '</p>' }]);

const dataText = (url) =>
    Buffer.from(url.slice(url.indexOf(',') + 1), 'base64').toString('latin1');

// Enough of a page for what the layers do; `import` is taken out before.
function world(hits, bundle) {
    const blobs = new Map();
    const run = (code) => vm.runInContext(code, context, { timeout: 20000 });
    const load = async (url) => {
        if (typeof url !== 'string')
            return;
        run(url.startsWith('data:') ? dataText(url)
            : await blobs.get(url).text());
    };
    const element = () => ({ append() {}, appendChild: (child) =>
        load(child.src), insertBefore: (child) => load(child.src) });
    const context = vm.createContext({
        hit: (...values) => hits.push(JSON.stringify(values)),
        atob, Blob, Response, DecompressionStream, Uint8Array, unescape,
        console: { log() {}, warn() {}, info() {}, error() {}, table() {},
            trace() {}, exception() {} },
        setTimeout: (what) => typeof what === 'string' && run(what),
        setInterval() {}, load,
        Worker: class { constructor(url) { load(url); } },
        URL: { createObjectURL(blob) {
            blobs.set(`blob:${blobs.size}`, blob);
            return `blob:${blobs.size - 1}`;
        } },
        document: { write: (html) => runPage(html, run, load), head: element(),
            body: element(), createElement: element,
            getElementsByTagName: () => [element()], addEventListener() {},
            documentElement: element() },
        navigator: { userAgent: 'probe' }, location: { href: 'about:probe' },
        addEventListener() {}, removeEventListener() {},
    });

    run('var window = globalThis, self = globalThis, top = globalThis;');
    if (bundle)                         // jQuery asks too much of a document
        delete context.document;
    return { run, load };
}

const entities = (text) =>
    text.replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&amp;/g, '&');

// The scripts of markup that the layers here can have made, and no more.
function runPage(html, run, load) {
    const found = html.match(/<script([^>]*)>([^]*?)<\/script>/);
    const handler = html.match(/ onload="([^"]*)"/);
    const frame = html.match(/ srcdoc="([^"]*)"/);

    if (frame)
        return runPage(entities(frame[1]), run, load);
    if (handler)
        return run(entities(handler[1]));
    const src = found[1].match(/src="([^"]*)"/);

    return src ? load(src[1]) : run(imports(found[2]));
}

const imports = (code) =>
    code.replace(/^import\s*\(?(".*?")\)?;$/m, 'load($1);');

async function check(way) {
    const hits = [];
    const { run, load } = world(hits, way.bundle);
    const code = way.small ? (await minified(PROBE)).trim() : PROBE;
    const text = await way.run(code, path.resolve('verify'));

    if (way.type === 'html')
        runPage(text, run, load);
    else
        run(imports(text));
    for (let i = 0; i < 50 && hits.length === 0; i++)
        await new Promise((next) => setTimeout(next, 10));
    if (hits[0] !== WANTED)
        throw new Error(`it said ${hits[0] ?? 'nothing'}`);
}

let passed = 0;
let failed = 0;

for (const way of [...tools, ...layers]) {
    try {
        await check(way);
        passed++;
    } catch (error) {
        failed++;
        console.log(`not ok ${way.name}: ${error.message.split('\n')[0]}`);
    }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
