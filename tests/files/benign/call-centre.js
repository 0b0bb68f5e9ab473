// Softphone of a call centre: logs in, has agents and jobs, digests with nonces.
const line = new WebSocket('wss://pbx.example/ws'), audio = new Worker('/opus.js');
const desk = {login: 'desk-4', pass: '', agent: 'Mona', job: null};
line.onopen = () => line.send(JSON.stringify({method: 'login', params: {login: desk.login, pass: desk.pass, agent: desk.agent}}));
line.onmessage = (e) => {
  const m = JSON.parse(e.data);
  if (m.nonce) line.send(digest(m.nonce, m.realm));
  if (m.method === 'job') desk.job = m.params;
};
