import type { JSX } from 'preact';
import { EventList } from './event-list.tsx';
import { useEvents } from './use-events.ts';

const LIMIT = 500;

/** What has happened to the models since the start. */
export function EventsView(): JSX.Element {
  const { data, isForbidden, problem } = useEvents(null, LIMIT);
  return (
    <>
      <header class="view-header">
        <h1>Events</h1>
        <p>
          What has happened to the models since the replica that answers this page was started, the
          newest first.
        </p>
      </header>
      {isForbidden ? (
        <p class="empty">It takes the scope models:read to see them.</p>
      ) : !data ? (
        <p class="empty">{problem ?? 'Asking the server …'}</p>
      ) : data.modelEvents.length === 0 ? (
        <p class="empty">Nothing has happened yet.</p>
      ) : (
        <EventList events={data.modelEvents} />
      )}
    </>
  );
}
