// SPDX-License-Identifier: MIT
// stage.mjs - origins, a davyd and a Chromium, all on 127.0.0.1; everything ends
// with stop().
import { execFileSync, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import zlib from 'node:zlib';
import { chromium } from 'playwright-core';
import { WebSocketServer } from 'ws';

export const top = path.resolve(process.env.top_srcdir ?? '../..');
export const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'davy-browser-'));

const ends = [];

export async function stop() {
    for (const end of ends.reverse())
        await end();
    fs.rmSync(folder, { recursive: true, force: true });
}

export function freePort() {
    return new Promise((resolve) => {
        const server = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

// ---- Certificates of the origin ----

function openssl(...words) {
    execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' });
}

function makeCertificates() {
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt',
        'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj',
        '/CN=authority of the origin', '-keyout', 'root.key', '-out',
        'root.pem');
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
        '-nodes', '-subj', '/CN=localhost', '-keyout', 'origin.key', '-out',
        'origin.csr');
    fs.writeFileSync(path.join(folder, 'origin.ext'),
        'subjectAltName=DNS:localhost\n');
    openssl('x509', '-req', '-in', 'origin.csr', '-CA', 'root.pem', '-CAkey',
        'root.key', '-CAcreateserial', '-days', '2', '-extfile',
        'origin.ext', '-out', 'origin.pem');
}

// ---- Origins ----

export const sha256 = (bytes) =>
    crypto.createHash('sha256').update(bytes).digest('hex');

export const blob = crypto.createHash('shake256', { outputLength: 3 << 20 })
    .update('a download').digest();

// One channel of 16 bit, 8 kHz: ten minutes of a slow wave.
function wave() {
    const samples = 8000 * 600;
    const bytes = Buffer.alloc(44 + samples * 2);

    bytes.write('RIFF', 0);
    bytes.writeUInt32LE(36 + samples * 2, 4);
    bytes.write('WAVEfmt ', 8);
    bytes.writeUInt32LE(16, 16);
    bytes.writeUInt16LE(1, 20);
    bytes.writeUInt16LE(1, 22);
    bytes.writeUInt32LE(8000, 24);
    bytes.writeUInt32LE(16000, 28);
    bytes.writeUInt16LE(2, 32);
    bytes.writeUInt16LE(16, 34);
    bytes.write('data', 36);
    bytes.writeUInt32LE(samples * 2, 40);
    for (let i = 0; i < samples; i++)
        bytes.writeInt16LE(Math.round(1000 * Math.sin(i / 50)), 44 + 2 * i);
    return bytes;
}

const sound = wave();
const key = '0123456789abcdef0123456789ABCDEF';

export const miner = `new CoinHive.Anonymous("${key}", {throttle: 0.3}).start();`;

const minedPage = `<!DOCTYPE html><title>t</title><h1>Before</h1>
<script>${miner}</script><script>window.other = 1;</script><p id=after>After`;

const cleanScript = 'window.loaded = (window.loaded || 0) + 1;';
const integrity = 'sha384-'
    + crypto.createHash('sha384').update(cleanScript).digest('base64');

// (module (func (export "f") (result i32) i32.const 42))
const module = Buffer.from('0061736d010000000105016000017f0302010007050101'
    + '660000' + '0a06010400412a0b', 'hex');

const bigPage = '<!DOCTYPE html><title>big</title>'
    + '<p>Some words that nobody reads. '.repeat(200000)
    + '<p id=last>the end';

const worker = `self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (e) => e.waitUntil(clients.claim()));
self.addEventListener('fetch', (e) => {
    if (e.request.url.endsWith('/from-worker'))
        e.respondWith(new Response('hello from the worker'));
});`;

const html = (body) => ({ type: 'text/html; charset=utf-8', body });
const script = (body) => ({ type: 'text/javascript', body });

const pages = {
    '/clean': html('<!DOCTYPE html><title>clean</title><h1>Clean</h1>'),
    '/mined': html(minedPage),
    '/mined-gzip': {
        ...html(zlib.gzipSync(minedPage)), coding: 'gzip', plain: '/mined',
    },
    '/clean-br': {
        ...html(zlib.brotliCompressSync('<!DOCTYPE html><p id=br>Brotli')),
        coding: 'br',
    },
    '/big': html(bigPage),
    '/lib.js': script(cleanScript),
    '/miner.js': script(miner),
    '/worker.js': script(worker),
    '/mining-worker.js': script(
        `importScripts('/x.js');const m=new CoinHive.Anonymous("${key}");`
        + 'm.start();self.addEventListener("fetch",()=>{});'),
    '/integrity': html(`<!DOCTYPE html><script src="/lib.js"
        integrity="${integrity}" crossorigin></script>`),
    '/module.wasm': { type: 'application/wasm', body: module },
    '/images': html('<!DOCTYPE html>' + Array.from({ length: 100 },
        (_, i) => `<img src="/image.svg?${i}">`).join('')),
    '/image.svg': {
        type: 'image/svg+xml',
        body: '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    },
    '/download': {
        type: 'application/octet-stream', body: blob,
        fields: { 'Content-Disposition': 'attachment; filename="a.bin"' },
    },
    '/sound.wav': { type: 'audio/wav', body: sound, hasRanges: true },
    '/tagged': {
        ...html('<!DOCTYPE html><h1>Tagged</h1>'),
        fields: { ETag: '"one"', 'Cache-Control': 'no-cache' },
    },
};

export const seen = [];

function sendPart(request, response, page, fields) {
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range);
    const last = to === '' ? page.body.length - 1 : Number(to);
    const part = page.body.subarray(Number(from), last + 1);

    response.writeHead(206, {
        ...fields, 'Content-Length': part.length,
        'Content-Range': `bytes ${from}-${last}/${page.body.length}`,
    });
    response.end(part);
}

function sendPage(request, response, page) {
    const body = Buffer.from(page.body);
    const fields = { 'Content-Type': page.type, ...page.fields };

    if (page.coding)
        fields['Content-Encoding'] = page.coding;
    if (page.hasRanges)
        fields['Accept-Ranges'] = 'bytes';
    if (fields.ETag && request.headers['if-none-match'] === fields.ETag) {
        response.writeHead(304, { ETag: fields.ETag });
        response.end();
    } else if (page.hasRanges && request.headers.range) {
        sendPart(request, response, page, fields);
    } else {
        response.writeHead(200, { ...fields, 'Content-Length': body.length });
        response.end(body);
    }
}

function receive(request, response) {
    const hash = crypto.createHash('sha256');
    let length = 0;

    request.on('data', (bytes) => {
        hash.update(bytes);
        length += bytes.length;
    });
    request.on('end', () => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ length, sha256: hash.digest('hex') }));
    });
}

function sendEvents(request, response) {
    let n = 0;

    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const timer = setInterval(() => {
        response.write(`data: ${n}\n\n`);
        if (++n === 4) {
            clearInterval(timer);
            response.end();
        }
    }, 400);
}

// What does more than to send a page.
const actions = {
    '/upload': receive,
    '/events': sendEvents,
    '/set': (request, response) => {
        response.writeHead(302, {
            Location: '/show',
            'Set-Cookie': ['a=1; Path=/', 'b=2; Path=/'],
        });
        response.end();
    },
    '/show': (request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/plain' });
        response.end(request.headers.cookie ?? 'none');
    },
    '/secret': (request, response) => {
        const isKnown = request.headers.authorization
            === 'Basic ' + Buffer.from('me:word').toString('base64');

        response.writeHead(isKnown ? 200 : 401, {
            'Content-Type': 'text/plain',
            'WWW-Authenticate': 'Basic realm="x"',
        });
        response.end(isKnown ? 'welcome' : 'who?');
    },
};

// The example site lies below /site/.
function sendFile(request, response, name) {
    const types = { '.html': 'text/html', '.js': 'text/javascript',
                    '.css': 'text/css' };
    const file = path.join(top, 'examples', path.normalize('/' + name));

    if (!fs.existsSync(file) || !fs.statSync(file).isFile()) {
        response.writeHead(404);
        response.end();
        return;
    }
    sendPage(request, response, {
        type: types[path.extname(file)] ?? 'application/octet-stream',
        body: fs.readFileSync(file),
    });
}

function answer(request, response) {
    const { pathname } = new URL(request.url, 'http://localhost');

    seen.push({ method: request.method, pathname, headers: request.headers });
    if (pages[pathname]?.plain
        && !/gzip/.test(request.headers['accept-encoding'] ?? ''))
        sendPage(request, response, pages[pages[pathname].plain]);
    else if (pages[pathname])
        sendPage(request, response, pages[pathname]);
    else if (actions[pathname])
        actions[pathname](request, response);
    else
        sendFile(request, response, pathname);
}

// /chat answers what it gets; /pool speaks as a mining pool does.
function speak(socket, request) {
    socket.on('error', () => {});
    socket.on('message', (bytes, isBinary) => {
        if (request.url !== '/pool') {
            socket.send(bytes, { binary: isBinary });
            return;
        }
        socket.send('{"type":"authed","params":{"token":"","hashes":0}}');
        socket.send('{"type":"job","params":{"job_id":"1","blob":"06",'
            + '"target":"ffffff00"}}');
    });
}

function listen(server) {
    new WebSocketServer({ server, perMessageDeflate: { threshold: 0 } })
        .on('connection', speak);
    ends.push(() => {
        server.closeAllConnections();
        server.close();
    });
    return new Promise((resolve) => server.listen(0, '127.0.0.1',
        () => resolve(server.address().port)));
}

// ---- davyd ----

async function startProxy(ports) {
    const port = await freePort();
    const state = path.join(folder, 'state');

    execFileSync('./davyd', ['ca', 'init', '--state', state],
        { stdio: 'ignore' });
    const davyd = spawn('./davyd', ['--config', 'none', '--foreground',
        '--listen', `127.0.0.1:${port}`, '--state', state, '--pack',
        path.join(top, 'patterns'), '--allow-private', '--connect-ports',
        ports.https, '--connect-http-ports', ports.http, '--upstream-ca', path.join(folder, 'root.pem'),
        '--decisions', path.join(folder, 'decisions')],
    { stdio: ['ignore', 'ignore', 'pipe'] });
    const lines = readline.createInterface({ input: davyd.stderr });

    ends.push(() => new Promise((resolve) => {
        davyd.once('exit', resolve);
        davyd.kill('SIGTERM');
        setTimeout(() => davyd.kill('SIGKILL'), 25000).unref();
    }));
    await new Promise((resolve, reject) => {
        lines.on('line', (line) => {
            if (line.includes('listening on'))
                resolve();
        });
        davyd.once('exit', () => reject(new Error('davyd does not start')));
    });
    return { port, certificate: path.join(state, 'ca.pem') };
}

export function decisions() {
    return fs.readFileSync(path.join(folder, 'decisions'), 'utf8').split('\n')
        .filter(Boolean).map((line) => JSON.parse(line));
}

// ---- The browser ----

const flags = ['--headless', '--no-sandbox', '--disable-gpu',
    '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'];

// Chromium reads the authorities to trust from the home of its user.
function trust(certificate) {
    const home = path.join(folder, 'home');
    const base = path.join(home, '.pki', 'nssdb');

    fs.mkdirSync(base, { recursive: true });
    execFileSync('certutil', ['-d', `sql:${base}`, '-N',
        '--empty-password']);
    execFileSync('certutil', ['-d', `sql:${base}`, '-A', '-t', 'C,,', '-n',
        'davy', '-i', certificate]);
    return home;
}

let browsers = 0;

export async function startBrowser(home, proxy, options = {}) {
    const context = await chromium.launchPersistentContext(
        path.join(folder, `profile-${browsers++}`), {
            executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
            args: [...flags, ...proxy],
            env: { ...process.env, HOME: home },
            ...options,
        });

    ends.push(() => context.close());
    context.setDefaultTimeout(20000);
    return context;
}

export async function start() {
    makeCertificates();
    const ports = {
        http: await listen(http.createServer(answer)),
        https: await listen(https.createServer({
            key: fs.readFileSync(path.join(folder, 'origin.key')),
            cert: fs.readFileSync(path.join(folder, 'origin.pem')),
        }, answer)),
    };
    const proxy = await startProxy(ports);
    const home = trust(proxy.certificate);
    const context = await startBrowser(home, [
        `--proxy-server=127.0.0.1:${proxy.port}`,
        '--proxy-bypass-list=<-loopback>']);

    return {
        context, home, proxy,
        origins: {
            http: `http://localhost:${ports.http}`,
            https: `https://localhost:${ports.https}`,
        },
    };
}
