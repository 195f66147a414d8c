import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Model } from '../api/types.ts';
import { servingVersion } from '../models/model-header.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { DrawingPad } from './drawing-pad.tsx';
import { type Draft, type InputProps, notReady, ready, readyFile } from './draft.ts';

/** Grey images up to this many pixels a side are more easily drawn than found. */
const MAX_DRAWN = 64;

type Mode = 'draw' | 'file';

/** An image: dropped, pasted, chosen, or drawn where the model sees small grey ones. */
export function ImageInput({ model, initial, onDraft, onSubmit }: InputProps): JSX.Element {
  const drawable = isDrawable(model);
  const [mode, setMode] = useState<Mode>(initial?.image ? 'file' : drawable ? 'draw' : 'file');
  return (
    <>
      {drawable && (
        <Segmented
          label="Where the image comes from"
          value={mode}
          onChange={setMode}
          options={[
            { value: 'draw', text: 'Draw' },
            { value: 'file', text: 'File' },
          ]}
        />
      )}
      {mode === 'draw' ? (
        <DrawingPad
          onImage={(image) => {
            onDraft(image ? ready({ image }) : notReady('Draw something.'));
            if (image) onSubmit();
          }}
        />
      ) : (
        <FileInput initial={initial?.image} onDraft={onDraft} onSubmit={onSubmit} />
      )}
    </>
  );
}

function isDrawable(model: Model): boolean {
  const shape = servingVersion(model)?.signature?.inputs[0]?.shape ?? [];
  const [, ...known] = shape.map((each) => each ?? 0);
  const pixels = known.reduce((product, each) => product * each, 1);
  return known.includes(1) && pixels > 1 && pixels <= MAX_DRAWN ** 2;
}

type FileInputProps = Pick<InputProps, 'onDraft' | 'onSubmit'> & { initial: string | undefined };

function FileInput({ initial, onDraft, onSubmit }: FileInputProps): JSX.Element {
  const [draft, setDraft] = useState<Draft>(
    initial ? ready({ image: toDataUrl(initial) }) : notReady('Choose an image.'),
  );
  const image = draft.input?.image;
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  useEffect(() => onDraft(draft), [draft]);

  const take = (file: File | undefined): void => {
    if (!file?.type.startsWith('image/')) return;
    const reader = new FileReader();
    reader.onload = () => {
      // readAsDataURL gives a string.
      const next = readyFile(reader.result as string, file);
      setDraft(next);
      onDraft(next);
      onSubmit();
    };
    reader.readAsDataURL(file);
  };
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => take(event.clipboardData?.files[0]);
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  }, []);

  return (
    <div
      class="drop"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files[0]);
      }}
    >
      {image && <img class="preview" src={image} alt="The image to predict" />}
      <p>
        <button type="button" class="button" onClick={() => picker.current?.click()}>
          Choose an image
        </button>
        <span class="hint">or drop or paste one here</span>
      </p>
      <input
        ref={picker}
        class="visually-hidden"
        type="file"
        accept="image/png,image/jpeg,image/webp"
        aria-label="Image file"
        tabIndex={-1}
        onChange={(event) => take(event.currentTarget.files?.[0])}
      />
    </div>
  );
}

/** Examples may be plain base64, which tells its kind by its first letters. */
function toDataUrl(image: string): string {
  if (image.startsWith('data:')) return image;
  const type = image.startsWith('/9j/') ? 'jpeg' : image.startsWith('UklG') ? 'webp' : 'png';
  return `data:image/${type};base64,${image}`;
}
