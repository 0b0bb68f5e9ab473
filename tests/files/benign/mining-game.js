// An idle game about a mine of bitcoins: words of miners, work of none.
var state = {hashrate: 12, difficulty: 3, shares: 0, pool: 'Red Pool', wallet: 'Leather wallet'};
var brain = new Worker('rivals.js'), chat = new WebSocket('wss://play.example/lobby');
function startMining() { state.running = true; brain.postMessage({cmd: 'dig', depth: state.difficulty}); }
function stopMining() { state.running = false; }
brain.onmessage = function (e) { state.hashrate += e.data.bonus; paint(state); };
chat.onmessage = function (e) { log(e.data); };
document.getElementById('dig').onclick = startMining;
