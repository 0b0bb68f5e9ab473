f('Coin' + 'Hive' + '.' + "Anonymous", 1 + 2 + 'x', 'x' + 1 + 2, 'a' + ('b' + 'c'));
f('\x43\u006f\u{69}\156', 'a\
b', '\0', "\'", '\u{1F600}');
f(`Coin${'Hive'}`, `${1 + 1}${'px'}`, `a
b`, `${unknown}/mine?key=${'k'}`, tag`raw${1}`);
window['Coin' + 'Hive']['Anony' + 'mous']('key');
new window[atob('Q29pbkhpdmU=')][`Anonymous`]('key');
a[0](); a['x-y'](); a[k]();
f(atob('c3RyYXR1bQ=='), unescape('%63%u006fin'), decodeURIComponent('%63oin%E2%82%AC'), decodeURI('%63%2f'), escape('a b'));
f(atob('a'), decodeURIComponent('%E2%82'), decodeURIComponent('%'));
f(String.fromCharCode(67, 111, 105, 110), String.fromCharCode.apply(null, [72, 105]), String.fromCharCode(...[72, 105]), 'abc'.charCodeAt(1), 'abc'[1], 'abc'.length);
f([72, 105].map(String.fromCharCode).join(''));
f([72, 105].map(c => String.fromCharCode(c)).join(''));
f([72, 105].map(function (c) { return String.fromCharCode(c); }).join(''));
f(['Coin', 'Hive'].join(''), ['a', 'b'].join(), ['b', 'a'].reverse().join('-'), [1, , null, [2, 3]].join(), ['a'].concat(['b'], 'c').join(''));
f('eviHnioC'.split('').reverse().join(''));
f('CxoxixnxHxive'.replace(/x/g, ''), 'a.b'.replace('.', '-'), 'aXbX'.replaceAll('X', ''), 'ab'.replace(/[ab]/g, 'c'));
f('ab'.replace('a', '$&'), 'ab'.replace(/a|b/g, 'c'), 'ab'.replace('a', f));
f(0x10, 1e3, .5, 0b11, 0o17, 1_000, -5, +'7', ~1, 1 / 3, 10n);
x = 3 * 4; y = 255 & 15; z = 1 << 4;
f(true ? 'a' : 'b', 'a' || 'b', '' || 'c', 'a' && 'b', !0, !1, void 0, null, typeof 'a');
f({ a: 'x', 'b-c': 1, ['d' + 'e']: true, f: [1], g, h() {}, ...rest });
var t = { k: 'key', 1: 'one', k2: 'a', k2: u() };
f(t.k, t['k'], t[1], t.k2, t.missing);
/* CoinHive.Anonymous('key') */ // 'string'
<!-- f('html')
f(/* 'a' */ 'b');
--> f('c')
f('a' + 'b' + u + 'c' + 'd');
f(1e21, 123456789012345680000, 0.1 + 0.2, 1e-7, -0 + '');
