import net from 'node:net';

/** An answer as it came. */
export interface WireAnswer {
  readonly status: number;
  /** By their lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** Sends bytes over a connection of their own, and reads one answer with a length. */
export function sendBytes(port: number, bytes: Buffer): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    let got = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${got.toString('latin1')}`)));
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      const end = got.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [start = '', ...lines] = got.toString('latin1', 0, end).split('\r\n');
      const headers = new Map(
        lines.map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        }),
      );
      const body = got.subarray(end + 4);
      if (body.length < Number(headers.get('content-length'))) return;
      resolve({ status: Number(start.split(' ')[1]), headers, body });
      socket.destroy();
    });
    socket.write(bytes);
  });
}
