// SPDX-License-Identifier: MIT
// http-cache.mjs - the tests of HTTP caches by the authors of RFC 9111, without
// and with davyd: a proxy that caches nothing must not change what comes out.
//
// usage: http-cache.mjs DAVYD              in a folder with node_modules
//        http-cache.mjs --run BASE [PORT]  print the results as JSON
// The last line is `N passed, N failed`.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const TIME = 200000
const here = path.dirname(fileURLToPath(import.meta.url))
const top = process.env.top_srcdir ?? path.join(here, '..', '..')
const suite = 'http-cache-tests'

// ---- Its server, on loopback only ----

async function serve () {
  const handlers = {}
  for (const name of ['config', 'test', 'state']) {
    handlers[name] = (await import(`${suite}/server/handle-${name}.mjs`)).default
  }
  const server = http.createServer((request, response) => {
    const [name, ...rest] = new URL(request.url, 'http://127.0.0.1').pathname
      .split('/').slice(1)
    if (name in handlers) {
      handlers[name](rest, request, response)
    } else {
      response.writeHead(404).end()
    }
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}

// ---- One run ----

class ThroughProxy extends http.Agent {
  constructor (port) {
    super({ keepAlive: false, maxSockets: 32 })
    this.proxy = { host: '127.0.0.1', port }
  }

  addRequest (request, options, ...rest) {
    request.path = `http://${options.host}:${options.port}${request.path}`
    super.addRequest(request, { ...options, ...this.proxy }, ...rest)
  }
}

async function run (base, port) {
  const { default: fetch } = await import('node-fetch')
  const { default: tests } = await import(`${suite}/tests/index.mjs`)
  const runner = await import(`${suite}/client/runner.mjs`)
  // A connection that is kept may end just when the next request comes.
  const agent = port === undefined
    ? new http.Agent({ keepAlive: false, maxSockets: 32 })
    : new ThroughProxy(Number(port))
  const print = console.log
  console.log = () => {}
  await runner.runTests(tests, (url, options) => fetch(url, { ...options, agent }),
    false, base, 25)
  print(JSON.stringify(runner.getResults()))
  process.exit(0)
}

// ---- Both, compared ----

function freePort () {
  return new Promise(resolve => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

async function startDavyd (program) {
  const port = await freePort()
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'davyd-cache-'))
  const davyd = spawn('timeout', ['300', path.resolve(program), '--config',
    'none', '--listen', `127.0.0.1:${port}`, '--allow-private', '--pack',
    path.join(top, 'patterns'), '--decisions', path.join(state, 'decisions')])
  await new Promise((resolve, reject) => {
    davyd.stderr.on('data', text => {
      if (String(text).includes('listening')) resolve()
    })
    davyd.on('exit', () => reject(new Error('davyd does not start')))
  })
  return { davyd, port }
}

function results (base, port) {
  const words = [fileURLToPath(import.meta.url), '--run', base]
  const child = spawn('node', port === undefined ? words : [...words, port],
    { timeout: TIME, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', piece => { text += piece })
  return new Promise((resolve, reject) => {
    child.on('exit', status => status === 0
      ? resolve(JSON.parse(text))
      : reject(new Error('a run did not end')))
  })
}

function outcome (result) {
  return Array.isArray(result) ? `${result[0]}: ${result[1]}` : String(result)
}

function kind (result) {
  return Array.isArray(result) ? result[0] : String(result)
}

function reasons () {
  const lines = fs.readFileSync(path.join(here, 'http-cache.expect'), 'utf8')
    .split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return new Map(lines.map(line => [line.split(': ')[0],
    line.split(': ').slice(1).join(': ')]))
}

function compare (direct, through) {
  const reason = reasons()
  let passed = 0
  let failed = 0
  for (const id of Object.keys(direct)) {
    const isSame = kind(direct[id]) === kind(through[id])
    if (isSame !== reason.has(id)) {
      passed++
      continue
    }
    failed++
    console.log(`not ok - ${id}: ${isSame
      ? 'no longer differs'
      : `${outcome(direct[id])}; through davyd ${outcome(through[id])}`}`)
  }
  console.log(`${Object.keys(direct).length} tests, ${reason.size} differ for a reason`)
  return [passed, failed]
}

async function main (program) {
  const server = await serve()
  const base = `http://127.0.0.1:${server.address().port}`
  const direct = await results(base)
  const { davyd, port } = await startDavyd(program)
  const through = await results(base, port)
  davyd.kill()
  server.close()
  server.closeAllConnections()
  const [passed, failed] = compare(direct, through)
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}

const [first, ...rest] = process.argv.slice(2)
await (first === '--run' ? run(...rest) : main(first))
