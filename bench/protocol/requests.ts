import { serviceMethod } from '../../src/inference-protocol/messages.ts';

/** Values of one image of the model `digits`. */
const PIXELS = 64;

/** How a request says what it brings. */
export type Form = 'rest-json' | 'v2-json' | 'v2-binary' | 'grpc';

/** Makes request bodies; no two have the same input, unless `isCached`. */
export type MakeBody = () => Buffer;

const pixelsOf = (rows: number) =>
  Float32Array.from({ length: rows * PIXELS }, (_, i) => (i % 17) / 17);

/** A body of so many images. */
export function bodyMaker(form: Form, rows: number, isCached: boolean): MakeBody {
  const next = isCached ? () => 0.5 : fresh;
  switch (form) {
    case 'rest-json': {
      const rest = Array.from(pixelsOf(1).subarray(1)).join();
      const input = () =>
        `{"tensors":[{"name":"image","datatype":"FP32","shape":[1,1,8,8],"data":[${next()},${rest}]}]}`;
      return () =>
        Buffer.from(
          `{"model":"digits","inputs":[${Array.from({ length: rows }, input).join()}],"outputs":true}`,
        );
    }
    case 'v2-json': {
      const head = `{"inputs":[{"name":"image","datatype":"FP32","shape":[${rows},1,8,8],"data":[`;
      const rest = Array.from(pixelsOf(rows).subarray(1)).join();
      return () => Buffer.from(`${head}${next()},${rest}]}]}`);
    }
    case 'v2-binary': {
      const head = binaryHead(rows);
      return changing(Buffer.concat([head, Buffer.from(pixelsOf(rows).buffer)]), head.length, next);
    }
    case 'grpc': {
      const message = serviceMethod('ModelInfer').request.encode({
        model_name: 'digits',
        inputs: [{ name: 'image', datatype: 'FP32', shape: [rows, 1, 8, 8] }],
        raw_input_contents: [Buffer.from(pixelsOf(rows).buffer)],
      });
      return changing(message, message.length - rows * PIXELS * 4, next);
    }
  }
}

/** Headers of the requests of a form over HTTP. */
export function headersOf(form: Form, rows: number): Readonly<Record<string, string>> {
  if (form !== 'v2-binary') return { 'content-type': 'application/json' };
  return {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(binaryHead(rows).length),
  };
}

function binaryHead(rows: number): Buffer {
  const input = { name: 'image', datatype: 'FP32', shape: [rows, 1, 8, 8] };
  return Buffer.from(
    JSON.stringify({
      inputs: [{ ...input, parameters: { binary_data_size: rows * PIXELS * 4 } }],
      parameters: { binary_data_output: true },
    }),
  );
}

function changing(template: Buffer, at: number, next: () => number): MakeBody {
  return () => {
    const body = Buffer.from(template);
    body.writeFloatLE(next(), at);
    return body;
  };
}

let used = (process.pid * 7919) % 2 ** 22;

/** A number from 0 to 1 that a float32 tells from all before it: no measurement finds those of another cached. */
const fresh = () => (used++ % 2 ** 23) / 2 ** 23;
