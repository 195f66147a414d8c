import type { JSX } from 'preact';
import type { ModelEvent } from '../api/operate-types.ts';
import { formatClock } from '../format-time.ts';
import { hrefOf } from '../router.ts';

const KINDS: Readonly<Record<ModelEvent['kind'], { text: string; tag: string }>> = {
  LOADED: { text: 'loaded', tag: 'tag tag-ok' },
  FAILED: { text: 'failed', tag: 'tag tag-bad' },
  UNLOADED: { text: 'unloaded', tag: 'tag' },
  TRAFFIC_CHANGED: { text: 'traffic', tag: 'tag tag-accent' },
  ROLLED_BACK: { text: 'rolled back', tag: 'tag tag-bad' },
  DRIFT: { text: 'drift', tag: 'tag tag-warn' },
};

/** Events, one line each. */
export function EventList({
  events,
  isOfOne = false,
}: {
  events: readonly ModelEvent[];
  /** Whether all are of one model, which then need not be named. @default false */
  isOfOne?: boolean;
}): JSX.Element {
  return (
    <ol class="card event-list">
      {events.map((event, index) => (
        <li key={`${event.timestamp} ${events.length - index}`}>
          <time dateTime={event.timestamp}>{formatClock(event.timestamp)}</time>
          <span class={KINDS[event.kind].tag}>{KINDS[event.kind].text}</span>
          {isOfOne ? (
            <span class="event-subject">
              {event.version === null ? 'all versions' : `version ${event.version}`}
            </span>
          ) : (
            <a class="event-subject" href={hrefOf({ view: 'model', model: event.model })}>
              {event.model}
              {event.version !== null && ` ${event.version}`}
            </a>
          )}
          <span class="event-message">{event.message}</span>
        </li>
      ))}
    </ol>
  );
}
