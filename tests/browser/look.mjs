// SPDX-License-Identifier: MIT
// look.mjs - what a page of ours must hold for everybody, and its pictures.
import assert from 'node:assert';

const sizes = { desktop: { width: 1200, height: 800 },
                phone: { width: 375, height: 720 } };

// In the page: contrast of all text with what is behind it (WCAG 2.2, 1.4.3).
function poorContrast() {
    const parse = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const channel = (c) => (c / 255 <= 0.03928 ? c / 255 / 12.92
        : ((c / 255 + 0.055) / 1.055) ** 2.4);
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g)
        + 0.0722 * channel(b);
    const canvas = matchMedia('(prefers-color-scheme: dark)').matches
        ? [18, 18, 18] : [255, 255, 255];
    const behind = (element) => {
        for (let e = element; e; e = e.parentElement) {
            const [r, g, b, a = 1] = parse(getComputedStyle(e)
                .backgroundColor);

            if (a > 0.5)
                return [r, g, b];
        }
        return canvas;
    };
    const poor = [];

    for (const element of document.body.querySelectorAll('*')) {
        const hasText = [...element.childNodes].some((node) =>
            node.nodeType === 3 && node.data.trim() !== '');

        if (!hasText || ['STYLE', 'SCRIPT'].includes(element.tagName))
            continue;
        const a = light(parse(getComputedStyle(element).color));
        const b = light(behind(element));
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

        if (ratio < 4.5)
            poor.push(`${element.tagName} ${element.textContent.trim()
                .slice(0, 30)}: ${ratio.toFixed(2)}`);
    }
    return poor;
}

async function checkForEverybody(page) {
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    assert.equal(await page.locator('h1').count(), 1);
    assert.ok(await page.title());
    assert.equal(await page.evaluate(() => [...document.querySelectorAll(
        'input:not([type=hidden])')].filter((i) => i.labels.length === 0)
        .length), 0);
    assert.deepEqual(await page.evaluate(poorContrast), []);
}

// Light and dark, on a desk and on a phone.
export async function checkPage(page, name) {
    for (const [device, size] of Object.entries(sizes)) {
        await page.setViewportSize(size);
        for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme });
            await checkForEverybody(page);
            assert.ok(await page.evaluate(() => document.documentElement
                .scrollWidth <= innerWidth), `${device} scrolls sideways`);
            await page.screenshot({ path: `${name}-${device}-${colorScheme}.png`,
                                    fullPage: device === 'phone' });
        }
    }
    await page.emulateMedia({ colorScheme: null });
}
