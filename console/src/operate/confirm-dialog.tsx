import { useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';
import { ApiError } from '../api/graphql.ts';
import { Dialog } from '../ui/dialog.tsx';
import type { Action } from './action.ts';

/** Says what will happen, and does it once that is confirmed. */
export function ConfirmDialog({
  action,
  problem = null,
  onClose,
  children,
}: {
  action: Action;
  /** Why it cannot be done as it is. @default nothing stands in the way */
  problem?: string | null;
  onClose: () => void;
  /** What is chosen before, above the effects. */
  children?: ComponentChildren;
}): JSX.Element {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError>();
  const isConflict = failure?.code === 'CONFLICT';
  const run = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await action.run(isConflict);
      onClose();
    } catch (thrown) {
      setFailure(thrown instanceof ApiError ? thrown : new ApiError(String(thrown), 'ERROR'));
      setBusy(false);
    }
  };
  const verb = isConflict ? `${action.verb} all the same` : action.verb;
  return (
    <Dialog title={action.title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy && problem === null) void run();
        }}
      >
        {children}
        <h3 class="effects-title">What will happen</h3>
        <ul class="effects">
          {action.effects.map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
        <p class="problem" role="alert">
          {problem ?? failure?.message ?? ''}
        </p>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class={`button ${action.isDangerous ? 'button-danger' : 'button-primary'}`}
            disabled={isBusy || problem !== null}
          >
            {isBusy ? 'Working …' : verb}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
