// SPDX-License-Identifier: MIT
// layers.mjs - what loaders in the wild wrap around their code: a table of
// name, kind of file, most bytes that go in, and a function from text to text.
import zlib from 'node:zlib';
import { aaencode, jjencode, jsfuck, packer } from './encoders.mjs';

export const KB = 1024;

const quote = JSON.stringify;
const base64 = (text) => Buffer.from(text, 'latin1').toString('base64');
const hex = (text) => Buffer.from(text, 'latin1').toString('hex');
const percent = (text) => hex(text).replace(/../g, '%$&').toUpperCase();
const codes = (text) => [...Buffer.from(text, 'latin1')];
const reverse = (text) => text.split('').reverse().join('');

// Escapes instead of what is not ASCII, as most of these need.
export const ascii = (text) => text.replace(/[^\x00-\x7f]/g, (char) =>
    '\\u' + char.charCodeAt(0).toString(16).padStart(4, '0'));

// Code that can stand inside of a script element.
const inElement = (code) => code.replace(/<\/script/gi, '<\\/script')
    .replace(/<!--/g, '<\\!--');

const page = (body, head = '') => '<!doctype html>\n<html lang="en"><head>' +
    `<meta charset="utf-8"><title>Garden</title>${head}</head>\n<body>` +
    `<h1>Garden</h1><p>Roses, tulips and more.</p>\n${body}\n</body></html>\n`;

const attribute = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;');

function pieces(text, parts) {
    const size = Math.ceil(text.length / parts);
    const found = [];

    for (let i = 0; i < text.length; i += size)
        found.push(text.slice(i, i + size));
    return found;
}

// Text in pieces over variables that are set in another order than joined.
function overVariables(code) {
    const parts = pieces(code, 24);
    const order = parts.map((_, i) => i).sort((a, b) =>
        a * 7 % parts.length - b * 7 % parts.length || a - b);
    const sets = order.map((i) => `var p${i} = ${quote(parts[i])};`);

    return `${sets.join('\n')}\nvar all = ` +
        `${parts.map((_, i) => 'p' + i).join(' + ')};\neval(all);\n`;
}

function xor(code) {
    const key = 'k3y-0f-7h3-g4rd3n';
    const mixed = codes(code).map((byte, i) =>
        byte ^ key.charCodeAt(i % key.length));
    const text = Buffer.from(mixed).toString('base64');

    return `(function (k, d) {\n  var o = '';\n  d = atob(d);\n` +
        '  for (var i = 0; i < d.length; i++)\n' +
        '    o += String.fromCharCode(d.charCodeAt(i) ^ ' +
        'k.charCodeAt(i % k.length));\n' +
        `  eval(o);\n})(${quote(key)}, ${quote(text)});\n`;
}

function gzip(code) {
    const text = zlib.gzipSync(code, { level: 9 }).toString('base64');

    return `const packed = Uint8Array.from(atob(${quote(text)}), ` +
        '(c) => c.charCodeAt(0));\n' +
        'new Response(new Blob([packed]).stream()\n' +
        "  .pipeThrough(new DecompressionStream('gzip'))).text()\n" +
        '  .then((text) => (0, eval)(text));\n';
}

const charCodes = (code) =>
    `var a = [${codes(code).map((n) => n + 7).join(',')}], s = '';\n` +
    'for (var i = 0; i < a.length; i++) ' +
    's += String.fromCharCode(a[i] - 7);\neval(s);\n';

const dataUrl = (code) => 'data:text/javascript;base64,' + base64(code);

const written = (code) => `document.write(unescape('${percent(
    '<script>' + inElement(code) + '</script>')}'));`;

// name, extension, most bytes, transformation
const TABLE = [
    ['base64-eval', 'js', 2048, (c) => `eval(atob(${quote(base64(c))}));\n`],
    ['hex-eval', 'js', 1024, (c) => `eval(${quote(hex(c))}` +
        '.replace(/../g, function (h) {\n' +
        '  return String.fromCharCode(parseInt(h, 16));\n}));\n'],
    ['hex-escapes', 'js', 1024, (c) =>
        `eval("${hex(c).replace(/../g, '\\x$&')}");\n`],
    ['percent', 'js', 1024, (c) => `eval(unescape('${percent(c)}'));\n`],
    ['percent-uri', 'js', 1024, (c) =>
        `Function(decodeURIComponent('${percent(c)}'))();\n`],
    ['xor', 'js', 1024, xor],
    ['gzip', 'js', 2048, gzip],
    ['char-codes', 'js', 512, charCodes],
    ['from-char-code', 'js', 8, (c) =>
        `eval(String.fromCharCode(${codes(c).join(', ')}));\n`],
    ['reversed', 'js', 2048, (c) =>
        `eval(${quote(reverse(c))}.split('').reverse().join(''));\n`],
    ['function', 'js', 2048, (c) => `new Function(${quote(c)})();\n`],
    ['constructor', 'js', 2048, (c) =>
        `[]["fil" + "ter"]["const" + "ructor"](${quote(c)})();\n`],
    ['timer', 'js', 2048, (c) => `setTimeout(${quote(c)}, 10);\n`],
    ['split-join', 'js', 1024, (c) =>
        `eval(${quote(c.replace(/[^]{5}/g, '$&QzQ'))}` +
        '.split("QzQ").join(""));\n'],
    ['indirect-eval', 'js', 2048, (c) =>
        `(0, window["ev" + "al"])(${quote(c)});\n`],
    ['pieces', 'js', 2048, overVariables],
    ['blob-worker', 'js', 2048, (c) =>
        `var text = ${quote(c)};\nnew Worker(URL.createObjectURL(` +
        'new Blob([text], { type: "text/javascript" })));\n'],
    ['data-worker', 'js', 1024, (c) => `new Worker(${quote(dataUrl(c))});\n`],
    ['data-import', 'js', 1024, (c) => `import(${quote(dataUrl(c))});\n`],
    ['data-insert', 'js', 1024, (c) =>
        'var s = document.createElement("script");\n' +
        `s.src = ${quote(dataUrl(c))};\ndocument.head.appendChild(s);\n`],
    ['write-unescape', 'js', 1024, (c) => written(c) + '\n'],
    ['packer', 'js', 1024, packer],
    ['packed-base64', 'js', 512, (c) =>
        packer(`eval(atob(${quote(base64(charCodes(c)))}));`)],
    ['jjencode', 'js', 32, jjencode],
    ['aaencode', 'js', 32, aaencode],
    ['jsfuck', 'js', 1, jsfuck],
    ['page', 'html', 2048, (c) => page(`<script>${inElement(c)}</script>`)],
    ['page-write', 'html', 1024, (c) => page(`<script>${written(c)}</script>`)],
    ['page-onload', 'html', 512, (c) =>
        page(`<img src="/rose.jpg" alt="" onload="${attribute(c)}">`)],
    ['page-data-src', 'html', 1024, (c) =>
        page('', `<script src="${dataUrl(c)}" async></script>`)],
    ['page-data-import', 'html', 1024, (c) =>
        page(`<script type="module">import "${dataUrl(c)}";</script>`)],
    ['page-srcdoc', 'html', 512, (c) => page('<iframe hidden srcdoc="' +
        attribute(`<script>${inElement(c)}</script>`) + '"></iframe>')],
];

export const layers = TABLE.map(([name, type, limit, run]) =>
    ({ name, type, limit: limit * KB, run, small: limit <= 32 }));
