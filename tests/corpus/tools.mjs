// SPDX-License-Identifier: MIT
// tools.mjs - npm's obfuscator, minifiers and bundlers as a table like that of
// layers.mjs; seeds and versions are fixed.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import { minify } from 'terser';
import { KB } from './layers.mjs';

const require = createRequire(import.meta.url);
const newest = require('javascript-obfuscator');
const older = require('javascript-obfuscator-4');  // as much seen
const webpack = require('webpack');

export const minified = async (code) =>
    (await minify(code, { toplevel: false })).code + '\n';

const strings = (encoding) => ({
    stringArray: true, stringArrayThreshold: 1, stringArrayRotate: true,
    stringArrayShuffle: true, stringArrayWrappersCount: 2,
    stringArrayEncoding: [encoding],
});

const OBFUSCATIONS = [                  // name, KB that go in at most, options
    ['obfuscator-low', 300, { optionsPreset: 'low-obfuscation' }],
    ['obfuscator-medium', 100, { optionsPreset: 'medium-obfuscation' }],
    ['obfuscator-high', 64, { optionsPreset: 'high-obfuscation' }],
    ['obfuscator-strings', 300, strings('none')],
    ['obfuscator-base64', 220, strings('base64')],
    ['obfuscator-rc4', 220, strings('rc4')],
    ['obfuscator-flow', 100, { controlFlowFlattening: true,
        controlFlowFlatteningThreshold: 1, stringArray: false }],
    ['obfuscator-dead', 100, { deadCodeInjection: true,
        deadCodeInjectionThreshold: 1, stringArrayThreshold: 1 }],
    ['obfuscator-defend', 100, { selfDefending: true, compact: true,
        stringArrayThreshold: 1 }],
    ['obfuscator-split', 100, { splitStrings: true, splitStringsChunkLength: 3,
        transformObjectKeys: true, numbersToExpressions: true,
        unicodeEscapeSequence: true, stringArrayThreshold: 1 }],
];

const obfuscate = (options, obfuscator = newest) => (code) =>
    obfuscator.obfuscate(code, { seed: 4, ...options }).getObfuscatedCode() +
    '\n';

// ---- Bundles: the script is the last module behind large libraries ----

// What goes into a bundle lies in a file beside its entry.
function entry(work, code, lines) {
    const folder = path.join(work, 'bundle');

    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'part.cjs'), code);
    fs.writeFileSync(path.join(folder, 'entry.js'), lines.join('\n') + '\n');
    return folder;
}

const webpackWith = (options) => async (code, work) => {
    const folder = entry(work, code, ["window.$ = require('jquery');",
        "window._ = require('lodash');", "require('./part.cjs');"]);
    const stats = await promisify(webpack)({
        context: folder, entry: './entry.js', target: ['web', 'es2022'],
        cache: false, performance: false, node: false, ...options,
        resolve: { fallback: { crypto: false } },
        output: { path: folder, filename: 'out.js', clean: false },
    });

    if (stats.hasErrors())
        throw new Error(stats.toString({ all: false, errors: true }));
    return fs.readFileSync(path.join(folder, 'out.js'), 'utf8');
};

// Libraries are parsed once: each bundle hands its modules to the next.
const parsed = new Map();

const rollupWith = (libraries) => async (code, work) => {
    const key = libraries.join();
    const folder = entry(work, code, [...libraries, "import './part.cjs';"]);
    const bundle = await rollup({
        input: path.join(folder, 'entry.js'), cache: parsed.get(key),
        plugins: [resolve({ browser: true, preferBuiltins: false }),
            commonjs({ extensions: ['.js', '.cjs'] })],
        onwarn() {},
    });
    const { output } = await bundle.generate({ format: 'iife', name: 'site' });

    parsed.set(key, bundle.cache);
    await bundle.close();
    return output[0].code;
};

const ROLLUP = ["import $ from 'jquery';", "import * as d3 from 'd3';",
    "import moment from 'moment';",
    'Object.assign(window, { $, d3, moment });'];

const esbuilt = (options) => async (code) => (await esbuild.transform(code,
    { minify: true, legalComments: 'none', ...options })).code;

const TABLE = [
    ['plain', 4096, (code) => code],
    ['terser', 4096, minified],
    ['esbuild', 4096, esbuilt({})],
    ['esbuild-es2015', 4096, esbuilt({ target: 'es2015', format: 'iife' })],
    ['webpack', 330, webpackWith({ mode: 'production', devtool: false })],
    ['webpack-eval', 330,
        webpackWith({ mode: 'development', devtool: 'eval' })],
    ['rollup', 330, rollupWith(ROLLUP)],
    ...OBFUSCATIONS.map(([name, limit, options]) =>
        [name, limit, obfuscate(options)]),
    ['obfuscator4-base64', 220, obfuscate(strings('base64'), older)],
    ['obfuscator4-rc4', 220, obfuscate(strings('rc4'), older)],
    ['obfuscator4-high', 64,
        obfuscate({ optionsPreset: 'high-obfuscation' }, older)],
    ['bundle-obfuscated', 2, async (code, work) => obfuscate(strings('base64'))(
        await rollupWith(["import 'tweetnacl';"])(code, work))],
];

export const tools = TABLE.map(([name, limit, run]) =>
    ({ name, type: 'js', limit: limit * KB, run, small: false,
        bundle: /^(webpack|rollup)/.test(name) }));
