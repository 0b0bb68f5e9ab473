const threads = navigator.hardwareConcurrency;
WebAssembly.instantiateStreaming(fetch("engine.wasm"), imports).then(function (m) { for (let i = 1; i < threads; i++) pool.push(new Worker("physics.js")); m.instance.exports.start(); });
function startMining(rock) { rock.hits++; }
function stopMining() { hero.rest(); }
