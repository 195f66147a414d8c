import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Icon } from '../ui/icons.tsx';
import { normalizeDrawing } from './normalize-drawing.ts';

/** Pixels of the pad a side; how large it is seen is a matter of the style sheet. */
const SIZE = 256;

/** Width of the pen: about a tenth of a figure, as with a felt pen on a form. */
const PEN = 22;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A pad to draw on: white ink on black, as the usual collections of digits have it. */
export function DrawingPad({
  onImage,
}: {
  /** Told after each stroke; `null` when the pad is empty. */
  onImage: (image: string | null) => void;
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<Point | null>(null);
  const [empty, setEmpty] = useState(true);

  const clear = (): void => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    context.fillStyle = '#000';
    context.fillRect(0, 0, SIZE, SIZE);
    setEmpty(true);
    onImage(null);
  };
  useEffect(clear, []);

  const strokeTo = (to: Point): void => {
    const context = canvas.current?.getContext('2d');
    if (!context || !last.current) return;
    context.strokeStyle = '#fff';
    context.lineWidth = PEN;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(last.current.x, last.current.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    last.current = to;
  };
  const end = (): void => {
    if (!last.current || !canvas.current) return;
    last.current = null;
    setEmpty(false);
    onImage(normalizeDrawing(canvas.current));
  };

  return (
    <div class="pad">
      <canvas
        ref={canvas}
        width={SIZE}
        height={SIZE}
        role="img"
        aria-label="Drawing pad: draw with the mouse or a finger. Without them, choose a file or an example."
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = placeOf(event, event.currentTarget);
          strokeTo(last.current);
        }}
        onPointerMove={(event) => {
          if (!last.current) return;
          // Fast strokes bring several places in one event.
          const pad = event.currentTarget;
          for (const each of [...event.getCoalescedEvents(), event]) strokeTo(placeOf(each, pad));
        }}
        onPointerUp={end}
        onPointerCancel={end}
      />
      {empty && (
        <span class="pad-hint" aria-hidden="true">
          Draw here
        </span>
      )}
      <button
        type="button"
        class="icon-button pad-clear"
        onClick={clear}
        disabled={empty}
        aria-label="Clear the drawing"
        title="Clear"
      >
        <Icon name="trash" />
      </button>
    </div>
  );
}

/** Where the pointer is on the pad, in its pixels. */
function placeOf(event: PointerEvent, pad: HTMLCanvasElement): Point {
  const box = pad.getBoundingClientRect();
  return {
    x: ((event.clientX - box.left) / box.width) * SIZE,
    y: ((event.clientY - box.top) / box.height) * SIZE,
  };
}
