/** Pixels of the image that is sent, a side. The server scales it to what the model sees. */
const SENT = 32;

/** Darkest grey that counts as ink. */
const INK = 32;

/**
 * Cuts the drawing to its ink and centres it, as the collections of digits that models learn from
 * were made: what counts is the figure and not where on the pad it was drawn.
 *
 * @returns a data URL, or `null` where there is no ink
 */
export function normalizeDrawing(pad: HTMLCanvasElement): string | null {
  const box = findInk(pad);
  const canvas = document.createElement('canvas');
  canvas.width = SENT;
  canvas.height = SENT;
  const context = canvas.getContext('2d');
  if (!box || !context) return null;
  context.fillStyle = '#000';
  context.fillRect(0, 0, SENT, SENT);
  const scale = SENT / Math.max(box.width, box.height);
  const width = box.width * scale;
  const height = box.height * scale;
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    pad,
    box.left,
    box.top,
    box.width,
    box.height,
    (SENT - width) / 2,
    (SENT - height) / 2,
    width,
    height,
  );
  return canvas.toDataURL('image/png');
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function findInk(pad: HTMLCanvasElement): Box | null {
  const context = pad.getContext('2d');
  if (!context) return null;
  const { data, width, height } = context.getImageData(0, 0, pad.width, pad.height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if ((data[4 * (y * width + x)] ?? 0) < INK) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return null;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}
