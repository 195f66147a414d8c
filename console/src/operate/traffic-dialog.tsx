import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Model } from '../api/types.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { setTraffic, type Traffic } from './traffic.ts';

/** Share that a shadow begins with, in percent. */
const SHADOW_PERCENT = 100;

/** Chooses how the requests of a model are spread, and says what that means. */
export function TrafficDialog({
  model,
  onClose,
}: {
  model: Model;
  onClose: () => void;
}): JSX.Element {
  const ready = model.versions.filter(({ state }) => state === 'READY');
  const others = ready.filter(({ version }) => version !== model.servingVersion);
  const [shares, setShares] = useState<Readonly<Record<string, number>>>(() =>
    Object.fromEntries(model.traffic.map(({ version, percent }) => [version, percent])),
  );
  const [shadow, setShadow] = useState(model.shadow);
  const traffic: Traffic = {
    split: others
      .map(({ version }) => ({ version, percent: shares[version] ?? 0 }))
      .filter(({ percent }) => percent > 0),
    shadow,
  };
  const dealt = traffic.split.reduce((sum, { percent }) => sum + percent, 0);
  const values = [...Object.values(shares), shadow?.percent ?? 0];
  const isShare = (value: number): boolean => value >= 0 && value <= 100;
  const problem = values.every(isShare)
    ? dealt > 100
      ? `The shares sum to ${dealt} %; at most 100 % can be dealt out.`
      : null
    : 'A share is a number from 0 to 100.';
  return (
    <ConfirmDialog
      action={setTraffic(model, traffic, `Traffic of ${model.name}`, 'Set the traffic')}
      problem={problem}
      onClose={onClose}
    >
      <div class="shares">
        {others.map(({ version }) => (
          <PercentField
            key={version}
            label={`Version ${version}`}
            value={shares[version] ?? 0}
            onChange={(percent) => setShares({ ...shares, [version]: percent })}
          />
        ))}
        <p class="shares-rest">
          Version {model.servingVersion} has the rest: <strong>{Math.max(0, 100 - dealt)} %</strong>
        </p>
        <label class="field">
          Shadow
          <select
            class="control"
            value={shadow?.version ?? ''}
            onChange={({ currentTarget: { value } }) =>
              setShadow(
                value === ''
                  ? null
                  : { version: value, percent: shadow?.percent ?? SHADOW_PERCENT },
              )
            }
          >
            <option value="">none</option>
            {ready.map(({ version }) => (
              <option key={version} value={version}>
                version {version}
              </option>
            ))}
          </select>
        </label>
        {shadow && (
          <PercentField
            label="Requests that it runs too"
            value={shadow.percent}
            onChange={(percent) => setShadow({ ...shadow, percent })}
          />
        )}
      </div>
    </ConfirmDialog>
  );
}

function PercentField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (percent: number) => void;
}): JSX.Element {
  return (
    <label class="field">
      {label}, percent
      <input
        class="control"
        type="number"
        min={0}
        max={100}
        step="any"
        value={Number.isNaN(value) ? '' : value}
        onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
    </label>
  );
}
