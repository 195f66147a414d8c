import type { JSX } from 'preact';

const PATHS = {
  text: 'M4 5h12M10 5v11M7.5 16h5',
  image: 'M3.5 4.5h13v11h-13zM3.5 13l3.5-3.5 3 3 3-4 3.5 4.5M7 7.6v.01',
  table: 'M3.5 4.5h13v11h-13zM3.5 8.2h13M3.5 11.8h13M8 8.2v7.3',
  tensor: 'M10 3l6 3.4v7.2L10 17l-6-3.4V6.4zM10 10l6-3.6M10 10v7M10 10L4 6.4',
  sun: 'M10 6.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM10 2v1.5M10 16.5v1.5M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1',
  moon: 'M16.5 11.8A7 7 0 018.2 3.5a7 7 0 108.3 8.3z',
  copy: 'M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3',
  check: 'M4.5 10.5l3.5 3.5 7.5-8',
  external: 'M8 5H5v10h10v-3M11 4.5h4.5V9M15.2 4.8L9.5 10.5',
  alert: 'M10 3.5l7 12.5H3zM10 8.5v3.5M10 14v.01',
  trash: 'M4.5 6h11M8 6V4.5h4V6M6 6l.7 9.5h6.6L14 6',
  fleet: 'M3.5 4h13v4.5h-13zM3.5 11.5h13V16h-13zM6.5 6.3v.01M6.5 13.7v.01',
  requests: 'M3.5 6h9M10 3.5L12.5 6 10 8.5M16.5 14h-9M10 11.5L7.5 14l2.5 2.5',
  events: 'M10 5.5V10l3 2M10 3a7 7 0 100 14 7 7 0 000-14z',
  bolt: 'M11 2.5L4.5 11.5H10l-1 6 6.5-9H10z',
} as const;

/** Names of the icons. */
export type IconName = keyof typeof PATHS;

/** An icon beside a text; screen readers pass it over. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of the project. */
export function Logo(): JSX.Element {
  return (
    <svg class="logo" width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M8 22V10l8 8 8-8v12"
        fill="none"
        stroke="#fff"
        stroke-width="3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
