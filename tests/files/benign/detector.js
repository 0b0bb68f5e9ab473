// A detector: looks for new CoinHive.Anonymous( in pages.
var SIGNATURES = [/new\s+CoinHive\.Anonymous\(/, "coinhive.min.js", "CryptonightWASMWrapper", "cryptonight_hash"];
export function isMiner(source) {
  return SIGNATURES.some(function (s) { return s.test ? s.test(source) : source.includes(s); });
}
if (window.CoinHive && typeof window.CoinHive.Anonymous === "function") warn("a miner is on this page");
