/* SPDX-License-Identifier: MIT
 * In place of a mining library with the interface of CoinHive, which davy has
 * blocked: the page can go on calling it, and nothing is computed, stored or
 * sent.  Names that the page defines itself are left alone. */
(function (root) {
  'use strict';

  /* What a page asks of a miner that does not run. */
  function answer(name) {
    if (/^(is|has)[A-Z]/.test(name))
      return false;
    if (/^did[A-Z]/.test(name))
      return true;
    if (/^get(Name|Token)$/.test(name))
      return null;
    return /^get[A-Z]/.test(name) ? 0 : undefined;
  }

  function member(target, name) {
    if (typeof name !== 'string' || name === 'then')
      return undefined;
    return function () {
      return answer(name);
    };
  }

  function Idle() {
    return new Proxy({}, { get: member });
  }

  var api = {
    CONFIG: {},
    IF_EXCLUSIVE_TAB: 'ifExclusiveTab',
    FORCE_EXCLUSIVE_TAB: 'forceExclusiveTab',
    FORCE_MULTI_TAB: 'forceMultiTab'
  };

  ['Anonymous', 'User', 'Token', 'Init', 'Instance', 'Res'].forEach(
    function (name) {
      api[name] = Idle;
    });
  [
    'CoinHive', 'CH', 'CRLT', 'CryptoLoot', 'Client', 'deepMiner',
    'CryptoNoter', 'WMP', 'ProjectPoi', 'Minero'
  ].forEach(function (name) {
    if (!(name in root))
      root[name] = api;
  });
  if (!('MinerUI' in root))
    root.MinerUI = Idle;
}(self));
