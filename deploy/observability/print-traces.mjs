/**
 * A collector for a terminal: receives traces by OTLP over HTTP (as JSON) and prints each as a tree.
 * For trying things out; `PORT` is 4318 where it is not set.
 */
import { createServer } from 'node:http';

/** Spans of a trace that has been printed may still come: it is printed again with them. */
const QUIET_MS = 300;

/** Most traces that are kept. */
const MAX_TRACES = 1_000;

const traces = new Map();

function receive({ resourceSpans = [] }) {
  for (const { scopeSpans = [] } of resourceSpans) {
    for (const { spans = [] } of scopeSpans) {
      for (const span of spans) {
        const trace = traces.get(span.traceId) ?? { spans: [], timer: undefined };
        trace.spans.push(span);
        clearTimeout(trace.timer);
        trace.timer = setTimeout(() => print(span.traceId, trace.spans), QUIET_MS);
        traces.set(span.traceId, trace);
        if (traces.size > MAX_TRACES) traces.delete(traces.keys().next().value);
      }
    }
  }
}

function print(traceId, spans) {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const childrenOf = (parent) =>
    spans
      .filter(({ parentSpanId }) =>
        parent === undefined ? !ids.has(parentSpanId) : parentSpanId === parent,
      )
      .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));
  const lines = [];
  const visit = (span, depth) => {
    const ms = Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6;
    const links = span.links?.length ? `, ${span.links.length} links` : '';
    lines.push(`${'  '.repeat(depth)}${span.name} (${ms.toFixed(3)} ms${links})`);
    for (const child of childrenOf(span.spanId)) visit(child, depth + 1);
  };
  for (const root of childrenOf(undefined)) visit(root, 1);
  process.stdout.write(`trace ${traceId}\n${lines.join('\n')}\n\n`);
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    receive(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  } catch {
    response.writeHead(400).end();
  }
});
server.listen(Number(process.env.PORT ?? 4318), '127.0.0.1', () => {
  process.stdout.write('waiting for traces\n');
});
