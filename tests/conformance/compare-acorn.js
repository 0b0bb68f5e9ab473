// SPDX-License-Identifier: MIT
// Compare js_judge with acorn: both must accept or refuse the same files.
//
// usage: NODE_PATH=.../node_modules node compare-acorn.js JS_JUDGE FOLDER...
// The last line is `N passed, N failed`.
'use strict';

const acorn = require('acorn');
const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');

const [judge, ...folders] = process.argv.slice(2);
const files = [];

function collect(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) collect(full);
    else if (entry.isFile() && /\.[cm]?js$/.test(entry.name)) files.push(full);
  }
}

function acornAccepts(text, sourceType) {
  try {
    acorn.parse(text, { ecmaVersion: 'latest', sourceType,
                        allowHashBang: true });
    return null;
  } catch (error) {
    return error.message;
  }
}

folders.forEach(collect);
const jobs = files.flatMap((f) => [['script', f], ['module', f]]);
const run = spawnSync(judge, {
  input: jobs.map((job) => job.join(' ') + '\n').join(''),
  maxBuffer: 1 << 30,
});
const answers = run.stdout.toString().trimEnd().split('\n');
let passed = 0;
let failed = 0;
jobs.forEach(([goal, file], i) => {
  const bytes = fs.readFileSync(file);
  const text = new TextDecoder('utf-8').decode(bytes);
  const theirs = acornAccepts(text, goal);
  const ours = answers[i].startsWith('ok') ? null : answers[i];
  if ((theirs === null) === (ours === null)) {
    passed++;
  } else {
    failed++;
    console.log(`${goal} ${file}: acorn: ${theirs}, davy: ${ours}`);
  }
});
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && run.status === 0 ? 0 : 1);
