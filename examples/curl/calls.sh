#!/bin/sh
# The API from a shell. First argument: address of the server.
set -eu
url="${1:-http://localhost:8000}"

echo "# one prediction"
curl -sS "$url/predict" \
  -H 'content-type: application/json' \
  -d '{"input": "Where is my card?"}'
echo

echo "# many, one of them bad"
curl -sS "$url/predict/batch" \
  -H 'content-type: application/json' \
  -d '{"inputs": ["Where is my card?", ""]}'
echo

echo "# an image as a file: of a form, then as the body itself"
five="$(dirname "$0")/../../models/digits/examples/five.png"
curl -sS "$url/predict" -F model=digits -F image=@"$five"
echo
curl -sS "$url/predict?model=digits" -H 'content-type: image/png' --data-binary @"$five"
echo

echo "# by GraphQL, only the fields that are wanted"
curl -sS "$url/graphql" \
  -H 'content-type: application/json' \
  -d '{"query": "mutation { predict(input: { text: \"Where is my card?\" }) { prediction confidence } }"}'
echo

echo "# how the server is"
curl -sS "$url/health"
echo

echo "# what it has counted, for Prometheus"
curl -sS "$url/metrics/prometheus" | grep '^ml_inference_requests_total'

echo "# a subscription as server-sent events, for two seconds"
curl -sS -N --max-time 2 "$url/graphql" \
  -H 'content-type: application/json' \
  -H 'accept: text/event-stream' \
  -d '{"query": "subscription { metrics(intervalMs: 500) { totalRequests } }"}' || true
