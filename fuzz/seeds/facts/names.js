window.CoinHive.Anonymous('k');
self.CoinHive.Anonymous('k'); globalThis['CoinHive'].Anonymous('k');
var w = window; w.CoinHive.Anonymous('k'); w.eval;
function f(window) { window.CoinHive.start(); }
var C = CoinHive, A = C.Anonymous;
var m = new A('key');
m.start();
const { Anonymous } = CoinHive;
const { User: U, Token: { x } } = CoinHive, [first, second] = list;
new Anonymous('k'); new U('k'); x(); first(); second();
const { a, b: { c }, d = 'preset' } = { a: 'x', b: { c: 'y' } };
const [e, , g] = ['1', '2', '3'];
f(a, c, d, e, g);
let { Anonymous } = CoinHive;
Anonymous = null;
new Anonymous('k');
var a = 'Coin', b = 'Hive', c = a + b;
f(c, window[c]);
var a = 'x'; a = 'y'; f(a);
let b = 'x'; b += 'y'; f(b);
var c = 1; c++; f(c);
var d = 'x'; for (d of list) f(d);
var e = 'x'; [e] = list; f(e);
var g = 'x'; ({ g } = list); f(g);
var a = 'outer';
function f() { var a = 'inner'; g(a); }
{ let a = 'block'; g(a); }
g(a);
var a = 'outer';
function f(a) { g(a); }
const h = (a) => g(a);
function i({ a }, ...b) { g(a, b); }
function f(a = 'x', b = a) { g(a, b); }
var e = 'outer';
try { f(); } catch (e) { g(e); }
g(e);
try { f(); } catch (e) { g(e); }
var e = 'outer';
g(e);
f(a);
var a = 'x';
function h() { return b; var b = 'y'; }
g();
function g() { f(c); }
var c = 'z';
var a = 'x';
with (o) { f(a); }
eval('a = 1');
function atob(x) { return x; }
f(atob('YWJj'));
(function (unescape) { f(unescape('%41')); })();
var escape = u; f(escape(' '));
var d = atob, S = String, g = window.unescape;
f(d('YWJj'), S.fromCharCode(65), g('%41'), window['atob']('eA=='));
var a = ['x', 'y']; a.push('z'); f(a.join(''));
var b = ['x', 'y']; b[0] = 'z'; f(b.join(''), b[0]);
var c = ['x', 'y']; c.reverse(); f(c.join(''));
var d = { k: 'x' }; d.k = 'y'; f(d.k);
var e = ['x']; (function (l) { l.push(l.shift()); })(e); f(e[0]);
var g = ['x']; delete g[0]; f(g[0]);
var h = { k: 'x' }; h.k += 'y'; f(h.k);
var i = { n: 1 }; i.n++; f(i.n);
var a = ['Coin', 'Hive']; f(a.join(''), a[0] + a[1], a.slice(1).join(), a.length);
var o = { k: 'CoinHive' }; f(window[o.k]); for (var x of a) f(x);
(0, window.CoinHive.Anonymous)('k');
(window.CoinHive || {}).Anonymous('k');
(window.CoinHive && window.CoinHive.Anonymous)('k');
window?.CoinHive?.Anonymous?.('k');
(await CoinHive).Anonymous('k');
CoinHive.Anonymous('k').start();
new CoinHive.Anonymous('k').start();
f()().g; (a ? b : c).d(); this.CoinHive.start();
class A extends B { constructor() { super('x'); super.start(); this.#p('y'); } }
CH = CoinHive; CH.Anonymous('k');
window.CI = CoinImp; CI.start();
var a = 'x'; window.a = 'y'; f(a);
