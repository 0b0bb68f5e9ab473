fetch("/api/pool/stats").then(function (r) { return r.json(); }).then(function (s) {
  document.querySelector("#hashrate").textContent = s.hashrate; s.miners.forEach(function (m) { row(m.address, m.hashrate, m.difficulty, m.shares); });
});
