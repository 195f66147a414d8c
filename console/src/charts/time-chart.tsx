import { useMemo, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type uPlot from 'uplot';
import { Plot } from './plot.tsx';
import { type Line, timeOptions, type TimeWindow } from './plot-options.ts';

type Values = readonly (number | null)[];

/** One or more lines over the last minute or hour, the newest values (or the pointed ones) above. */
export function TimeChart({
  title,
  note,
  lines,
  window,
  time,
  values,
  format,
  formatTick,
  ceiling,
}: {
  title: string;
  note: string;
  lines: readonly Line[];
  /** A chart is made for one window: give it a key of its own. */
  window: TimeWindow;
  time: readonly number[];
  values: readonly Values[];
  format: (value: number) => string;
  /** Writes the marks of the axis. */
  formatTick: (value: number) => string;
  ceiling: number;
}): JSX.Element {
  const [pointed, setPointed] = useState<number | null>(null);
  const data = useMemo(() => [time, ...values] as unknown as uPlot.AlignedData, [time, values]);
  const at = pointed ?? time.length - 1;
  const age = pointed === null ? 0 : Math.round((time.at(-1) ?? 0) - (time[pointed] ?? 0));
  const figures = lines.map((line, i) => {
    const value = values[i]?.[at] ?? null;
    return { ...line, text: value === null ? '–' : format(value) };
  });
  return (
    <figure class="chart card">
      <figcaption class="chart-head">
        <span class="chart-title">{title}</span>
        <span class="chart-note">{age > 0 ? ageText(age) : note}</span>
      </figcaption>
      <p class="chart-figures">
        {figures.map(({ label, color, text }) => (
          <span
            key={label}
            class={lines.length > 1 ? 'chart-figure' : 'chart-figure chart-figure-lone'}
          >
            {lines.length > 1 && (
              <span class="chart-key">
                <span class="swatch" style={{ background: `var(${color})` }} />
                {label}
              </span>
            )}
            <span class="chart-value">{text}</span>
          </span>
        ))}
      </p>
      <Plot
        label={`${title}: ${figures.map(({ label, text }) => `${label} ${text}`).join(', ')}`}
        makeOptions={() => timeOptions(lines, window, formatTick, ceiling, setPointed)}
        data={data}
      />
    </figure>
  );
}

function ageText(seconds: number): string {
  return seconds < 100 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}
