// Loads its parts by text; shows a miner's snippet as text.
var s = document.createElement('script'), pre = document.querySelector('pre');
s.textContent = 'window.ready = true';
document.head.append(s);
pre.textContent = "var miner = new CoinHive.Anonymous('SITE_KEY');";
