import { createServer } from 'node:http';
import { ANSWER, PORT } from './answer.ts';

/** The least that an HTTP server in Node can do: read the body, send fixed bytes. */
const { latencyMs, ...rest } = ANSWER;
// A string goes out in one write together with the headers, a buffer in two.
const body = JSON.stringify({ ...rest, latency_ms: latencyMs });
const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };

createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, headers);
    response.end(body);
  });
}).listen(PORT, '127.0.0.1');
