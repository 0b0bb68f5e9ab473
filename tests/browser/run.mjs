// SPDX-License-Identifier: MIT
// run.mjs - a real Chromium through davyd, over HTTP and over HTTPS.
//
// usage: node run.mjs [SCREENSHOTS]     in the build folder, top_srcdir set
//
// The last line is `N passed, N failed`.
import assert from 'node:assert';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as stage from './stage.mjs';
import { checkPage } from './look.mjs';

const shots = path.resolve(process.argv[2] ?? 'browser-screenshots');
const forEach = [];                     // name, function of {page, base}
const once = [];                        // name, function of {page, world}

const each = (name, fn) => forEach.push([name, fn]);
const test = (name, fn) => once.push([name, fn]);

// ---- Over HTTP and over HTTPS ----

each('a miner is cut out of its page and the rest works',
    async ({ page, base }) => {
        for (const name of ['/mined', '/mined-gzip']) {
            await page.goto(base + name);
            assert.equal(await page.textContent('#after'), 'After');
            assert.equal(await page.evaluate('window.other'), 1);
            assert.ok(!(await page.content()).includes('CoinHive'));
        }
    });

each('the pages of the example site render without their miners',
    async ({ page, base }) => {
        for (const name of ['index', 'about', 'news', 'prices', 'contact',
            'guestbook']) {
            const file = path.join(stage.top, `examples/site/${name}.html`);

            if (!fs.existsSync(file))
                continue;
            await page.goto(`${base}/site/${name}.html`);
            assert.ok(await page.textContent('h1'));
            assert.ok(await page.evaluate(() => [...document.scripts].every(
                (script) => !/new\s+CoinHive/.test(script.text))), name);
        }
    });

each('a mining script is answered with a stand-in', async ({ page, base }) => {
    await page.goto(base + '/clean');
    await page.addScriptTag({ url: base + '/miner.js' });
    assert.equal(await page.evaluate(() => {
        const miner = new CoinHive.Anonymous('key', { throttle: 0.5 });

        miner.on('found', () => {});
        miner.start();
        return miner.isRunning();
    }), false);
});

each('a service worker installs and answers', async ({ page, base }) => {
    await page.goto(base + '/clean');
    assert.equal(await page.evaluate(async () => {
        await navigator.serviceWorker.register('/worker.js');
        await navigator.serviceWorker.ready;
        if (!navigator.serviceWorker.controller)
            await new Promise((resolve) => navigator.serviceWorker
                .addEventListener('controllerchange', resolve));
        return (await fetch('/from-worker')).text();
    }), 'hello from the worker');
    await page.evaluate(async () => {
        for (const r of await navigator.serviceWorker.getRegistrations())
            await r.unregister();
    });
});

each('a mining service worker takes itself away', async ({ page, base }) => {
    await page.goto(base + '/clean');
    assert.equal(await page.evaluate(async () => {
        await navigator.serviceWorker.register('/mining-worker.js')
            .catch(() => {});
        for (let i = 0; i < 50; i++) {
            const all = await navigator.serviceWorker.getRegistrations();

            if (all.length === 0)
                return 0;
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return 1;
    }), 0);
});

each('a chat over a WebSocket works', async ({ page, base }) => {
    await page.goto(base + '/clean');
    const answers = await page.evaluate((address) => new Promise(
        (resolve, reject) => {
            const socket = new WebSocket(address);
            const texts = ['hello', 'ä€😀', 'x'.repeat(1 << 20)];
            const answers = [];

            socket.binaryType = 'arraybuffer';
            socket.onerror = () => reject(new Error('the socket failed'));
            socket.onopen = () => {
                for (const text of texts)
                    socket.send(text);
                socket.send(new Uint8Array(100000).fill(7));
            };
            socket.onmessage = ({ data }) => {
                answers.push(typeof data === 'string' ? data.length
                    : data.byteLength);
                if (answers.length === 4) {
                    socket.onclose = ({ code }) => resolve([...answers, code]);
                    socket.close(1000);
                }
            };
        }), base.replace('http', 'ws') + '/chat');

    assert.deepEqual(answers, [5, 4, 1 << 20, 100000, 1000]);
});

each('a pool over a WebSocket is closed', async ({ page, base }) => {
    await page.goto(base + '/clean');
    const code = await page.evaluate((address) => new Promise((resolve) => {
        const socket = new WebSocket(address);

        socket.onopen = () => socket.send('{"type":"auth","params":{"version":'
            + '7,"site_key":"k","type":"anonymous","user":null,"goal":0}}');
        socket.onclose = (event) => resolve(event.code);
    }), base.replace('http', 'ws') + '/pool');

    assert.equal(code, 1008);
    assert.equal(stage.decisions().at(-1).action, 'closed');
});

each('a download arrives as it is', async ({ page, base }) => {
    await page.goto(base + '/clean');
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.evaluate(() => {
            const link = document.createElement('a');

            link.href = '/download';
            document.body.append(link);
            link.click();
        }),
    ]);

    assert.equal(download.suggestedFilename(), 'a.bin');
    assert.equal(stage.sha256(fs.readFileSync(await download.path())),
        stage.sha256(stage.blob));
});

each('uploads arrive as they are', async ({ page, base }) => {
    await page.goto(base + '/clean');
    const [bytes, form] = await page.evaluate(async () => {
        const bytes = new Uint8Array(5 << 20).map((_, i) => i * 7);
        const form = new FormData();

        form.append('file', new Blob([bytes]), 'a.bin');
        const send = async (body) => (await (await fetch('/upload',
            { method: 'POST', body })).json());

        return [await send(bytes), await send(form)];
    });
    const wanted = Buffer.from(new Uint8Array(5 << 20).map((_, i) => i * 7));

    assert.equal(bytes.sha256, stage.sha256(wanted));
    assert.ok(form.length > 5 << 20);
});

each('sound can be sought by ranges', async ({ page, base }) => {
    await page.goto(base + '/clean');
    const part = await page.evaluate(async () => {
        const answer = await fetch('/sound.wav',
            { headers: { Range: 'bytes=100-199' } });

        return [answer.status, (await answer.arrayBuffer()).byteLength,
            answer.headers.get('Content-Range')];
    });

    assert.deepEqual(part, [206, 100, 'bytes 100-199/9600044']);
    assert.equal(await page.evaluate(() => new Promise((resolve, reject) => {
        const sound = new Audio('/sound.wav');

        sound.onerror = () => reject(new Error('the sound does not load'));
        sound.onloadedmetadata = () => {
            sound.onseeked = () => resolve(Math.round(sound.currentTime));
            sound.currentTime = 500;
        };
    })), 500);
});

each('events come when they are sent', async ({ page, base }) => {
    await page.goto(base + '/clean');
    const times = await page.evaluate(() => new Promise((resolve) => {
        const source = new EventSource('/events');
        const times = [];

        source.onmessage = () => {
            times.push(performance.now());
            if (times.length === 4) {
                source.close();
                resolve(times);
            }
        };
    }));

    assert.ok(times[3] - times[0] > 900, times);
    assert.ok(times[1] - times[0] > 200, times);
});

each('a script with integrity is unchanged', async ({ page, base }) => {
    await page.goto(base + '/integrity');
    assert.equal(await page.evaluate('window.loaded'), 1);
});

each('a page in Brotli is read', async ({ page, base }) => {
    await page.goto(base + '/clean-br');
    assert.equal(await page.textContent('#br'), 'Brotli');
});

each('a module compiles while it comes', async ({ page, base }) => {
    await page.goto(base + '/clean');
    assert.equal(await page.evaluate(async () =>
        (await WebAssembly.instantiateStreaming(fetch('/module.wasm')))
            .instance.exports.f()), 42);
});

each('a page of 6 MB comes whole', async ({ page, base }) => {
    await page.goto(base + '/big');
    assert.equal(await page.textContent('#last'), 'the end');
});

each('a hundred images load', async ({ page, base }) => {
    await page.goto(base + '/images');
    assert.equal(await page.evaluate(() => [...document.images]
        .filter((image) => image.complete && image.naturalWidth === 1)
        .length), 100);
});

each('cookies and redirects are kept', async ({ page, base }) => {
    await page.goto(base + '/set');
    assert.match(await page.textContent('body'), /a=1; b=2/);
});

each('a page is shown again after 304', async ({ page, base }) => {
    await page.goto(base + '/tagged');
    await page.reload();
    assert.equal(await page.textContent('h1'), 'Tagged');
    assert.ok(stage.seen.some((r) => r.pathname === '/tagged'
        && r.headers['if-none-match'] === '"one"'));
});

each('an origin may ask for a password', async ({ page, base }) => {
    await page.goto(base + '/clean');
    assert.deepEqual(await page.evaluate(async () => [
        (await fetch('/secret', { credentials: 'omit' })).status,
        await (await fetch('/secret', { headers: {
            Authorization: 'Basic ' + btoa('me:word') } })).text(),
    ]), [401, 'welcome']);
});

// ---- Once ----

test('a blocked page says why, over HTTP and HTTPS', async ({ page }) => {
    // A page that nobody asks a server for: the address is on the list.
    const answer = await page.goto('http://coinhive.com/');

    assert.equal(answer.status(), 403);
    assert.match(await page.textContent('h1'), /mines/);
    await checkPage(page, path.join(shots, 'block-page'));
});

test('an origin with a wrong certificate is named', async ({ page,
    world }) => {
    const address = world.origins.https.replace('localhost', '127.0.0.1');
    const answer = await page.goto(address + '/clean');

    assert.equal(answer.status(), 502);
    assert.match(await page.textContent('h1'), /prove who it is/);
    await checkPage(page, path.join(shots, 'certificate-page'));
});

for (const name of ['', 'decisions', 'check', 'certificate', 'policy'])
    test(`the portal: /${name}`, async ({ page }) => {
        const answer = await page.goto(`http://davy.proxy/${name}`);

        assert.equal(answer.status(), 200);
        await checkPage(page, path.join(shots, `portal-${name || 'status'}`));
    });

test('the portal checks an address by its form', async ({ page, world }) => {
    await page.goto('http://davy.proxy/check');
    await page.fill('#url', world.origins.http + '/mined');
    await page.keyboard.press('Enter');
    await page.waitForSelector('h2');
    assert.match(await page.textContent('main'), /without its miner/);
    await checkPage(page, path.join(shots, 'portal-check-answer'));
});

test('the PAC file leads a browser here', async ({ world }) => {
    const context = await stage.startBrowser(world.home, [
        `--proxy-pac-url=http://127.0.0.1:${world.proxy.port}/proxy.pac`]);
    const page = await context.newPage();
    const answer = await page.goto('http://davy.proxy/healthz');

    assert.equal((await answer.text()).trim(), 'ok');
});

// ---- Running ----

let passed = 0;
let failed = 0;

function tooLong() {
    return new Promise((_, reject) => setTimeout(
        () => reject(new Error('it takes too long')), 30000).unref());
}

// No page may have an error of its own.
async function run(name, fn, world, more) {
    const page = await world.context.newPage();
    const errors = [];

    page.on('pageerror', (error) => errors.push(String(error)));
    try {
        await Promise.race([fn({ page, world, ...more }), tooLong()]);
        assert.deepEqual(errors, []);
        passed++;
        console.log(`ok - ${name}`);
    } catch (error) {
        failed++;
        console.log(`not ok - ${name}\n${error.stack ?? error}`);
    }
    await page.close();
}

const deadline = setTimeout(() => {
    console.log('the tests take too long\n0 passed, 1 failed');
    process.exit(1);
}, 300000);

try {
    const world = await stage.start();

    fs.mkdirSync(shots, { recursive: true });
    for (const [scheme, base] of Object.entries(world.origins))
        for (const [name, fn] of forEach)
            await run(`${scheme}: ${name}`, fn, world, { base });
    for (const [name, fn] of once)
        await run(name, fn, world);
} catch (error) {
    failed++;
    console.log(error.stack);
} finally {
    await stage.stop();
    clearTimeout(deadline);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
