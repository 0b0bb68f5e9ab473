importScripts('cn.js');
var hash = Module.cwrap('hash_cn', 'string', ['string', 'number', 'number', 'string']);
onmessage = function (e) {
  var job = e.data;
  if (job.identifier !== 'job') return;
  var r = hash(job.blob, job.algo, job.variant, job.nonce);
  if (below(r, job.target)) postMessage(JSON.stringify({identifier: 'solved', job_id: job.job_id, nonce: job.nonce, result: r}));
};
function below(h, t) { return parseInt(h.slice(56), 16) < parseInt(t, 16); }
