// ES2015: a worker that hashes, sleeps by its throttle and counts; the hash is
// a stand-in of its own, so that only the behaviour can give it away.
let throttle = 0.2, hashes = 0, started = Date.now(), work = null;
function digest(text) {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) >>> 0;
  return ('0000000' + sum.toString(16)).slice(-8);
}
function round() {
  const begin = Date.now();
  while (Date.now() - begin < 200) {
    work.nonce = (work.nonce + 1) >>> 0;
    const result = digest(work.blob.slice(0, 78) + work.nonce.toString(16) + work.blob.slice(86));
    hashes++;
    if (parseInt(result, 16) < work.target) {
      postMessage({ job: work.id, nonce: work.nonce, result: result });
    }
  }
  const spent = Date.now() - begin;
  postMessage({ hashesPerSecond: hashes / ((Date.now() - started) / 1000) });
  setTimeout(round, Math.round(spent * throttle / (1 - throttle)));
}
onmessage = function (event) {
  work = event.data;
  throttle = Math.max(0, Math.min(0.99, work.throttle || throttle));
  round();
};
