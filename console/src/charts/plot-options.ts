import uPlot from 'uplot';
import { formatTick } from '../format.ts';
import { resolveColor } from './colors.ts';

/** Time that a chart shows, up to now. */
export interface TimeWindow {
  readonly seconds: number;
  /** What stands at three quarters, a half and a quarter of it. */
  readonly marks: readonly [string, string, string];
}

/** A line of a chart over time. */
export interface Line {
  readonly label: string;
  /** Variable of the style sheet. */
  readonly color: string;
  /** Whether the room below it is tinted. */
  readonly filled?: boolean;
}

type Options = Omit<uPlot.Options, 'width' | 'height'>;

const FONT = '11px Inter, system-ui, sans-serif';

function axisBase(): Pick<uPlot.Axis, 'stroke' | 'font' | 'ticks' | 'grid'> {
  return {
    stroke: resolveColor('--text-3'),
    font: FONT,
    ticks: { show: false },
    grid: { stroke: resolveColor('--grid'), width: 1 },
  };
}

/** Tints a colour for the room below a line. */
function tint(color: string): string {
  return color.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.12)');
}

/**
 * Options of a chart over time.
 *
 * @param window time that it shows
 * @param format writes the values of the axis
 * @param ceiling least top of the axis, so that an idle chart is not all noise
 * @param onCursor told the index under the pointer, or `null`
 */
export function timeOptions(
  lines: readonly Line[],
  window: TimeWindow,
  format: (value: number) => string,
  ceiling: number,
  onCursor: (index: number | null) => void,
): Options {
  return {
    legend: { show: false },
    padding: [8, 4, 0, 0],
    cursor: {
      sync: { key: 'live', setSeries: false },
      drag: { x: false, y: false },
      y: false,
      points: { size: 6 },
    },
    hooks: { setCursor: [({ cursor }) => onCursor(cursor.idx ?? null)] },
    scales: {
      x: {
        time: true,
        range: (plot) => {
          const now = plot.data[0].at(-1) ?? Date.now() / 1000;
          return [now - window.seconds, now];
        },
      },
      y: { range: (_plot, _min, max) => [0, Math.max(ceiling, (max || 0) * 1.15)] },
    },
    axes: [
      {
        ...axisBase(),
        grid: { show: false },
        size: 22,
        gap: 4,
        splits: (plot) => {
          const now = plot.scales.x?.max ?? 0;
          return [0.75, 0.5, 0.25].map((share) => now - share * window.seconds);
        },
        values: (_plot, splits) => splits.map((_each, i) => window.marks[i] ?? ''),
      },
      {
        ...axisBase(),
        size: 46,
        gap: 4,
        space: 30,
        values: (_plot, splits) => splits.map(format),
      },
    ],
    series: [
      {},
      ...lines.map(({ label, color, filled }) => {
        const stroke = resolveColor(color);
        return {
          label,
          stroke,
          width: 1.5,
          ...(filled && { fill: tint(stroke) }),
          points: { show: false },
          spanGaps: false,
        };
      }),
    ],
  };
}

/**
 * Options of a chart of bars.
 *
 * @param names of the bars, from left to right
 */
export function barOptions(names: () => readonly string[]): Options {
  const color = resolveColor('--chart-1');
  const bars = uPlot.paths.bars?.({ size: [0.7, 40], radius: 0.15 });
  return {
    legend: { show: false },
    padding: [8, 4, 0, 0],
    cursor: { show: false },
    scales: {
      x: { time: false, range: () => [-0.6, Math.max(names().length, 1) - 0.4] },
      y: { range: (_plot, _min, max) => [0, Math.max(1, (max || 0) * 1.15)] },
    },
    axes: [
      {
        ...axisBase(),
        grid: { show: false },
        size: 22,
        gap: 4,
        splits: () => names().map((_name, i) => i),
        // Where they are many, every other one is named.
        values: () => names().map((name, i) => (names().length > 8 && i % 2 === 1 ? '' : name)),
      },
      {
        ...axisBase(),
        size: 40,
        gap: 4,
        space: 30,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9],
        values: (_plot, splits) => splits.map(formatTick),
      },
    ],
    series: [
      {},
      {
        label: 'batches',
        stroke: color,
        fill: color,
        points: { show: false },
        ...(bars && { paths: bars }),
      },
    ],
  };
}
