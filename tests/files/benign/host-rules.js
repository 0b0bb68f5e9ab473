// Rules of a blocker: addresses, patterns and names that it looks for.
export const hosts = ['coinhive.com', 'coin-hive.com', 'webminerpool.com', 'load.jsecoin.com'];
export const sockets = ['wss://*.coinhive.com/proxy', 'wss://webminerpool.com:8181/', 'wss://magi.duinocoin.com'];
export const names = ['CoinHive.Anonymous', 'EverythingIsLife', 'startMining', 'throttleMiner', 'monerise_payment_address', '_randomx_calculate_hash'];
export const scripts = /(coinhive(\.min)?|webmr|crypta|karma)\.js(\?karma=bs\?nosaj=)?/;
export function isMiner(g) {
  return names.some((n) => n in g) || (g.isRunning && g.stop && typeof g._siteKey === 'string');
}
chrome.webRequest.onBeforeRequest.addListener(() => ({cancel: true}), {urls: sockets}, ['blocking']);
