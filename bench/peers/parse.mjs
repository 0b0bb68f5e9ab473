// SPDX-License-Identifier: MIT
// Parse every script of a folder with one parser and print the speed:
// node parse.mjs acorn|oxc FOLDER
import { readdirSync, readFileSync } from 'node:fs';

const [which, folder] = process.argv.slice(2);
const sources = readdirSync(folder).sort()
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
const bytes = sources.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

async function parser() {
    if (which === 'acorn') {
        const { parse } = await import('acorn');
        return (text, sourceType) => parse(text, { ecmaVersion: 2024,
            sourceType, allowReturnOutsideFunction: true });
    }
    const { parseSync } = await import('oxc-parser');
    // `program` is built lazily from the native tree: not touching it leaves
    // the parsing alone, which favours oxc.
    return (text, sourceType) => {
        const { errors } = parseSync('x.js', text, { sourceType });
        if (errors.length > 0)
            throw new Error('syntax');
    };
}

const parse = await parser();
let best = Infinity;
let refused = 0;
for (let round = 0; round < 5; round++) {
    refused = 0;
    const start = process.hrtime.bigint();
    for (const text of sources) {
        try {
            parse(text, 'script');
        } catch {
            try { parse(text, 'module'); } catch { refused++; }
        }
    }
    best = Math.min(best, Number(process.hrtime.bigint() - start));
}
console.log(`${which} ${(bytes / 1e6 / (best / 1e9)).toFixed(1)} MB/s, ` +
            `${refused} of ${sources.length} refused`);
