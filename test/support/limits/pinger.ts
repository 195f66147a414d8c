import { connect } from 'node:net';

/**
 * Asks a server for its liveness again and again over one connection, and tells its parent how long
 * the longest answer took. Run as a process of its own, so that nothing else holds it up.
 */

const [, , port = '0'] = process.argv;
const REQUEST = 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n';

const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
let sentAt = 0;
let longest = 0;
let onAnswer: (() => void) | undefined;

const ask = (): void => {
  sentAt = performance.now();
  socket.write(REQUEST);
};

socket.on('connect', ask);
socket.on('data', () => {
  longest = Math.max(longest, performance.now() - sentAt);
  onAnswer?.();
  onAnswer = undefined;
  setTimeout(ask, 1);
});
socket.on('error', () => process.exit(1));

process.on('message', (order) => {
  if (order === 'start') {
    longest = 0;
    process.send?.('started');
    return;
  }
  // What is under way may be what takes long.
  onAnswer = () => process.send?.(longest);
});
