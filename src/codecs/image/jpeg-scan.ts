/**
 * Whether a JPEG file holds all of its image: ITU-T T.81, the sequential DCT modes with Huffman
 * coding (baseline and extended).
 */

/** Largest files that are looked through, in bytes: a few milliseconds' work. */
const MAX_BYTES = 262_144;

/** Highest images that are looked through, in rows. */
const MAX_HEIGHT = 256;

const MARKER = {
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  huffmanTables: 0xc4,
  restartInterval: 0xdd,
  baseline: 0xc0,
  extended: 0xc1,
} as const;

interface Component {
  readonly id: number;
  /** Blocks across and down in each unit of an interleaved scan. */
  readonly across: number;
  readonly down: number;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
  readonly mostAcross: number;
  readonly mostDown: number;
}

/** Codes of a Huffman table by their length, as in figure F.16 of the standard. */
interface HuffmanTable {
  /** Largest code of each length; −1 where there is none. */
  readonly largest: Int32Array;
  /** What is added to a code of each length to find its symbol. */
  readonly offset: Int32Array;
  readonly symbols: Buffer;
}

/**
 * Whether the coded data of a JPEG file ends before its last block: a file that was cut and given an
 * end marker. libjpeg makes up what is missing, with a warning that libvips does not see where it
 * is in the last rows of blocks, which are up to a whole small image. Of larger ones the decoder misses
 * no more than these rows.
 *
 * @returns `false` also for what only the decoder can tell: progressive files, damaged ones, and those
 *   that are too large to be looked through here
 */
export function lacksBlocks(bytes: Buffer): boolean {
  if (bytes.length > MAX_BYTES || bytes[1] !== MARKER.startOfImage) return false;
  const tables = new Map<number, HuffmanTable>();
  let frame: Frame | undefined;
  let restartInterval = 0;
  let at = 2;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === undefined || marker === MARKER.endOfImage) return false;
    if (at + 4 > bytes.length) return false;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    const segment = bytes.subarray(at + 4, end);
    if (end > bytes.length) return false;
    at = end;
    if (marker === MARKER.huffmanTables) readTables(segment, tables);
    else if (marker === MARKER.restartInterval && segment.length >= 2) {
      restartInterval = segment.readUInt16BE(0);
    } else if (marker === MARKER.baseline || marker === MARKER.extended) frame = readFrame(segment);
    else if (isOtherFrame(marker)) return false;
    else if (marker === MARKER.startOfScan) {
      const scan = frame && readScan(segment, frame, tables);
      if (!scan) return false;
      const scanEnd = walkScan(bytes, at, scan, restartInterval);
      if (scanEnd === 'cut') return true;
      if (scanEnd === 'unknown') return false;
      at = nextMarker(bytes, scanEnd);
    }
  }
}

/** Frames of other modes: progressive, lossless, hierarchical, arithmetic coding. */
function isOtherFrame(marker: number): boolean {
  return marker >= 0xc2 && marker <= 0xcf;
}

function readTables(segment: Buffer, tables: Map<number, HuffmanTable>): void {
  for (let at = 0; at + 17 <= segment.length;) {
    const id = segment.readUInt8(at);
    const largest = new Int32Array(17).fill(-1);
    const offset = new Int32Array(17);
    let code = 0;
    let symbol = 0;
    for (let length = 1; length <= 16; length++) {
      const count = segment.readUInt8(at + length);
      offset[length] = symbol - code;
      code += count;
      symbol += count;
      if (count > 0) largest[length] = code - 1;
      code <<= 1;
    }
    tables.set(id, { largest, offset, symbols: segment.subarray(at + 17, at + 17 + symbol) });
    at += 17 + symbol;
  }
}

function readFrame(segment: Buffer): Frame | undefined {
  if (segment.length < 6) return undefined;
  const height = segment.readUInt16BE(1);
  const width = segment.readUInt16BE(3);
  const count = segment.readUInt8(5);
  // A height of zero is told after the first scan.
  if (height === 0 || height > MAX_HEIGHT || segment.length < 6 + 3 * count) return undefined;
  const components = Array.from({ length: count }, (_, i): Component => {
    const sampling = segment.readUInt8(7 + 3 * i);
    return { id: segment.readUInt8(6 + 3 * i), across: sampling >> 4, down: sampling & 15 };
  });
  if (components.some(({ across, down }) => across === 0 || down === 0)) return undefined;
  return {
    width,
    height,
    components,
    mostAcross: Math.max(...components.map(({ across }) => across)),
    mostDown: Math.max(...components.map(({ down }) => down)),
  };
}

/** The blocks of a scan: how many units there are, and the tables of each block of a unit. */
interface Scan {
  readonly units: number;
  readonly blocks: readonly { readonly dc: HuffmanTable; readonly ac: HuffmanTable }[];
}

function readScan(
  segment: Buffer,
  { width, height, components, mostAcross, mostDown }: Frame,
  tables: ReadonlyMap<number, HuffmanTable>,
): Scan | undefined {
  const count = segment[0] ?? 0;
  const blocks: { dc: HuffmanTable; ac: HuffmanTable }[] = [];
  let only: Component | undefined;
  for (let i = 0; i < count; i++) {
    const component = components.find(({ id }) => id === segment[1 + 2 * i]);
    const selected = segment[2 + 2 * i] ?? 0;
    const dc = tables.get(selected >> 4);
    const ac = tables.get(16 + (selected & 15));
    if (!component || !dc || !ac) return undefined;
    only = component;
    const each = count === 1 ? 1 : component.across * component.down;
    for (let block = 0; block < each; block++) blocks.push({ dc, ac });
  }
  if (!only) return undefined;
  // A component that comes alone has no blocks beyond its own samples.
  const across =
    count === 1
      ? Math.ceil(Math.ceil((width * only.across) / mostAcross) / 8)
      : Math.ceil(width / (8 * mostAcross));
  const down =
    count === 1
      ? Math.ceil(Math.ceil((height * only.down) / mostDown) / 8)
      : Math.ceil(height / (8 * mostDown));
  return { units: across * down, blocks };
}

/** @returns where the data of the scan ends; `unknown` where it has a code that no table has */
function walkScan(
  bytes: Buffer,
  from: number,
  { units, blocks }: Scan,
  restartInterval: number,
): number | 'cut' | 'unknown' {
  const reader = new BitReader(bytes, from);
  for (let unit = 0; unit < units; unit++) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) reader.restart();
    for (const { dc, ac } of blocks) {
      const size = reader.symbol(dc);
      if (size < 0) return 'unknown';
      reader.skip(size);
      for (let coefficient = 1; coefficient < 64; coefficient++) {
        const symbol = reader.symbol(ac);
        if (symbol < 0) return 'unknown';
        const zeros = symbol >> 4;
        const bits = symbol & 15;
        // The rest of the block is zero.
        if (bits === 0 && zeros < 15) break;
        coefficient += zeros;
        reader.skip(bits);
      }
    }
    if (reader.isCut) return 'cut';
  }
  return reader.at;
}

/** Bits of coded data up to the next marker; zeros after it. */
class BitReader {
  readonly #bytes: Buffer;
  /** Where the next byte is read. */
  at: number;
  /** Whether more bits were asked for than there are. */
  isCut = false;
  #byte = 0;
  #left = 0;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** The next symbol of a table, or −1 where the bits are none of its codes. */
  symbol({ largest, offset, symbols }: HuffmanTable): number {
    let code = 0;
    for (let length = 1; length <= 16; length++) {
      code = (code << 1) | this.#bit();
      if (code <= (largest[length] ?? -1)) return symbols[code + (offset[length] ?? 0)] ?? -1;
    }
    return this.isCut ? 0 : -1;
  }

  skip(bits: number): void {
    let count = bits;
    while (count > this.#left && !this.isCut) {
      count -= this.#left;
      this.#fill();
    }
    this.#left -= Math.min(count, this.#left);
  }

  /** Goes past a restart marker, which the data up to it must reach. */
  restart(): void {
    this.#left = 0;
    while (this.#bytes[this.at] === 0xff && this.#bytes[this.at + 1] === 0xff) this.at++;
    const marker = this.#bytes[this.at + 1] ?? 0;
    if (this.#bytes[this.at] === 0xff && marker >= 0xd0 && marker <= 0xd7) this.at += 2;
    else this.isCut = true;
  }

  #bit(): number {
    if (this.#left === 0) this.#fill();
    if (this.isCut) return 0;
    this.#left--;
    return (this.#byte >> this.#left) & 1;
  }

  #fill(): void {
    const byte = this.#bytes[this.at];
    const isStuffed = byte === 0xff && this.#bytes[this.at + 1] === 0;
    if (byte === undefined || (byte === 0xff && !isStuffed)) {
      this.isCut = true;
      this.#left = 0;
      return;
    }
    this.at += isStuffed ? 2 : 1;
    this.#byte = byte;
    this.#left = 8;
  }
}

/** Where the next marker stands; what is between the data and it is passed over. */
function nextMarker(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) break;
    at++;
  }
  return at;
}
