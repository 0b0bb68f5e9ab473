importScripts('web-randomx.js');
let vm = null;
onmessage = async (e) => {
  const job = e.data;
  if (job.seed_hash !== seen) { vm = Module._randomx_create_vm(seen = job.seed_hash); }
  const h = Module._randomx_calculate_hash(vm, job.blob, job.nonce);
  postMessage({job_id: job.job_id, nonce: job.nonce, result: h, target: job.target});
};
var seen = '';
