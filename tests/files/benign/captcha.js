// A captcha: one bounded proof of work, then it stops.
const workers = [];
for (let i = 0; i < Math.min(navigator.hardwareConcurrency, 4); i++) workers.push(new Worker("pow.js"));
workers.forEach(function (w, i) { w.postMessage({challenge: challenge, difficulty: 4, nonce: i});
  w.onmessage = function (e) { workers.forEach(function (x) { x.terminate(); }); document.cookie = "pow=" + e.data.nonce + ":" + e.data.hash; location.reload(); }; });
