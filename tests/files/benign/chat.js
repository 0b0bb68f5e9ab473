const socket = new WebSocket("wss://chat.example/socket");
socket.onopen = function () { socket.send(JSON.stringify({type: "auth", token: token})); };
socket.onmessage = function (m) { const d = JSON.parse(m.data); if (d.type === "error") show(d.error); else if (d.type === "submit") add(d.text); };
