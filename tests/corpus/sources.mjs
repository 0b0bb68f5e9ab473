// SPDX-License-Identifier: MIT
// sources.mjs - what is transformed: our own miners, libraries of npm, and the
// small benign scripts of tests/files that are as close to miners as it gets.
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import * as esbuild from 'esbuild';

const LIBRARIES = [                     // name, file in node_modules
    ['altcha', 'altcha/dist/external/altcha.umd.cjs'],
    ['altcha-main', 'altcha/dist/main/altcha.umd.cjs'],
    ['bootstrap', 'bootstrap/dist/js/bootstrap.bundle.js'],
    ['chart', 'chart.js/dist/chart.umd.js'],
    ['crypto-js', 'crypto-js/crypto-js.js'],
    ['d3', 'd3/dist/d3.js'],
    ['friendly-challenge', 'friendly-challenge/widget.js'],
    ['friendly-worker', 'friendly-challenge/worker.js'],
    ['jquery', 'jquery/dist/jquery.js'],
    ['lodash', 'lodash/lodash.js'],
    ['moment', 'moment/moment.js'],
    ['pako', 'pako/dist/browser/pako.umd.min.js'],
    ['socket.io', 'socket.io-client/dist/socket.io.js'],
    ['tweetnacl', 'tweetnacl/nacl-fast.js'],
    ['vue', 'vue/dist/vue.global.js'],
];

const BUNDLED = [                       // libraries without a script
    ['react', "import * as r from 'react'; import * as d from " +
        "'react-dom/client'; Object.assign(window, { r, d });"],
    ['three', "import * as THREE from 'three'; window.THREE = THREE;"],
];

const isScript = (code) => {
    try {
        return Boolean(new vm.Script(code));
    } catch {
        return false;
    }
};

export function miners(here) {
    const folder = path.join(here, 'miners');

    return fs.readdirSync(folder).filter((name) => name.endsWith('.js')).sort()
        .map((name) => ({
            label: 'miner', name: name.slice(0, -3),
            code: fs.readFileSync(path.join(folder, name), 'utf8'),
        }));
}

// Modules lose their `export`, for most layers take scripts only.
function ours(top) {
    const folder = path.join(top, 'tests/files/benign');

    return fs.readdirSync(folder).filter((name) => name.endsWith('.js')).sort()
        .map((name) => ({
            label: 'benign', name: 'our-' + name.slice(0, -3),
            code: fs.readFileSync(path.join(folder, name), 'utf8')
                .replace(/^export /gm, ''),
        })).filter(({ code }) => isScript(code));
}

async function bundled([name, code]) {
    const { outputFiles } = await esbuild.build({
        stdin: { contents: code, resolveDir: '.' }, bundle: true, write: false,
        format: 'iife', define: { 'process.env.NODE_ENV': '"production"' },
    });

    return { label: 'benign', name, code: outputFiles[0].text };
}

export async function benign(top) {
    const found = LIBRARIES.map(([name, file]) => ({
        label: 'benign', name,
        code: fs.readFileSync(path.join('node_modules', file), 'utf8')
            .replace(/^\/\/# sourceMappingURL=.*$/gm, ''),
    }));

    for (const library of BUNDLED)
        found.push(await bundled(library));
    return [...found, ...ours(top)];
}
