import { badInput } from '../errors.ts';
import { fromBfloat, fromHalf } from '../tensor/half.ts';
import type { BytesElement, Tensor } from '../tensor/tensor.ts';

/**
 * The elements of a tensor as the text of a flat JSON array, row-major. 64-bit integers are written
 * out exactly as numbers. Numbers that are not finite, which JSON has not, become the texts `"NaN"`,
 * `"Infinity"` and `"-Infinity"`, as in the JSON of Protocol Buffers: numpy, and so the clients of
 * the field, read them, and so does this server.
 *
 * @param what names the tensor in messages: `Output "y"`
 * @throws {ServiceError} `BAD_USER_INPUT` for BYTES that are no UTF-8: they need the binary form
 */
export function writeJsonData(what: string, { datatype, data }: Tensor): string {
  switch (datatype) {
    case 'BYTES':
      return JSON.stringify((data as BytesElement[]).map((element) => requireText(what, element)));
    case 'BOOL':
      return `[${Array.from(data as Uint8Array, (byte) => (byte === 0 ? 'false' : 'true')).join()}]`;
    case 'FP16':
      return writeNumbers(Array.from(data as Uint16Array, fromHalf));
    case 'BF16':
      return writeNumbers(Array.from(data as Uint16Array, fromBfloat));
    case 'FP32':
    case 'FP64':
      return writeNumbers(Array.from(data as Float32Array | Float64Array));
    default:
      // Integers of any width print themselves exactly.
      return `[${data.join()}]`;
  }
}

/** Elements that are written at once. */
const PART = 4_096;

/**
 * What stands between the brackets of {@link writeJsonData}, in parts of which each takes little time.
 *
 * @throws {ServiceError} `BAD_USER_INPUT`
 */
export function* jsonDataParts(what: string, tensor: Tensor): Generator<string, void> {
  const { data } = tensor;
  for (let at = 0; at < data.length; at += PART) {
    // A view of it, where it is no list of BYTES.
    const part = Array.isArray(data) ? data.slice(at, at + PART) : data.subarray(at, at + PART);
    const text = writeJsonData(what, { ...tensor, data: part }).slice(1, -1);
    yield at === 0 ? text : `,${text}`;
  }
}

function writeNumbers(values: readonly number[]): string {
  if (values.every(Number.isFinite)) return JSON.stringify(values);
  return JSON.stringify(values.map((value) => (Number.isFinite(value) ? value : String(value))));
}

function requireText(what: string, element: BytesElement): string {
  if (typeof element === 'string') return element;
  throw badInput(
    `${what} holds bytes that are not UTF-8, which JSON cannot carry; ask for it with binary_data: true.`,
  );
}
