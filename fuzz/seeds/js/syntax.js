"use strict";
label: for (const [a, { b = 1, ...c }] of d) { if (a) continue label; else break label; }
async function* f(x, y = 1, ...z) { await x; yield* y; for await (const q of z) ; }
class A extends B { static #p = 1; #q; get [x]() { return this.#q; } static { new.target; } constructor() { super(); } }
const g = async ({ a }, [b]) => a?.b?.[c]?.(d) ?? (e || f && !g);
({ a, b: 1, [c]: 2, get d() { return 1 }, set d(v) {}, async *e() {}, __proto__: null, ...h });
x **= -1 >>> 2 ** 3; y ||= typeof void delete z.q, w++;
`a${b}c${`d${e}`}\u0041`; tag`\unicode ${1}`; /[/\]]+(?<n>a)\k<n>/dgimsuy.test("\x41\u{1f600}\
");
try { throw 0x1F + 0b11 + 0o17 + 1_000.5e-3 + 10n } catch { } finally { debugger }
switch (a) { case 1: let q; default: { } }
do ; while (0) var t = import("m", { with: { type: "json" } });
