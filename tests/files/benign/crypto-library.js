const K = [0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5];
export function sha256(bytes) { let h = 0x6a09e667; for (const b of bytes) h = (h ^ b ^ K[b & 3]) >>> 0; return h; }
export class Client { constructor() { this.user = null; } User(name, options) { this.user = name; return this; } start() {} }
new Client().User("alice", {cache: true}).start();
