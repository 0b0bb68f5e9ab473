/* SPDX-License-Identifier: MIT
 * In place of a mining library of the webminerpool line or one that is started
 * by a single call, which davy has blocked: the calls do nothing.  Names that
 * the page defines itself are left alone. */
(function (root) {
  'use strict';

  function nothing() {}

  var values = {
    server: '',
    job: null,
    workers: [],
    ws: null,
    receiveStack: [],
    sendStack: [],
    totalhashes: 0,
    connected: 0,
    throttleMiner: 100
  };
  var calls = [
    'startMining', 'startMiningWithId', 'stopMining', 'addWorker',
    'addWorkers', 'removeWorker', 'deleteAllWorkers', 'reconnector',
    'startBroadcast', 'openWebSocket', 'PerfektStart', 'EverythingIsLife',
    'EverythingIsBinary'
  ];

  Object.keys(values).forEach(function (name) {
    if (!(name in root))
      root[name] = values[name];
  });
  calls.forEach(function (name) {
    if (!(name in root))
      root[name] = nothing;
  });
}(self));
