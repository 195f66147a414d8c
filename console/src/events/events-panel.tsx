import type { JSX } from 'preact';
import { hrefOf } from '../router.ts';
import { EventList } from './event-list.tsx';
import { useEvents } from './use-events.ts';

/** Events that are shown on the page of a model. */
const LIMIT = 5;

/** The last events of a model. */
export function EventsPanel({ model }: { model: string }): JSX.Element | null {
  const { data } = useEvents(model, LIMIT);
  if (!data || data.modelEvents.length === 0) return null;
  return (
    <section aria-labelledby="events-title">
      <div class="section-head">
        <h2 id="events-title" class="section-title">
          Events
        </h2>
        <a class="section-link" href={hrefOf({ view: 'events' })}>
          All events
        </a>
      </div>
      <EventList events={data.modelEvents} isOfOne />
    </section>
  );
}
