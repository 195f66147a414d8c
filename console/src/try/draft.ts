import type { Model, ModelInput } from '../api/types.ts';

/** What an input form holds: an input that can be sent, or why it cannot be yet. */
export interface Draft {
  readonly input: ModelInput | null;
  /** The file that the input was read from: it is sent as it is. */
  readonly file?: File;
  readonly problem: string | null;
}

/** What every input form gets. */
export interface InputProps {
  readonly model: Model;
  /** Input to start from; a new one starts the form again. */
  readonly initial: ModelInput | undefined;
  readonly onDraft: (draft: Draft) => void;
  /** Asks for a prediction of what was drafted last. */
  readonly onSubmit: () => void;
}

/** A draft that can be sent. */
export function ready(input: ModelInput): Draft {
  return { input, problem: null };
}

/** A draft of an image that is sent as a file. */
export function readyFile(image: string, file: File): Draft {
  return { input: { image }, file, problem: null };
}

/** A draft that cannot be sent. */
export function notReady(problem: string): Draft {
  return { input: null, problem };
}
