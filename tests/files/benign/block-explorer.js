// Shows the header of a block; asks nobody for work.
const feed = new WebSocket('wss://blocks.example/');
feed.onmessage = (e) => {
  const b = JSON.parse(e.data);
  table.append(row({version: b.version, prevhash: b.prevhash, merkleroot: b.merkleroot, ntime: b.ntime, nbits: b.nbits, nonce: b.nonce}));
};
const share = document.querySelector('#share'), difficulty = (bits) => bits >>> 24;
