onmessage = function (e) {
  var w = e.data, n = 0, head = w.coinb1 + w.extranonce1 + w.extranonce2 + w.coinb2;
  var h = Module.cwrap('yespower_hash', 'number', ['number', 'number']);
  while (n++ < 4096) if (h(fold(head, w.prevhash, w.nbits, w.ntime, n)) < w.limit) postMessage(['share', n]);
};
