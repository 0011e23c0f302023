// A TLS server of Node.js: says of each connection what was negotiated, or why it failed.
// node server.js CERT KEY PORT
'use strict';
const fs = require('fs');
const tls = require('tls');

const [cert, key, port] = process.argv.slice(2);
const options = { cert: fs.readFileSync(cert), key: fs.readFileSync(key), ecdhCurve: 'auto', minVersion: 'TLSv1' };

const server = tls.createServer(options, socket => {
	console.log(`completed: ${socket.getProtocol()} ${socket.getCipher().standardName}`);
	socket.on('error', error => console.log(`failed: ${error.message}`));
	socket.resume();
});
server.on('tlsClientError', error => console.log(`failed: ${error.message}`));
server.listen(Number(port), '127.0.0.1');
