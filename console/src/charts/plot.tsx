import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../ui/theme.tsx';

/** Height of all charts; fixed, so that nothing moves when figures come. */
export const PLOT_HEIGHT = 120;

/** A uPlot chart that follows its box, the theme and its data. */
export function Plot({
  label,
  makeOptions,
  data,
}: {
  /** What screen readers say of the chart, with its newest figures. */
  label: string;
  /** Called again when the theme changes, since colours are fixed in it. */
  makeOptions: () => Omit<uPlot.Options, 'width' | 'height'>;
  data: uPlot.AlignedData;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const theme = useTheme();

  useEffect(() => {
    const target = box.current;
    if (!target) return undefined;
    const size = (): { width: number; height: number } => ({
      width: Math.max(120, target.clientWidth),
      height: PLOT_HEIGHT,
    });
    const made = new uPlot({ ...makeOptions(), ...size() }, data, target);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize(size()));
    observer.observe(target);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [theme]);
  useEffect(() => plot.current?.setData(data), [data]);

  return <div ref={box} class="plot" role="img" aria-label={label} />;
}
