// ES2017: a module with the exports of a CryptoNight miner (no bytes here).
(async function () {
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 256 });
  const { instance } = await WebAssembly.instantiateStreaming(
    fetch('/media/cryptonight.wasm'), { env: { memory } });
  const module = instance.exports;
  const context = module._cryptonight_create();
  const heap = new Uint8Array(memory.buffer);
  self.onmessage = function ({ data: job }) {
    heap.set(job.blob, 0);
    for (let nonce = job.nonce; ; nonce++) {
      new DataView(memory.buffer).setUint32(39, nonce, true);
      module._cryptonight_hash(context, 0, 256, 76);
      if (new DataView(memory.buffer).getUint32(284, true) < job.target) {
        self.postMessage({ job_id: job.job_id, nonce, result: heap.slice(256, 288) });
        break;
      }
    }
  };
})();
